"""Whom the answers stand for: the population margins in force, and who answered of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from csat.model.filters import Filters
from csat.model.period import Period, month_key
from csat.model.vocabulary import SURVEY_CUTS
from csat.queries.facts import Facts
from csat.queries.gate import covered
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader

SMALL: Final = "*"
"""Name of the groups of too few people, which carry one weight together."""
Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Margin:
    """The people of one kind of group: how many were served, and how many were invited.

    Parameters
    ----------
    kind
        branch, channel, segment or touchpoint.
    people
        Counts or shares by group.
    invited
        By group, where known; only for numbers that are of ``months``.
    months
        Months the numbers are of, within the period; none where they hold for any period.
    file
        Name of the file they came in.
    """

    kind: str
    people: Mapping[str, float]
    invited: Mapping[str, int]
    months: tuple[int, ...]
    file: str

    def share(self, group: str) -> float:
        """Return the share of a group in the population, 0 to 1."""
        return self.people.get(group, 0.0) / sum(self.people.values())


def margins(reader: Reader, filters: Filters) -> tuple[Margin, ...]:
    """Return the margins in force for a period, of each kind of group those loaded last.

    Numbers of months within the period come before those of no month.
    """
    return margins_in(margin_rows(reader, filters.program), filters.period)


def margin_rows(reader: Reader, program: str) -> list[dict[str, Any]]:
    """Return all margins of a program that any period goes by."""
    return reader.rows(
        "SELECT m.group_kind, m.group_name, m.month_key, m.people, m.invited, b.file_name "
        "FROM population_margin m JOIN batch b USING (batch_id) WHERE m.program_id = "
        "(SELECT program_id FROM program WHERE key = $program) AND m.batch_id = "
        "(SELECT MAX(x.batch_id) FROM population_margin x WHERE x.program_id = m.program_id "
        "AND x.group_kind = m.group_kind) ORDER BY m.group_kind, m.group_name, m.month_key",
        {"program": program},
    )


def margins_in(rows: Sequence[Mapping[str, Any]], period: Period | None) -> tuple[Margin, ...]:
    """Return those of `margin_rows` that a period goes by."""
    first, last = (month_key(period.first), month_key(period.last)) if period else (0, 999912)
    found = []
    for kind in SURVEY_CUTS:
        own = [r for r in rows if r["group_kind"] == kind]
        dated = [r for r in own if r["month_key"] and first <= r["month_key"] <= last]
        used = dated or [r for r in own if not r["month_key"]]
        if not used:
            continue
        people: dict[str, float] = {}
        invited: dict[str, int] = {}
        for row in used:
            name = str(row["group_name"])
            people[name] = people.get(name, 0.0) + float(row["people"])
            if row["invited"] and dated:
                invited[name] = invited.get(name, 0) + int(row["invited"])
        months = tuple(sorted({int(r["month_key"]) for r in dated}))
        found.append(Margin(kind, people, invited, months, str(used[0]["file_name"])))
    return tuple(found)


def everybody(filters: Filters) -> Filters:
    """Return the filters without choices of groups: weights are made for the whole sample."""
    return Filters(filters.program, filters.period, surveys=filters.surveys)


@dataclass(frozen=True, slots=True)
class Answered:
    """Those who answered in one combination of groups, with their survey weights.

    ``n`` people, of whom ``weighted`` have a weight; ``total`` and ``squares`` are of those.
    """

    groups: Labels
    n: int
    weighted: int
    total: float
    squares: float


def answered(
    reader: Reader, facts: Facts, filters: Filters, kinds: Sequence[str]
) -> tuple[Answered, ...]:
    """Count everybody who answered in the period, by all combinations of kinds of groups.

    A group that is not stated is called "".
    """
    return tuple(cell for _, cell in _answered(reader, facts, filters, kinds, "0"))


def answered_by_month(
    reader: Reader, facts: Facts, filters: Filters, kinds: Sequence[str]
) -> tuple[tuple[int, Answered], ...]:
    """Count as `answered` does, each month apart; the month comes first."""
    return _answered(reader, facts, filters, kinds, "month_key")


def _answered(
    reader: Reader, facts: Facts, filters: Filters, kinds: Sequence[str], month: str
) -> tuple[tuple[int, Answered], ...]:
    where, params = survey_predicate(everybody(filters).for_survey())
    where += facts.of_customers(filters.surveys)
    listed = "".join(f", COALESCE({kind}, '') AS {kind}" for kind in kinds)
    rows = reader.rows(
        f"SELECT {month} AS month{listed}, COUNT(*) AS n, COUNT(weight) AS weighted, "
        f"SUM(weight) AS total, SUM(weight * weight) AS squares FROM response WHERE {where} "
        f"GROUP BY {', '.join(str(i + 1) for i in range(len(kinds) + 1))}",
        params,
    )
    return tuple(
        (
            int(r["month"]),
            Answered(
                tuple(str(r[kind]) for kind in kinds),
                int(r["n"]),
                int(r["weighted"]),
                float(r["total"] or 0.0),
                float(r["squares"] or 0.0),
            ),
        )
        for r in rows
    )


def small_groups(counts: Mapping[str, int], least: int) -> set[str]:
    """Return the groups of too few people, with the next smallest ones that hide them.

    Examples
    --------
    >>> sorted(small_groups({"a": 3, "b": 20, "c": 90}, 5))
    ['a', 'b']
    """
    people = {name: n for name, n in counts.items() if n}
    return covered({name for name, n in people.items() if n < least}, people, least)
