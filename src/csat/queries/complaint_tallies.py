"""Sufficient statistics of complaints that need more than one scan: rates and clocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.queries.predicate import complaint_predicate, survey_predicate
from csat.queries.reader import Reader
from csat.queries.tally import RateTally, SurvivalTally
from csat.store.store import Store

Group = tuple[Any, ...]
Tallies = dict[Group, Any]


class NotAvailable(Exception):
    """A figure that cannot be made from these filters, with the reason for the reader."""

    def __init__(self, note: Message) -> None:
        super().__init__(str(note))
        self.note = note


def rates(reader: Reader, store: Store, filters: Filters, keys: Sequence[str]) -> Tallies:
    """Count complaints and customers served over the months and branches that have both.

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
    has_branch = _exposure_by_branch(store, filters)
    if not has_branch and (filters.branches or "branch" in keys):
        raise NotAvailable(msg("Customers served are known per month only, not per branch"))
    return _join_exposure(reader, filters, keys, by_branch=has_branch)


def _exposure_by_branch(store: Store, filters: Filters) -> bool:
    rows = store.rows(
        "SELECT COUNT(*) AS n, COUNT(branch) AS b FROM exposure WHERE program_id = "
        "(SELECT program_id FROM program WHERE key = $program)",
        {"program": filters.program},
    )
    if not rows or not rows[0]["n"]:
        raise NotAvailable(
            msg("Load a file of customers served per month and branch on the Data page.")
        )
    return bool(rows[0]["b"] == rows[0]["n"])


def _join_exposure(
    reader: Reader, filters: Filters, keys: Sequence[str], *, by_branch: bool
) -> Tallies:
    where, params = complaint_predicate(filters)
    place = Filters.of(filters.program, branches=filters.branches)
    base_where, base_params = survey_predicate(place)
    if filters.period is not None:
        base_where += " AND month_key BETWEEN $first_month AND $last_month"
        base_params["first_month"] = filters.period.first.year * 100 + filters.period.first.month
        base_params["last_month"] = filters.period.last.year * 100 + filters.period.last.month
    cells = "month_key, branch" if by_branch else "month_key"
    served = reader.rows(
        f"SELECT {cells}, SUM(customers) AS customers FROM exposure WHERE {base_where} "
        f"GROUP BY {cells}",
        base_params,
    )
    extra = ", category" if "category" in keys else ""
    received = reader.rows(
        f"SELECT {cells}{extra}, COUNT(*) AS n FROM complaint WHERE {where} "
        f"GROUP BY {cells}{extra}",
        params,
    )
    names = cells.split(", ")
    base = {tuple(r[k] for k in names): int(r["customers"]) for r in served}
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


def clocks(reader: Reader, filters: Filters, clock: str, keys: Sequence[str]) -> Tallies:
    """Count, per group, how many cases were still open after how many seconds."""
    where, params = complaint_predicate(filters)
    group = ", ".join([*keys, f"{clock}_s"])
    select = ", ".join(
        [
            *keys,
            f"{clock}_s AS seconds",
            f"SUM({clock}_event) AS events",
            f"COUNT(*) - SUM({clock}_event) AS censored",
        ]
    )
    table = reader.table(
        f"SELECT {select} FROM complaint WHERE {where} AND {clock}_event IS NOT NULL"
        f" GROUP BY {group}",
        params,
    )
    return _survival_groups(table, keys)


def _survival_groups(table: pa.Table, keys: Sequence[str]) -> Tallies:
    if table.num_rows == 0:
        return {}
    seconds, events, censored = (
        np.asarray(table.column(c).cast(pa.int64()).to_numpy(), dtype=np.int64)
        for c in ("seconds", "events", "censored")
    )
    if not keys:
        return {(): SurvivalTally((seconds,), (events,), (censored,))}
    labels = list(zip(*(table.column(k).to_pylist() for k in keys), strict=True))
    places: dict[Group, list[int]] = {}
    for i, label in enumerate(labels):
        places.setdefault(label, []).append(i)
    return {
        g: SurvivalTally((seconds[i],), (events[i],), (censored[i],)) for g, i in places.items()
    }
