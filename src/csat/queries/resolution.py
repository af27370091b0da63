"""Time to first response and to resolution by group, cases still open included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.model.vocabulary import CASE_CUTS
from csat.queries.case_cuts import require_cut
from csat.queries.complaint_tallies import clocks
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.reader import Reader
from csat.queries.survival_tally import SurvivalTally
from csat.stats.multiplicity import holm
from csat.stats.waits import compare_waits, ended_quantile
from csat.store.store import Store

CLOCK_METRICS: Final = {
    "response": "median_days_to_response",
    "resolution": "median_days_to_resolution",
}
QUANTILES: Final = (0.5, 0.8, 0.9, 0.95)
WITHIN_HOURS: Final = (4, 24, 72, 168, 720)
MOST_GROUPS: Final = 20
"""Groups that are tested and told one by one, the largest first."""
_CURVE_POINTS: Final = 200


@dataclass(frozen=True, slots=True)
class Passed:
    """A quantile: seconds with limits, or None where follow-up ends before it is reached."""

    q: float
    seconds: float | None
    low: float | None
    high: float | None
    closed_only: float | None


@dataclass(frozen=True, slots=True)
class Done:
    """The share (0 to 100) done within so many hours, with limits; None where not known."""

    hours: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """How long one group's cases take on one clock. ``group`` None is all of them.

    Parameters
    ----------
    followed
        The longest time any case is known for, in seconds.
    p_value
        Log-rank of this group against all others together, adjusted by Holm; None for the total
        and where there is nothing to compare with.
    curve
        Seconds and share (0 to 1) still open, thinned to what a picture shows.
    withheld
        Whether the privacy minimum hides everything but the name.
    """

    clock: str
    group: str | None
    n: int | None
    events: int | None
    censored: int | None
    followed: float | None
    quantiles: tuple[Passed, ...]
    within: tuple[Done, ...]
    p_value: float | None
    curve: tuple[tuple[float, float], ...]
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Resolutions:
    """The answer: the total and the groups of each clock, and the tests over all groups."""

    rows: tuple[Resolution, ...]
    by: str | None
    tests: dict[str, tuple[float, float, int]]
    """Clock -> chi-square, p-value and degrees of freedom of the log-rank test over all groups."""
    left_out: int
    provenance: Provenance


def resolution(
    store: Store,
    filters: Filters,
    by: str | None = None,
    thresholds: Thresholds | None = None,
) -> Resolutions:
    """Answer how long cases received in the period take, by Kaplan and Meier.

    Parameters
    ----------
    by
        One of ``CASE_CUTS``, or None for all cases together only.

    Raises
    ------
    UsageProblem
        When cases are not grouped that way, or there is no such program.
    """
    require_cut(by, CASE_CUTS)
    reader = Reader(store, facts_of(store, filters.program))
    rows: list[Resolution] = []
    tests: dict[str, tuple[float, float, int]] = {}
    left_out = 0
    for clock in CLOCK_METRICS:
        found = clocks(reader, filters, [clock], (by,) if by else ())[clock]
        parts = {str(group[0] or ""): t for group, t in found.items()} if by else {}
        whole = sum(found.values(), start=SurvivalTally())
        rows.append(_row(clock, None, whole, None))
        largest = sorted(parts, key=lambda g: (-parts[g].n, g))
        left_out = max(left_out, len(largest) - MOST_GROUPS)
        told = largest[:MOST_GROUPS]
        adjusted: list[float | None] = [None] * len(told)
        if len(told) > 1:
            tables = [parts[g].table for g in told]
            rest = [parts[g] for g in largest[MOST_GROUPS:]]
            if rest:
                tables.append(sum(rest, start=SurvivalTally()).table)
            tested = compare_waits(tables)
            tests[clock] = (tested.overall.chi_square, tested.overall.p_value, tested.overall.df)
            alone = [test.p_value for test in tested.each[: len(told)]]
            adjusted = [float(p) for p in holm(alone)]
        own = [_row(clock, g, parts[g], p) for g, p in zip(told, adjusted, strict=True)]
        rows += _gated(own, thresholds or Thresholds())
    return Resolutions(tuple(rows), by, tests, max(0, left_out), reader.provenance(filters))


def _row(clock: str, group: str | None, tally: SurvivalTally, p: float | None) -> Resolution:
    if not tally.n:
        return Resolution(clock, group, 0, 0, 0, None, (), (), None, ())
    table, curve = tally.table, tally.curve
    quantiles = []
    for q in QUANTILES:
        at = curve.quantile(q)
        closed = ended_quantile(table.times, table.events, q)
        quantiles.append(Passed(q, at.value, at.low, at.high, closed))
    within = []
    for hours in WITHIN_HOURS:
        left = curve.still_open(3600 * hours)
        value, low, high = (None if v is None else 100 * (1 - v) for v in left)
        within.append(Done(hours, value, high, low))
    events = int(table.events.sum())
    step = max(1, curve.times.size // _CURVE_POINTS)
    points = [(0.0, 1.0), *zip(curve.times[::step], curve.survival[::step], strict=True)]
    points.append((curve.times[-1], curve.survival[-1]))
    return Resolution(
        clock,
        group,
        tally.n,
        events,
        tally.n - events,
        float(table.times[-1]),
        tuple(quantiles),
        tuple(within),
        p,
        tuple((float(t), float(s)) for t, s in points),
    )


def _gated(rows: Sequence[Resolution], limits: Thresholds) -> list[Resolution]:
    """Blank the groups that the one privacy gate hides."""
    figures = [
        Figure(CLOCK_METRICS[r.clock], r.group or "", 0.0, "days", r.n, None, None, "not_compared")
        for r in rows
    ]
    hidden = (f.withheld for f in gate(figures, limits, parts_of_whole=True))
    return [
        replace(
            r, n=None, events=None, censored=None, followed=None, quantiles=(), within=(),
            p_value=None, curve=(), withheld=True,
        )
        if hide
        else r
        for r, hide in zip(rows, hidden, strict=True)
    ]  # fmt: skip
