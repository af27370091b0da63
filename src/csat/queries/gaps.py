"""The five gaps: where quality is lost, overall and per dimension (methods.md 2.7 and 2.15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.settings import Thresholds
from csat.queries.believed_importance import BelievedImportance, believed_importance
from csat.queries.facts import facts as facts_of
from csat.queries.gap_causes import cause_scores
from csat.queries.gap_levels import Sides, Want
from csat.queries.gap_records import records
from csat.queries.gap_rows import NEEDS, RECORD_NEEDS, GapAnswer, GapRow, Measured
from csat.queries.gap_ways import ways
from csat.queries.gate import gate
from csat.queries.isolation import isolated
from csat.queries.reader import Reader
from csat.stats.comparison import Comparison, welch_difference
from csat.stats.moments import Moments
from csat.stats.paired import adjust, paired_gap
from csat.stats.verdict import verdict
from csat.store.store import Store

SEEING: Final = 0
"""What customers perceive, less what is delivered: no gap of the model, but a step of the way."""
SIDES: Final[dict[int, tuple[str, str]]] = {
    1: ("management", "desired"),
    2: ("standard", "management"),
    3: ("delivery", "standard"),
    4: ("delivery", "promise"),
    SEEING: ("perception", "delivery"),
}
"""Gap -> the viewpoint that is, and the one it is taken from."""
SAID_OF: Final[dict[int, str]] = {2: "standard", 3: "delivery", 4: "promise"}
"""Gap -> the viewpoint of statements about a whole dimension that speak of it."""
Key = tuple[Want, ...]
Place = tuple[int, str | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is counted for one gap: its two sides (one side for statements and for gap 5)."""

    actual: Key
    reference: Key | None
    scale: tuple[int, int]


