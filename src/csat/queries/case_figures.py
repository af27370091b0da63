"""What the complaints page counts of the cases chosen, for the page, exports and command line."""

from __future__ import annotations

import json
from dataclasses import dataclass

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import Message
from csat.model.settings import Thresholds
from csat.queries import complaints
from csat.queries.complaints import Branch
from csat.queries.figures import evaluate
from csat.store.store import Store

CARDS = (
    "complaints_received",
    "complaints_per_1000",
    "timely_response_share",
    "median_days_to_response",
    "median_days_to_resolution",
)


@dataclass(frozen=True, slots=True)
class ParetoRow:
    """One cause or category: its cases, its share and the share reached with it, 0 to 100."""

    name: str
    count: int
    share: float
    reached: float


@dataclass(frozen=True, slots=True)
class RefusedRows:
    """How many rows of the program's complaint files were refused, and why."""

    column: str
    reason: Message
    rows: int


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """The figures of the cases chosen.

    Parameters
    ----------
    count, counted_only
        Cases, and how many of them are known as counts without a case to open.
    cards
        Headline figures, after the privacy gate.
    pareto_by, pareto
        "cause", "category" or "branch", the first that is recorded; the most frequent first.
    pareto_urgent
        The same of urgent cases alone.
    rows_read, refused
        Of all complaint files of the program: what was read, and what was left out of every
        figure because it cannot be true.
    """

    count: int
    counted_only: int
    cards: tuple[Figure, ...]
    categories: tuple[Branch, ...]
    pareto_by: str
    pareto: tuple[ParetoRow, ...]
    pareto_urgent: tuple[ParetoRow, ...]
    rows_read: int
    refused: tuple[RefusedRows, ...]


def case_figures(
    store: Store, filters: Filters, thresholds: Thresholds | None = None
) -> CaseFigures:
    """Answer what the cases chosen are, in numbers.

    Raises
    ------
    UsageProblem
        When there is no such program, or the search cannot be read.
    """
    by, rows = pareto_rows(store, filters)
    read, refused = _refused(store, filters.program)
    return CaseFigures(
        *complaints.counts(store, filters),
        evaluate(store, filters, CARDS, "total", thresholds).figures,
        complaints.category_tree(store, filters),
        by,
        rows,
        pareto_rows(store, filters, "urgent")[1],
        read,
        refused,
    )


def pareto_rows(
    store: Store, filters: Filters, weighed: str = "cases"
) -> tuple[str, tuple[ParetoRow, ...]]:
    """Return the causes, the most frequent first, and what they are.

    Where no cause is recorded they are categories, and where there are none of these either,
    branches.

    Parameters
    ----------
    weighed
        "cases" counts every case, "urgent" those of a severity that is urgent alone.
    """
    if weighed == "urgent":
        if filters.urgencies == ("normal",):
            return "cause", ()
        filters = filters.with_(urgencies=("urgent",))
    by, found = "category", complaints.facet(store, filters, "category")
    for other in ("cause", "category", "branch"):
        named = complaints.facet(store, filters, other)
        if any(name for name, _ in named):
            by, found = other, named
            break
    total = sum(n for _, n in found)
    rows, reached = [], 0
    for name, n in found:
        if not n:
            continue
        reached += n
        rows.append(ParetoRow(name, n, 100 * n / total, 100 * reached / total))
    return by, tuple(rows)


def _refused(store: Store, program: str) -> tuple[int, tuple[RefusedRows, ...]]:
    whose = (
        "b.kind = 'complaints' AND b.status = 'active' AND b.program_id = "
        "(SELECT program_id FROM program WHERE key = $program)"
    )
    read = store.rows(
        f"SELECT SUM(rows_read) AS n FROM batch b WHERE {whose}", {"program": program}
    )
    rows = store.rows(
        "SELECT r.column_name, r.reason, COUNT(DISTINCT r.row_no) AS n FROM rejected_row r "
        f"JOIN batch b USING (batch_id) WHERE {whose} GROUP BY 1, 2 ORDER BY n DESC, 1, 2",
        {"program": program},
    )
    found = []
    for row in rows:
        raw = json.loads(row["reason"])
        reason = Message(raw["text"], raw["params"])
        found.append(RefusedRows(row["column_name"] or "", reason, int(row["n"])))
    return int(read[0]["n"] or 0), tuple(found)
