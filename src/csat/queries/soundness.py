"""Is the measure sound? What the answers themselves say about the questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import Message
from csat.model.settings import Thresholds
from csat.queries.answer_sums import answer_sums
from csat.queries.blocks import Question, questions, surveys_of
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.isolation import isolated
from csat.queries.kept_sums import score_totals
from csat.queries.reader import Reader
from csat.stats.answering import Nonresponse, Share, item_nonresponse, share_of
from csat.stats.comoments import Comoments
from csat.stats.factorability import Factorability, factorability
from csat.stats.rating_sums import RatingSums
from csat.stats.reliability import FEWEST, ItemFit, Reliability, difference_reliability, reliability
from csat.store.score_sums import ANSWERING, side_sums
from csat.store.scores import SCORE_UNIT
from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class ItemSoundness:
    """One question: how it goes with the others, and how many left it out."""

    key: str
    wording: str
    fit: ItemFit | None
    missing: Nonresponse


@dataclass(frozen=True, slots=True)
class DimensionSoundness:
    """One dimension of one survey.

    Parameters
    ----------
    perception, expectation, gap
        Reliability of the two sides, and of the gaps of the questions between them; None
        without questions of that side.
    correlation
        Between the two scores of a respondent, -1 to 1.
    difference
        Reliability that the two sides leave to their difference (methods.md 2.4): it errs low
        where the errors of a pair go together, as the gaps themselves then show.
    ceiling
        Share of the answers on the desired level that already sit at the top of the scale.
    """

    dimension: str
    perception: Reliability
    expectation: Reliability | None
    gap: Reliability | None
    correlation: float | None
    difference: float | None
    ceiling: Share | None
    items: tuple[ItemSoundness, ...]


@dataclass(frozen=True, slots=True)
class SurveySoundness:
    """One survey: its dimensions, and what holds for all its questions together.

    ``straight`` is the share of respondents who gave every question the same answer;
    ``factors`` tells whether the questions can be grouped at all. ``n`` is None, and nothing
    else is told, where it is under the privacy minimum.
    """

    survey: str
    n: int | None
    dimensions: tuple[DimensionSoundness, ...] = ()
    straight: Share | None = None
    factors: Factorability | None = None


@dataclass(frozen=True, slots=True)
class SoundnessAnswer:
    """The surveys that measure dimensions, with their origin; ``note`` why there are none."""

    surveys: tuple[SurveySoundness, ...]
    provenance: Provenance
    note: Message | None = None


def soundness(
    store: Store, filters: Filters, thresholds: Thresholds | None = None
) -> SoundnessAnswer:
    """Answer how far the questions of each survey hang together and were answered in earnest.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    apart = isolated(store, filters, limits)
    if apart is not None:
        return SoundnessAnswer((), reader.provenance(filters), apart)
    asked = questions(facts, filters)
    measured = surveys_of(q for q in asked if q.dimension)
    found = tuple(
        _survey(reader, facts, filters, [q for q in asked if q.survey_id == survey_id], limits)
        for survey_id in measured
    )
    return SoundnessAnswer(found, reader.provenance(filters))


def _survey(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    asked: Sequence[Question],
    limits: Thresholds,
) -> SurveySoundness:
    survey_id = asked[0].survey_id
    by_dimension: dict[str, list[Question]] = {}
    for q in (q for q in asked if q.dimension):
        by_dimension.setdefault(q.dimension, []).append(q)
    told = score_totals(reader, filters, ANSWERING, survey_id)
    n = told["shown"]
    if n < limits.withhold_under:
        return SurveySoundness(asked[0].survey, None)
    perceived = [[(q.versus[0], "") for q in own] for own in by_dimension.values()]
    paired = [all(q.versus[1] for q in own) for own in by_dimension.values()]
    gaps = [
        [q.versus for q in own] if pairs else []
        for own, pairs in zip(by_dimension.values(), paired, strict=True)
    ]
    wished = [[(d, "") for _, d in group] for group in gaps]
    groups = [*perceived, *wished, *gaps, [(q.versus[0], "") for q in asked]]
    tops = [(d, q.views["desired"].scale[1]) for q in asked if (d := q.versus[1])]
    found = answer_sums(reader, survey_id, filters, groups=groups, marks=tops)
    sums, size = [found.group(k) for k in range(len(groups))], len(perceived)
    scores = _scores(reader, facts, filters, survey_id, list(by_dimension))
    dimensions = tuple(
        _dimension(
            name,
            own,
            _scale(sums[k], limits),
            _scale(sums[size + k], limits) if paired[k] else None,
            _scale(sums[2 * size + k], limits) if paired[k] else None,
            scores.get(name),
            n,
            found,
        )
        for k, (name, own) in enumerate(by_dimension.items())
    )
    covariance = sums[-1].covariance
    factors = (
        factorability(covariance, sums[-1].n)
        if covariance is not None and sums[-1].n >= FEWEST and len(asked) > 2
        else None
    )
    straight = share_of(told["straight"], told["judged"])
    return SurveySoundness(asked[0].survey, n, dimensions, straight, factors)


def _scale(sums: Comoments, limits: Thresholds) -> Reliability:
    covariance = sums.covariance
    if covariance is None or sums.n < limits.withhold_under:
        nothing = [[0.0] * len(sums.totals) for _ in sums.totals]
        return reliability(nothing, 0)
    return reliability(covariance, sums.n)


def _dimension(
    name: str,
    own: Sequence[Question],
    perception: Reliability,
    expectation: Reliability | None,
    gap: Reliability | None,
    scores: tuple[float, float, float] | None,
    shown: int,
    answers: RatingSums,
) -> DimensionSoundness:
    difference = None
    if (
        scores is not None
        and expectation is not None
        and perception.alpha is not None
        and expectation.alpha is not None
    ):
        difference = difference_reliability(*scores, expectation.alpha, perception.alpha)
    items = tuple(
        ItemSoundness(
            q.key,
            q.wording,
            perception.items[k] if perception.n else None,
            item_nonresponse(answers.answered(q.versus[0]), shown),
        )
        for k, q in enumerate(own)
    )
    wished = [d for q in own if (d := q.versus[1])]
    at_top = sum(answers.marked(d) for d in wished)
    ceiling = share_of(at_top, sum(answers.answered(d) for d in wished))
    return DimensionSoundness(
        name,
        perception,
        expectation,
        gap,
        scores[2] if scores else None,
        difference,
        ceiling if ceiling.n else None,
        items,
    )


def _scores(
    reader: Reader, facts: Facts, filters: Filters, survey_id: int, names: Sequence[str]
) -> dict[str, tuple[float, float, float]]:
    """Return spread of desired level and perception of a respondent, and their correlation."""
    slots = [(name, slot) for name in names if (slot := facts.slot(name)) is not None]
    wanted = {k: sql for _, d in slots for k, sql in side_sums(d).items()}
    row = score_totals(reader, filters, wanted, survey_id) if wanted else {}
    out = {}
    for name, d in slots:
        n, e, g, ee, eg, gg = (row[k] for k in side_sums(d))
        both = Comoments(n, (e, e + g), ((ee, ee + eg), (ee + 2 * eg + gg,)), SCORE_UNIT)
        covariance = both.covariance
        if covariance is not None and n >= FEWEST and covariance[0, 0] and covariance[1, 1]:
            sd_e, sd_p = float(covariance[0, 0]) ** 0.5, float(covariance[1, 1]) ** 0.5
            out[name] = (sd_e, sd_p, float(covariance[0, 1]) / (sd_e * sd_p))
    return out