def gaps(store: Store, filters: Filters, thresholds: Thresholds | None = None) -> GapAnswer:
    """Answer how large each of the five gaps is, and what is missing where it is not measured.

    Parameters
    ----------
    filters
        Which data. A choice of surveys narrows customers' answers only; a survey of managers,
        staff or auditors that states no branch (channel, ...) counts for all of them.

    Returns
    -------
    GapAnswer
        After the privacy gate: rows for gap 1 to 5, over all and per dimension, from surveys and
        from records. Every gap is what is, less what should be: below zero falls short. Intervals
        are 95%: Welch's for two groups of people, paired for gap 5. Over all dimensions counts
        who rated every one of them.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    names = [key for key, _ in facts.slots]
    apart = isolated(store, filters, limits, [f"g_d{slot:d}" for _, slot in facts.slots])
    if apart is not None:
        rows = [GapRow(g, None, "survey", needs=apart, withheld=True) for g in range(1, 6)]
        hidden = BelievedImportance(needs=apart, withheld=True)
        return GapAnswer(tuple(rows), (), reader.provenance(filters), (apart,), importance=hidden)
    sides = Sides(store, reader, facts, filters, limits)
    plans = _planned(sides, names)
    said = _said(sides, names)
    counted = sides.count(
        [k for p in (*plans.values(), *said.values()) for k in (p.actual, p.reference) if k]
    )
    levels = _measured(plans, counted, limits)
    statements = _measured(said, counted, limits)
    rows = [
        _row((gap, name), sides, levels, statements)
        for gap in range(1, 6)
        for name in (None, *names)
    ]
    told, behind = records(store, filters, limits, reader, facts)
    rows += told
    rows.sort(key=lambda r: r.gap)
    causes = cause_scores(sides, limits)
    notes = (*sides.notes, *behind.notes)
    believed = believed_importance(store, reader, facts, filters, sides, limits)
    answer = GapAnswer(tuple(rows), (), reader.provenance(filters), notes, causes, behind, believed)
    shared = {name: _shared(sides, name) for name in names}
    seen = {name: m for (gap, name), m in levels.items() if gap == SEEING}
    return replace(answer, ways=ways(answer, shared, seen))


def _shared(sides: Sides, name: str) -> bool:
    """Say whether every viewpoint rates the same statements of a dimension on one scale."""
    found = [sides.levels(v, name) for v in ("desired", "management", "standard", "delivery")]
    perceived = sides.levels("perception", name)
    first = found[0]
    return bool(first) and set(first) <= set(perceived) and all(f == first for f in found)


def _planned(sides: Sides, names: Sequence[str]) -> dict[Place, Plan]:
    """Return what to count for gaps between levels: over the statements that both sides rate."""
    out: dict[Place, Plan] = {}
    for gap, (actual, reference) in SIDES.items():
        for name in names:
            one, other = sides.levels(actual, name), sides.levels(reference, name)
            common = frozenset(p for p in one if one[p] == other.get(p))
            scales = {one[p] for p in common}
            if len(scales) == 1:
                keys = [(Want(v, name, common),) for v in (actual, reference)]
                out[gap, name] = Plan(keys[0], keys[1], scales.pop())
    for name in names:
        wanted, got = sides.levels("desired", name), sides.levels("perception", name)
        pairs = frozenset(p for p in wanted if got.get(p) == wanted[p])
        scales = {wanted[p] for p in pairs}
        if len(scales) == 1:
            out[5, name] = Plan((Want("gap", name, pairs),), None, scales.pop())
    return _with_totals(out)


def _said(sides: Sides, names: Sequence[str]) -> dict[Place, Plan]:
    """Return what to count for statements about whole dimensions."""
    out: dict[Place, Plan] = {}
    for gap, viewpoint in SAID_OF.items():
        for name in names:
            scale = sides.statements(viewpoint, name)
            if scale is not None:
                out[gap, name] = Plan((Want(viewpoint, name),), None, scale)
    return _with_totals(out)


def _with_totals(plans: dict[Place, Plan]) -> dict[Place, Plan]:
    """Add for each gap the mean over its dimensions, where all are on one scale."""
    out = dict(plans)
    for gap in dict.fromkeys(g for g, _ in plans):
        own = [p for (g, _), p in plans.items() if g == gap]
        if own and len({p.scale for p in own}) == 1:
            actual = tuple(p.actual[0] for p in own)
            facing = tuple(p.reference[0] for p in own if p.reference)
            out[gap, None] = Plan(actual, facing or None, own[0].scale)
    return out


def _measured(
    plans: Mapping[Place, Plan], counted: Mapping[Key, Moments], limits: Thresholds
) -> dict[Place, Measured]:
    """Return what is measured: the dimensions of a gap are one family of tests."""
    out: dict[Place, Measured] = {}
    for gap in dict.fromkeys(g for g, _ in plans):
        own = {place: p for place, p in plans.items() if place[0] == gap}
        found = {place: _compared(place, p, counted) for place, p in own.items()}
        family = [place for place in found if place[1] is not None]
        tested, _ = adjust([_p(found[place][1]) for place in family])
        p_values = dict(zip(family, tested, strict=True))
        for place, (measured, comparison) in found.items():
            if not measured.n or measured.n_reference == 0:
                continue
            few = measured.n_reference if measured.n_reference is not None else measured.n
            told = verdict(
                comparison,
                direction="up",
                n_current=measured.n,
                n_reference=few,
                minimum=limits.caution_under,
                p_value=p_values.get(place) if comparison is not None else None,
            )
            out[place] = _gated(replace(measured, verdict=told), place, limits)
    return out


def _p(comparison: Comparison | None) -> float | None:
    return None if comparison is None else comparison.p_value


def _compared(
    place: Place, plan: Plan, counted: Mapping[Key, Moments]
) -> tuple[Measured, Comparison | None]:
    """Return a gap and its test: two groups by Welch, pairs and statements by Student."""
    one = counted[plan.actual]
    if plan.reference is not None:
        other = counted[plan.reference]
        if not one.n or not other.n:
            return Measured(None, None, None, one.n, other.n), None
        c = welch_difference(one, other)
        value = (one.mean or 0.0) - (other.mean or 0.0)
        return (
            Measured(
                c.difference if c else value,
                c.low if c else None,
                c.high if c else None,
                one.n,
                other.n,
                actual=one.mean,
                reference=other.mean,
                scale=plan.scale,
            ),
            c,
        )
    top = 0 if place[0] == 5 else plan.scale[1]
    shifted = Moments(
        one.n,
        one.total - one.n * top * one.divisor,
        one.total_sq - 2 * top * one.divisor * one.total + one.n * (top * one.divisor) ** 2,
        one.divisor,
    )
    gap = paired_gap(shifted)
    test = None
    if gap.mean is not None and gap.low is not None and gap.high is not None:
        test = Comparison(gap.mean, gap.low, gap.high, gap.p_value or 0.0)
    reference = None if place[0] == 5 else float(top)
    actual = None if place[0] == 5 else one.mean
    return (
        Measured(
            gap.mean,
            gap.low,
            gap.high,
            one.n,
            actual=actual,
            reference=reference,
            scale=plan.scale,
        ),
        test,
    )


def _gated(found: Measured, place: Place, limits: Thresholds) -> Measured:
    """Blank what rests on too few people on either side."""
    people = min(n for n in (found.n, found.n_reference) if n is not None)
    figure = Figure(
        "gap:*", place[1] or "total", found.value, "rating", people, None, None, found.verdict
    )
    if gate([figure], limits, parts_of_whole=False)[0].withheld:
        return Measured(None, None, None, None, verdict="too_few")
    return found


def _row(
    place: Place,
    sides: Sides,
    levels: Mapping[Place, Measured],
    statements: Mapping[Place, Measured],
) -> GapRow:
    gap, name = place
    one, other = levels.get(place), statements.get(place)
    if one is not None:
        return GapRow(gap, name, "survey", one, "levels", other, withheld=one.n is None)
    if other is not None:
        return GapRow(gap, name, "survey", other, "statement", withheld=other.n is None)
    refused = sides.refusal(v for v in SIDES.get(gap, ()) if v != "desired")
    if refused is not None:
        return GapRow(gap, name, "survey", needs=refused, withheld=True)
    return GapRow(gap, name, "survey", needs=_needs(gap, sides, name))


def _needs(gap: int, sides: Sides, name: str | None) -> Message:
    """Say what would measure a gap."""
    customers = bool(sides.items("desired", name))
    if gap == 5:
        if customers or sides.items("perception", name):
            return msg(
                "needs what customers expect and what they perceive, asked of the same statements "
                "on one scale, in the chosen period"
            )
        return NEEDS[5]
    ours = [v for v in SIDES[gap] if v != "desired"]
    if all(sides.items(v, name) for v in ours) and (gap != 1 or customers):
        return msg(
            "needs answers of both sides to the same statements on one scale, in the chosen period"
        )
    if gap == 1 and sides.items("management", name):
        return msg("needs a survey of customers: what they expect")
    return NEEDS[gap]


def unmeasured() -> GapAnswer:
    """Return the gaps of a store that holds nothing: what to collect for each."""
    rows = [GapRow(gap, None, "survey", needs=told) for gap, told in NEEDS.items()]
    rows += [GapRow(g, None, "record", form="share", needs=n) for g, n in RECORD_NEEDS.items()]
    return GapAnswer(tuple(rows), (), Provenance((), Filters(""), 0))
