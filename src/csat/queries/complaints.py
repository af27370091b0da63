"""Complaint records: lists, one case, category tree and Pareto."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from csat.model.case_stages import COMPLAINT, CONDUCT
from csat.model.category import category_path
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.queries import catalogue
from csat.queries.case_columns import (
    CONDUCT_COLUMNS,
    PERSONAL,
    PUBLIC,
    SELDOM,
    case_columns,
    no_case,
    shown,
)
from csat.queries.standing import case_predicate
from csat.store.store import Store

SINGLE: Final = "case_no <> ''"
"""Rows that are a case of their own, not a count of cases."""
_FACETS: Final = (
    "category",
    "cause",
    "severity",
    "status",
    "branch",
    "channel",
    "touchpoint",
    "outcome",
)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of cases, and how many there are."""

    total: int
    shown: int
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Branch:
    """One node of the category tree with the number of cases below it."""

    path: str
    label: str
    count: int
    children: tuple[Branch, ...] = ()


def listing(
    store: Store,
    filters: Filters,
    *,
    user: User,
    limit: int = 50,
    offset: int = 0,
    total: int | None = None,
) -> Listing:
    """Return one page of cases, newest first, in the program's local time.

    Parameters
    ----------
    user
        The reader; complaint texts and respondent ids are read only for those allowed.
    total
        How many cases can be listed, where that is known already; else they are counted.

    Raises
    ------
    NotAllowed
        When the filters search the text and the reader may not read it.
    """
    program = catalogue.require_program(store, filters.program)
    columns = [*PUBLIC, *(PERSONAL if user.may("read_narratives") else ())]
    if CONDUCT in filters.types:
        columns += CONDUCT_COLUMNS
    if filters.search:
        user.require("read_narratives")
    where, params = case_predicate(store, filters)
    where += f" AND {SINGLE}"
    if total is None:
        total = store.rows(f"SELECT COUNT(*) AS n FROM complaint WHERE {where}", params)[0]["n"]
    select = ", ".join(_local(c, program.timezone) for c in columns)
    rows = store.rows(
        f"SELECT {select} FROM complaint WHERE {where} "
        "ORDER BY complaint.received_at DESC, complaint_id DESC LIMIT $limit OFFSET $offset",
        {**params, **_zone(program.timezone), "limit": limit, "offset": offset},
    )
    return Listing(int(total), len(rows), rows)


def export(
    store: Store, filters: Filters, *, user: User
) -> tuple[tuple[str, ...], Iterator[pa.RecordBatch]]:
    """Return every case chosen, in the order of the list, with all columns the reader may see.

    The columns come first, then the rows in batches: any number of cases fits.

    Raises
    ------
    NotAllowed
        When the filters search the text and the reader may not read it.
    """
    if filters.search:
        user.require("read_narratives")
    zone = catalogue.require_program(store, filters.program).timezone
    where, params = case_predicate(store, filters)
    columns = _telling(store, where, params, case_columns(user))
    select = ", ".join(_local(c, zone) for c in columns)
    return columns, store.batches(
        f"SELECT {select} FROM complaint WHERE {where} AND {SINGLE} "
        "ORDER BY complaint.received_at DESC, complaint_id DESC",
        {**params, **_zone(zone)},
    )


def _telling(
    store: Store, where: str, params: dict[str, object], columns: tuple[str, ...]
) -> tuple[str, ...]:
    """Leave out the columns that few files have where none of the chosen cases fills them."""
    seldom = [c for c in columns if c in (*SELDOM, "owner")]
    filled = ", ".join(
        f"SUM({c}) AS {c}" if c == "conduct" else f"COUNT({c}) AS {c}" for c in seldom
    )
    told = store.rows(f"SELECT {filled} FROM complaint WHERE {where} AND {SINGLE}", params)[0]
    return tuple(c for c in columns if c not in seldom or told[c])


def case(store: Store, program: str, case_no: str, *, user: User) -> dict[str, Any]:
    """Return everything the reader may see of one case.

    Raises
    ------
    UsageProblem
        When the program holds no such case.
    """
    zone = catalogue.require_program(store, program).timezone
    select = ", ".join(_local(c, zone) for c in case_columns(user))
    rows = store.rows(
        f"SELECT {select} FROM complaint WHERE program_id = "
        "(SELECT program_id FROM program WHERE key = $program) AND case_no = $case "
        f"AND {SINGLE} "
        "ORDER BY complaint_id DESC LIMIT 1",
        {"program": program, "case": case_no, **_zone(zone)},
    )
    if not rows:
        raise no_case(case_no)
    return rows[0]


