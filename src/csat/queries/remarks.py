"""What customers wrote who answered one question: the words behind a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from csat.model.filters import Filters
from csat.model.people import User
from csat.model.settings import Thresholds
from csat.queries.blocks import questions, source
from csat.queries.facts import facts as facts_of
from csat.queries.isolation import isolated
from csat.store.store import Store

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Remarks:
    """Comments of customers who answered a question, the lowest ratings first.

    Parameters
    ----------
    total
        Customers with a comment; None where they are too few to be shown.
    rows
        ``rating`` and ``body``.
    """

    total: int | None
    rows: list[dict[str, Any]]


def remarks(
    store: Store,
    filters: Filters,
    item: str,
    *,
    user: User,
    thresholds: Thresholds | None = None,
    limit: int = 25,
) -> Remarks:
    """Return what customers wrote who answered a question, without saying who they are.

    Nothing is shown where fewer wrote than `Thresholds.comments_under`, and no day or group of
    any comment, so that no one is recognised by when and where.

    Raises
    ------
    NotAllowed
        When the reader may not read texts.
    UsageProblem
        For an unknown program.
    """
    user.require("read_narratives")
    limits = thresholds or Thresholds()
    facts = facts_of(store, filters.program)
    asked = [q for q in questions(facts, filters) if q.key == item]
    rows: list[dict[str, Any]] = []
    people = 0
    for q in asked:
        column = q.column("perception")
        origin, params = source(q.survey_id, filters)
        joined = origin.replace(
            " a WHERE", " a JOIN comment c ON c.response_id = a.response_id WHERE", 1
        )
        people += int(
            store.rows(
                f"SELECT COUNT(DISTINCT a.response_id) AS n {joined} AND a.{column} IS NOT NULL",
                params,
            )[0]["n"]
        )
        rows += store.rows(
            f"SELECT a.{column} AS rating, c.body {joined} AND a.{column} IS NOT NULL "
            "ORDER BY rating, a.response_id DESC LIMIT $limit",
            {**params, "limit": min(limit, MOST)},
        )
    if people < limits.comments_under or isolated(store, filters, limits) is not None:
        return Remarks(None if people else 0, [])
    rows.sort(key=lambda r: int(r["rating"]))
    return Remarks(people, rows[:limit])
