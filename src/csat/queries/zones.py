"""Zone of tolerance: where perceptions lie between what is accepted and what is desired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import N_, Message, msg
from csat.model.settings import Thresholds
from csat.model.vocabulary import dimension_label
from csat.queries.blocks import questions, surveys_of
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.isolation import isolated
from csat.queries.kept_sums import score_totals
from csat.queries.reader import Reader
from csat.stats.ladder import LadderPlace, ladder_place
from csat.stats.moments import Moments
from csat.stats.tolerance import ZoneOfTolerance, ZoneSums, zone_of_tolerance
from csat.store.prepared import ZONE
from csat.store.score_sums import zone_sums
from csat.store.scores import SCORE_UNIT
from csat.store.store import Store

_MIXED: Final = N_(
    "{name} has no zone of tolerance: its questions are on different scales ({scales}), and "
    "levels are told on one."
)
_ONE_SURVEY: Final = N_(
    "{name} has no zone of tolerance: the surveys ask it on different scales ({scales}); choose "
    "one survey."
)


@dataclass(frozen=True, slots=True)
class Zone:
    """One dimension: the levels that the same respondents gave, and the place between them.

    ``levels`` holds the mean adequate and desired level and, where asked, the predicted one;
    all is None where it is withheld.
    """

    dimension: str
    scale: tuple[int, int]
    n: int | None
    perceived: float | None = None
    levels: dict[str, float] | None = None
    zone: ZoneOfTolerance | None = None
    ladder: LadderPlace | None = None


@dataclass(frozen=True, slots=True)
class ZoneAnswer:
    """One row for every dimension asked from all three viewpoints on one scale.

    ``note`` says why there is none; ``notes`` what is left out, for its questions are on
    different scales.
    """

    rows: tuple[Zone, ...]
    provenance: Provenance
    note: Message | None = None
    notes: tuple[Message, ...] = ()


def zones(store: Store, filters: Filters, thresholds: Thresholds | None = None) -> ZoneAnswer:
    """Answer how perceptions compare with the least that is accepted and with what is desired.

    Respondents count with at least half of a dimension's questions answered from all three
    viewpoints. A dimension asked on different scales is left out and named: the levels are means
    of ratings, and the customers' own zones are counted in scale points.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    apart = isolated(store, filters, limits)
    if apart is not None:
        return ZoneAnswer((), reader.provenance(filters), apart)
    asked = [q for q in questions(facts, filters) if q.dimension and set(ZONE) <= set(q.views)]
    names = [key for key, _ in facts.slots if any(q.dimension == key for q in asked)]
    others = [k for k in names if len({q.scale for q in asked if q.dimension == k}) > 1]
    names = [k for k in names if k not in others]
    asked = [q for q in asked if q.dimension in names]
    total = _count(reader, facts, filters, names) if names else {}
    scales = {q.dimension: q.scale for q in asked}
    predicted = {n for n in names if all("predicted" in q.views for q in asked if q.dimension == n)}
    rows = tuple(
        _zone(name, scales[name], total[name], name in predicted, limits) for name in names
    )
    left = tuple(_left_out(facts, filters, key) for key in others)
    if left and not rows:
        return ZoneAnswer((), reader.provenance(filters), left[0], left[1:])
    return ZoneAnswer(rows, reader.provenance(filters), None, left)


def _left_out(facts: Facts, filters: Filters, dimension: str) -> Message:
    """Say which scales keep a dimension out, and what helps where they are those of surveys."""
    asked = [q for q in questions(facts, filters) if q.dimension == dimension]
    scales = ", ".join(f"{low}-{high}" for low, high in sorted({q.scale for q in asked}))
    by_survey = {s: {q.scale for q in asked if q.survey_id == s} for s in surveys_of(asked)}
    text = _ONE_SURVEY if any(len(own) == 1 for own in by_survey.values()) else _MIXED
    return msg(text, name=dimension_label(dimension), scales=scales)


def _count(
    reader: Reader, facts: Facts, filters: Filters, names: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Add up where the respondents stand in the zones of some dimensions."""
    slots = {name: slot for name, slot in facts.slots if name in names}
    wanted = {k: sql for d in slots.values() for k, sql in zone_sums(d).items()}
    found = score_totals(reader, filters, wanted)
    return {
        name: {k.removesuffix(f"_d{d:d}"): found[k] for k in zone_sums(d)}
        for name, d in slots.items()
    }


def _zone(
    name: str, scale: tuple[int, int], found: dict[str, int], predicted: bool, limits: Thresholds
) -> Zone:
    n = found["n_msa"]
    if n < limits.withhold_under:
        return Zone(name, scale, None if n else 0)
    sums = ZoneSums(
        Moments(n, found["s_msa"], found["q_msa"], SCORE_UNIT),
        Moments(n, found["s_mss"], found["q_mss"], SCORE_UNIT),
        found["below_msa"],
        n - found["below_msa"] - found["above_msa"] - found["inverted_msa"],
        found["above_msa"],
        found["inverted_msa"],
        found["rise_msa"],
        (found["s_msa"] - found["s_mss"] + found["apart_msa"]) // 2,  # the wide zones alone
    )
    perceived = found["s_zone_p"] / (n * SCORE_UNIT)
    levels = {
        "adequate": (found["s_zone_p"] - found["s_msa"]) / (n * SCORE_UNIT),
        "desired": (found["s_zone_p"] - found["s_mss"]) / (n * SCORE_UNIT),
    }
    if predicted and found["n_predicted"] >= limits.withhold_under:
        levels["predicted"] = found["s_predicted"] / (found["n_predicted"] * SCORE_UNIT)
    zone = zone_of_tolerance(sums)
    low = None if zone.msa.low is None else levels["adequate"] + zone.msa.low
    ends = {"worst_possible": float(scale[0]), "ideal": float(scale[1])}
    place = ladder_place({**ends, **levels}, perceived, low)
    return Zone(name, scale, n, perceived, levels, zone, place)
