"""How much each dimension counts, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from csat.model.filters import Filters
from csat.model.message import N_, Message, msg
from csat.model.problem import UsageProblem
from csat.queries.blocks import Question, allocation, questions, source, surveys_of
from csat.queries.facts import Facts
from csat.queries.kept_sums import score_totals
from csat.queries.own_weights import OwnWeights, in_force
from csat.queries.reader import Reader
from csat.stats.dimension_weights import normalised, published_weights
from csat.stats.moments import Moments
from csat.store.score_sums import OWN_GAP, points_sums
from csat.store.scores import OWN_GAP_UNIT, POINTS_SCALE

SOURCES: Final[dict[str, str]] = {
    "points": N_("100 points that respondents spread over the dimensions"),
    "stated": N_("importance that respondents state"),
    "derived": N_("share in explaining overall satisfaction"),
    "published": N_("published weights 32/22/19/16/11 of Zeithaml, Parasuraman and Berry (1990)"),
    "expert": N_("experts' comparisons in pairs (AHP)"),
    "own": N_("own weights, given by hand"),
    "equal": N_("every dimension counts the same"),
}
"""Source of weights -> what it is."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the dimensions in percent, adding up to 100.

    Parameters
    ----------
    source
        A key of `SOURCES`.
    n
        Respondents behind them; None where they rest on none.
    held
        The set that the program has put into force; None for any other weights.
    own_gap
        Moments of each respondent's gap under his own points, in scale points: of those with a
        gap in dimensions that hold at least half of them. None where they gave no points.
    """

    source: str
    percent: Mapping[str, float]
    n: int | None = None
    own_gap: Moments | None = None
    held: OwnWeights | None = None

    @property
    def label(self) -> Message:
        """What they are, in words."""
        if self.held is not None:
            day = self.held.valid_from.isoformat()
            return msg("the program's own weights, in force from {day}", day=day)
        return Message(SOURCES[self.source])


def held(facts: Facts, filters: Filters) -> OwnWeights | None:
    """Return the program's own weights in force at the end of the period, or of the data."""
    day = filters.period.last if filters.period is not None else facts.span.last
    return in_force(facts.weights, day)


def available(facts: Facts, filters: Filters) -> tuple[str, ...]:
    """Return the sources that a choice of surveys offers, the usual one first.

    Whoever has put weights of his own into force means them.
    """
    found = []
    if held(facts, filters) is not None:
        found.append("own")
    if allocation(facts, filters):
        found.append("points")
    if any(q.dimension for q in _stated(facts, filters)):
        found.append("stated")
    if published_weights([key for key, _ in facts.slots]) is not None:
        found.append("published")
    if any("csat" in i.measures for i in facts.asked(filters.surveys)):
        found.append("derived")
    if {name for name, _ in facts.experts} & {key for key, _ in facts.slots}:
        found.append("expert")
    return (*found, "equal")


def parse(text: str, facts: Facts, filters: Filters) -> tuple[str, dict[str, float]]:
    """Read a choice of weights: a source, or own ones as ``reliability=40,empathy=60``.

    Returns
    -------
    tuple
        The source, and the own weights as they were given here; none for "own" alone, which
        are those that the program has put into force.

    Raises
    ------
    UsageProblem
        For an unknown source or dimension, or a weight that is no number from 0 up.
    """
    offered = available(facts, filters)
    if "=" not in text:
        if text in offered:
            return text, {}
        raise UsageProblem(
            msg("There are no weights '{source}' here", source=text),
            msg(
                "Use one of: {names}; or give your own as DIMENSION=NUMBER,...",
                names=", ".join(offered),
            ),
        )
    own: dict[str, float] = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        if facts.slot(name.strip()) is None:
            raise UsageProblem(
                msg("There is no dimension '{name}'", name=name.strip()),
                msg("Use one of: {names}", names=", ".join(k for k, _ in facts.slots)),
            )
        own[name.strip()] = _number(value)
    if not sum(own.values()):
        raise UsageProblem(msg("All weights are 0"), msg("Give at least one number above 0"))
    return "own", own


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e9:
        raise UsageProblem(
            msg("'{value}' is no weight", value=text), msg("Give a number from 0 up")
        )
    return value


def shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Return weights as percentages of their total.

    Examples
    --------
    >>> shares({"reliability": 3.0, "empathy": 1.0})
    {'reliability': 75.0, 'empathy': 25.0}
    """
    found = normalised(weights) if weights else None
    return {k: 100 * w for k, w in found.weights.items()} if found else {}


def points(reader: Reader, facts: Facts, filters: Filters) -> Weights:
    """Return the mean share of the points, each respondent's brought to 100 first.

    A dimension left blank counts 0 where another one has points; nobody counts who gave none.
    """
    items = allocation(facts, filters)
    asked = {i.dimension for i in items}
    slots = {key: slot for key, slot in facts.slots if key in asked}
    if not slots:
        return Weights("points", {}, 0)
    wanted = {k: sql for slot in slots.values() for k, sql in points_sums(slot).items()} | OWN_GAP
    if len({i.survey_id for i in items}) > 1:  # dimensions have points in some surveys alone
        given = ", ".join(f"points_d{slot:d}" for slot in slots.values())
        wanted["given"] = f"COUNT(COALESCE({given}))"
    row = score_totals(reader, filters, wanted)
    told = row.get("given", row[f"n_points_d{next(iter(slots.values())):d}"])
    return Weights(
        "points",
        shares({key: float(row[f"s_points_d{slot:d}"]) for key, slot in slots.items()}),
        told,
        Moments(row["n_own_gap"], row["s_own_gap"], row["q_own_gap"], OWN_GAP_UNIT),
    )


def stated(reader: Reader, facts: Facts, filters: Filters) -> Weights:
    """Return each dimension's mean stated importance as a share of all (methods.md 2.8).

    On different scales, the means are brought to percent of maximum possible first.
    """
    asked = [q for q in _stated(facts, filters) if q.dimension]
    several = len({q.views["importance"].scale for q in asked}) > 1
    sums: dict[str, list[float]] = {}
    n = 0
    for survey_id in surveys_of(asked):
        own = [q for q in asked if q.survey_id == survey_id]
        parts = [
            f"COUNT(a.{q.column('importance')}) AS n{k}, SUM(a.{q.column('importance')}) AS s{k}"
            for k, q in enumerate(own)
        ]
        origin, params = source(survey_id, filters)
        row = reader.rows(f"SELECT {', '.join(parts)} {origin}", params)[0]
        for k, q in enumerate(own):
            if row[f"n{k}"]:
                low, high = q.views["importance"].scale
                mean = int(row[f"s{k}"]) / int(row[f"n{k}"])
                mean = (mean - low) / (high - low) if several else mean
                sums.setdefault(q.dimension, []).append(mean)
                n = max(n, int(row[f"n{k}"]))
    means = {key: sum(values) / len(values) for key, values in sums.items()}
    return Weights("stated", shares(means), n)


def _stated(facts: Facts, filters: Filters) -> tuple[Question, ...]:
    asked = questions(facts, filters, "importance")
    return tuple(q for q in asked if q.scale != POINTS_SCALE)


def fixed(
    source_name: str, facts: Facts, own: Mapping[str, float], kept: OwnWeights | None = None
) -> Weights:
    """Return weights that rest on no answers: published, experts', own, or equal ones.

    Parameters
    ----------
    own
        Own weights given for this one answer.
    kept
        The set the program has put into force, which holds where none are given.
    """
    keys = [key for key, _ in facts.slots]
    if source_name == "expert":
        told = dict(facts.experts)
        return Weights("expert", shares({k: told.get(k, 0.0) for k in keys}), facts.panel)
    published = published_weights(keys) if source_name == "published" else None
    if published is not None:
        return Weights("published", {k: 100 * w for k, w in published.weights.items()})
    if source_name == "own" and not own and kept is not None:
        percent = shares({k: kept.points.get(k, 0.0) for k in keys})
        return Weights("own", percent, held=kept)
    if source_name == "own":
        return Weights("own", shares({k: own.get(k, 0.0) for k in keys}))
    return Weights("equal", shares(dict.fromkeys(keys, 1.0)))
