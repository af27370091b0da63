"""From the text of an answer to its code on the scale of its question, as SQL."""

from __future__ import annotations

from collections.abc import Collection

from csat.ingest.columns import Column, Item
from csat.ingest.typed_select import APART, BAD_CODE, TypedSelect
from csat.model.message import msg


def type_rating(
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
