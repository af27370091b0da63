"""The satisfaction index of a program: figure, error, contributions, history, and changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import metric
from csat.model.period import FIRST_YEAR, Period
from csat.model.problem import UsageProblem
from csat.model.satisfaction_index import IndexDefinition, WeightedIndicator, in_force
from csat.model.settings import Thresholds
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.figures import evaluate
from csat.queries.gate import gate
from csat.queries.index_changes import IndexChange, changes
from csat.queries.index_scores import (
    INDEX_UNIT,
    IndexTally,
    PartSums,
    index_tallies,
    stretches,
)
from csat.queries.index_sources import viewpoint_of
from csat.queries.index_versions import IndexVersion, index_versions, latest
from csat.queries.reader import Reader
from csat.store.store import Store

METRIC: Final = "satisfaction_index"
HISTORY_GRAINS: Final = ("year", "quarter", "month")


@dataclass(frozen=True, slots=True)
class IndexPart:
    """One indicator of the index over the respondents who count.

    Parameters
    ----------
    metric, viewpoint
        Registry key, and from which viewpoint it is asked; "" for headline questions.
    weight
        Percent, as defined for the end of the period; 0 where it was dropped since its start.
    level
        Mean of its answers, 0 to 100.
    contribution, possible
        Points it adds to the index, and the most it could add. The contributions add up to the
        index, what is possible adds up to 100.
    n
        Respondents who answered it; None where withheld.
    """

    metric: str
    viewpoint: str
    weight: float
    low_is_good: bool
    level: float | None
    contribution: float | None
    possible: float | None
    n: int | None
    withheld: bool = False

    @property
    def lost(self) -> float | None:
        """Points that are missing to the most it could add."""
        if self.contribution is None or self.possible is None:
            return None
        return self.possible - self.contribution

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        return {
            "metric": self.metric,
            "viewpoint": self.viewpoint or None,
            "weight": self.weight,
            "low_is_good": self.low_is_good,
            "level": self.level,
            "contribution": self.contribution,
            "possible": self.possible,
            "n": self.n,
            "withheld": self.withheld,
        }


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """The index under some filters, after the privacy gate.

    Parameters
    ----------
    definition, since
        What is in force at the end of the period, and from which year; None where nothing is.
    mixed
        Whether the period spans a change, so that answers count under two definitions.
    figure
        The index with its standard error, base, interval and verdict.
    partial, left_out
        Respondents whose weights were shared out, and those who answered too little.
    history
        One figure for each period of all dates, each against the one before.
    changes
        For each year with a new definition: old and new on the same year's answers.
    versions
        Every definition ever kept, newest first.
    """

    definition: IndexDefinition | None
    since: int | None
    mixed: bool
    figure: Figure
    partial: int | None
    left_out: int | None
    parts: tuple[IndexPart, ...]
    history: tuple[Figure, ...]
    changes: tuple[IndexChange, ...]
    versions: tuple[IndexVersion, ...]
    provenance: Provenance
    notes: tuple[Message, ...] = ()


def year_of(filters: Filters, year: int) -> Filters:
    """Return the filters over one calendar year, compared with the year before."""
    if not 1 <= year <= 9998:
        raise UsageProblem(msg("'{year}' is no year", year=str(year)), msg("Write it as 2026"))
    return filters.with_(period=Period(date(year, 1, 1), date(year, 12, 31)), compare="previous")


def satisfaction_index(
    store: Store, filters: Filters, thresholds: Thresholds | None = None, grain: str = "year"
) -> IndexAnswer:
    """Answer what the program's own index is, and what it is made up of (methods.md 2.8).

    Parameters
    ----------
    filters
        Which data. The history is over all dates, the groups as chosen.
    grain
        Of the history: "year", "quarter" or "month".

    Returns
    -------
    IndexAnswer
        After the privacy gate. Every answer counts under the definition of its own year; a
        comparison across a change of it is not made, `IndexAnswer.changes` takes it apart.

    Raises
    ------
    UsageProblem
        For an unknown program or grain.
    """
    if grain not in HISTORY_GRAINS:
        raise UsageProblem(
            msg("'{by}' is no grouping", by=grain),
            msg("Use one of: {names}", names=", ".join(HISTORY_GRAINS)),
        )
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    versions = index_versions(store, filters.program)
    reader = Reader(store, facts)
    now = evaluate(store, filters, (METRIC,), "total", limits)
    figure = now.one(METRIC)
    tally = _tally(reader, facts, filters) if figure.state == "ok" else None
    end = filters.period.last.year if filters.period else _last_year(facts)
    definition = in_force(facts.index, end)
    since = max((v.year for v in latest(versions) if v.year <= end), default=None)
    everything = filters.with_(period=None, compare="previous")
    history = _history(store, everything, limits, grain) if facts.index else ()
    yearly = history if grain == "year" else _history(store, everything, limits, "year")
    return IndexAnswer(
        definition=definition,
        since=since,
        mixed=_mixed(facts, filters),
        figure=figure,
        partial=tally.partial if tally is not None else None,
        left_out=tally.left_out if tally is not None else None,
        parts=_parts(facts, definition, tally, limits) if tally is not None else (),
        history=history,
        changes=changes(store, reader, facts, filters, limits, versions, yearly),
        versions=versions,
        provenance=_with(reader.provenance(filters), now.provenance),
    )


def _with(own: Provenance, first: Provenance) -> Provenance:
    return replace(own, reads=(*first.reads, *own.reads), exclusions=first.exclusions)


def _tally(reader: Reader, facts: Facts, filters: Filters) -> IndexTally | None:
    found: IndexTally | None = index_tallies(reader, facts, filters, (), detail=True).get(())
    return found if found is not None and found.n else None


def _last_year(facts: Facts) -> int:
    return facts.span.last.year if facts.span.last is not None else FIRST_YEAR


def _mixed(facts: Facts, filters: Filters) -> bool:
    asked = filters.period
    if asked is None and facts.span.first is not None and facts.span.last is not None:
        asked = Period(facts.span.first, facts.span.last)
    if asked is None or not facts.index:
        return False
    met = [p for p, _ in stretches(facts.index) if p.first <= asked.last and asked.first <= p.last]
    return len(met) > 1


def _parts(
    facts: Facts, definition: IndexDefinition | None, tally: IndexTally, limits: Thresholds
) -> tuple[IndexPart, ...]:
    """Return the indicators as defined, then those that only an earlier definition had."""
    listed = {i.metric: i for i in definition.indicators} if definition else {}
    keys = list(dict.fromkeys([*listed, *tally.parts]))
    sums = {key: tally.parts.get(key, PartSums()) for key in keys}
    bases = [
        Figure(METRIC, key, 0.0 if s.n else None, "index", s.n, None, None, "not_compared")
        for key, s in sums.items()
    ]
    # The contributions add up to the index: one that is hidden hides the next smallest too.
    hidden = {f.by for f in gate(bases, limits, parts_of_whole=True) if f.withheld}
    return tuple(
        _part(
            key,
            viewpoint_of(facts, key),
            listed[key].weight if key in listed else 0.0,
            sums[key],
            tally.n,
            withheld=key in hidden,
            low_is_good=key in listed and listed[key].low_is_good,
        )
        for key in keys
    )


def _part(
    key: str,
    viewpoint: str,
    weight: float,
    sums: PartSums,
    n: int,
    *,
    withheld: bool,
    low_is_good: bool,
) -> IndexPart:
    if withheld:
        return IndexPart(key, viewpoint, weight, low_is_good, None, None, None, None, True)
    if not sums.n:
        return IndexPart(key, viewpoint, weight, low_is_good, None, 0.0, 0.0, 0)
    return IndexPart(
        key,
        viewpoint,
        weight,
        low_is_good,
        sums.level / (sums.n * INDEX_UNIT),
        sums.contribution / (n * INDEX_UNIT),
        sums.possible / (n * INDEX_UNIT),
        sums.n,
    )


def _history(store: Store, filters: Filters, limits: Thresholds, grain: str) -> tuple[Figure, ...]:
    answer = evaluate(store, filters, (METRIC,), grain, limits)
    return tuple(f for f in answer.figures if f.by != "total")


def indicator_keys(facts: Facts) -> tuple[str, ...]:
    """Return what a program can put into its index: dimensions, headline questions, questions."""
    asked = facts.asked(())
    measures = {m for i in asked for m in i.measures}
    headlines = ("csat_mean", "csat_top_box", "nps", "ces", "recommend_share")
    keys = [f"perception:{name}" for name, _ in facts.slots if _scored(facts, name)]
    keys += [k for k in headlines if metric(k).field in measures]
    rated = (i for i in asked if i.viewpoint in ("perception", "satisfaction"))
    return tuple(dict.fromkeys([*keys, *(f"mean:{i.key}" for i in rated)]))


def even_definition(facts: Facts) -> IndexDefinition:
    """Return what a program measures, dimensions and overall satisfaction, at equal weights.

    Without either it is the first indicator alone; empty where nothing is asked.
    """
    offered = indicator_keys(facts)
    keys = [k for k in offered if k.startswith("perception:") or k == "csat_mean"]
    keys = keys or list(offered[:1])
    weights = [round(100 / len(keys), 2)] * (len(keys) - 1) if keys else []
    weights += [round(100 - sum(weights), 2)] if keys else []
    return IndexDefinition(
        tuple(WeightedIndicator(k, w) for k, w in zip(keys, weights, strict=True))
    )


def _scored(facts: Facts, dimension: str) -> bool:
    return any(i.dimension == dimension and i.viewpoint == "perception" for i in facts.asked(()))
