"""Pairs of columns of a complaint file that say when a case waited for its customer."""

from __future__ import annotations

from csat.ingest.mapping import Mapping

_JOINED = "' '"


def pause_pairs(mapping: Mapping) -> list[tuple[str, str]]:
    """Return, per pause, the typed columns of its start and its end, in the order of the file.

    A pause without an end still lasts.
    """
    starts = [c for c in mapping.columns if c.role == "pause_from"]
    ends = [c for c in mapping.columns if c.role == "pause_to"]
    return [(f"t.pause_from{i:d}", f"t.pause_to{i:d}") for i in range(min(len(starts), len(ends)))]


def stated_pauses(mapping: Mapping, moment: str = "{0}") -> str:
    """Return SQL for the pauses a row states, as one text to compare with `stored_pauses`.

    Parameters
    ----------
    moment
        How a typed moment is written in UTC, with ``{0}`` for the column.
    """
    texts = [
        f"CASE WHEN {start} IS NOT NULL THEN CAST({moment.format(start)} AS VARCHAR) || '/' || "
        f"COALESCE(CAST({moment.format(end)} AS VARCHAR), '') END"
        for start, end in pause_pairs(mapping)
    ]
    return f"NULLIF(ARRAY_TO_STRING(LIST_SORT([{', '.join(texts)}]), {_JOINED}), '')"


def stored_pauses() -> str:
    """Return a subquery of complaint_id and the pauses that complaint files stated, as one text."""
    one = "CAST(happened_at AS VARCHAR) || '/' || COALESCE(CAST(until_at AS VARCHAR), '')"
    return (
        f"(SELECT complaint_id, STRING_AGG({one}, {_JOINED} ORDER BY {one}) AS texts "
        "FROM case_event WHERE complaint_id IS NOT NULL GROUP BY complaint_id)"
    )
