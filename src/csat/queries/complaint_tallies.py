"""Sufficient statistics of complaints that need more than one scan: rates and clocks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.period import month_key, month_start
from csat.queries.facts import Facts
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader, whole
from csat.queries.standing import case_predicate
from csat.queries.survival_tally import SurvivalTally
from csat.queries.tally import RateTally

Group = tuple[Any, ...]
Tallies = dict[Group, Any]


class NotAvailable(Exception):
    """A figure that cannot be made from these filters, with the reason for the reader."""

    def __init__(self, note: Message) -> None:
        super().__init__(str(note))
        self.note = note


def rates(reader: Reader, facts: Facts, filters: Filters, keys: Sequence[str]) -> Tallies:
    """Count complaints and customers served over the months and branches that have both.

    Months in a hole of the complaints on record count for neither.

    Raises
    ------
    NotAvailable
        When customers served are not known for what the filters choose.
    """
    if filters.channels or filters.segments or filters.touchpoints:
        raise NotAvailable(
            msg("Customers served are known per month and branch only; clear the other filters")
        )
    cuts = [k for k in keys if k not in ("month_key", "branch", "category")]
    if cuts:
        raise NotAvailable(msg("Customers served are known per month and branch only"))
    if filters.period is not None and not filters.period.whole_months:
        raise NotAvailable(msg("Customers served are known per month; choose whole months"))
    if not facts.served:
        raise NotAvailable(
            msg("Load a file of customers served per month and branch on the Data page.")
        )
    if not facts.served_by_branch and (filters.branches or "branch" in keys):
        raise NotAvailable(msg("Customers served are known per month only, not per branch"))
    return _join_exposure(reader, facts, filters, keys)


def _join_exposure(reader: Reader, facts: Facts, filters: Filters, keys: Sequence[str]) -> Tallies:
    where, params = case_predicate(reader.store, filters)
    place = Filters.of(filters.program, branches=filters.branches)
    base_where, base_params = survey_predicate(place)
    if facts.span.complaints_complete is not None:
        base_where += " AND month_key <= $known_month"
        base_params["known_month"] = month_key(facts.span.complaints_complete)
    if filters.period is not None:
        base_where += " AND month_key BETWEEN $first_month AND $last_month"
        base_params["first_month"] = filters.period.first.year * 100 + filters.period.first.month
        base_params["last_month"] = filters.period.last.year * 100 + filters.period.last.month
    cells = "month_key, branch" if facts.served_by_branch else "month_key"
    served = reader.rows(
        f"SELECT {cells}, SUM(customers) AS customers FROM exposure WHERE {base_where} "
        f"GROUP BY {cells}",
        base_params,
    )
    extra = ", category" if "category" in keys else ""
    received = reader.rows(
        f"SELECT {cells}{extra}, SUM(cases) AS n FROM complaint WHERE {where} "
        f"GROUP BY {cells}{extra}",
        params,
    )
    names = cells.split(", ")
    base = {
        tuple(r[k] for k in names): int(r["customers"])
        for r in served
        if not facts.span.in_hole(month_start(r["month_key"]))
    }
    found: dict[Group, dict[Any, int]] = {}
    categories: set[Any] = set()
    for row in received:
        category = row.get("category")
        categories.add(category)
        found.setdefault(tuple(row[k] for k in names), {})[category] = int(row["n"])
    out: dict[Group, RateTally] = {}
    for cell, customers in base.items():
        values = dict(zip(names, cell, strict=True))
        for category in categories if extra else {None}:
            events = found.get(cell, {})
            count = events.get(category, 0) if extra else sum(events.values())
            group = tuple(category if k == "category" else values[k] for k in keys)
            out[group] = out.get(group, RateTally(0, 0)) + RateTally(count, customers)
    return out


def clocks(
    reader: Reader, filters: Filters, names: Sequence[str], keys: Sequence[str]
) -> dict[str, Tallies]:
    """Count, per clock and group, how many cases were still open after how many seconds."""
    where, params = case_predicate(reader.store, filters)
    columns = [*keys, *(f"{name}_{part}" for name in names for part in ("s", "event"))]
    listed = ", ".join(columns)
    table = reader.table(
        f"SELECT {listed}, COUNT(*) AS n FROM complaint WHERE {where} GROUP BY {listed}", params
    )
    n = whole(table.column("n"))
    labels, place = _labels(table, keys)
    return {name: _survival(table, name, n, labels, place) for name in names}


def _survival(
    table: pa.Table, clock: str, n: np.ndarray, labels: list[Group], place: np.ndarray
) -> Tallies:
    """Return the survival tally of each group from rows of seconds, event and number."""
    kept = np.flatnonzero(table.column(f"{clock}_event").is_valid().to_numpy())
    kept = kept[np.argsort(place[kept], kind="stable")]
    seconds = _short(whole(table.column(f"{clock}_s"))[kept])
    ended = _short(whole(table.column(f"{clock}_event"))[kept] * n[kept])
    still_open = _short(n[kept]) - ended
    edges = np.searchsorted(place[kept], np.arange(len(labels) + 1))
    parts = (slice(a, b) for a, b in pairwise(edges))
    return {
        label: SurvivalTally((seconds[part],), (ended[part],), (still_open[part],))
        for label, part in zip(labels, parts, strict=True)
        if part.start < part.stop
    }


def _short(values: np.ndarray) -> np.ndarray:
    """Return whole numbers in half the memory where they fit: tallies of months are kept."""
    small = not values.size or np.abs(values).max() <= np.iinfo(np.int32).max
    return values.astype(np.int32) if small else values


def _labels(table: pa.Table, keys: Sequence[str]) -> tuple[list[Group], np.ndarray]:
    """Return the groups of a table's rows, and for each row the place of its group."""
    place = np.zeros(table.num_rows, dtype=np.int64)
    labels: list[Group] = [()]
    for key in keys:
        column = table.column(key).combine_chunks().dictionary_encode(null_encoding="encode")
        values = column.dictionary.to_pylist()
        place = place * len(values) + column.indices.to_numpy(zero_copy_only=False)
        labels = [(*label, value) for label in labels for value in values]
    return labels, place
