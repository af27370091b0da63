"""Breaks in a series that nobody declared: another scale, a channel or a category that comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import log
from typing import Final

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.period import month_start
from csat.model.settings import Thresholds
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.queries.standing import case_predicate
from csat.store.store import Store

_FEWEST_MONTHS: Final = 3
"""Months on either side that a list must have been in use."""
_LEAST_SHARE: Final = 0.02
"""A value that is rarer while it is there changes no figure."""
_CHANCE: Final = log(1e-6)
"""Logarithm of the probability below which chance does not explain that a value is missing."""


@dataclass(frozen=True, slots=True)
class FoundBreak:
    """A day from which a series counts something else, and what that is.

    ``kind`` is "scale", "channel" or "category".
    """

    day: date
    kind: str
    note: Message


def found_breaks(
    store: Store, filters: Filters, key: str, thresholds: Thresholds | None = None
) -> tuple[FoundBreak, ...]:
    """Answer where a figure's series breaks, from the records alone.

    A channel or a category breaks the series where it begins or ends: in all months on one side
    it is missing, on the other it has a share p, and chance would leave it out of the n records
    without it with a probability (1 - p)^n below one in a million. A question breaks it where
    another survey goes on with another scale.

    Parameters
    ----------
    filters
        Which data; their period does not matter.

    Returns
    -------
    tuple of FoundBreak
        By day. Values of fewer records than the privacy minimum are never named.

    Raises
    ------
    UsageProblem
        For an unknown program or metric.
    """
    facts, m, limits = facts_of(store, filters.program), metric(key), thresholds or Thresholds()
    reader, whole = Reader(store, facts), filters.with_(period=None, compare="none")
    if not facts.span.holds(m.subject):
        return ()
    found = list(_scales(reader, facts, whole, m))
    if not whole.channels:
        text = msg("channel {value} begins"), msg("channel {value} ends")
        found += _lists(_by_month(reader, facts, whole, m, "channel"), "channel", text, limits)
    if m.subject == "complaints" and not (whole.categories or whole.causes):
        text = msg("category {value} begins"), msg("category {value} ends")
        found += _lists(_by_month(reader, facts, whole, m, "category"), "category", text, limits)
    return tuple(sorted(found, key=lambda b: (b.day, b.kind, str(b.note))))


Counts = Mapping[int, Mapping[str, int]]
"""Month -> value -> records; months without any record are left out."""


def _by_month(reader: Reader, facts: Facts, filters: Filters, m: Metric, column: str) -> Counts:
    if m.subject == "survey":
        where, params = survey_predicate(filters)
        where += facts.of_customers(filters.surveys)
        table, n = "response", "COUNT(*)"
    else:
        where, params = case_predicate(reader.store, filters)
        table, n = "complaint", "SUM(cases)"
    rows = reader.rows(
        f"SELECT month_key, COALESCE({column}, '') AS value, {n} AS n FROM {table} "
        f"WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2",
        params,
    )
    out: dict[int, dict[str, int]] = {}
    for row in rows:
        out.setdefault(int(row["month_key"]), {})[str(row["value"])] = int(row["n"])
    return out


def _lists(
    counts: Counts, kind: str, text: tuple[Message, Message], limits: Thresholds
) -> Iterator[FoundBreak]:
    """Yield where a value comes into use or goes out of it."""
    months = sorted(counts)
    totals = [sum(counts[month].values()) for month in months]
    for value in sorted({v for month in counts.values() for v in month} - {""}):
        there = [counts[month].get(value, 0) for month in months]
        used = [i for i, n in enumerate(there) if n]
        first, last = used[0], used[-1]
        share = sum(there) / sum(totals[first : last + 1])
        if share < _LEAST_SHARE or sum(there) < max(limits.withhold_under, 1):
            continue
        if last + 1 - first < _FEWEST_MONTHS:
            continue  # it came and went: an event, no list
        if first >= _FEWEST_MONTHS and _no_chance(share, sum(totals[:first])):
            yield _named(months[first], kind, text[0], value)
        rest = months[last + 1 :]
        if len(rest) >= _FEWEST_MONTHS and _no_chance(share, sum(totals[last + 1 :])):
            yield _named(rest[0], kind, text[1], value)


def _no_chance(share: float, n: int) -> bool:
    return share >= 1 or n * log(1 - share) < _CHANCE


def _named(month: int, kind: str, text: Message, value: str) -> FoundBreak:
    return FoundBreak(month_start(month), kind, Message(text.text, {"value": value}))


def _scales(reader: Reader, facts: Facts, filters: Filters, m: Metric) -> Iterator[FoundBreak]:
    """Yield where a survey with another scale of the same question begins."""
    asked = {
        i.survey: i.scale
        for i in facts.asked(filters.surveys)
        if i.key == m.argument or m.field in i.measures
    }
    if len(set(asked.values())) < 2:
        return
    where, params = survey_predicate(filters.with_(surveys=tuple(asked)), "r.")
    rows = reader.rows(
        "SELECT s.key AS survey, MIN(r.month_key) AS first FROM response r JOIN survey s "
        f"USING (survey_id) WHERE {where} GROUP BY s.key ORDER BY first, survey",
        params,
    )
    for before, after in pairwise(rows):
        one, other = asked[before["survey"]], asked[after["survey"]]
        if one != other:
            yield FoundBreak(
                month_start(int(after["first"])),
                "scale",
                msg(
                    "scale {low} to {high} from here on",
                    low=other[0],
                    high=other[1],
                ),
            )
