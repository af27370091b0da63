"""From staged texts to typed columns: one SQL expression per mapped column.

A value that cannot be read becomes a sentinel of its type, so that one pass over the typed
table counts what is wrong in every column, and no such row is ever loaded.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from csat.ingest.durations import seconds_sql
from csat.ingest.layout import LONG, is_long, locate, normalised
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.moments import ISO, example_of, read_moment, rivals, shorter
from csat.ingest.roles import ARRIVAL, DURATION, MOMENT, NUMBER, RATING, ROLES, YES_NO
from csat.model.message import Message, msg
from csat.model.period import FIRST_YEAR, LAST_YEAR
from csat.model.vocabulary import SPECIAL_KINDS

__all__ = ["locate", "normalised"]

BAD_CODE: Final = -32768
APART: Final = {kind: BAD_CODE + 1 + i for i, kind in enumerate(SPECIAL_KINDS)}
"""Kind of special code -> what stands for it in a table whose special codes are counted later."""
TRIMMED: Final = "NULLIF(TRIM({0}), '')"
"""A cell as it counts: without blanks around it, NULL where nothing is left."""
BAD_MOMENT: Final = "TIMESTAMP '0001-01-01 00:00:00'"
BAD_NUMBER: Final = "CAST('-Infinity' AS DOUBLE)"
_FROM_ZERO: Final = ("cases", "compensation", "scale_low", "floor", "cap")
DAY_OF: Final = (
    "CAST(EXTRACT(year FROM {0}) * 10000 + EXTRACT(month FROM {0}) * 100 "
    "+ EXTRACT(day FROM {0}) AS INTEGER)"
)
MONTH_OF: Final = "CAST(EXTRACT(year FROM {0}) * 100 + EXTRACT(month FROM {0}) AS INTEGER)"


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
    ``raws`` is the SQL of each role's text as it stands in the staged file. ``apart`` names the
    ratings whose special codes are told apart (``APART``); else they are NULL.
    """

    timezone: str = "UTC"
    select: list[str] = field(default_factory=list)
    params: dict[str, object] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    raws: dict[str, str] = field(default_factory=dict)
    apart: set[str] = field(default_factory=set)

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


def type_columns(
    mapping: Mapping,
    positions: dict[str, int],
    timezone: str = "UTC",
    untrimmed: Collection[int] | None = None,
) -> TypedSelect:
    """Build the typed SELECT list for every mapped column.

    Rated questions are ``v0``, ``v1`` ... in mapping order, comments ``k0``, ``k1`` ...;
    every other role is a column of its own name. A file of one row per answer must have been
    pivoted by `prepare` before.

    Parameters
    ----------
    untrimmed
        Positions of ratings that stand as the reader gives them, blanks around them and all.
        Their special codes are then told apart.
    """
    out = TypedSelect(timezone)
    blanks = [out.bind(b) for b in mapping.blanks]
    arrival = ARRIVAL.get(mapping.kind)
    if arrival is not None and mapping.column(arrival) is None:
        out.add(f"CAST({out.bind(mapping.day)} AS TIMESTAMP)", arrival)
    items = comments = 0
    pauses = {"pause_from": 0, "pause_to": 0}
    if is_long(mapping):
        _one_answer(out, mapping)
    for column in mapping.columns:
        if column.role in LONG:
            continue
        raw = out.raws[column.role] = _raw(column, positions, blanks, untrimmed or ())
        kind = ROLES[mapping.kind][column.role][1]
        if kind == RATING and column.item is not None:
            place = positions[column.source]
            _rating(
                out,
                column,
                raw,
                column.item,
                f"v{items}",
                apart=untrimmed is not None,
                quick=f"c{place:d}" if place in (untrimmed or ()) else "",
                blanks=mapping.blanks,
            )
            if is_long(mapping):
                out.add(f"LIST_CONTAINS(asked, {out.bind(column.source)})", f"said{items}")
            items += 1
        elif column.role in pauses:
            alias = f"{column.role}{pauses[column.role]:d}"
            out.raws[alias] = raw
            _moment(out, column, raw, alias)
            pauses[column.role] += 1
        elif kind == MOMENT:
            _moment(out, column, raw, column.role)
        elif kind == NUMBER:
            _number(out, column, raw, column.role)
        elif kind == DURATION:
            out.add(seconds_sql(raw), column.role)
        elif kind == YES_NO:
            _yes_no(out, column, raw, column.role)
        elif column.role == "comment":
            out.add(raw, f"k{comments}")
            if is_long(mapping):
                out.add(f"LIST_CONTAINS(asked, {out.bind(column.source)})", f"heard{comments}")
            comments += 1
        else:
            out.add(_recode(out, column, raw), column.role)
            if column.role == "event":
                out.add(raw, "words")
    return out


def _one_answer(out: TypedSelect, mapping: Mapping) -> None:
    """Refuse responses of a long file that contradict themselves."""
    question = mapping.column("question")
    if question is not None:
        out.add("disputed IS NOT NULL", "is_disputed")
        reason = msg("differs between the rows of one response")
        out.check("is_disputed", question, "s.disputed", reason)


def _raw(
    column: Column, positions: dict[str, int], blanks: list[str], untrimmed: Collection[int]
) -> str:
    def one(name: str) -> str:
        text = f"c{positions[name]}"
        if positions[name] in untrimmed:
            text = TRIMMED.format(text)
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


