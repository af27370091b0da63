"""Zone of tolerance: where perceptions lie between what is accepted and what is desired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import Message
from csat.model.settings import Thresholds
from csat.queries.blocks import Question, questions, source, surveys_of
from csat.queries.facts import facts as facts_of
from csat.queries.isolation import isolated
from csat.queries.reader import Reader
from csat.stats.ladder import LadderPlace, ladder_place
from csat.stats.moments import Moments
from csat.stats.tolerance import ZoneOfTolerance, ZoneSums, zone_of_tolerance
from csat.store.scores import SCORE_UNIT, score_sql
from csat.store.store import Store

LEVELS: Final = ("adequate", "desired", "perception")


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
    """One row for every dimension asked from all three viewpoints; ``note`` why there is none."""

    rows: tuple[Zone, ...]
    provenance: Provenance
    note: Message | None = None


def zones(store: Store, filters: Filters, thresholds: Thresholds | None = None) -> ZoneAnswer:
    """Answer how perceptions compare with the least that is accepted and with what is desired.

    Respondents count with at least half of a dimension's questions answered from all three
    viewpoints. A dimension asked on different scales is left out.

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
    asked = [q for q in questions(facts, filters) if q.dimension and set(LEVELS) <= set(q.views)]
    names = [key for key, _ in facts.slots if any(q.dimension == key for q in asked)]
    names = [k for k in names if len({q.scale for q in asked if q.dimension == k}) == 1]
    asked = [q for q in asked if q.dimension in names]
    total: dict[str, dict[str, int]] = {name: {} for name in names}
    for survey_id in surveys_of(asked):
        own = [q for q in asked if q.survey_id == survey_id]
        row = _count(reader, survey_id, filters, names, own)
        for k, name in enumerate(names):
            for part in _PARTS:
                found = int(row.get(f"{part}{k}") or 0)
                total[name][part] = total[name].get(part, 0) + found
    scales = {q.dimension: q.scale for q in asked}
    predicted = {n for n in names if all("predicted" in q.views for q in asked if q.dimension == n)}
    rows = tuple(
        _zone(name, scales[name], total[name], name in predicted, limits) for name in names
    )
    return ZoneAnswer(rows, reader.provenance(filters))


_SUMS: Final = {
    "n": "COUNT(p{k})",
    "as": "SUM(p{k} - a{k})",
    "aq": "SUM(CAST(p{k} - a{k} AS BIGINT) * (p{k} - a{k}))",
    "ds": "SUM(p{k} - d{k})",
    "dq": "SUM(CAST(p{k} - d{k} AS BIGINT) * (p{k} - d{k}))",
    "ps": "SUM(p{k})",
    "below": "COUNT(CASE WHEN d{k} >= a{k} AND p{k} < a{k} THEN 1 END)",
    "above": "COUNT(CASE WHEN d{k} >= a{k} AND p{k} > d{k} THEN 1 END)",
    "inverted": "COUNT(CASE WHEN d{k} < a{k} THEN 1 END)",
    "rise": "SUM(CASE WHEN d{k} > a{k} THEN p{k} - a{k} END)",
    "width": "SUM(CASE WHEN d{k} > a{k} THEN d{k} - a{k} END)",
    "wn": "COUNT(w{k})",
    "ws": "SUM(w{k})",
}
_PARTS: Final = tuple(_SUMS)


def _count(
    reader: Reader,
    survey_id: int,
    filters: Filters,
    names: Sequence[str],
    asked: Sequence[Question],
) -> dict[str, Any]:
    inner, parts = [], []
    for k, name in enumerate(names):
        own = [q for q in asked if q.dimension == name]
        if not own:
            continue
        sides = {v: [f"a.{q.column(v)}" for q in own] for v in LEVELS}
        whole = [" + ".join(f"({side[i]})" for side in sides.values()) for i in range(len(own))]
        for alias, viewpoint in (("a", "adequate"), ("d", "desired"), ("p", "perception")):
            inner.append(f"{score_sql(sides[viewpoint], whole)} AS {alias}{k}")
        foreseen = all("predicted" in q.views for q in own)
        told = [f"a.{q.column('predicted')}" for q in own] if foreseen else []
        inner.append(f"{score_sql(told)} AS w{k}")
        parts += [f"{sql.format(k=k)} AS {part}{k}" for part, sql in _SUMS.items()]
    origin, params = source(survey_id, filters)
    return reader.rows(
        f"SELECT {', '.join(parts)} FROM (SELECT {', '.join(inner)} {origin})", params
    )[0]


def _zone(
    name: str, scale: tuple[int, int], found: dict[str, int], predicted: bool, limits: Thresholds
) -> Zone:
    n = found["n"]
    if n < limits.withhold_under:
        return Zone(name, scale, None if n else 0)
    sums = ZoneSums(
        Moments(n, found["as"], found["aq"], SCORE_UNIT),
        Moments(n, found["ds"], found["dq"], SCORE_UNIT),
        found["below"],
        n - found["below"] - found["above"] - found["inverted"],
        found["above"],
        found["inverted"],
        found["rise"],
        found["width"],
    )
    perceived = found["ps"] / (n * SCORE_UNIT)
    levels = {
        "adequate": (found["ps"] - found["as"]) / (n * SCORE_UNIT),
        "desired": (found["ps"] - found["ds"]) / (n * SCORE_UNIT),
    }
    if predicted and found["wn"] >= limits.withhold_under:
        levels["predicted"] = found["ws"] / (found["wn"] * SCORE_UNIT)
    zone = zone_of_tolerance(sums)
    low = None if zone.msa.low is None else levels["adequate"] + zone.msa.low
    ends = {"worst_possible": float(scale[0]), "ideal": float(scale[1])}
    place = ladder_place({**ends, **levels}, perceived, low)
    return Zone(name, scale, n, perceived, levels, zone, place)
