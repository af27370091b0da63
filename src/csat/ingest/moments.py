"""Texts that stand for moments: the SQL that reads one form of writing a date.

A form is written in ``strptime`` notation, or is one of the words `ISO`, `EPOCH`, `EPOCH_MS`
and `EXCEL`. A form that ends in ``UTC``, ``GMT`` or ``Z`` is a moment of that zone; ``上午``
in a form stands for the words of the forenoon and the afternoon.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

ISO: Final = "iso"
EPOCH: Final = "epoch"
EPOCH_MS: Final = "epoch-ms"
EXCEL: Final = "excel"
NOONS: Final[dict[str, str]] = {"上午": "下午", "오전": "오후", "午前": "午後", "a.m.": "p.m."}
"""Words before noon and after it, other than AM and PM."""
_DAY: Final = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_CLOCK: Final = r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
_PLAIN: Final = f"{_DAY}({_CLOCK})?"
_WITH_OFFSET: Final = rf"{_DAY}{_CLOCK} ?(Z|[+-]\d{{2}}(:?\d{{2}})?)"
"""The ISO moments that are read without a form; everything else could only be guessed."""
_SHORT_OFFSET: Final = r"([+-])(\d(?::\d\d)?)$"
_ZONES: Final = re.compile(r"(?<!%) ?(UTC|GMT|Z)$")
_ORDERED: Final = re.compile(r"%[dmy]")

_EXAMPLES: Final = {
    ISO: "2026-09-30",
    EPOCH: "1790762700",
    EPOCH_MS: "1790762700000",
    EXCEL: "46295.42",
}
_EXAMPLE: Final = datetime(2026, 9, 30, 10, 5)
"""A moment in the forenoon, which the words of a form for it are right for."""

Bind = Callable[[object], str]
"""Binds a value and returns its parameter reference."""


def read_moment(bind: Bind, text: str, form: str, timezone: str, own_zone: str = "") -> str:
    """Return SQL that reads a text as a local moment, NULL where it has another form.

    Parameters
    ----------
    bind
        Binds a value and returns its reference.
    text
        SQL of the text.
    form
        How the moment is written.
    timezone, own_zone
        The zone wanted, and that of moments written without an offset (empty: the same).
    """
    if form == ISO:
        return _iso(bind, text, timezone, own_zone)
    if form == EXCEL:
        seconds = f"CAST(ROUND(TRY_CAST({text} AS DOUBLE) * 86400) AS BIGINT)"
        day = f"TIMESTAMP '1899-12-30' + to_seconds({seconds})"
        serial = f"CASE WHEN REGEXP_FULL_MATCH({text}, '\\d{{5}}(\\.\\d+)?') THEN {day} END"
        return _moved(bind, serial, own_zone, timezone)
    if form in (EPOCH, EPOCH_MS):
        digits, unit = ("{9,10}", 1) if form == EPOCH else ("{12,13}", 1000)
        return (
            f"CASE WHEN REGEXP_FULL_MATCH({text}, '\\d{digits}(\\.\\d+)?') "
            f"THEN {_local(bind, f'to_timestamp(TRY_CAST({text} AS DOUBLE) / {unit:d})', timezone)}"
            " END"
        )
    return _strptime(bind, text, form, timezone, own_zone)


def _strptime(bind: Bind, text: str, form: str, timezone: str, own_zone: str) -> str:
    for before, after in NOONS.items():
        if before in form:
            form = form.replace(before, "%p")
            text = f"REPLACE(REPLACE({text}, '{before}', 'AM'), '{after}', 'PM')"
    if "GMT%z" in form or "UTC%z" in form:
        text = f"REGEXP_REPLACE({text}, '{_SHORT_OFFSET}', '\\10\\2')"
    zone = _ZONES.search(form)
    parsed = f"TRY_STRPTIME({text}, {bind(form)})"
    if "%z" in form.lower():
        return _local(bind, parsed, timezone)
    return _moved(bind, parsed, "UTC" if zone else own_zone, timezone)


def _iso(bind: Bind, text: str, timezone: str, own_zone: str) -> str:
    joined = f"REGEXP_REPLACE({text}, ' ([Z+-])', '\\1')"
    plain = _moved(bind, f"TRY_CAST({text} AS TIMESTAMP)", own_zone, timezone)
    return (
        f"CASE WHEN REGEXP_FULL_MATCH({text}, {bind(_PLAIN)}) THEN {plain} "
        f"WHEN REGEXP_FULL_MATCH({text}, {bind(_WITH_OFFSET)}) "
        f"THEN {_local(bind, f'TRY_CAST({joined} AS TIMESTAMPTZ)', timezone)} END"
    )


def _local(bind: Bind, moment: str, timezone: str) -> str:
    return f"({moment} AT TIME ZONE {bind(timezone)})"


def _moved(bind: Bind, parsed: str, own_zone: str, timezone: str) -> str:
    """Return a moment of one zone as the local one of another."""
    if own_zone in ("", timezone):
        return parsed
    return f"(({parsed} AT TIME ZONE {bind(own_zone)}) AT TIME ZONE {bind(timezone)})"


def example_of(form: str) -> str:
    """Return a moment written in a form, for people who do not read its notation.

    Examples
    --------
    >>> [example_of(form) for form in ("%d.%m.%Y", "%m/%d/%y %I:%M %p", ISO)]
    ['30.09.2026', '09/30/26 10:05 AM', '2026-09-30']
    """
    return _EXAMPLES.get(form) or _EXAMPLE.strftime(form)


def shorter(form: str) -> tuple[str, ...]:
    """Return the forms that say the same with less or more of a second.

    Examples
    --------
    >>> shorter("%d.%m.%Y %H:%M:%S")
    ('%d.%m.%Y %H:%M', '%d.%m.%Y %H:%M:%S.%f')
    >>> shorter("%d.%m.%Y %H:%M")
    ('%d.%m.%Y %H:%M:%S', '%d.%m.%Y %H:%M:%S.%f')
    >>> shorter("%d.%m.%Y")
    ()
    """
    without = re.sub(r":%S(\.%f)?", "", form)
    if "%M" not in form or ("%S" in form and without == form):
        return ()
    if not re.search(r"%[HI]:%M", without):
        return ()
    with_seconds = without.replace(":%M", ":%M:%S")
    all_forms = (without, with_seconds, with_seconds.replace("%S", "%S.%f"))
    return tuple(f for f in all_forms if f != form)


def rivals(forms: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of forms that can read one text as two different days.

    Examples
    --------
    >>> rivals(["%d/%m/%Y", "%Y-%m-%d", "%m/%d/%Y"])
    [(0, 2)]
    >>> rivals(["%d.%m.%Y", "%m/%d/%Y"])
    []
    """
    shapes = [_ORDERED.sub("#", f) for f in forms]
    return [
        (i, j)
        for i in range(len(forms))
        for j in range(i + 1, len(forms))
        if shapes[i] == shapes[j] and forms[i] != forms[j] and "#" in shapes[i]
    ]
