"""Expectation against perception of single questions, with every answer weighted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.metrics import metric
from csat.model.settings import Thresholds
from csat.queries.blocks import Question, questions
from csat.queries.cells import Cell, figures_of
from csat.queries.days import break_between, finished_in
from csat.queries.design_gather import Weighed, row_weights, weighed
from csat.queries.design_rows import Counted, rating, scan, together
from csat.queries.dimension_rows import DimensionRow
from csat.queries.facts import Facts
from csat.queries.gate import gate
from csat.queries.raked import Weighting, weighting
from csat.queries.reader import Reader
from csat.queries.weighted import WeightedTally, beside, few_of_one_weight, tally_of
from csat.stats.design_sums import mean_from_sums

_NAMES = ("gap", "perception")
_EXPECTED = "expectation"


@dataclass(frozen=True, slots=True)
class _Sums:
    """What a scan tells of every question, by "gap:Q1", "perception:Q1" and "expectation:Q1"."""

    found: Mapping[str, Weighed]

    def tally(self, name: str, row: DimensionRow) -> WeightedTally | None:
        """Return the gap or perception of a question, on its scale."""
        own = self.found.get(f"{name}:{row.item}")
        if own is None or not own.sums.n.any():
            return None
        bounds = None
        if row.scale is not None:
            low, high = row.scale
            bounds = (float(low - high), float(high - low)) if name == "gap" else (low, high)
        return tally_of(metric(f"{name}:*"), own, bounds)

    def few(self, name: str, row: DimensionRow, least: int) -> bool:
        """Say whether the weights would tell of few people."""
        own = self.found.get(f"{name}:{row.item}")
        return own is not None and own.tells_of_few(least)


def weighted_items(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    limits: Thresholds,
    rows: Sequence[DimensionRow],
) -> list[DimensionRow]:
    """Return rows of questions weighted, each with the unweighted row beside it.

    Parameters
    ----------
    rows
        Of questions, as `csat.queries.dimensions.dimensions` gives them, after the privacy gate.
    """
    now = weighting(reader, facts, filters, limits) if rows else None
    if now is None:
        return list(rows)
    asked = [q for q in questions(facts, filters) if q.key in {r.item for r in rows}]
    current = _gathered(reader, facts, filters, now, asked)
    reference, past = filters.comparison(), _Sums({})
    if reference is not None and any(r.gap.reference_n or r.performance.reference_n for r in rows):
        before = weighting(reader, facts, reference, limits)
        past = past if before is None else _gathered(reader, facts, reference, before, asked)
    figures = {name: _figures(facts, filters, limits, name, rows, current, past) for name in _NAMES}
    return [
        _beside(row, current, *(figures[name][i] for name in _NAMES)) for i, row in enumerate(rows)
    ]


def _gathered(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    now: Weighting,
    asked: Sequence[Question],
) -> _Sums:
    """Scan once for each dimension: more sums in one statement take long to plan."""
    out: dict[str, Weighed] = {}
    for dimension in dict.fromkeys(q.dimension for q in asked):
        parts: dict[str, list[Counted]] = {}
        for q in (q for q in asked if q.dimension == dimension):
            for name, value in _values(q).items():
                parts.setdefault(f"{name}:{q.key}", []).append(value)
        values = {key: v for key, own in parts.items() if (v := together(own)) is not None}
        rows = scan(reader, facts, filters, values, now.kinds, weighted=now.weighted > 0)
        on = row_weights(rows, now)
        out.update({key: weighed(rows, on, key) for key in values})
    return _Sums(out)


def _values(q: Question) -> dict[str, Counted]:
    """Return what one answer counts: perception, and gap and desired level where both are told."""
    own = (q.survey_id, q.views["perception"].item_no)
    found = {"perception": Counted(rating(own), (own,))}
    if "desired" in q.views:
        want = (q.survey_id, q.views["desired"].item_no)
        p, d = rating(own), rating(want)
        found["gap"] = Counted(f"({p} - {d})", (own, want))
        found[_EXPECTED] = Counted(f"CASE WHEN {p} IS NOT NULL THEN {d} END", (own, want))
    return found


def _figures(
    facts: Facts,
    filters: Filters,
    limits: Thresholds,
    name: str,
    rows: Sequence[DimensionRow],
    current: _Sums,
    past: _Sums,
) -> list[Figure]:
    """Return one family of figures after the privacy gate, as the unweighted ones are tested."""
    m, least = metric(f"{name}:*"), limits.withhold_under
    plain = [row.gap if name == "gap" else row.performance for row in rows]
    reference, views = filters.comparison(), _views(facts, filters)
    cells = [
        Cell(
            row.item or "",
            current.tally(name, row),
            past.tally(name, row)
            if figure.reference_n is not None and not past.few(name, row, least)
            else None,
            finished_in(m, filters.period, facts.span),
            break_between(
                [b for b in facts.breaks if b.item in views.get(row.item or "", ())],
                reference,
                filters,
            ),
        )
        for row, figure in zip(rows, plain, strict=True)
    ]
    few = {row.item or "" for row in rows if current.few(name, row, least)}
    refused = few | {figure.by for figure in plain if figure.withheld}
    shown = gate(figures_of(m, cells), limits, parts_of_whole=True, refused=refused)
    out = []
    for row, old, new in zip(rows, plain, shown, strict=True):
        if new.by in few and not old.withheld:
            new = replace(new, note=few_of_one_weight(least))
        new = replace(new, metric=f"{name}:{row.item}")
        tally = current.tally(name, row)
        out.append(new if tally is None else beside(old, new, tally).weighted)
    return out


def _views(facts: Facts, filters: Filters) -> dict[str, set[str]]:
    """Return the questions that ask the same from all viewpoints, by the perception's."""
    found: dict[str, set[str]] = {}
    for q in questions(facts, filters):
        found.setdefault(q.key, {view.key for view in q.views.values()})
    return found


def _beside(row: DimensionRow, sums: _Sums, gap: Figure, alone: Figure) -> DimensionRow:
    found = sums.found.get(f"{_EXPECTED}:{row.item}")
    told = mean_from_sums(found.sums) if found is not None and gap.value is not None else None
    wanted = None if told is None else told.value
    worth = {name: sums.tally(name, row) for name in _NAMES}
    used = worth["gap"] if gap.value is not None else worth["perception"]
    shown = gap.value is not None or alone.value is not None
    return replace(
        row,
        gap=gap,
        performance=alone,
        expectation=wanted,
        perception=None if wanted is None or gap.value is None else wanted + gap.value,
        effective_n=used.kish.n_effective if used is not None and shown else None,
        plain=row,
    )
