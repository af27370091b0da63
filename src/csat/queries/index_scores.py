"""Every respondent's satisfaction index as exact sums: by month, by group, or in total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from csat.model.filters import Filters
from csat.model.message import N_, Message, msg
from csat.model.metrics import metric
from csat.model.period import FIRST_YEAR, LAST_YEAR, Period
from csat.model.satisfaction_index import IndexDefinition, WeightedIndicator
from csat.queries.catalogue import SeriesBreak
from csat.queries.complaint_tallies import Group, NotAvailable, Tallies
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.index_sources import Shape, shapes
from csat.queries.index_versions import Defined
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.queries.tally import ScoreTally
from csat.stats.index import LEAST_PRESENT, index_of_scores
from csat.stats.intervals import Interval
from csat.stats.moments import Moments
from csat.store.store import Store

INDEX_UNIT: Final = 1_000_000
"""A respondent's index is added as whole millionths of a point."""
_FULL: Final = 100 * INDEX_UNIT
_ALL: Final = 1 - 1e-9
_NO_SCORES: Final = Moments(0, 0, 0, INDEX_UNIT)


@dataclass(frozen=True, slots=True)
class PartSums:
    """What one indicator adds up to over the respondents who count.

    ``level`` is the sum of the answers on 0 to 100, ``contribution`` of what each added to its
    respondent's index and ``possible`` of the most it could have added, in millionths.
    """

    n: int = 0
    level: int = 0
    contribution: int = 0
    possible: int = 0

    def __add__(self, other: PartSums) -> PartSums:
        return PartSums(
            self.n + other.n,
            self.level + other.level,
            self.contribution + other.contribution,
            self.possible + other.possible,
        )


@dataclass(frozen=True, slots=True)
class IndexTally(ScoreTally):
    """Moments of respondents' indices; where asked for, also what each indicator adds.

    ``partial`` counts respondents whose weights were shared out, ``left_out`` those who
    answered too little.
    """

    moments: Moments
    parts: Mapping[str, PartSums] = field(default_factory=dict)
    partial: int = 0
    left_out: int = 0

    def __add__(self, other: ScoreTally) -> IndexTally:
        if not isinstance(other, IndexTally):
            return NotImplemented
        parts = {
            key: self.parts.get(key, PartSums()) + other.parts.get(key, PartSums())
            for key in dict.fromkeys([*self.parts, *other.parts])
        }
        return IndexTally(
            self.moments + other.moments,
            parts,
            self.partial + other.partial,
            self.left_out + other.left_out,
        )

    @property
    def standard_error(self) -> float | None:
        """Standard error of the mean, in points."""
        found = index_of_scores(self.moments)
        return None if found is None else found.standard_error

    def interval(self) -> Interval | None:
        """Return the 95% t interval, cut to 0 and 100."""
        found = index_of_scores(self.moments)
        if found is None or found.low is None or found.high is None:
            return None
        return Interval(found.low, found.high)


def index_tallies(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    keys: Sequence[str] = (),
    *,
    definitions: Defined | None = None,
    detail: bool = False,
) -> Tallies:
    """Return the index per group; every answer counts as its own year's definition says.

    Parameters
    ----------
    keys
        Columns of ``response`` to group by.
    definitions
        In place of those in force: what would the index be under them?
    detail
        Also count what each indicator adds, and who answered too little.

    Raises
    ------
    NotAvailable
        Where no index is defined for the period, or no survey asks half of it.
    """
    known = facts.index if definitions is None else definitions
    if not known:
        raise NotAvailable(Message(metric("satisfaction_index").needs))
    out: dict[Group, IndexTally] = {}
    asked = within = False
    for period, definition in stretches(known):
        chosen = _cut(filters, period)
        if chosen is None:
            continue
        within = True
        for shape in shapes(facts, filters, definition):
            asked = True
            for group, tally in _counted(reader, chosen, shape, keys, detail=detail):
                out[group] = out[group] + tally if group in out else tally
    if not within:
        raise NotAvailable(msg("The index is defined from {year} on", year=str(known[0][0])))
    if not asked:
        raise NotAvailable(msg("No survey here asks half or more of what the index is made of"))
    return {group: tally for group, tally in out.items() if tally.n or detail}


def stretches(known: Defined) -> list[tuple[Period, IndexDefinition]]:
    """Return from when to when each definition is in force; equal neighbours are one.

    Examples
    --------
    >>> from csat.model.satisfaction_index import WeightedIndicator as W
    >>> a, b = (IndexDefinition((W(m, 100),)) for m in ("nps", "ces"))
    >>> [(p.first.year, p.last.year) for p, _ in stretches(((2024, a), (2025, a), (2026, b)))]
    [(2024, 2025), (2026, 2100)]
    """
    starts: list[tuple[int, IndexDefinition]] = []
    for year, definition in known:
        if not starts or not starts[-1][1].same(definition):
            starts.append((max(year, FIRST_YEAR), definition))
    ends = [year - 1 for year, _ in starts[1:]] + [LAST_YEAR]
    return [
        (Period(date(year, 1, 1), date(end, 12, 31)), definition)
        for (year, definition), end in zip(starts, ends, strict=True)
    ]


