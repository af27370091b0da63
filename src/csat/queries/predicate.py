"""Filters as an SQL predicate with named parameters. No value ever becomes SQL text."""

from __future__ import annotations

from typing import Final

from csat.model.case_stages import COMPLAINT, CONDUCT
from csat.model.category import category_names
from csat.model.filters import Filters
from csat.model.period import day_key
from csat.model.search import All, Any, Not, Search, Word, parse_search

_SHARED: Final = (
    ("branch", "branches"),
    ("channel", "channels"),
    ("segment", "segments"),
    ("touchpoint", "touchpoints"),
)
_COMPLAINT_ONLY: Final = (("severity", "severities"), ("status", "statuses"))


def survey_predicate(filters: Filters, alias: str = "") -> tuple[str, dict[str, object]]:
    """Return the condition on ``response`` and its parameters.

    Examples
    --------
    >>> sql, params = survey_predicate(Filters.of("demo", branches=["North"]))
    >>> sql
    'program_id = (SELECT program_id FROM program WHERE key = $program) AND (branch IN ($branch_0))'
    >>> params
    {'program': 'demo', 'branch_0': 'North'}
    """
    clauses, params = _common(filters, alias)
    if filters.surveys:
        names = _bind("survey", filters.surveys, params)
        clauses.append(
            f"{alias}survey_id IN (SELECT survey_id FROM survey WHERE key IN ({names}) "
            f"AND program_id = {alias}program_id)"
        )
    return " AND ".join(clauses), params


def complaint_predicate(filters: Filters, alias: str = "") -> tuple[str, dict[str, object]]:
    """Return the condition on ``complaint`` and its parameters.

    Without a choice of types it holds for complaints only, not for conduct cases.
    """
    clauses, params = _common(filters, alias)
    types = {COMPLAINT, CONDUCT} & set(filters.types) or {COMPLAINT}
    if len(types) == 1:
        clauses.append(f"{alias}conduct = {1 if CONDUCT in types else 0:d}")
    for column, field in _COMPLAINT_ONLY:
        values = getattr(filters, field)
        if values:
            clauses.append(_accepts(column, values, params, alias))
    if filters.categories:
        paths = []
        for i, path in enumerate(filters.categories):
            parts = []
            for level, value in enumerate(category_names(path)[:3], start=1):
                name = f"category_{i}_{level}"
                params[name] = value
                column = "category" if level == 1 else f"category_{level}"
                parts.append(f"COALESCE({alias}{column}, '') = ${name}")
            paths.append("(" + " AND ".join(parts) + ")")
        clauses.append("(" + " OR ".join(paths) + ")")
    search = parse_search(filters.search)
    if search is not None:
        clause = _matches(search, params, alias)
        if isinstance(search, Word) and any(sign.isdigit() for sign in search.text):
            # It may be the number of a case.
            clause = f"({clause} OR LOWER({alias}case_no) = $search_0)"
        clauses.append(clause)
    return " AND ".join(clauses), params


def _matches(search: Search, params: dict[str, object], alias: str) -> str:
    """Return the condition that the text of a case matches a search."""
    if isinstance(search, Word):
        name = f"search_{sum(key.startswith('search_') for key in params)}"
        params[name] = search.text
        return f"contains({alias}search_text, ${name})"
    if isinstance(search, Not):
        return f"NOT COALESCE({_matches(search.part, params, alias)}, FALSE)"
    assert isinstance(search, All | Any)
    joint = " AND " if isinstance(search, All) else " OR "
    return "(" + joint.join(_matches(part, params, alias) for part in search.parts) + ")"


def _common(filters: Filters, alias: str) -> tuple[list[str], dict[str, object]]:
    params: dict[str, object] = {"program": filters.program}
    clauses = [f"{alias}program_id = (SELECT program_id FROM program WHERE key = $program)"]
    if filters.period is not None:
        params["first"] = day_key(filters.period.first)
        params["last"] = day_key(filters.period.last)
        clauses.append(f"{alias}day_key BETWEEN $first AND $last")
    for column, field in _SHARED:
        values = getattr(filters, field)
        if values:
            clauses.append(_accepts(column, values, params, alias))
    return clauses, params


def _accepts(column: str, values: tuple[str, ...], params: dict[str, object], alias: str) -> str:
    named = tuple(v for v in values if v)
    parts = []
    if named:
        parts.append(f"{alias}{column} IN ({_bind(column, named, params)})")
    if "" in values:
        parts.append(f"{alias}{column} IS NULL")
    return "(" + " OR ".join(parts) + ")"


def _bind(stem: str, values: tuple[str, ...], params: dict[str, object]) -> str:
    names = []
    for i, value in enumerate(values):
        params[f"{stem}_{i}"] = value
        names.append(f"${stem}_{i}")
    return ", ".join(names)
