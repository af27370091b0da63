"""Pairs of columns of a complaint file that say when a case waited for its customer."""

from __future__ import annotations

from typing import Final

import duckdb

from csat.ingest.mapping import Mapping
from csat.ingest.stated import utc
from csat.model.case_stages import PAUSED


def pause_pairs(mapping: Mapping) -> list[tuple[str, str]]:
    """Return, per pause, the typed columns of its start and its end, in the order of the file.

    A pause without an end still lasts.
    """
    starts = [c for c in mapping.columns if c.role == "pause_from"]
    ends = [c for c in mapping.columns if c.role == "pause_to"]
    return [(f"t.pause_from{i:d}", f"t.pause_to{i:d}") for i in range(min(len(starts), len(ends)))]


def pauses_differ(mapping: Mapping, moment: str = "{0}") -> tuple[str, str, dict[str, object]]:
    """Return SQL of the pauses a row leaves its case with and of those it has, and params.

    ``w`` is `stored_pauses`. Both are one text, whatever the order.

    Parameters
    ----------
    moment
        How a typed moment is written in UTC, with ``{0}`` for the column.
    """
    stated = ", ".join(
        f"CASE WHEN {start} IS NOT NULL THEN CAST({moment.format(start)} AS VARCHAR) || '/' || "
        f"COALESCE(CAST({moment.format(end)} AS VARCHAR), '') END"
        for start, end in pause_pairs(mapping)
    )
    read, params = _read(mapping, "p.place")
    kept = (
        f"LIST_TRANSFORM(LIST_FILTER(COALESCE(w.pauses, []), lambda p: NOT ({read}) AND NOT "
        f"{_starts(mapping, moment, 'p.since')}), lambda p: p.stretch)"
    )
    after = f"LIST_SORT(LIST_CONCAT(LIST_FILTER([{stated}], lambda s: s IS NOT NULL), {kept}))"
    before = "LIST_SORT(LIST_TRANSFORM(COALESCE(w.pauses, []), lambda p: p.stretch))"
    return f"ARRAY_TO_STRING({after}, ' ')", f"ARRAY_TO_STRING({before}, ' ')", params


def stored_pauses() -> str:
    """Return a subquery of complaint_id and the pauses that complaint files stated."""
    stretch = "CAST(happened_at AS VARCHAR) || '/' || COALESCE(CAST(until_at AS VARCHAR), '')"
    return (
        f"(SELECT complaint_id, LIST({{'place': {_PLACE}, 'since': happened_at, "
        f"'stretch': {stretch}}}) AS pauses FROM case_event WHERE complaint_id IS NOT NULL "
        "GROUP BY complaint_id)"
    )


def load_pauses(
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    *,
    program_id: int,
    batch_id: int,
    timezone: str,
) -> None:
    """Move the stretches in which a case waited for its customer into ``case_event``.

    With them go those of a replaced version that stood in columns this file does not read.
    """
    params: dict[str, object] = {"program": program_id, "batch": batch_id}
    zone = {} if timezone == "UTC" else {"tz": timezone}
    moment = utc("{0}", timezone)
    for place, (start, end) in zip(_columns(mapping), pause_pairs(mapping), strict=True):
        cursor.execute(
            "INSERT INTO case_event BY NAME SELECT $program AS program_id, $batch AS batch_id, "
            f"n.complaint_id, t.source_key AS case_key, '{PAUSED}' AS event, "
            f"{moment.format(start)} AS happened_at, {moment.format(end)} AS until_at, "
            "t.source_key || '#' || $place AS source_key FROM typed t "
            f"JOIN numbered n ON n.row_no = t.row_no WHERE {start} IS NOT NULL",
            {**params, **zone, "place": place},
        )
    read, columns = _read(mapping, "place")
    stated = _starts(mapping, moment, "s.happened_at")
    cursor.execute(
        "INSERT INTO case_event BY NAME SELECT s.* EXCLUDE (superseded_by, place) "
        f"REPLACE ($batch AS batch_id) FROM (SELECT *, {_PLACE} AS place "
        "FROM superseded_case_event WHERE superseded_by = $batch) s "
        "JOIN numbered n ON n.complaint_id = s.complaint_id JOIN typed t ON t.row_no = n.row_no "
        f"WHERE NOT ({read}) AND NOT {stated}",
        {"batch": batch_id, **columns, **(zone if "$tz" in stated else {})},
    )


_PLACE: Final = "SUBSTR(source_key, LENGTH(case_key) + 2)"
"""SQL of the column a pause began in, or of its number in a load that did not keep the column."""


def _columns(mapping: Mapping) -> list[str]:
    starts = [c.source for c in mapping.columns if c.role == "pause_from"]
    return starts[: len(pause_pairs(mapping))]


def _starts(mapping: Mapping, moment: str, since: str) -> str:
    """Return SQL of whether a row states a pause from a moment on."""
    own = ", ".join(moment.format(start) for start, _ in pause_pairs(mapping))
    return f"COALESCE(LIST_CONTAINS(CAST([{own}] AS TIMESTAMP[]), {since}), FALSE)"


def _read(mapping: Mapping, place: str) -> tuple[str, dict[str, object]]:
    """Return SQL of whether a file reads the column a pause began in, and its params."""
    columns = _columns(mapping)
    if not columns:
        return "FALSE", {}
    early = f"COALESCE(TRY_CAST({place} AS INTEGER) < {len(columns):d}, FALSE)"
    return f"(LIST_CONTAINS($starts, {place}) OR {early})", {"starts": columns}
