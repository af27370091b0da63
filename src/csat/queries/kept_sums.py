"""Answers questions about whole months from the sums that are kept of them (ADR 17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from csat.model.filters import Filters
from csat.model.period import month_key
from csat.queries.catalogue import ItemRow
from csat.queries.facts import Facts
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.stats.rating_layout import Layout
from csat.stats.rating_sums import Whole
from csat.store.answer_cells import layout_of
from csat.store.score_sums import ENDS, PEOPLE, all_sums, low_sums

_FIELDS: Final = {
    "branch": "branches",
    "channel": "channels",
    "segment": "segments",
    "touchpoint": "touchpoints",
}

_KEPT: Final = {
    *all_sums(range(8)),
    *(name for slot in range(8) for ends in ENDS for name in low_sums(slot, ends)),
}
"""Names of all that any month may keep."""


def kept_layout(facts: Facts, survey_id: int) -> Layout:
    """Return what is kept of a survey, from what is known of its questions."""
    slots = dict(facts.slots)
    return layout_of(
        (i.item_no, i.viewpoint, i.pair, slots.get(i.dimension), i.scale[1])
        for i in facts.items
        if i.survey_id == survey_id
    )


def kept_sums(reader: Reader, survey_id: int, filters: Filters, layout: Layout) -> Whole | None:
    """Return the sums of a choice of answers, None where they are not kept.

    They are kept of whole months, of everybody and of groups of one direction where months hold
    many people of each.
    """
    chosen = _whole(filters)
    if chosen is None or len(chosen) > 1:
        return None
    period = filters.period
    direction, values = chosen[0] if chosen else ("", ())
    params: dict[str, object] = {"survey_id": survey_id, "layout": layout.fingerprint}
    where = "survey_id = $survey_id AND layout = $layout"
    if period is not None:
        where += " AND month_key BETWEEN $first AND $last"
        params |= {"first": month_key(period.first), "last": month_key(period.last)}
    inside = "direction = ''"
    if direction:
        inside += (
            " OR (direction = $direction AND LIST_CONTAINS($groups, COALESCE(group_name, '')))"
        )
        params |= {"direction": direction, "groups": list(values)}
    found = reader.table(
        "SELECT direction, split, CASE WHEN direction <> '' OR $whole THEN sums END AS sums "
        f"FROM answer_cell WHERE {where} AND ({inside})",
        {**params, "whole": not direction},
    )
    return _added(found, direction)


def _whole(filters: Filters) -> list[tuple[str, tuple[str, ...]]] | None:
    """Return the directions that a choice narrows down, None where it is not of whole months."""
    if filters.period is not None and not filters.period.whole_months:
        return None
    narrowed = replace(filters.for_survey(), surveys=(), period=None, compare="previous")
    chosen = [(d, values) for d, field in _FIELDS.items() if (values := getattr(narrowed, field))]
    everybody = replace(narrowed, branches=(), channels=(), segments=(), touchpoints=())
    return chosen if everybody == Filters(filters.program) else None


def score_totals(
    reader: Reader, filters: Filters, wanted: Mapping[str, str], survey_id: int | None = None
) -> dict[str, int]:
    """Return what scores add up to, 0 where nobody has any: kept, or read from the respondents.

    Parameters
    ----------
    wanted
        Sums by their names, as `csat.store.score_sums` gives them.
    survey_id
        Only these respondents, whatever surveys are chosen.
    """
    kept = _kept_totals(reader, filters, wanted, survey_id) if _whole(filters) == [] else None
    if kept is not None:
        return kept
    narrowed = filters.for_survey()
    where, params = survey_predicate(narrowed if survey_id is None else narrowed.with_(surveys=()))
    if survey_id is not None:
        where, params = f"{where} AND survey_id = $asked", {**params, "asked": survey_id}
    parts = ", ".join(f"{sql} AS {name}" for name, sql in wanted.items())
    row = reader.rows(f"SELECT {parts} FROM response WHERE {where}", params)[0]
    return {name: int(row[name] or 0) for name in wanted}


def _kept_totals(
    reader: Reader, filters: Filters, wanted: Mapping[str, str], survey_id: int | None
) -> dict[str, int] | None:
    """Return kept totals; what no month keeps is 0, and None where no month is kept at all."""
    if not _KEPT.issuperset(wanted):
        return None
    surveys = {i.survey_id for i in reader.facts.items if _of(i, filters, survey_id)}
    params: dict[str, object] = {"surveys": sorted(surveys), "names": [PEOPLE, *wanted]}
    where = "LIST_CONTAINS($surveys, survey_id) AND LIST_CONTAINS($names, name)"
    if filters.period is not None:
        where += " AND month_key BETWEEN $first AND $last"
        params |= {
            "first": month_key(filters.period.first),
            "last": month_key(filters.period.last),
        }
    rows = reader.rows(
        f"SELECT name, SUM(total) AS total FROM score_sum WHERE {where} GROUP BY name", params
    )
    found = {str(r["name"]): int(r["total"]) for r in rows}
    return {name: found.get(name, 0) for name in wanted} if found.get(PEOPLE) else None


def _of(item: ItemRow, filters: Filters, survey_id: int | None) -> bool:
    if survey_id is not None:
        return item.survey_id == survey_id
    return not filters.surveys or item.survey in filters.surveys


def _added(found: pa.Table, direction: str) -> Whole | None:
    """Add up the cells of a direction, None where any month is not kept by it."""
    kinds: Iterable[tuple[str, str]] = zip(
        found["direction"].to_pylist(), found["split"].to_pylist(), strict=True
    )
    months = [split.split(",") for kind, split in kinds if not kind]
    if not months or not all(direction in ("", *split) for split in months):
        return None
    sums = found["sums"].combine_chunks()
    kept = len(sums) - sums.null_count
    flat = np.asarray(sums.flatten(), dtype=np.int64)
    return np.asarray(flat.reshape(kept, -1).sum(axis=0), dtype=np.int64) if kept else None
