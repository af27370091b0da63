"""From staged texts to typed columns: one SQL expression per mapped column.

A value that cannot be read becomes a sentinel of its type, so that one pass over the typed
table counts what is wrong in every column, and no such row is ever loaded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from csat.ingest.mapping import Column, Mapping
from csat.ingest.roles import MOMENT, NUMBER, RATING, ROLES, YES_NO
from csat.model.message import Message, msg
from csat.model.period import FIRST_YEAR, LAST_YEAR
from csat.model.problem import ImportProblem
from csat.model.scale import Scale

BAD_CODE: Final = -32768
BAD_MOMENT: Final = "TIMESTAMP '0001-01-01 00:00:00'"
BAD_NUMBER: Final = "CAST('-Infinity' AS DOUBLE)"
MONTH_OF: Final = "CAST(EXTRACT(year FROM {0}) * 100 + EXTRACT(month FROM {0}) AS INTEGER)"
_DAY: Final = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_CLOCK: Final = r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
_PLAIN: Final = f"{_DAY}({_CLOCK})?"
_WITH_OFFSET: Final = rf"{_DAY}{_CLOCK} ?(Z|[+-]\d{{2}}(:?\d{{2}})?)"
"""The ISO moments that are read without a form; everything else could only be guessed."""


@dataclass(frozen=True, slots=True)
class Check:
    """A condition over the typed table that refuses a row, and what to say about it."""

    bad: str
    column: str
    raw: str
    reason: Message


@dataclass(slots=True)
class TypedSelect:
    """The SELECT list that types the staged table, with its parameters and checks.

    Moments become local ones of ``timezone``, whether or not they carry an offset of their own.
    """

    timezone: str = "UTC"
    select: list[str] = field(default_factory=list)
    params: dict[str, object] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)

    def bind(self, value: object) -> str:
        """Bind a value and return its parameter reference."""
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"${name}"

    def add(self, expression: str, alias: str) -> None:
        """Add one typed column."""
        self.select.append(f"{expression} AS {alias}")

    def check(self, bad: str, column: Column, raw: str, reason: Message) -> None:
        """Refuse rows for which ``bad`` holds."""
        self.checks.append(Check(bad, column.source, raw, reason))


def normalised(name: str) -> str:
    """Reduce a column name to what tools keep when they rename: lower case, words.

    Examples
    --------
    >>> normalised("Timely response?") == normalised("timely_response")
    True
    """
    return re.sub(r"[\W_]+", "_", name.strip().lower()).strip("_")


def locate(mapping: Mapping, columns: Sequence[str]) -> dict[str, int]:
    """Find the position of every mapped column in the file.

    Raises
    ------
    ImportProblem
        Naming every column that the file lacks.
    """
    exact = {name: i for i, name in enumerate(columns)}
    alike = Counter(normalised(name) for name in columns)
    loose = {n: i for i, name in enumerate(columns) if alike[n := normalised(name)] == 1 and n}
    found: dict[str, int] = {}
    missing: list[str] = []
    for column in mapping.columns:
        for name in filter(None, (column.source, column.fallback)):
            position = exact.get(name, loose.get(normalised(name)))
            if position is None:
                if name == column.source:
                    missing.append(name)
                continue
            found[name] = position
    if missing:
        raise ImportProblem(
            msg("The file has no column {names}", names=", ".join(f"'{m}'" for m in missing)),
            msg("Map other columns, or load a file of the layout '{name}'", name=mapping.name),
        )
    return found


def type_columns(mapping: Mapping, positions: dict[str, int], timezone: str = "UTC") -> TypedSelect:
    """Build the typed SELECT list for every mapped column.

    Rated questions are ``v0``, ``v1`` ... in mapping order, comments ``k0``, ``k1`` ...;
    every other role is a column of its own name.
    """
    out = TypedSelect(timezone)
    blanks = [out.bind(b) for b in mapping.blanks]
    if mapping.kind == "survey" and mapping.column("submitted_at") is None:
        out.add(f"CAST({out.bind(mapping.day)} AS TIMESTAMP)", "submitted_at")
    items = comments = 0
    for column in mapping.columns:
        raw = _raw(column, positions, blanks)
        kind = ROLES[mapping.kind][column.role][1]
        if kind == RATING and column.item is not None:
            _rating(out, column, raw, column.item.scale, f"v{items}")
            items += 1
        elif kind == MOMENT:
            _moment(out, column, raw, column.role)
        elif kind == NUMBER:
            _number(out, column, raw, column.role)
        elif kind == YES_NO:
            _yes_no(out, column, raw, column.role)
        elif column.role == "comment":
            out.add(raw, f"k{comments}")
            comments += 1
        else:
            out.add(_recode(out, column, raw), column.role)
    return out


def _raw(column: Column, positions: dict[str, int], blanks: list[str]) -> str:
    def one(name: str) -> str:
        text = f"c{positions[name]}"
        return (
            f"CASE WHEN {text} IN ({', '.join(blanks)}) THEN NULL ELSE {text} END"
            if blanks
            else text
        )

    if column.fallback and column.fallback in positions:
        return f"COALESCE({one(column.source)}, {one(column.fallback)})"
    return one(column.source)


def _recode(out: TypedSelect, column: Column, raw: str) -> str:
    if not column.labels:
        return raw
    whens = " ".join(f"WHEN {out.bind(k)} THEN {out.bind(v)}" for k, v in column.labels.items())
    return f"CASE {raw} {whens} ELSE {raw} END"


def _rating(out: TypedSelect, column: Column, raw: str, scale: Scale, alias: str) -> None:
    """Type a rating: special codes, worded labels, bare codes, then numbers such as 4.0."""
    known: dict[str, str] = {str(c): f"{c:d}" for c in range(scale.minimum, scale.maximum + 1)}
    known.update({text: f"{code:d}" for text, code in scale.labels.items()})
    known.update(dict.fromkeys(scale.special, "NULL"))
    whens = " ".join(f"WHEN {_literal(out, text)} THEN {code}" for text, code in known.items())
    number = f"TRY_CAST({raw} AS DOUBLE)"
    other = (
        f"CASE WHEN {number} BETWEEN {scale.minimum:d} AND {scale.maximum:d} "
        f"AND {number} = FLOOR({number}) THEN CAST({number} AS SMALLINT) ELSE {BAD_CODE} END"
    )
    out.add(
        f"CAST(CASE WHEN {raw} IS NULL THEN NULL ELSE "
        f"CASE {raw} {whens} ELSE {other} END END AS SMALLINT)",
        alias,
    )
    out.check(
        f"{alias} = {BAD_CODE}",
        column,
        raw,
        msg("is not on the scale {low} to {high}", low=scale.minimum, high=scale.maximum),
    )


def _literal(out: TypedSelect, text: str) -> str:
    """Write a bare number as SQL; bind any other text as a parameter."""
    return f"'{text}'" if text.isdecimal() and text.isascii() else out.bind(text)


def _moment(out: TypedSelect, column: Column, raw: str, alias: str) -> None:
    text = raw
    if column.template:
        before, _, after = column.template.partition("{}")
        text = f"({out.bind(before)} || {raw} || {out.bind(after)})"
    if column.formats:
        tried = [_strptime(out, text, form) for form in column.formats]
        parsed = f"COALESCE({', '.join(tried)}, NULL)"
    else:
        parsed = _iso(out, text)
        if alias == "month":
            month = f"REPLACE({text}, '/', '-') || '-01'"
            parsed = f"COALESCE({_iso(out, month)}, {parsed})"
    out.add(f"CASE WHEN {raw} IS NULL THEN NULL ELSE COALESCE({parsed}, {BAD_MOMENT}) END", alias)
    form = ", ".join(column.formats) or "2026-09-30 14:05:00"
    out.check(
        f"{alias} = {BAD_MOMENT}", column, raw, msg("is no date of the form {form}", form=form)
    )
    out.check(
        f"{alias} <> {BAD_MOMENT} AND "
        f"EXTRACT(year FROM {alias}) NOT BETWEEN {FIRST_YEAR} AND {LAST_YEAR}",
        column,
        raw,
        msg("lies outside the years {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR),
    )


def _strptime(out: TypedSelect, text: str, form: str) -> str:
    parsed = f"TRY_STRPTIME({text}, {out.bind(form)})"
    return _local(out, parsed) if "%z" in form.lower() else parsed


def _iso(out: TypedSelect, text: str) -> str:
    return (
        f"CASE WHEN REGEXP_FULL_MATCH({text}, {out.bind(_PLAIN)}) "
        f"THEN TRY_CAST({text} AS TIMESTAMP) "
        f"WHEN REGEXP_FULL_MATCH({text}, {out.bind(_WITH_OFFSET)}) "
        f"THEN {_local(out, f'TRY_CAST({text} AS TIMESTAMPTZ)')} END"
    )


def _local(out: TypedSelect, moment: str) -> str:
    return f"({moment} AT TIME ZONE {out.bind(out.timezone)})"


def _number(out: TypedSelect, column: Column, raw: str, alias: str) -> None:
    value = f"TRY_CAST({raw} AS DOUBLE)"
    whole = f" AND {value} = FLOOR({value})" if alias in ("customers", "cases") else ""
    least = ">= 0" if alias == "cases" else "> 0"
    out.add(
        f"CASE WHEN {raw} IS NULL THEN NULL WHEN {value} {least} AND {value} < 1e15{whole} "
        f"THEN {value} ELSE {BAD_NUMBER} END",
        alias,
    )
    said = msg("is not a number above 0")
    if alias == "cases":
        said = msg("is not a whole number from 0 up")
    out.check(f"{alias} = {BAD_NUMBER}", column, raw, said)


def _yes_no(out: TypedSelect, column: Column, raw: str, alias: str) -> None:
    text = f"LOWER({_recode(out, column, raw)})"
    out.add(
        f"CAST(CASE WHEN {raw} IS NULL THEN NULL WHEN {text} IN ('yes', 'true', '1', 'y', '是') "
        f"THEN 1 WHEN {text} IN ('no', 'false', '0', 'n', '否') THEN 0 "
        f"ELSE {BAD_CODE} END AS SMALLINT)",
        alias,
    )
    out.check(f"{alias} = {BAD_CODE}", column, raw, msg("is neither yes nor no"))
