"""What a program's satisfaction index is made of: indicators, weights, and since which year."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.period import FIRST_YEAR, LAST_YEAR
from csat.model.problem import UsageProblem

WHOLE: Final = 100.0
ROUNDING: Final = 0.011
"""How far weights may be from 100 together: three of 33.33 are meant to be all of it."""
MOST_INDICATORS: Final = 30
MOST_LETTERS: Final = 200
"""Longest title that is kept."""
HEADLINE_INDICATORS: Final = ("csat_mean", "csat_top_box", "nps", "ces", "recommend_share")
NAMED_INDICATORS: Final = ("perception", "gap", "mean")


@dataclass(frozen=True, slots=True)
class WeightedIndicator:
    """One indicator of the index and its weight in percent.

    Parameters
    ----------
    metric
        Registry key of a figure that every respondent has: a headline question, a question
        (``mean:ITEM``), or the score of a dimension (``perception:DIMENSION``,
        ``gap:DIMENSION``). The ends of its scale are 0 and 100 of the index.
    low_is_good
        Turns the scale round.
    """

    metric: str
    weight: float
    low_is_good: bool = False


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    """The indicators of an index; their weights make 100 together."""

    indicators: tuple[WeightedIndicator, ...]
    title: str = ""

    def weight(self, key: str) -> float:
        """Return the weight of an indicator in percent, 0 where it is none of these."""
        return next((i.weight for i in self.indicators if i.metric == key), 0.0)

    def same(self, other: IndexDefinition) -> bool:
        """Say whether another definition gives the same figures, whatever it is called."""
        return set(self.indicators) == set(other.indicators)

    def to_json(self) -> dict[str, Any]:
        """Return the form that `index_definition` reads back to an equal one."""
        listed = [
            {"metric": i.metric, "weight": i.weight}
            | ({"low_is_good": True} if i.low_is_good else {})
            for i in self.indicators
        ]
        return {"title": self.title, "indicators": listed}

    def kept(self) -> str:
        """Return the text that the store keeps."""
        return json.dumps(self.to_json(), ensure_ascii=False)


def mistakes(indicators: Sequence[WeightedIndicator]) -> list[Message]:
    """Return in plain words everything that is wrong with indicators and weights.

    Examples
    --------
    >>> [str(m) for m in mistakes([WeightedIndicator("csat_mean", 60)])]
    ['The weights add up to 60, not to 100: 40 are missing']
    """
    if not indicators:
        return [msg("The index has no indicator")]
    found: list[Message] = []
    if len(indicators) > MOST_INDICATORS:
        found.append(msg("There are more than {n} indicators", n=MOST_INDICATORS))
    seen: set[str] = set()
    for i in indicators:
        found += _of_one(i, seen)
        seen.add(i.metric)
    total = sum(i.weight for i in indicators)
    if isfinite(total) and abs(total - WHOLE) > ROUNDING:
        told = {"total": f"{total:.10g}", "rest": f"{abs(total - WHOLE):.4g}"}
        missing = msg("The weights add up to {total}, not to 100: {rest} are missing", **told)
        excess = msg("The weights add up to {total}, not to 100: {rest} too many", **told)
        found.append(missing if total < WHOLE else excess)
    return found


def _of_one(indicator: WeightedIndicator, seen: set[str]) -> list[Message]:
    key, found = indicator.metric, []
    if key in seen:
        found.append(msg("'{metric}' stands in the index twice", metric=key))
    if not is_indicator(key):
        found.append(
            msg(
                "'{metric}' cannot be in the index: it takes answers of customers, one for each "
                "respondent",
                metric=key,
            )
        )
    if not (isfinite(indicator.weight) and indicator.weight > 0):
        found.append(msg("The weight of '{metric}' must be above 0, or leave it out", metric=key))
    return found


def is_indicator(key: str) -> bool:
    """Say whether a metric can be part of an index.

    Examples
    --------
    >>> is_indicator("perception:empathy"), is_indicator("complaints_received")
    (True, False)
    """
    try:
        entry: Metric = metric(key)
    except UsageProblem:
        return False
    return key in HEADLINE_INDICATORS or (
        bool(entry.argument) and key.partition(":")[0] in NAMED_INDICATORS
    )


def index_definition(raw: object) -> IndexDefinition:
    """Read a definition from its JSON form and check it.

    Raises
    ------
    UsageProblem
        Naming the first thing that is wrong, and what to write instead.

    Examples
    --------
    >>> made = index_definition({"indicators": [{"metric": "nps", "weight": 100}]})
    >>> made == index_definition(made.to_json())
    True
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("indicators"), list):
        raise _unreadable(msg("The definition has no list of indicators"))
    unknown = sorted(set(raw) - {"title", "year", "indicators"})
    if unknown:
        raise _unreadable(msg("There is no entry '{name}' in a definition", name=unknown[0]))
    title = raw.get("title", "")
    if not isinstance(title, str) or len(title) > MOST_LETTERS:
        raise _unreadable(msg("The title is no text of up to {n} characters", n=MOST_LETTERS))
    indicators = tuple(_indicator(entry) for entry in raw["indicators"])
    return checked(IndexDefinition(indicators, title.strip()))


