"""From staged texts to typed columns: one SQL expression per mapped column.

A value that cannot be read becomes a sentinel of its type, so that one pass over the typed
table counts what is wrong in every column, and no such row is ever loaded.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from csat.ingest.durations import seconds_sql
from csat.ingest.layout import LONG, is_long
from csat.ingest.mapping import Column, Mapping
from csat.ingest.moments import ISO, example_of, read_moment, rivals, shorter
from csat.ingest.rating_sql import type_rating
from csat.ingest.roles import ARRIVAL, DURATION, MOMENT, NUMBER, RATING, ROLES, YES_NO
from csat.ingest.typed_select import BAD_CODE, BAD_MOMENT, BAD_NUMBER, TRIMMED, TypedSelect
from csat.model.message import msg
from csat.model.period import FIRST_YEAR, LAST_YEAR

_FROM_ZERO: Final = ("cases", "compensation", "scale_low", "floor", "cap")


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
            type_rating(
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