def redefined(known: Defined) -> tuple[SeriesBreak, ...]:
    """Return the days from which the index is made of something else."""
    later = stretches(known)[1:] if known else []
    note = N_("The index is made of something else")
    return tuple(SeriesBreak(p.first, "", "", note, of_index=True) for p, _ in later)


def index_breaks(store: Store, program: str) -> tuple[date, ...]:
    """Return the days from which the index of a program is made of something else."""
    return tuple(b.day for b in redefined(facts_of(store, program).index))


def _cut(filters: Filters, period: Period) -> Filters | None:
    """Return the filters within a stretch of years, None where they lie outside it."""
    asked = filters.period or period
    first, last = max(asked.first, period.first), min(asked.last, period.last)
    return None if first > last else filters.with_(period=Period(first, last), compare="none")


def _counted(
    reader: Reader, filters: Filters, shape: Shape, keys: Sequence[str], *, detail: bool
) -> list[tuple[Group, IndexTally]]:
    where, params = survey_predicate(filters.for_survey(), "r.")
    whole = sum(i.weight for i, _ in shape.asked) + shape.missing
    for j, (indicator, _) in enumerate(shape.asked):
        params[f"weight_{j}"] = indicator.weight / whole
    ids = ", ".join(f"{s:d}" for s in shape.surveys)
    named = "".join(f"{k}, " for k in keys)
    sums = ["COUNT(score) AS n", "SUM(score) AS s", "SUM(score * score) AS q"]
    if detail:
        columns = "".join(f"v{j}, " for j in range(len(shape.asked)))
        inner = f"{named}{columns}{_held(shape)} AS held, {_score(shape)} AS score"
        sums += _detail(len(shape.asked))
    else:
        inner = f"{named}{_score(shape)} AS score"
    rows = reader.rows(
        f"SELECT {named}{', '.join(sums)} FROM (SELECT {inner} FROM ("
        f"SELECT {''.join(f'r.{k} AS {k}, ' for k in keys)}{_values(shape)} "
        f"FROM response r{shape.joined()} "
        f"WHERE {where} AND r.survey_id IN ({ids})) a) b{_group(keys)}",
        params,
    )
    return [
        (tuple(row[k] for k in keys), _tally(row, shape.asked if detail else ())) for row in rows
    ]


def _values(shape: Shape) -> str:
    return ", ".join(f"{source.scaled()} AS v{j}" for j, (_, source) in enumerate(shape.asked))


def _held(shape: Shape) -> str:
    """Return SQL of the weight that a respondent's answers hold, 1 for all of it."""
    return " + ".join(
        f"CASE WHEN v{j} IS NULL THEN 0 ELSE $weight_{j} END" for j in range(len(shape.asked))
    )


def _score(shape: Shape) -> str:
    """Return SQL of a respondent's index; the shorter sum serves who answered everything."""
    every = range(len(shape.asked))
    complete = " + ".join(f"v{j} * $weight_{j}" for j in every)
    present = " + ".join(f"COALESCE(v{j}, 0) * $weight_{j}" for j in every)
    given, held = f"({complete})", f"({_held(shape)})"
    least = f"{LEAST_PRESENT - 1e-12:.15f}"
    if shape.missing:
        given = f"({given} / {_asked(shape)})"
    return (
        f"CAST(ROUND({_FULL:d} * COALESCE({given}, "
        f"CASE WHEN {held} >= {least} THEN ({present}) / {held} END)) AS BIGINT)"
    )


def _asked(shape: Shape) -> str:
    """Return SQL of the weight that a survey asks at all."""
    return "(" + " + ".join(f"$weight_{j}" for j in range(len(shape.asked))) + ")"


def _detail(size: int) -> list[str]:
    sums = [
        "COUNT(*) - COUNT(score) AS left_out",
        f"SUM(CASE WHEN score IS NOT NULL AND held < {_ALL:.10f} THEN 1 ELSE 0 END) AS partial",
    ]
    for j in range(size):
        for name, value in (
            ("l", f"v{j}"),
            ("c", f"$weight_{j} * v{j} / held"),
            ("p", f"$weight_{j} / held"),
        ):
            sums.append(
                f"SUM(CASE WHEN score IS NOT NULL AND v{j} IS NOT NULL THEN "
                f"CAST(ROUND({_FULL:d} * {value}) AS BIGINT) END) AS {name}{j}"
            )
        sums.append(
            f"SUM(CASE WHEN score IS NOT NULL AND v{j} IS NOT NULL THEN 1 ELSE 0 END) AS n{j}"
        )
    return sums


def _tally(row: Mapping[str, Any], asked: Sequence[tuple[WeightedIndicator, object]]) -> IndexTally:
    n = int(row["n"] or 0)
    moments = Moments(n, int(row["s"] or 0), int(row["q"] or 0), INDEX_UNIT) if n else _NO_SCORES
    parts = {
        indicator.metric: PartSums(*(int(row[f"{c}{j}"] or 0) for c in "nlcp"))
        for j, (indicator, _) in enumerate(asked)
    }
    partial, left_out = (int(row.get(name) or 0) for name in ("partial", "left_out"))
    return IndexTally(moments, parts, partial, left_out)


def _group(columns: Sequence[str]) -> str:
    return " GROUP BY " + ", ".join(columns) if columns else ""
