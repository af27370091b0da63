"""Who answered against who was served: shares, response rates, and how alike the two are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.period import month_key
from csat.model.settings import Thresholds
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.isolation import isolated
from csat.queries.population import (
    SMALL,
    Margin,
    answered,
    everybody,
    margins,
    small_groups,
)
from csat.queries.predicate import survey_predicate
from csat.queries.raked import Weighting, weighting
from csat.queries.reader import Reader
from csat.queries.shares import MARGINS, SERVED, GroupShare, KindShares
from csat.stats.intervals import wilson_interval
from csat.stats.sampling import Likeness, likeness, r_indicator
from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class Representation:
    """Who answered against who was served, and the weights that follow from it."""

    kinds: tuple[KindShares, ...]
    weighting: Weighting | None
    provenance: Provenance
    notes: tuple[Message, ...] = ()


def representation(
    store: Store, filters: Filters, thresholds: Thresholds | None = None
) -> Representation:
    """Answer how those who answered in a period differ from those who were served.

    The choices of groups in the filters do not apply: weights are made for the whole sample.

    Returns
    -------
    Representation
        After the privacy gate: groups of too few people, and the next smallest that hide them,
        are withheld and count as one in the measures.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    whole = everybody(filters)
    reader = Reader(store, facts)
    apart = isolated(store, whole, limits)
    if apart is not None:
        return Representation((), None, reader.provenance(whole), (apart,))
    found = weighting(reader, facts, whole, limits)
    if found is None:
        return Representation((), None, reader.provenance(whole))
    known = list(margins(reader, whole))
    served = _served(reader, facts, whole, {m.kind for m in known})
    views = [_view(reader, facts, whole, m, limits, found, MARGINS) for m in known]
    views += [_view(reader, facts, whole, m, limits, found, SERVED) for m in served]
    return Representation(tuple(views), found, reader.provenance(whole), found.notes)


def _served(reader: Reader, facts: Facts, filters: Filters, known: set[str]) -> tuple[Margin, ...]:
    """Return customers served by branch, where no margins say more and the months are whole."""
    period = filters.period
    if "branch" in known or not facts.served_by_branch or (period and not period.whole_months):
        return ()
    ends = (month_key(period.first), month_key(period.last)) if period else (0, 999912)
    rows = reader.rows(
        "SELECT branch, SUM(customers) AS n FROM exposure WHERE program_id = "
        "(SELECT program_id FROM program WHERE key = $program) "
        "AND month_key BETWEEN $first_month AND $last_month GROUP BY branch ORDER BY branch",
        {"program": filters.program, "first_month": ends[0], "last_month": ends[1]},
    )
    if not rows:
        return ()
    return (Margin("branch", {str(r["branch"]): float(r["n"]) for r in rows}, {}, (), ""),)


def _view(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    margin: Margin,
    limits: Thresholds,
    found: Weighting,
    source: str,
) -> KindShares:
    raked = source == MARGINS and margin.kind in found.kinds
    counts = found.counts(margin.kind) if raked else _counts(reader, facts, filters, margin.kind)
    small = small_groups(counts, limits.withhold_under)
    inside = sum(counts.get(group, 0) for group in margin.people)
    outside = sum(counts.values()) - inside
    alike = _likeness(counts, margin, small)
    came, notes = _came(reader, facts, filters, margin)
    small |= small_groups(came, limits.withhold_under)
    weights = found.weights(margin.kind) if raked else {}
    rows = [
        _row(margin, group, counts, inside, small, came, weights)
        for group in sorted(margin.people, key=lambda g: -margin.people[g])
    ]
    rate = r = None
    if came:
        asked = {g: n for g, n in margin.invited.items() if g not in small}
        answers = {g: came.get(g, 0) for g in asked}
        if small & set(margin.invited):
            asked[SMALL] = sum(margin.invited.get(g, 0) for g in small)
            answers[SMALL] = sum(came.get(g, 0) for g in small if g in margin.invited)
        if all(answers[g] <= n for g, n in asked.items()):
            r = r_indicator(asked, answers)
            rate = 100.0 * sum(answers.values()) / sum(asked.values())
        else:
            notes.append(msg("More answers than invitations: no response rate is shown"))
            rows = [_without_rate(row) for row in rows]
    least = limits.withhold_under
    return KindShares(
        margin.kind,
        tuple(rows),
        source,
        margin.file,
        margin.months,
        None if alike is None else 100.0 * alike.distance,
        None if alike is None else alike.p_value,
        r,
        rate,
        None if 0 < outside < least else outside,
        tuple(notes),
    )


def _counts(reader: Reader, facts: Facts, filters: Filters, kind: str) -> dict[str, int]:
    return {c.groups[0]: c.n for c in answered(reader, facts, filters, [kind])}


def _likeness(counts: Mapping[str, int], margin: Margin, small: set[str]) -> Likeness | None:
    """Compare the shares, with the groups of too few people as one."""

    def label(group: str) -> str:
        return SMALL if group in small else group

    people: dict[str, float] = {}
    for group, n in margin.people.items():
        people[label(group)] = people.get(label(group), 0.0) + n
    answers: dict[str, int] = {}
    for group, count in counts.items():
        if group in margin.people:
            answers[label(group)] = answers.get(label(group), 0) + count
    return likeness(answers, people)


def _row(
    margin: Margin,
    group: str,
    counts: Mapping[str, int],
    inside: int,
    small: set[str],
    came: Mapping[str, int],
    weights: Mapping[str, float],
) -> GroupShare:
    n, served = counts.get(group, 0), 100.0 * margin.share(group)
    invited = margin.invited.get(group) if came else None
    if group in small:
        return GroupShare(group, None, None, served, invited=invited, withheld=True)
    if not inside:
        return GroupShare(group, n, None, served, invited=invited)
    ends = wilson_interval(n, inside)
    row = GroupShare(
        group,
        n,
        100.0 * n / inside,
        served,
        100.0 * ends.low,
        100.0 * ends.high,
        weights.get(group),
        invited,
    )
    if not invited or came.get(group, 0) > invited:
        return row
    rate = wilson_interval(came.get(group, 0), invited)
    return GroupShare(
        *(row.group, row.n, row.share, row.served, row.low, row.high, row.weight, invited),
        rate=100.0 * came.get(group, 0) / invited,
        rate_low=100.0 * rate.low,
        rate_high=100.0 * rate.high,
    )


def _without_rate(row: GroupShare) -> GroupShare:
    return GroupShare(
        *(row.group, row.n, row.share, row.served, row.low, row.high, row.weight),
        withheld=row.withheld,
    )


def _came(
    reader: Reader, facts: Facts, filters: Filters, margin: Margin
) -> tuple[dict[str, int], list[Message]]:
    """Count the answers of the months that invitations are known of, by group."""
    if not margin.invited:
        return {}, []
    if filters.period is not None and not filters.period.whole_months:
        return {}, [msg("Invitations are known per month; choose whole months for response rates")]
    where, params = survey_predicate(filters.for_survey())
    where += facts.of_customers(filters.surveys)
    names = {f"month_{i:d}": month for i, month in enumerate(margin.months)}
    rows = reader.rows(
        f"SELECT COALESCE({margin.kind}, '') AS v, COUNT(*) AS n FROM response WHERE {where} "
        f"AND month_key IN ({', '.join(f'${name}' for name in names)}) GROUP BY 1",
        {**params, **names},
    )
    return {str(r["v"]): int(r["n"]) for r in rows}, []
