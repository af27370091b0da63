"""One written date taken apart: its numbers, and the form that reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from csat.ingest.moments import EPOCH, EPOCH_MS, EXCEL, ISO, NOONS

_TWO: Final = ("dmy", "mdy")
_THREE: Final = ("dmy", "mdy", "ymd")
NUMBERS: Final = (EPOCH, EPOCH_MS, EXCEL, "%Y%m%d", "%Y%m%d%H%M%S")
_NOON: Final = "|".join(re.escape(w) for pair in NOONS.items() for w in pair)
_DAY: Final = (
    r"(?P<y1>\d{4})(?P<s1>[-/.]|\. )(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})(?P<e1>\.?)",
    r"(?P<a2>\d{1,2})(?P<s2>[-/.]|\. )(?P<b2>\d{1,2})(?P=s2)(?P<c2>\d{4}|\d{2})",
    r"(?P<y3>\d{4})(?P<t3>[年년] ?)(?P<m3>\d{1,2})(?P<u3>[月월] ?)(?P<d3>\d{1,2})(?P<v3>[日号일])",
    r"(?P<d4>\d{1,2})(?P<s4>[- ])(?P<m4>[A-Za-z]{3,9})(?P=s4)(?P<y4>\d{4}|\d{2})",
    r"(?P<m5>[A-Za-z]{3,9}) (?P<d5>\d{1,2})(?P<s5>,? )(?P<y5>\d{4})",
)
_CLOCK: Final = (
    rf"(?P<gap>T| ?, ?| ?)(?:(?P<noon1>{_NOON}|[AaPp][Mm])(?P<n1> ?))?"
    r"(?:(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?P<f>[.,]\d+)?)?"
    r"|(?P<hc>\d{1,2})(?P<ht>[时時点])(?P<mc>\d{1,2})分(?:(?P<sc>\d{1,2})秒)?)"
    rf"(?:(?P<n2> ?)(?P<noon2>{_NOON}|[AaPp][Mm]))?"
    r"(?P<zone> ?(?:UTC|GMT|Z)(?![+-])| ?(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?)?"
)
_WHOLE: Final = [
    re.compile(rf"(?P<week>[A-Z][a-z]{{2}}(?P<w>,? ))?{day}(?:{_CLOCK})?") for day in _DAY
]
_MONTH_ONLY: Final = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<s>[-/]|年)(?P<m>\d{1,2})(?P<e>月?)")
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_ISO: Final = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?)?"
)
_LONGEST: Final = 80
_EARLY, _LATE = 631_152_000, 4_102_444_800
"""Seconds since 1970 of the years 1990 and 2100."""
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 73_415
"""Days since the end of 1899, of the years 1954 and 2100."""


@dataclass(frozen=True, slots=True)
class Written:
    """A date taken apart.

    Parameters
    ----------
    form
        How it is written; where the order of its numbers is open, ``{}`` stands for each.
    numbers
        Its three numbers as they stand; year, month and day where the order is not open.
    orders
        The orders that this way of writing can have; empty where it has one only.
    sign
        What parts the numbers.
    """

    form: str
    numbers: tuple[int, int, int]
    orders: tuple[str, ...] = ()
    sign: str = ""

    def ordered(self, order: str) -> str:
        """Return the form with its numbers in an order such as "dmy"."""
        year = "%Y" if self.orders == _TWO else "%y"
        return self.form.format(*({"d": "%d", "m": "%m", "y": year}[part] for part in order))


def written(text: str) -> Written | None:
    """Take a date apart; return None for what is none.

    Examples
    --------
    >>> written("2026/3/5 14:05")
    Written(form='iso', numbers=(2026, 3, 5), orders=(), sign='')
    >>> written("5.3.2026 2:05 PM").ordered("dmy")
    '%d.%m.%Y %I:%M %p'
    >>> written("2026年3月5日 下午2:05").form
    '%Y年%m月%d日 上午%I:%M'
    """
    if len(text) > _LONGEST:
        return None
    month = _MONTH_ONLY.fullmatch(text)
    if month and 1 <= int(month["m"]) <= 12:
        form = f"%Y{month['s']}%m{month['e']}"
        return Written(form, (int(month["y"]), int(month["m"]), 1))
    for number, pattern in enumerate(_WHOLE, start=1):
        match = pattern.fullmatch(text)
        if match:
            parts = {k: v for k, v in match.groupdict().items() if v is not None}
            clock = _clock(parts)
            return None if clock is None else _day(number, parts, clock, text)
    return None


def _day(number: int, parts: dict[str, str], clock: str, text: str) -> Written | None:
    week = f"%a{parts['w']}" if "week" in parts else ""
    if number == 2:
        numbers = (int(parts["a2"]), int(parts["b2"]), int(parts["c2"]))
        sign = parts["s2"]
        orders = _TWO if len(parts["c2"]) == 4 else _THREE
        return Written(f"{week}{{}}{sign}{{}}{sign}{{}}{clock}", numbers, orders, sign)
    month = _month(parts.get(f"m{number:d}", ""))
    if month is None:
        return None
    numbers = (_year(parts[f"y{number:d}"]), month[0], int(parts[f"d{number:d}"]))
    if number == 1:
        sign = parts["s1"]
        form = f"%Y{sign}%m{sign}%d{parts['e1']}"
    elif number == 3:
        form = f"%Y{parts['t3']}%m{parts['u3']}%d{parts['v3']}"
    elif number == 4:
        year = "%Y" if len(parts["y4"]) == 4 else "%y"
        form = f"%d{parts['s4']}{month[1]}{parts['s4']}{year}"
    else:
        form = f"{month[1]} %d{parts['s5']}%Y"
    return Written(ISO if _ISO.fullmatch(text) else f"{week}{form}{clock}", numbers)


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= 69 else 2000)


def _month(text: str) -> tuple[int, str] | None:
    """Return the number of a month and the directive that reads it."""
    if text.isdecimal():
        return int(text), "%m"
    name = text.lower()
    for number, whole in enumerate(_MONTHS, start=1):
        if name in (whole, whole[:3]):
            return number, "%b" if len(name) == 3 else "%B"
    return None


def _clock(parts: dict[str, str]) -> str | None:
    """Return the form of a clock, empty where there is none, None where it shows no time."""
    hour, minute = (parts.get("h", parts.get("hc")), parts.get("mi", parts.get("mc")))
    if hour is None or minute is None:
        return ""
    noon = parts.get("noon1", parts.get("noon2"))
    second = parts.get("s", parts.get("sc"))
    if int(hour) > (12 if noon else 23) or int(minute) > 59 or int(second or 0) > 59:
        return None
    own = "%I" if noon else "%H"
    fraction = f"{parts['f'][0]}%f" if "f" in parts else ""
    if "h" in parts:
        time = f"{own}:%M{':%S' if second else ''}{fraction}"
    else:
        time = f"{own}{parts['ht']}%M分{'%S秒' if second else ''}"
    word = _noon_word(noon) if noon else ""
    before = f"{word}{parts.get('n1', '')}" if "noon1" in parts else ""
    after = f"{parts.get('n2', '')}{word}" if "noon2" in parts else ""
    return f"{parts['gap']}{before}{time}{after}{_zone(parts.get('zone', ''))}"


def _noon_word(noon: str) -> str:
    return next((b for b, a in NOONS.items() if noon in (b, a)), "%p")


def _zone(zone: str) -> str:
    if not zone:
        return ""
    blank = " " if zone.startswith(" ") else ""
    name = next((n for n in ("GMT", "UTC", "Z") if zone.strip().startswith(n)), "")
    return f"{blank}{name}" if zone.strip() == name else f"{blank}{name}%z"


def number_form(text: str) -> str:
    """Return the form of a number that may stand for a moment, empty for others.

    Examples
    --------
    >>> number_form("1772719533"), number_form("46086.5"), number_form("20260305")
    ('epoch', 'excel', '%Y%m%d')
    >>> number_form("7")
    ''
    """
    match = re.fullmatch(r"(\d{5,14})(\.\d{1,20})?", text)
    if not match:
        return ""
    digits, value = len(match[1]), int(match[1])
    if digits == 5 and _FIRST_SERIAL <= value <= _LAST_SERIAL:
        return EXCEL
    if digits in (9, 10) and _EARLY <= value <= _LATE:
        return EPOCH
    if digits in (12, 13) and _EARLY <= value // 1000 <= _LATE:
        return EPOCH_MS
    if digits in (8, 14) and re.match(r"(19[5-9]|20)\d\d?(0[1-9]|1[0-2])", text[:6]):
        return "%Y%m%d" if digits == 8 else "%Y%m%d%H%M%S"
    return ""
