"""How cases are handled: how old the open ones are, and where they arise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from csat.model.filters import Filters
from csat.queries.standing import case_predicate
from csat.store.store import Store

DAY: Final = 86_400
AGE_BANDS: Final = (1, 3, 7, 14, 30, 90)
"""Days at which one band of age ends and the next begins."""


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Cases open for so many days, and those that took as long until resolved.

    From ``low`` up to but not ``high`` days; ``high`` None has no end.
    """

    low: int
    high: int | None
    still_open: int
    closed: int


def ageing(store: Store, filters: Filters) -> tuple[AgeBand, ...]:
    """Return how old open cases are beside how long closed ones took, youngest band first.

    Open cases alone look young where few are left, closed ones fast where the slow are still
    open; side by side they do not mislead. Empty where no case records a resolution.
    """
    where, params = case_predicate(store, filters)
    edges = " ".join(
        f"WHEN resolution_s < {days * DAY:d} THEN {i:d}" for i, days in enumerate(AGE_BANDS)
    )
    rows = store.rows(
        f"SELECT CASE {edges} ELSE {len(AGE_BANDS):d} END AS band, "
        "SUM(1 - resolution_event) AS still_open, SUM(resolution_event) AS closed "
        f"FROM complaint WHERE {where} AND resolution_event IS NOT NULL GROUP BY 1",
        params,
    )
    if not rows:
        return ()
    found = {int(r["band"]): r for r in rows}
    starts, ends = (0, *AGE_BANDS), (*AGE_BANDS, None)
    return tuple(
        AgeBand(
            low,
            high,
            int(found[i]["still_open"]) if i in found else 0,
            int(found[i]["closed"]) if i in found else 0,
        )
        for i, (low, high) in enumerate(zip(starts, ends, strict=True))
    )


def crossed(store: Store, filters: Filters) -> tuple[tuple[str, str, int], ...]:
    """Return category, touchpoint ("" for not stated) and cases; empty without touchpoints."""
    where, params = case_predicate(store, filters)
    rows = store.rows(
        "SELECT COALESCE(category, '') AS category, COALESCE(touchpoint, '') AS touchpoint, "
        f"SUM(cases) AS n FROM complaint WHERE {where} GROUP BY 1, 2 ORDER BY n DESC, 1, 2",
        params,
    )
    if not any(r["touchpoint"] for r in rows):
        return ()
    return tuple((r["category"], r["touchpoint"], int(r["n"])) for r in rows)
