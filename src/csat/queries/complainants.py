"""How satisfied customers are after a complaint of theirs was closed, beside all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.isolation import isolated
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.stats.comparison import newcombe_difference
from csat.stats.intervals import wilson_interval
from csat.stats.paired import adjust
from csat.store.store import Store

METRIC: Final = "csat_top_box"
WITHIN_DAYS: Final = 90
AFTER_CUTS: Final = ("outcome", "timely", "upheld", "category", "cause", "severity")
MOST_GROUPS: Final = 30
_ENOUGH: Final = 30
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class After:
    """Share of satisfied answers, 0 to 100, of one group of people.

    ``group`` is "complainants" or "others" in the first two rows; then the groups of
    complainants by what was recorded of their case, "" where that is not stated.
    """

    group: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Complainants:
    """The answer: complainants and others, then complainants by group.

    ``note`` is the reason why there is nothing.
    """

    rows: tuple[After, ...]
    groups: tuple[After, ...]
    by: str | None
    provenance: Provenance
    note: Message | None = None


def complainants(
    store: Store,
    filters: Filters,
    by: str | None = None,
    thresholds: Thresholds | None = None,
) -> Complainants:
    """Answer how satisfied customers are in the 90 days after a case of theirs was closed.

    An answer belongs to the customer's latest case closed before it; those without one in the
    90 days before are the others. Shared filters (period, branch, channel, segment, touchpoint,
    survey) choose the answers; filters of cases are left out, so that no few people are set
    apart by what they complained about. A touchpoint where complaints are handled, where the
    survey knows one, narrows the answers down to the handling itself.

    Parameters
    ----------
    by
        One of ``AFTER_CUTS``, such as "outcome" for how the case was closed.

    Raises
    ------
    UsageProblem
        When answers are not grouped that way, or there is no such program.
    """
    if by is not None and by not in AFTER_CUTS:
        raise UsageProblem(
            msg("'{by}' is no grouping of complainants", by=by),
            msg("Use one of: {names}", names=", ".join(AFTER_CUTS)),
        )
    limits = thresholds or Thresholds()
    asked = filters.for_survey().with_(compare="none")
    reader = Reader(store, facts_of(store, filters.program))
    apart = isolated(store, asked, limits, ("csat_top",))
    if apart is not None:
        return Complainants((), (), by, reader.provenance(asked), apart)
    where, params = survey_predicate(asked, "r.")
    label = f"CAST({by} AS VARCHAR)" if by else "NULL"
    counted = reader.rows(
        f"WITH closed AS (SELECT respondent_id, resolved_at, COALESCE({label}, '') AS label "
        "FROM complaint WHERE program_id = (SELECT program_id FROM program WHERE key = $program) "
        "AND respondent_id IS NOT NULL AND case_no <> '' AND resolved_at IS NOT NULL) "
        "SELECT DATE_DIFF('second', c.resolved_at, r.submitted_at) <= "
        f"{WITHIN_DAYS * _DAY:d} AS after, c.label, COUNT(*) AS n, SUM(r.csat_top) AS x "
        "FROM response r ASOF LEFT JOIN closed c ON r.respondent_id = c.respondent_id "
        f"AND r.submitted_at >= c.resolved_at WHERE {where} AND r.csat_top IS NOT NULL "
        "GROUP BY 1, 2 ORDER BY n DESC, 2",
        params,
    )
    ours = [r for r in counted if r["after"]]
    if not ours:
        why = msg("No customer with a closed case answered a survey within 90 days of it.")
        return Complainants((), (), by, reader.provenance(asked), why)
    rest = [r for r in counted if not r["after"]]
    both = _compared([("complainants", *_sum(ours)), ("others", *_sum(rest))])[:1]
    both.append(_after("others", *_sum(rest)))
    rows = _gated(both, limits)
    groups: list[After] = []
    if by:
        groups = _gated(_compared([(str(r["label"]), int(r["n"]), int(r["x"])) for r in ours]),
                        limits)[:MOST_GROUPS]  # fmt: skip
        if any(r.figure.withheld for r in rows):
            groups = []
    return Complainants(tuple(rows), tuple(groups), by, reader.provenance(asked))


def _sum(rows: Sequence[dict[str, Any]]) -> tuple[int, int]:
    return sum(int(r["n"]) for r in rows), sum(int(r["x"]) for r in rows)


def _after(group: str, n: int, x: int) -> After:
    if not n:
        none = Figure(METRIC, group, None, "percent", 0, None, None, "not_compared", "no_data")
        return After(group, none)
    ends = wilson_interval(x, n)
    return After(
        group,
        Figure(METRIC, group, 100 * x / n, "percent", n, 100 * ends.low, 100 * ends.high,
               "not_compared"),
    )  # fmt: skip


def _compared(groups: Sequence[tuple[str, int, int]]) -> list[After]:
    """Compare each group with all others together (Newcombe; corrected for their number)."""
    n, x = sum(g[1] for g in groups), sum(g[2] for g in groups)
    tests = [
        newcombe_difference(hits, own, x - hits, n - own) if min(own, n - own) >= _ENOUGH else None
        for _, own, hits in groups
    ]
    adjusted, _ = adjust([test.p_value if test else None for test in tests])
    out = []
    for (group, own, hits), test, p in zip(groups, tests, adjusted, strict=True):
        row = _after(group, own, hits)
        if test is not None and p is not None:
            clear = "better" if test.difference > 0 else "worse"
            figure = replace(
                row.figure,
                verdict=clear if p < 0.05 else "no_clear_change",
                p_value=p,
                difference=100 * test.difference,
                difference_low=100 * test.low,
                difference_high=100 * test.high,
            )
            row = replace(row, figure=figure)
        out.append(row)
    return out


def _gated(rows: Sequence[After], limits: Thresholds) -> list[After]:
    shown = gate([r.figure for r in rows], limits, parts_of_whole=True)
    return [replace(row, figure=figure) for row, figure in zip(rows, shown, strict=True)]
