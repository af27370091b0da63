"""Expectation against perception, per dimension and per question, in few scans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import Message
from csat.model.metrics import metric
from csat.model.settings import Thresholds
from csat.queries import weights as weighing
from csat.queries.answer_sums import answer_sums
from csat.queries.blocks import Question, questions, surveys_of
from csat.queries.cells import Cell, figures_of
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.days import break_between, finished_in
from csat.queries.dimension_rows import DimensionAnswer, DimensionRow, with_scores
from csat.queries.drivers import drivers
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.isolation import isolated
from csat.queries.one_scale import one_dimension_scale
from csat.queries.pairs import Pair, Pairs, pairs_of, scores
from csat.queries.reader import Reader
from csat.queries.tally import ScoreTally
from csat.queries.weights import Weights
from csat.stats.comoments import Comoments
from csat.stats.rating_sums import Difference, RatingSums
from csat.stats.reliability import FEWEST, reliability
from csat.store.store import Store

ALPHA_FROM: Final = FEWEST
"""Complete answers below which no reliability is shown (methods.md 2.0)."""


def dimensions(
    store: Store,
    filters: Filters,
    thresholds: Thresholds | None = None,
    weights: str = "",
    items_of: str | None = "",
) -> DimensionAnswer:
    """Answer how far each dimension and question falls short of what is desired.

    Parameters
    ----------
    filters
        Which data; a verdict needs a period and something to compare it with.
    weights
        A source of weights, or own ones (see `weights.parse`); "" for the usual source.
    items_of
        Questions of one dimension only; "" for all, None for none.

    Returns
    -------
    DimensionAnswer
        After the privacy gate; dimensions in the order of the program, each followed by its
        questions.

    Raises
    ------
    UsageProblem
        For an unknown program or weights.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    scored = [f"{letter}_d{slot:d}" for _, slot in facts.slots for letter in "pg"]
    apart = isolated(store, filters, limits, scored)
    if apart is not None:
        fixed = weighing.fixed("equal", facts, {})
        return DimensionAnswer((), fixed, reader.provenance(filters), (apart,))
    before = filters.comparison()
    if before is not None and isolated(store, before, limits, scored) is not None:
        filters = filters.with_(compare="none")
    chosen = weights_of(store, reader, facts, filters, limits, weights)
    found, notes = _dimension_rows(reader, facts, filters, limits)
    asked = tuple(q for q in questions(facts, filters) if items_of in ("", q.dimension))
    below: dict[str, list[DimensionRow]] = {}
    alphas: dict[str, tuple[float | None, float | None]] = {}
    if items_of is not None:
        whole = _wholes(asked) if items_of == "" else []
        sums = _added_up(reader, filters, asked, whole)
        reference = filters.comparison()
        earlier = {} if reference is None else _added_up(reader, reference, asked, [])
        below = _item_rows(facts, filters, limits, asked, sums, earlier)
        alphas = _alphas(sums, whole)
    rows: list[DimensionRow] = []
    for row in found:
        weight = chosen.percent.get(row.dimension)
        alpha, alpha_gap = alphas.get(row.dimension, (None, None))
        if row.performance.withheld:
            alpha = alpha_gap = None
        rows.append(replace(row, weight=weight, alpha=alpha, alpha_gap=alpha_gap))
        rows += below.pop(row.dimension, [])
    rows += [r for rest in below.values() for r in rest]
    answer = DimensionAnswer(tuple(rows), chosen, reader.provenance(filters), tuple(notes))
    return with_scores(answer, chosen.own_gap, limits.withhold_under)


def weights_of(
    store: Store,
    reader: Reader,
    facts: Facts,
    filters: Filters,
    limits: Thresholds,
    text: str,
) -> Weights:
    """Return the weights asked for; weights of too few people give way to equal ones."""
    kind, own = (
        weighing.parse(text, facts, filters)
        if text
        else (weighing.available(facts, filters)[0], {})
    )
    found = Weights("equal", {}, 0)
    if kind == "points":
        found = weighing.points(reader, facts, filters)
    elif kind == "stated":
        found = weighing.stated(reader, facts, filters)
    elif kind == "derived":
        told = drivers(store, filters, limits)
        shown = {d.driver: d.importance if d.above_noise else 0.0 for d in told.rows}
        found = Weights("derived", weighing.shares(shown), told.n)
    else:
        return weighing.fixed(kind, facts, own, weighing.held(facts, filters))
    enough = (found.n or 0) >= limits.withhold_under and bool(found.percent)
    return found if enough else weighing.fixed("equal", facts, {})


def _dimension_rows(
    reader: Reader, facts: Facts, filters: Filters, limits: Thresholds
) -> tuple[list[DimensionRow], list[Message]]:
    notes: list[Message] = []
    slots = []
    scales: dict[str, tuple[int, int]] = {}
    for key, slot in facts.slots:
        try:
            scale = one_dimension_scale(facts, filters, metric(f"perception:{key}"))
            one_dimension_scale(facts, filters, metric(f"gap:{key}"))
        except NotAvailable as reason:
            notes.append(reason.note)
            continue
        if scale is not None:
            slots.append((key, slot))
            scales[key] = scale
    if not slots:
        return [], notes
    widest = max(max(abs(low), abs(high), high - low) for low, high in scales.values())
    now = scores(reader, filters, slots, widest)
    reference = filters.comparison()
    before = scores(reader, reference, slots, widest) if reference is not None else {}
    keys = [key for key, _ in slots]
    breaks = {key: [b for b in facts.breaks if b.dimension == key] for key in keys}
    found = _rows(facts, filters, limits, keys, now, before, breaks, whole=False)
    return [
        DimensionRow(key, None, "", gap, *_sides(now.get(key), gap), alone, scale=scales[key])
        for key, (gap, alone) in zip(keys, found, strict=True)
    ], notes


