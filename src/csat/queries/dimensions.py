"""Expectation against perception, per dimension and per question, in few scans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import metric
from csat.model.settings import Thresholds
from csat.queries import weights as weighing
from csat.queries.blocks import Question, comoments, questions, source, surveys_of
from csat.queries.cells import Cell, figures_of, unavailable
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.days import break_between, finished_in
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.gather import one_dimension_scale
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.queries.tally import ScoreTally
from csat.queries.weights import Weights
from csat.stats.moments import Moments
from csat.stats.reliability import FEWEST, reliability
from csat.store.scores import SCORE_UNIT
from csat.store.store import Store

ALPHA_FROM: Final = FEWEST
"""Complete answers below which no reliability is shown (methods.md 2.0)."""


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """One dimension, or one question of it.

    Parameters
    ----------
    dimension, item
        The dimension ("" for a question that belongs to none); the question, None for the
        dimension's own row.
    gap
        Perception less desired level over respondents who gave both, with paired interval.
    expectation, perception
        Means of the same respondents, on the scale of the question.
    performance
        Perception alone, over everybody who gave it (SERVPERF).
    weight
        Share of the dimension in percent; None for questions.
    alpha
        Cronbach's alpha of the perceptions of a dimension; None for questions and below
        `ALPHA_FROM` complete answers.
    """

    dimension: str
    item: str | None
    wording: str
    gap: Figure
    expectation: float | None
    perception: float | None
    performance: Figure
    weight: float | None = None
    alpha: float | None = None
    scale: tuple[int, int] | None = None

    @property
    def priority(self) -> float:
        """Shortfall times weight: what costs most, first."""
        return -(self.gap.value or 0.0) * (self.weight if self.weight is not None else 1.0)

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        return {
            "dimension": self.dimension or None,
            "item": self.item,
            "expectation": self.expectation,
            "perception": self.perception,
            "gap": self.gap.value,
            "low": self.gap.low,
            "high": self.gap.high,
            "n": self.gap.n,
            "weight": self.weight,
            "alpha": self.alpha,
            "verdict": self.gap.verdict,
            "withheld": self.gap.withheld,
            "servperf": self.performance.value,
            "servperf_n": self.performance.n,
        }


@dataclass(frozen=True, slots=True)
class DimensionAnswer:
    """Dimensions and questions, their weights, and the scores over all dimensions.

    ``unweighted`` and ``weighted`` are mean gaps, ``servperf`` and ``servperf_weighted`` mean
    perceptions over the dimensions; None where a dimension is missing or withheld.
    """

    rows: tuple[DimensionRow, ...]
    weights: Weights
    provenance: Provenance
    notes: tuple[Message, ...] = ()
    unweighted: float | None = None
    weighted: float | None = None
    servperf: float | None = None
    servperf_weighted: float | None = None

    @property
    def dimensions(self) -> tuple[DimensionRow, ...]:
        """The rows of the dimensions themselves."""
        return tuple(r for r in self.rows if r.item is None)

    def items(self, dimension: str) -> tuple[DimensionRow, ...]:
        """Return the questions of a dimension."""
        return tuple(r for r in self.rows if r.item is not None and r.dimension == dimension)


@dataclass(frozen=True, slots=True)
class _Pair:
    """What one scan says of pairs of answers: gap, and both sides over the same people."""

    gap: ScoreTally
    expected: int
    alone: ScoreTally | None

    def mean(self) -> tuple[float | None, float | None]:
        m = self.gap.moments
        if not m.n:
            return None, None
        expectation = self.expected / (m.n * m.divisor)
        return expectation, (self.expected + m.total) / (m.n * m.divisor)


_Pairs = dict[str, _Pair]


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
    chosen = weights_of(store, reader, facts, filters, limits, weights)
    found, notes = _dimension_rows(reader, facts, filters, limits)
    asked = tuple(q for q in questions(facts, filters) if items_of in ("", q.dimension))
    below = _item_rows(reader, facts, filters, limits, asked) if items_of is not None else {}
    alphas = _alphas(reader, facts, filters) if items_of == "" else {}
    rows: list[DimensionRow] = []
    for row in found:
        weight = chosen.percent.get(row.dimension)
        alpha = alphas.get(row.dimension) if not row.performance.withheld else None
        rows.append(replace(row, weight=weight, alpha=alpha))
        rows += below.pop(row.dimension, [])
    rows += [r for rest in below.values() for r in rest]
    answer = DimensionAnswer(tuple(rows), chosen, reader.provenance(filters), tuple(notes))
    return _with_scores(answer)


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
        from csat.queries.drivers import drivers

        told = drivers(store, filters, limits)
        shown = {d.driver: max(d.importance or 0.0, 0.0) for d in told.rows}
        found = Weights("derived", weighing.shares(shown), told.n)
    else:
        return weighing.fixed(kind, facts, own)
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
    now = _scores(reader, filters, slots)
    reference = filters.comparison()
    before = _scores(reader, reference, slots) if reference is not None else {}
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
    now: _Pairs,
    before: _Pairs,
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
    return list(zip(*out, strict=True))  # type: ignore[arg-type]  # two lists of figures


def _tally(pair: _Pair | None, name: str) -> ScoreTally | None:
    if pair is None:
        return None
    found = pair.gap if name == "gap" else pair.alone
    return found if found is not None and found.n else None


def _sides(pair: _Pair | None, gap: Figure) -> tuple[float | None, float | None]:
    return (None, None) if pair is None or gap.value is None else pair.mean()


def _scores(reader: Reader, filters: Filters, slots: Sequence[tuple[str, int]]) -> _Pairs:
    """Count respondent scores of every dimension in one scan."""
    parts = []
    for _, d in slots:
        for letter in "pg":
            c = f"{letter}_d{d:d}"
            parts += [
                f"COUNT({c}) AS n_{c}",
                f"SUM({c}) AS s_{c}",
                f"SUM(CAST({c} AS BIGINT) * {c}) AS q_{c}",
            ]
        parts.append(f"SUM(e_d{d:d}) AS e_d{d:d}")
    where, params = survey_predicate(filters.for_survey())
    row = reader.rows(f"SELECT {', '.join(parts)} FROM response WHERE {where}", params)[0]

    def tally(c: str) -> ScoreTally:
        n, total, squares = (int(row[f"{part}_{c}"] or 0) for part in "nsq")
        return ScoreTally(Moments(n, total, squares, SCORE_UNIT))

    return {
        key: _Pair(tally(f"g_d{d}"), int(row[f"e_d{d}"] or 0), tally(f"p_d{d}"))
        for key, d in slots
    }


def _item_rows(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    limits: Thresholds,
    asked: Sequence[Question],
) -> dict[str, list[DimensionRow]]:
    """Return the rows of questions by dimension; a question of two surveys is one row."""
    now = _item_pairs(reader, filters, asked)
    reference = filters.comparison()
    before = _item_pairs(reader, reference, asked) if reference is not None else {}
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


def _item_pairs(reader: Reader, filters: Filters, asked: Sequence[Question]) -> _Pairs:
    """Count the answers of every question in one scan for each survey."""
    out: _Pairs = {}
    for survey_id in surveys_of(asked):
        own = [q for q in asked if q.survey_id == survey_id]
        parts = []
        for k, q in enumerate(own):
            p = f"a.{q.column('perception')}"
            parts.append(f"COUNT({p}) AS pn{k}, SUM({p}) AS ps{k}")
            parts.append(f"SUM(CAST({p} AS INTEGER) * {p}) AS pq{k}")
            if "desired" in q.views:
                e = f"a.{q.column('desired')}"
                g = f"({p} - {e})"
                parts.append(f"COUNT({g}) AS gn{k}, SUM({g}) AS gs{k}")
                parts.append(f"SUM(CAST({g} AS INTEGER) * {g}) AS gq{k}")
                parts.append(f"SUM(CASE WHEN {p} IS NOT NULL THEN {e} END) AS e{k}")
        origin, params = source(survey_id, filters)
        row = reader.rows(f"SELECT {', '.join(parts)} {origin}", params)[0]
        for k, q in enumerate(own):
            pair = _Pair(_moments(row, "g", k), int(row.get(f"e{k}") or 0), _moments(row, "p", k))
            out[q.key] = _added(out[q.key], pair) if q.key in out else pair
    return out


def _moments(row: dict[str, Any], letter: str, k: int) -> ScoreTally:
    return ScoreTally(Moments(*(int(row.get(f"{letter}{part}{k}") or 0) for part in "nsq")))


def _added(one: _Pair, other: _Pair) -> _Pair:
    alone = one.alone + other.alone if one.alone and other.alone else one.alone or other.alone
    return _Pair(one.gap + other.gap, one.expected + other.expected, alone)


def _alphas(reader: Reader, facts: Facts, filters: Filters) -> dict[str, float]:
    """Return alpha of the perceptions of each dimension that one survey alone asks."""
    asked = [q for q in questions(facts, filters) if q.dimension]
    out: dict[str, float] = {}
    for survey_id in surveys_of(asked):
        groups: dict[str, list[str]] = {}
        for q in asked:
            others = any(o.survey_id != survey_id and o.dimension == q.dimension for o in asked)
            if q.survey_id == survey_id and not others:
                groups.setdefault(q.dimension, []).append(q.column("perception"))
        sums = comoments(reader, survey_id, filters, list(groups.values()))
        for key, found in zip(groups, sums, strict=True):
            covariance = found.covariance
            if found.n >= ALPHA_FROM and covariance is not None and len(found.totals) > 1:
                alpha = reliability(covariance, found.n).alpha
                if alpha is not None:
                    out[key] = alpha
    return out


def _with_scores(answer: DimensionAnswer) -> DimensionAnswer:
    """Add the scores over all dimensions: the mean of their means, plain and weighted."""
    own = answer.dimensions
    gaps = [r.gap.value for r in own]
    alone = [r.performance.value for r in own]
    shares = [r.weight or 0.0 for r in own]
    return replace(
        answer,
        unweighted=_mean(gaps, [1.0] * len(gaps)),
        weighted=_mean(gaps, shares),
        servperf=_mean(alone, [1.0] * len(alone)),
        servperf_weighted=_mean(alone, shares),
    )


def _mean(values: Sequence[float | None], shares: Sequence[float]) -> float | None:
    known = [v for v in values if v is not None]
    if len(known) < len(values) or not sum(shares):
        return None
    return sum(v * w for v, w in zip(known, shares, strict=True)) / sum(shares)


def without_expectations(answer: DimensionAnswer) -> bool:
    """Say whether no dimension has a desired level beside its perception."""
    return all(r.gap.value is None and not r.gap.withheld for r in answer.dimensions)


def no_dimensions(program_note: Message | None = None) -> Figure:
    """Return the figure that says what to load where no question has a dimension."""
    note = program_note or msg("No question of a survey here belongs to a dimension")
    return unavailable(metric("gap:*"), note)
