"""A step in the index, taken apart: what customers changed, and what the definition did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.period import FIRST_YEAR, Period
from csat.model.satisfaction_index import IndexDefinition
from csat.model.settings import Thresholds
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.facts import Facts
from csat.queries.index_scores import IndexTally, index_tallies, stretches
from csat.queries.index_versions import IndexVersion, latest
from csat.queries.isolation import isolated
from csat.queries.reader import Reader
from csat.stats.comparison import Comparison
from csat.stats.index import Index, index_of_scores
from csat.stats.verdict import verdict
from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class IndexChange:
    """A year that begins with a new definition.

    Parameters
    ----------
    version
        What was kept, by whom and when; its reason where the year had begun.
    before
        The year before, as it was defined then.
    old, new
        This year's answers under the old and under the new definition.
    moved
        ``old`` less ``before``: what customers changed, with its 95% interval.
    told
        The verdict on it.
    finished
        Whether the year is over and its answers complete.
    withheld
        Whether any of the three rests on too few answers; none is shown then.
    """

    year: int
    earlier: IndexDefinition
    version: IndexVersion
    before: Index | None = None
    old: Index | None = None
    new: Index | None = None
    moved: Comparison | None = None
    told: str = "not_compared"
    finished: bool = True
    withheld: bool = False

    @property
    def shift(self) -> float | None:
        """Points by which the definition alone moves the index of the same answers."""
        return None if self.old is None or self.new is None else self.new.value - self.old.value

    @property
    def step(self) -> float | None:
        """Points from the year before to this year as both are published."""
        if self.before is None or self.new is None:
            return None
        return self.new.value - self.before.value

    def to_json(self) -> dict[str, Any]:
        """Return what the command line prints, unrounded."""
        return {
            "year": self.year,
            "old_definition": self.earlier.to_json(),
            "new_definition": self.version.definition.to_json()
            if self.version.definition
            else None,
            "reason": self.version.reason or None,
            "set_by": self.version.set_by,
            "set_at": self.version.set_at.isoformat(),
            "year_before": index_json(self.before),
            "old": index_json(self.old),
            "new": index_json(self.new),
            "step": self.step,
            "by_customers": self.moved.difference if self.moved else None,
            "by_customers_low": self.moved.low if self.moved else None,
            "by_customers_high": self.moved.high if self.moved else None,
            "by_definition": self.shift,
            "verdict": self.told,
            "finished": self.finished,
            "withheld": self.withheld,
        }


def index_json(found: Index | None) -> dict[str, Any] | None:
    """Return an index as the command line prints it, unrounded."""
    if found is None:
        return None
    return {
        "value": found.value,
        "standard_error": found.standard_error,
        "low": found.low,
        "high": found.high,
        "n": found.n,
    }


def changes(
    store: Store,
    reader: Reader,
    facts: Facts,
    filters: Filters,
    limits: Thresholds,
    versions: Sequence[IndexVersion],
    yearly: Sequence[Figure],
) -> tuple[IndexChange, ...]:
    """Return every year that begins with a new definition, newest first.

    Parameters
    ----------
    yearly
        The index of each year after the privacy gate: what it hides stays hidden here.
    """
    parts = stretches(facts.index) if facts.index else []
    kept = {v.year: v for v in latest(versions)}
    shown = {f.by: f for f in yearly}
    out = []
    for (_, earlier), (period, _) in pairwise(parts):
        year = period.first.year
        change = IndexChange(year, earlier, kept[year])
        figure, past = shown.get(f"{year:04d}"), shown.get(f"{year - 1:04d}")
        if figure is None or figure.state == "no_data":
            continue
        hidden = any(f is not None and f.withheld for f in (figure, past))
        if hidden or _apart(store, filters, limits, year):
            out.append(IndexChange(year, earlier, kept[year], withheld=True))
            continue
        out.append(_measured(reader, facts, filters, limits, change, figure))
    return tuple(reversed(out))


def _whole(filters: Filters, year: int) -> Filters:
    return filters.with_(period=Period(date(year, 1, 1), date(year, 12, 31)), compare="none")


def _apart(store: Store, filters: Filters, limits: Thresholds, year: int) -> bool:
    return any(isolated(store, _whole(filters, y), limits) for y in (year - 1, year))


def _measured(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    limits: Thresholds,
    change: IndexChange,
    figure: Figure,
) -> IndexChange:
    this, past = _whole(filters, change.year), _whole(filters, change.year - 1)
    old = _total(reader, facts, this, change.earlier)
    before = _total(reader, facts, past, None)
    if _tells_few(figure.n or 0, old, before, limits.withhold_under):
        return IndexChange(change.year, change.earlier, change.version, withheld=True)
    moved = old.compare(before) if old is not None and before is not None else None
    told = verdict(
        moved,
        direction="up",
        n_current=old.n if old else 0,
        n_reference=before.n if before else 0,
        finished=figure.finished,
        minimum=limits.caution_under,
    )
    return IndexChange(
        change.year,
        change.earlier,
        change.version,
        before=_index(before),
        old=_index(old),
        new=_shown(figure),
        moved=moved,
        told=told,
        finished=figure.finished,
    )


def _index(tally: IndexTally | None) -> Index | None:
    return None if tally is None else index_of_scores(tally.moments)


def _shown(figure: Figure) -> Index | None:
    """Return the index of a figure that passed the privacy gate."""
    if figure.value is None:
        return None
    ends = (figure.low, figure.high)
    return Index(figure.n or 0, figure.value, figure.standard_error, *ends, {}, 0, 0)


def _total(
    reader: Reader, facts: Facts, filters: Filters, definition: IndexDefinition | None
) -> IndexTally | None:
    known = None if definition is None else ((FIRST_YEAR, definition),)
    try:
        found: IndexTally | None = index_tallies(reader, facts, filters, definitions=known).get(())
    except NotAvailable:
        return None
    return found


def _tells_few(now: int, old: IndexTally | None, before: IndexTally | None, least: int) -> bool:
    """Say whether a base, or the difference of two over the same answers, is too few people."""
    bases = [now, *(t.n for t in (old, before) if t is not None)]
    if old is not None:
        bases.append(abs(now - old.n))
    return any(0 < n < least for n in bases)
