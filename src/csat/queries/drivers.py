"""What goes with overall satisfaction, and what to put right first. Association, not cause."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import N_, Message, msg
from csat.model.metrics import metric
from csat.model.settings import Thresholds
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.driver_sums import driver_sums
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.isolation import isolated
from csat.queries.kept_sums import score_totals
from csat.queries.one_scale import one_dimension_scale
from csat.queries.reader import Reader
from csat.stats.drivers import DriverAnalysis
from csat.stats.drivers import drivers as analyse
from csat.stats.moments import Moments
from csat.stats.priority import Estimate, Priority, priorities
from csat.store.score_sums import shortfall_sums
from csat.store.scores import SCORE_UNIT
from csat.store.store import Store

Z: Final = 1.959964
METHODS: Final = {
    "shapley": N_("Shapley shares of R² (Lindeman, Merenda and Gold)"),
    "johnson": N_("Johnson's relative weights"),
}


@dataclass(frozen=True, slots=True)
class DriverRow:
    """What one dimension has to do with overall satisfaction.

    Parameters
    ----------
    importance, low, high
        Its part in R², 0 to 1, with the bootstrap interval; the parts of all sum to R².
    percent
        The same as a percentage of R².
    sign
        1, -1 or 0: which way the outcome goes with it, the others held.
    above_noise
        Whether unrelated answers would give less; else it is shown as zero.
    gap, affected
        Mean perception less desired level, and the share of customers below what they desire;
        None where the questions of the dimension have different scales.
    priority
        Share of R² x shortfall x affected: what to put right first; None without a gap. The
        shortfall is a part of the scale where dimensions have different ones.
    """

    driver: str
    importance: float
    low: float
    high: float
    percent: float
    sign: int
    coefficient: float
    vif: float | None
    above_noise: bool
    repeats_others: bool
    sign_turns: bool
    gap: float | None = None
    affected: float | None = None
    priority: Priority | None = None


@dataclass(frozen=True, slots=True)
class DriverAnswer:
    """Drivers, most important first, with the explained share and the method.

    ``predictors`` is the viewpoint of the questions behind them; ``note`` the reason why there
    are none; ``notes`` what different scales did to dimensions.
    """

    rows: tuple[DriverRow, ...]
    n: int | None
    r_squared: float | None
    noise: float | None
    method: str
    predictors: str
    weak: bool
    provenance: Provenance
    note: Message | None = None
    notes: tuple[Message, ...] = ()

    def to_json(self) -> list[dict[str, Any]]:
        """Return the rows that the command line prints, unrounded."""
        return [
            {
                "driver": row.driver,
                "importance": row.importance,
                "low": row.low,
                "high": row.high,
                "percent_of_r2": row.percent,
                "sign": row.sign,
                "coefficient": row.coefficient,
                "vif": row.vif,
                "above_noise": row.above_noise,
                "n": self.n,
                "r2": self.r_squared,
                "gap": row.gap,
                "affected": row.affected,
                "priority": row.priority.value if row.priority else None,
                "priority_low": row.priority.low if row.priority else None,
                "priority_high": row.priority.high if row.priority else None,
                "rank": row.priority.rank if row.priority else None,
                "method": self.method,
            }
            for row in self.rows
        ]


def drivers(store: Store, filters: Filters, thresholds: Thresholds | None = None) -> DriverAnswer:
    """Answer how the differences in overall satisfaction divide among the dimensions.

    Returns
    -------
    DriverAnswer
        Without rows, and with the reason, where the questions are not asked or too few
        answered all of them.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    apart = isolated(store, filters, limits)
    if apart is not None:
        return _nothing(reader, filters, apart)
    try:
        sums = driver_sums(reader, facts, filters)
    except NotAvailable as reason:
        return _nothing(reader, filters, reason.note)
    found = analyse(sums.blocks, sums.names)
    if found.unknown is not None:
        n = found.n if found.n >= limits.withhold_under else None
        return _nothing(reader, filters, _reason(found), n)
    affected = _affected(reader, facts, filters, sums.names)
    parts = {
        d.name: (
            Estimate(d.shown / found.r_squared, (d.high - d.low) / (2 * Z)),
            affected[d.name].shortfall,
            affected[d.name].share,
        )
        for d in found.drivers
        if d.name in affected and found.r_squared
    }
    first = priorities(parts, {name: b.together for name, b in affected.items()})
    rows = []
    for d in found.drivers:
        below = affected.get(d.name)
        rows.append(
            DriverRow(
                d.name,
                d.share,
                d.low,
                d.high,
                d.percent,
                0 if d.coefficient == 0 else (1 if d.coefficient > 0 else -1),
                d.coefficient,
                d.vif,
                d.above_noise,
                d.repeats_others,
                d.sign_turns,
                below.gap if below else None,
                below.share.value if below else None,
                first.get(d.name),
            )
        )
    rows.sort(key=lambda r: -r.importance)
    return DriverAnswer(
        tuple(rows),
        found.n,
        found.r_squared,
        found.noise,
        found.method,
        sums.viewpoint,
        found.weak,
        reader.provenance(filters),
        notes=sums.notes,
    )


def _nothing(reader: Reader, filters: Filters, note: Message, n: int | None = None) -> DriverAnswer:
    origin = reader.provenance(filters)
    return DriverAnswer((), n, None, None, "", "", False, origin, note)


def _reason(found: DriverAnalysis) -> Message:
    if found.unknown == "too_few_answers":
        return msg("Too few people answered all these questions to tell drivers apart")
    return msg("All answers are the same: there are no differences to explain")


@dataclass(frozen=True, slots=True)
class _Below:
    """Mean gap in points, the same in the unit that dimensions share, and who is below zero.

    ``together`` is the covariance of the errors of the last two.
    """

    gap: float
    shortfall: Estimate
    share: Estimate
    together: float


def _affected(
    reader: Reader, facts: Facts, filters: Filters, names: tuple[str, ...]
) -> dict[str, _Below]:
    """Return each dimension's mean gap, and the share of customers with a gap below zero.

    Left out are dimensions whose gaps are on different scales.
    """
    slots, widths = {}, {}
    for name in names:
        slot = facts.slot(name)
        try:
            scale = one_dimension_scale(facts, filters, metric(f"gap:{name}"))
        except NotAvailable:
            continue
        if slot is not None and scale is not None:
            slots[name], widths[name] = slot, scale[1] - scale[0]
    if not slots:
        return {}
    wanted = {k: sql for slot in slots.values() for k, sql in shortfall_sums(slot).items()}
    row = score_totals(reader, filters, wanted)
    alike = len(set(widths.values())) == 1
    out = {}
    for name, slot in slots.items():
        n, total, squares, below, size = (row[k] for k in shortfall_sums(slot))
        short = (total - size) // 2  # the sum of the gaps below zero
        gaps = Moments(n, total, squares, SCORE_UNIT)
        if gaps.mean is not None and gaps.sd is not None:
            share, unit = below / n, 1 if alike else widths[name]
            out[name] = _Below(
                gaps.mean,
                Estimate(gaps.mean / unit, gaps.sd / sqrt(n) / unit),
                Estimate(share, sqrt(share * (1 - share) / n)),
                (short / (n * SCORE_UNIT) - gaps.mean * share) / n / unit,
            )
    return out