def _rows(
    facts: Facts,
    filters: Filters,
    limits: Thresholds,
    keys: Sequence[str],
    now: Pairs,
    before: Pairs,
    breaks: Mapping[str, Sequence[Any]],
    *,
    whole: bool,
) -> list[tuple[Figure, Figure]]:
    """Return gap and performance of each key, one family each, after the privacy gate."""
    reference = filters.comparison()
    out: list[list[Figure]] = []
    for name in ("gap", "perception"):
        m = metric(f"{name}:*")
        finished = finished_in(m, filters.period, facts.span)
        cells = [
            Cell(
                key,
                _tally(now.get(key), name),
                _tally(before.get(key), name),
                finished,
                break_between(breaks.get(key, ()), reference, filters),
            )
            for key in keys
        ]
        figures = [replace(f, metric=f"{name}:{f.by}") for f in figures_of(m, cells)]
        out.append(list(gate(figures, limits, parts_of_whole=whole)))
    return list(zip(*out, strict=True))


def _tally(pair: Pair | None, name: str) -> ScoreTally | None:
    if pair is None:
        return None
    found = pair.gap if name == "gap" else pair.alone
    return found if found is not None and found.n else None


def _sides(pair: Pair | None, gap: Figure) -> tuple[float | None, float | None]:
    return (None, None) if pair is None or gap.value is None else pair.means()


def _added_up(
    reader: Reader, filters: Filters, asked: Sequence[Question], whole: Sequence[Sequence[Question]]
) -> dict[int, RatingSums]:
    """Add up the ratings of every survey, and the products within whole dimensions."""
    out = {}
    for survey_id in surveys_of(asked):
        pairs = [q.versus for q in asked if q.survey_id == survey_id]
        own = [group for group in whole if group[0].survey_id == survey_id]
        groups = [*([(q.versus[0], "") for q in group] for group in own), *map(_gaps, own)]
        out[survey_id] = answer_sums(reader, survey_id, filters, pairs, groups)
    return out


def _gaps(group: Sequence[Question]) -> list[Difference]:
    """Return the differences of a dimension, none where one of its questions has no partner."""
    return [q.versus for q in group] if all(q.versus[1] for q in group) else []


def _wholes(asked: Sequence[Question]) -> list[list[Question]]:
    """Return the questions of each dimension that one survey alone asks."""
    groups: dict[str, list[Question]] = {}
    for q in asked:
        if q.dimension:
            groups.setdefault(q.dimension, []).append(q)
    return [group for group in groups.values() if len(surveys_of(group)) == 1]


def _item_rows(
    facts: Facts,
    filters: Filters,
    limits: Thresholds,
    asked: Sequence[Question],
    sums: Mapping[int, RatingSums],
    earlier: Mapping[int, RatingSums],
) -> dict[str, list[DimensionRow]]:
    """Return the rows of questions by dimension; a question of two surveys is one row."""
    now = pairs_of(asked, sums)
    before = pairs_of(asked, earlier) if earlier else {}
    first: dict[str, Question] = {}
    for q in asked:
        first.setdefault(q.key, q)
    by_dimension: dict[str, list[str]] = {}
    for key, q in first.items():
        by_dimension.setdefault(q.dimension, []).append(key)
    order = [key for keys in by_dimension.values() for key in keys]
    breaks = {
        key: [b for b in facts.breaks if b.item in {v.key for v in first[key].views.values()}]
        for key in order
    }
    found = dict(
        zip(
            order,
            _rows(facts, filters, limits, order, now, before, breaks, whole=True),
            strict=True,
        )
    )
    return {
        dimension: [
            DimensionRow(
                dimension,
                key,
                first[key].wording,
                found[key][0],
                *_sides(now.get(key), found[key][0]),
                found[key][1],
                scale=first[key].scale,
            )
            for key in keys
        ]
        for dimension, keys in by_dimension.items()
    }


def _alphas(
    sums: Mapping[int, RatingSums], whole: Sequence[Sequence[Question]]
) -> dict[str, tuple[float | None, float | None]]:
    """Return alpha of perceptions and of gaps of each dimension that one survey alone asks."""
    out: dict[str, tuple[float | None, float | None]] = {}
    for survey_id, found in sums.items():
        own = [group for group in whole if group[0].survey_id == survey_id]
        for k, group in enumerate(own):
            alphas = _alpha(found.group(k)), _alpha(found.group(len(own) + k))
            out[group[0].dimension] = alphas
    return out


def _alpha(sums: Comoments) -> float | None:
    covariance = sums.covariance
    if sums.n < ALPHA_FROM or covariance is None or len(sums.totals) < 2:
        return None
    return reliability(covariance, sums.n).alpha