def _local(column: str, timezone: str) -> str:
    return shown(column, "complaint.", timezone)


def _zone(timezone: str) -> dict[str, str]:
    return {} if timezone == "UTC" else {"tz": timezone}


def count(store: Store, filters: Filters) -> int:
    """Return how many cases the filters choose, those in files of counts included."""
    return counts(store, filters)[0]


def counts(store: Store, filters: Filters) -> tuple[int, int]:
    """Return how many cases the filters choose, and how many of them only as counts."""
    where, params = case_predicate(store, filters)
    row = store.rows(
        f"SELECT SUM(cases) AS n, SUM(CASE WHEN {SINGLE} THEN 0 ELSE cases END) AS counted "
        f"FROM complaint WHERE {where}",
        params,
    )[0]
    return int(row["n"] or 0), int(row["counted"] or 0)


def types_of_cases(store: Store, program: str) -> dict[str, int]:
    """Return how many complaints and how many conduct cases a program has."""
    rows = store.rows(
        "SELECT conduct, SUM(cases) AS n FROM complaint WHERE program_id = "
        "(SELECT program_id FROM program WHERE key = $program) GROUP BY conduct",
        {"program": program},
    )
    return {CONDUCT if r["conduct"] else COMPLAINT: int(r["n"]) for r in rows}


def category_tree(store: Store, filters: Filters) -> tuple[Branch, ...]:
    """Return the categories as a tree with counts under all other filters, largest first."""
    where, params = case_predicate(store, filters.with_(categories=()))
    rows = store.rows(
        "SELECT COALESCE(category, '') AS a, COALESCE(category_2, '') AS b, "
        f"COALESCE(category_3, '') AS c, SUM(cases) AS n FROM complaint WHERE {where} "
        "GROUP BY 1, 2, 3",
        params,
    )
    return branches_of([((r["a"], r["b"], r["c"]), int(r["n"])) for r in rows])


def branches_of(rows: list[tuple[tuple[str, str, str], int]]) -> tuple[Branch, ...]:
    """Return the tree of categories of three levels with their cases, the largest first.

    Examples
    --------
    >>> [(b.label, b.count) for b in branches_of([(("A", "x", ""), 2), (("A", "y", ""), 3)])]
    [('A', 5)]
    """
    return _branches(rows, ())


def _branches(
    rows: list[tuple[tuple[str, str, str], int]], above: tuple[str, ...]
) -> tuple[Branch, ...]:
    """Return the branches one level below some names, largest first, then by name."""
    depth = len(above)
    below: dict[str, list[tuple[tuple[str, str, str], int]]] = {}
    for names, n in rows:
        if depth == 0 or (depth < 3 and names[depth]):
            below.setdefault(names[depth], []).append((names, n))
    found = [
        Branch(
            category_path([*above, name]),
            name,
            sum(n for _, n in part),
            _branches(part, (*above, name)),
        )
        for name, part in below.items()
    ]
    return tuple(sorted(found, key=lambda b: (-b.count, b.label)))


def every_branch(tree: Iterable[Branch]) -> Iterator[Branch]:
    """Yield every branch of a tree, each before those below it."""
    for branch in tree:
        yield branch
        yield from every_branch(branch.children)


def facet(store: Store, filters: Filters, column: str) -> list[tuple[str, int]]:
    """Count cases per value of one column, largest first; "" stands for not stated.

    Raises
    ------
    UsageProblem
        When the column is not one that cases are counted by.
    """
    if column not in _FACETS:
        raise UsageProblem(
            msg("Cases are not counted by '{name}'", name=column),
            msg("Use one of: {names}", names=", ".join(_FACETS)),
        )
    where, params = case_predicate(store, filters)
    rows = store.rows(
        f"SELECT COALESCE({column}, '') AS label, SUM(cases) AS n FROM complaint "
        f"WHERE {where} GROUP BY 1 ORDER BY n DESC, label",
        params,
    )
    return [(r["label"], int(r["n"])) for r in rows]
