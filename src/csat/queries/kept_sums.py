"""Answers questions about whole months from the sums that are kept of them (ADR 17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from csat.model.filters import Filters
from csat.model.period import month_key
from csat.queries.facts import Facts
from csat.queries.reader import Reader
from csat.stats.rating_sums import Layout, Whole
from csat.store.answer_cells import layout_of

_FIELDS: Final = {
    "branch": "branches",
    "channel": "channels",
    "segment": "segments",
    "touchpoint": "touchpoints",
}


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
    period = filters.period
    if period is not None and not period.whole_months:
        return None
    narrowed = replace(filters.for_survey(), surveys=(), period=None, compare="previous")
    chosen = [(d, values) for d, field in _FIELDS.items() if (values := getattr(narrowed, field))]
    if len(chosen) > 1 or replace(narrowed, **{_FIELDS[d]: () for d, _ in chosen}) != Filters(
        filters.program
    ):
        return None
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