def read_definition(text: str) -> tuple[int | None, IndexDefinition]:
    """Read a definition, and the year it begins with if it names one, from a JSON text.

    Raises
    ------
    UsageProblem
        When the text is no JSON or no definition.

    Examples
    --------
    >>> text = '{"year": 2027, "indicators": [{"metric": "ces", "weight": 100}]}'
    >>> year, made = read_definition(text)
    >>> year, made.weight("ces")
    (2027, 100.0)
    """
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise _unreadable(msg("The file is no JSON: {reason}", reason=str(error))) from error
    made = index_definition(raw)
    year = raw.get("year")
    return (None if year is None else require_year(year)), made


def checked(definition: IndexDefinition) -> IndexDefinition:
    """Return a definition that holds together; raises UsageProblem for another."""
    wrong = mistakes(definition.indicators)
    if wrong:
        offered = ", ".join((*HEADLINE_INDICATORS, *(f"{n}:NAME" for n in NAMED_INDICATORS)))
        raise UsageProblem(
            wrong[0],
            msg(
                "Give every indicator once, with weights that make 100 together. "
                "Indicators are: {names}",
                names=offered,
            ),
        )
    return definition


def _indicator(raw: object) -> WeightedIndicator:
    if not isinstance(raw, dict) or not isinstance(raw.get("metric"), str):
        raise _unreadable(msg("An indicator has no 'metric'"))
    weight, turned = raw.get("weight"), raw.get("low_is_good", False)
    if isinstance(weight, bool) or not isinstance(weight, int | float):
        raise _unreadable(msg("The weight of '{metric}' is no number", metric=raw["metric"]))
    if not isinstance(turned, bool) or set(raw) - {"metric", "weight", "low_is_good"}:
        raise _unreadable(
            msg("'{metric}' takes a weight, and low_is_good true or false", metric=raw["metric"])
        )
    return WeightedIndicator(raw["metric"], float(weight), turned)


def _unreadable(title: Message) -> UsageProblem:
    return UsageProblem(title, msg("Write it as docs/guide/satisfaction-index.md shows"))


def require_year(year: object) -> int:
    """Return a year that a definition can begin with; raises UsageProblem for anything else."""
    if not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise UsageProblem(
            msg("'{year}' is no year that a definition can begin with", year=str(year)),
            msg("Give a year from {first} to {last}", first=str(FIRST_YEAR), last=str(LAST_YEAR)),
        )
    return year


def in_force(
    definitions: Sequence[tuple[int, IndexDefinition]], year: int
) -> IndexDefinition | None:
    """Return the definition of a year: its own, or that of the last year before that has one.

    Examples
    --------
    >>> old, new = (IndexDefinition((), t) for t in ("old", "new"))
    >>> [getattr(in_force([(2024, old), (2026, new)], y), "title", None)
    ...  for y in (2023, 2025, 2027)]
    [None, 'old', 'new']
    """
    found = [d for since, d in sorted(definitions, key=lambda e: e[0]) if since <= year]
    return found[-1] if found else None
