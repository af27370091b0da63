"""Columns that tell who someone is, known by their names and by the shape of their values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from csat.ingest.suggest.facts import Facts
from csat.model.message import N_

KINDS: Final[dict[str, str]] = {
    "name": N_("names of people"),
    "email": N_("e-mail addresses"),
    "phone": N_("telephone numbers"),
    "ip": N_("addresses of computers"),
    "id": N_("identity numbers"),
    "card": N_("card or account numbers"),
    "address": N_("postal addresses"),
    "birth": N_("dates of birth"),
    "place": N_("geographic positions"),
    "staff": N_("codes or names of staff"),
}
_HEADERS: Final[dict[str, re.Pattern[str]]] = {
    kind: re.compile(words, re.IGNORECASE)
    for kind, words in {
        "email": r"e-?mail|邮箱|电子邮件|邮件地址|이메일|メール",
        "phone": r"\b(tele)?phone\b|\bmobile( (no|number|phone))?\b|\bcell( ?phone)?\b|\btel\b\.?"
        r"|\bfax\b|手机号|手机$|电话号|联系电话|联系方式|^电话$|传真|전화번호|電話番号",
        "ip": r"\bip\b|ip[ _-]?addr|ipaddr|来自ip|ip地址",
        "id": r"passport|\bssn\b|social security|national.?id|\bid card\b|identity (no|number)"
        r"|身份证|证件号|护照|주민등록",
        "card": r"card.?(no|number)|iban|account number|银行卡|卡号|账号",
        "address": r"(home|postal|street|mailing|billing) ?address|^address( line)?( ?\d)?$|住址"
        r"|家庭地址|详细地址|通讯地址|^地址$",
        "birth": r"date of birth|birth ?(day|date)|\bdob\b|出生|生日",
        "place": r"latitude|longitude|经度|纬度|\bgps\b",
        "name": r"(first|last|full|sur|given|family|middle|customer|contact|patient|guest|user"
        r"|client|recipient ?(first|last)?) ?name|^name$|^requester$|姓名|名字|联系人|用户名|昵称"
        r"|^微信|이름|氏名",
    }.items()
}
_EMAIL: Final = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
_IPV4: Final = re.compile(r"(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}(\(.*\))?")
_IPV6: Final = re.compile(r"(?=.*::|([^:]*:){7})[0-9a-fA-F:]{3,39}(%\w+)?")
_MOBILE: Final = re.compile(r"(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}")
_PHONE: Final = re.compile(r"(?=(\D*\d){7})(?=.*[ ()-]|\+)\+?\(?\d[\d ()./-]{5,18}\d")
_SSN: Final = re.compile(r"(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}")
_DATE: Final = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")
_MOST: Final = 0.6
_LONGEST: Final = 200
"""Characters that are looked at of a value."""
_LUHN_SHARE: Final = 0.8
"""One number in ten passes the check digit of cards by chance."""


def personal_kind(column: str, facts: Facts, *, rated: bool = False) -> str:
    """Return what personal data a column holds, empty where it holds none.

    Parameters
    ----------
    column
        Its name, with its wording where that is known.
    facts
        Its values: they decide where they have a shape of their own.
    rated
        Whether its values are ratings: then its name says what was rated.

    Examples
    --------
    >>> personal_kind("Recipient Last Name", Facts())
    'name'
    >>> personal_kind("contact", Facts({"a@b.org": 2, "c@d.org": 1}, 3, 3, 2))
    'email'
    >>> personal_kind("Product name", Facts())
    ''
    """
    by_shape = _by_shape(facts)
    if by_shape:
        return by_shape
    if rated or (facts.dates is not None and "birth" not in _by_name(column)):
        return ""
    return _by_name(column)


def _by_name(column: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\s]+", " ", column).strip()
    return next((kind for kind, words in _HEADERS.items() if words.search(spaced)), "")


def _by_shape(facts: Facts) -> str:
    values = [v[:_LONGEST].strip() for v in facts.values]
    if not values:
        return ""
    for kind, fits in (
        ("email", _EMAIL.fullmatch),
        ("ip", lambda v: _IPV4.fullmatch(v) or _IPV6.fullmatch(v)),
        ("id", lambda v: citizen_number(v) or _SSN.fullmatch(v)),
        ("phone", lambda v: _MOBILE.fullmatch(v)),
    ):
        if _share(bool(fits(v)) for v in values) >= _MOST:
            return kind
    if _share(card_number(v) for v in values) >= _LUHN_SHARE:
        return "card"
    phones = (bool(_PHONE.fullmatch(v)) and not _DATE.fullmatch(v) for v in values)
    return "phone" if facts.dates is None and _share(phones) >= _MOST else ""


def _share(found: Iterable[bool]) -> float:
    marks = list(found)
    return sum(marks) / len(marks)


def citizen_number(text: str) -> bool:
    """Say whether a text is a Chinese identity number with its check digit (GB 11643-1999).

    Examples
    --------
    >>> citizen_number("11010519491231002X"), citizen_number("110105194912310021")
    (True, False)
    """
    number = text.upper()
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(w * int(d) for w, d in zip(weights, number, strict=False))
    return "10X98765432"[total % 11] == number[17]


def card_number(text: str) -> bool:
    """Say whether a text is a card number with its check digit (ISO/IEC 7812-1, Luhn).

    Examples
    --------
    >>> card_number("4111 1111 1111 1111"), card_number("4111 1111 1111 1112")
    (True, False)
    """
    digits = re.sub(r"[ -]", "", text)
    if not re.fullmatch(r"[2-6]\d{12,18}", digits):
        return False
    doubled = (int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def masked(text: str) -> str:
    """Return the shape of a value without what it says.

    Examples
    --------
    >>> masked("ann.lee@example.org")
    '•••.•••@•••••••.•••'
    """
    return re.sub(r"\w", "•", text)
