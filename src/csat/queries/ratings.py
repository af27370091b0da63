"""How the answers spread over the scale, and how many customers are dissatisfied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import Message
from csat.model.metrics import metric
from csat.model.settings import Thresholds
from csat.queries.answer_sums import answer_batches
from csat.queries.blocks import Question, questions, surveys_of
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.facts import facts as facts_of
from csat.queries.isolation import isolated
from csat.queries.kept_sums import score_totals
from csat.queries.one_scale import one_dimension_scale
from csat.queries.reader import Reader
from csat.stats.answering import Share, share_of
from csat.store.score_sums import low_sums
from csat.store.store import Store

_FEW: Final = 11
"""Ratings of a scale that are counted one by one."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Answers per rating of one question, None where they are withheld."""

    key: str
    wording: str
    scale: tuple[int, int]
    counts: dict[int, int] | None

    @property
    def n(self) -> int | None:
        """Answers to the question."""
        return None if self.counts is None else sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class RatingsAnswer:
    """Questions of one dimension, and the dissatisfied customers of every dimension.

    ``dissatisfied`` holds, by dimension, the customers whose mean perception lies below the
    middle of the scale; None where it is withheld. ``note`` is the reason why there is nothing.
    """

    spreads: tuple[Spread, ...]
    dissatisfied: dict[str, Share | None]
    provenance: Provenance
    note: Message | None = None


def ratings(
    store: Store, filters: Filters, dimension: str, thresholds: Thresholds | None = None
) -> RatingsAnswer:
    """Answer how perceptions of one dimension spread, and who is dissatisfied with each.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    apart = isolated(store, filters, limits)
    if apart is not None:
        return RatingsAnswer((), {}, reader.provenance(filters), apart)
    asked = [q for q in questions(facts, filters) if q.dimension == dimension]
    counted: dict[str, Spread] = {}
    for survey_id in surveys_of(asked):
        own = [q for q in asked if q.survey_id == survey_id]
        for q, found in zip(own, _counted(reader, survey_id, filters, own), strict=True):
            known = counted.get(q.key)
            if known is not None and known.scale == q.scale and known.counts is not None:
                found = {code: n + known.counts[code] for code, n in found.items()}
            counted[q.key] = Spread(q.key, q.wording, q.scale, found)
    dissatisfied = {}
    scales = {}
    for key, slot in facts.slots:
        try:
            scale = one_dimension_scale(facts, filters, metric(f"perception:{key}"))
        except NotAvailable:
            continue
        if scale is not None:
            scales[key] = (slot, scale[0] + scale[1])
    if scales:
        wanted = {k: sql for told in scales.values() for k, sql in low_sums(*told).items()}
        row = score_totals(reader, filters, wanted)
        for key, told in scales.items():
            n, low = (row[k] for k in low_sums(*told))
            enough = n >= limits.withhold_under or n == 0
            dissatisfied[key] = share_of(low, n) if enough else None
    spreads = tuple(
        s if (s.n or 0) >= limits.withhold_under else Spread(s.key, s.wording, s.scale, None)
        for s in counted.values()
    )
    return RatingsAnswer(spreads, dissatisfied, reader.provenance(filters))


def _counted(
    reader: Reader, survey_id: int, filters: Filters, own: Sequence[Question]
) -> list[dict[int, int]]:
    """Return how many gave each rating of the scale of each question."""
    columns = [q.column("perception") for q in own]
    scales = [range(q.scale[0], q.scale[1] + 1) for q in own]
    counts = [np.zeros(len(codes), dtype=np.int64) for codes in scales]
    for ratings, told in answer_batches(reader, survey_id, filters, columns):
        for k, codes in enumerate(scales):
            if len(codes) <= _FEW:  # comparing whole rows is quicker than sorting answers out
                counts[k] += [np.count_nonzero((ratings[k] == c) & told[k]) for c in codes]
                continue
            at = ratings[k][told[k]].astype(np.int64) - codes.start
            inside = at[(at >= 0) & (at < len(codes))]
            counts[k] += np.bincount(inside, minlength=len(codes))
    return [
        dict(zip(codes, n.tolist(), strict=True)) for codes, n in zip(scales, counts, strict=True)
    ]
