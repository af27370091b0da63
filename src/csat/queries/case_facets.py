"""What stands beside the filters of cases: how many each choice would leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from csat.model.filters import Filters
from csat.queries.complaints import SINGLE, Branch, branches_of, counts
from csat.queries.standing import case_predicate
from csat.store.store import Store

_LEVELS: Final = ("category", "category_2", "category_3")
_FIELDS: Final[dict[str, str]] = {
    "category": "categories",
    "cause": "causes",
    "severity": "severities",
    "status": "statuses",
    "outcome": "outcomes",
}


@dataclass(frozen=True, slots=True)
class Panel:
    """How many cases each choice would leave, and how many the filters choose together.

    Each column is counted under all other filters, not its own; "" stands for not stated.
    """

    tree: tuple[Branch, ...]
    causes: dict[str, int]
    severities: dict[str, int]
    statuses: dict[str, int]
    outcomes: dict[str, int]
    total: int
    only_counted: int


def filter_panel(store: Store, filters: Filters) -> Panel:
    """Return every count beside the filters: in one scan, and one for each filter in force.

    Values stand in the order of `csat.queries.complaints.facet`; the tree is that of
    `csat.queries.complaints.category_tree`.
    """
    narrowed = [name for name, field in _FIELDS.items() if getattr(filters, field)]
    free = [name for name in _FIELDS if name not in narrowed]
    found: dict[str, list[dict[str, Any]]] = {}
    if free:
        found |= _counted(store, filters, free)
        total = sum(int(r["n"]) for r in found[free[0]])
        only = sum(int(r["counted"]) for r in found[free[0]])
    else:
        total, only = counts(store, filters)
    for name in narrowed:
        found |= _counted(store, filters.with_(**{_FIELDS[name]: ()}), [name])
    tree = [
        ((r["category"] or "", r["category_2"] or "", r["category_3"] or ""), int(r["n"]))
        for r in found["category"]
    ]
    causes, severities, statuses, outcomes = (
        {str(r[name] or ""): int(r["n"]) for r in found[name]}
        for name in _FIELDS
        if name != "category"
    )
    return Panel(branches_of(tree), causes, severities, statuses, outcomes, total, only)


def _counted(
    store: Store, filters: Filters, names: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """Count the cases per value of each column, the most first."""
    where, params = case_predicate(store, filters)
    sets = [_LEVELS if name == "category" else (name,) for name in names]
    columns = [column for own in sets for column in own]
    marks = [f"GROUPING({name}) AS no_{name}" for name in names]
    grouped = ", ".join(f"({', '.join(own)})" for own in sets)
    rows = store.rows(
        f"SELECT {', '.join([*marks, *columns])}, SUM(cases) AS n, "
        f"SUM(CASE WHEN {SINGLE} THEN 0 ELSE cases END) AS counted FROM complaint WHERE {where} "
        f"GROUP BY GROUPING SETS ({grouped}) "
        f"ORDER BY n DESC, {', '.join(columns)}",
        params,
    )
    return {name: [r for r in rows if not r[f"no_{name}"]] for name in names}