def _rating(
    out: TypedSelect,
    column: Column,
    raw: str,
    item: Item,
    alias: str,
    *,
    apart: bool,
    quick: str,
    blanks: Collection[str],
) -> None:
    """Type a rating: special codes, worded labels, bare codes, then numbers such as 4.0.

    A reverse-keyed question is turned here, so that high means good wherever it is used. Where
    ``quick`` is the cell as the reader gives it, bare codes are found in it first: nearly all
    cells are one, and need no trimming.
    """
    scale = item.scale
    ends = scale.minimum + scale.maximum

    def turned(code: int) -> str:
        return f"{ends - code if item.reversed else code:d}"

    known: dict[str, str] = {str(c): turned(c) for c in range(scale.minimum, scale.maximum + 1)}
    known.update({text: turned(code) for text, code in scale.labels.items()})
    for text, kind in scale.special.items():
        known[text] = str(APART[kind]) if apart else "NULL"
    if apart and scale.special:
        out.apart.add(alias)
    whens = " ".join(f"WHEN {_literal(out, text)} THEN {code}" for text, code in known.items())
    number = f"TRY_CAST({raw} AS DOUBLE)"
    kept = f"{ends:d} - {number}" if item.reversed else number
    other = (
        f"CASE WHEN {number} BETWEEN {scale.minimum:d} AND {scale.maximum:d} "
        f"AND {number} = FLOOR({number}) THEN CAST({kept} AS SMALLINT) ELSE {BAD_CODE} END"
    )
    read = f"CASE WHEN {raw} IS NULL THEN NULL ELSE CASE {raw} {whens} ELSE {other} END END"
    bare = [text for text in known if _is_bare(text) and text not in blanks]
    if quick and bare:
        first = " ".join(f"WHEN '{text}' THEN {known[text]}" for text in bare)
        read = f"CASE WHEN {quick} IS NULL THEN NULL ELSE CASE {quick} {first} ELSE {read} END END"
    out.add(f"CAST({read} AS SMALLINT)", alias)
    out.check(
        f"{alias} = {BAD_CODE}",
        column,
        raw,
        msg("is not on the scale {low} to {high}", low=scale.minimum, high=scale.maximum),
    )


def _literal(out: TypedSelect, text: str) -> str:
    """Write a bare number as SQL; bind any other text as a parameter."""
    return f"'{text}'" if _is_bare(text) else out.bind(text)


def _is_bare(text: str) -> bool:
    return text.isdecimal() and text.isascii()


def _moment(out: TypedSelect, column: Column, raw: str, alias: str) -> None:
    """Type a moment: the forms of its column, then the same forms with or without seconds.

    A text that two of the forms read as two different days is refused: nothing tells which.
    """
    text = raw
    if column.template:
        before, _, after = column.template.partition("{}")
        text = f"({out.bind(before)} || {raw} || {out.bind(after)})"
    forms = column.formats or (ISO,)
    near = [f for form in forms for f in shorter(form) if f not in forms]
    read = [_read(out, column, text, form) for form in (*forms, *dict.fromkeys(near))]
    parsed = f"COALESCE({', '.join(read)}, NULL)"
    if alias == "month" and forms == (ISO,):
        month = f"REPLACE({text}, '/', '-') || '-01'"
        parsed = f"COALESCE({_read(out, column, month, ISO)}, {parsed})"
    two_ways = " OR ".join(f"{read[i]} <> {read[j]}" for i, j in rivals(forms))
    bad = f"{alias} = {BAD_MOMENT}"
    if two_ways:
        out.add(f"COALESCE({two_ways}, FALSE)", f"{alias}_two_ways")
        parsed = f"CASE WHEN {two_ways} THEN {BAD_MOMENT} ELSE {parsed} END"
        reason = msg("can be read as two days: {form}", form=", ".join(map(example_of, forms)))
        out.check(f"{alias}_two_ways", column, raw, reason)
        bad = f"{bad} AND NOT {alias}_two_ways"
    out.add(f"CASE WHEN {raw} IS NULL THEN NULL ELSE COALESCE({parsed}, {BAD_MOMENT}) END", alias)
    form = ", ".join(map(example_of, column.formats)) or "2026-09-30 14:05:00"
    out.check(bad, column, raw, msg("is no date of the form {form}", form=form))
    out.check(
        f"{alias} <> {BAD_MOMENT} AND "
        f"EXTRACT(year FROM {alias}) NOT BETWEEN {FIRST_YEAR} AND {LAST_YEAR}",
        column,
        raw,
        msg("lies outside the years {first} to {last}", first=str(FIRST_YEAR), last=str(LAST_YEAR)),
    )


def _read(out: TypedSelect, column: Column, text: str, form: str) -> str:
    """Read a form; beside others, a year of two digits is left to the form that says so."""
    read = read_moment(out.bind, text, form, out.timezone, column.timezone)
    if len(column.formats) < 2 or "%Y" not in form:
        return read
    return f"CASE WHEN EXTRACT(year FROM {read}) >= 1000 THEN {read} END"


def _number(out: TypedSelect, column: Column, raw: str, alias: str) -> None:
    value = f"TRY_CAST({raw} AS DOUBLE)"
    if alias == "times":  # 1/3 is how a comparison is written
        over = f"NULLIF(TRY_CAST(SPLIT_PART({raw}, '/', 2) AS DOUBLE), 0)"
        value = f"COALESCE({value}, TRY_CAST(SPLIT_PART({raw}, '/', 1) AS DOUBLE) / {over})"
    whole = f" AND {value} = FLOOR({value})" if alias in ("customers", "cases", "invited") else ""
    least = ">= 0" if alias in _FROM_ZERO else "> 0"
    out.add(
        f"CASE WHEN {raw} IS NULL THEN NULL WHEN {value} {least} AND {value} < 1e15{whole} "
        f"THEN {value} ELSE {BAD_NUMBER} END",
        alias,
    )
    said = msg("is not a number above 0")
    if alias in _FROM_ZERO:
        said = msg("is not a number from 0 up")
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
