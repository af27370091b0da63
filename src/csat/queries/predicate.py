"""Filters as an SQL predicate with named parameters. No value ever becomes SQL text."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from csat.model.case_stages import COMPLAINT, CONDUCT
from csat.model.case_states import URGENT, age_of, return_of
from csat.model.category import category_names
from csat.model.conformance import LINK_DAYS, TARGET_MET, TARGET_MISSED, Basis, Cell
from csat.model.filters import Filters
from csat.model.period import day_key
from csat.model.search import All, Any, Not, Search, Word, parse_search
from csat.queries.coming_back import CAME_BACK, FOLLOWED

_SHARED: Final = (
    ("branch", "branches"),
    ("channel", "channels"),
    ("segment", "segments"),
    ("touchpoint", "touchpoints"),
)
_OF_PROGRAM: Final = "program_id = (SELECT program_id FROM program WHERE key = $program)"
OWN_ANSWER: Final = (
    "complaint c ASOF JOIN (SELECT program_id, respondent_id, submitted_at, csat_top "
    "FROM response WHERE csat_top IS NOT NULL AND respondent_id IS NOT NULL) r "
    "ON c.program_id = r.program_id AND c.respondent_id = r.respondent_id "
    "AND c.received_at <= r.submitted_at"
)
"""Cases with the first answer that their customer gave after they came in."""
OWN_IN_TIME: Final = f"r.submitted_at <= c.received_at + INTERVAL {LINK_DAYS:d} DAY"
_OWN_ANSWERS: Final = (
    f"SELECT c.complaint_id FROM {OWN_ANSWER} WHERE {OWN_IN_TIME} AND c.{_OF_PROGRAM}"
)
_COMPLAINT_ONLY: Final = (
    ("cause", "causes"),
    ("severity", "severities"),
    ("status", "statuses"),
    ("outcome", "outcomes"),
)
_DAY: Final = 86_400


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
            f"AND {_OF_PROGRAM})"
        )
    return " AND ".join(clauses), params


def visit_predicate(filters: Filters) -> tuple[str, dict[str, object]]:
    """Return the condition on ``evaluation``, which states no segment, and its parameters."""
    clauses, params = _common(replace(filters, segments=()), "")
    return " AND ".join(clauses), params


def finding_predicate(filters: Filters) -> tuple[str, dict[str, object]]:
    """Return the condition on ``finding f`` and its parameters.

    A period keeps what was found before its end: what is still open matters whenever it began.
    """
    params: dict[str, object] = {"program": filters.program}
    clauses = [f"f.{_OF_PROGRAM}"]
    if filters.period is not None:
        params["last"] = filters.period.last
        clauses.append("f.found_on <= $last")
    for column, values in (("branch", filters.branches), ("touchpoint", filters.touchpoints)):
        if values:
            clauses.append(_accepts(column, values, params, "f."))
    return " AND ".join(clauses), params


def complaint_predicate(filters: Filters, alias: str = "") -> tuple[str, dict[str, object]]:
    """Return the condition on ``complaint`` and its parameters.

    Without a choice of types it holds for complaints only, not for conduct cases. How cases
    stand against targets is not in the rows: where the filters choose by it,
    `csat.queries.standing.case_predicate` adds it.
    """
    if filters.standings or filters.dues:
        raise ValueError("how cases stand is chosen through case_predicate")
    clauses, params = _common(filters, alias)
    types = {COMPLAINT, CONDUCT} & set(filters.types) or {COMPLAINT}
    if len(types) == 1:
        clauses.append(f"{alias}conduct = {1 if CONDUCT in types else 0:d}")
    clauses += _states(filters, params, alias)
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
    if filters.conformance:
        cell = Cell.of(filters.conformance)
        params["satisfied"] = int(cell.satisfied)
        clauses.append(standard_met(cell.basis, params, alias) + ("" if cell.met else " = FALSE"))
        clauses.append(f"{alias}complaint_id IN ({_OWN_ANSWERS} AND r.csat_top = $satisfied)")
    return " AND ".join(clauses), params


def standard_met(basis: Basis, params: dict[str, object], alias: str) -> str:
    """Return SQL that is true where a case met a standard, and NULL where that is still open.

    Of a target it reads two tables, which `csat.queries.targets.target_sides` hands over.
    """
    if basis.target:
        met, missed = (
            f"{alias}complaint_id IN (SELECT complaint_id FROM {side})"
            for side in (TARGET_MET, TARGET_MISSED)
        )
        return f"(CASE WHEN {met} THEN TRUE WHEN {missed} THEN FALSE END)"
    if not basis.event:
        return f"({alias}timely = 1)"
    params["limit_s"] = basis.seconds
    late = f"{alias}{basis.event}_s > $limit_s"
    return (
        f"(CASE WHEN {late} THEN FALSE WHEN {alias}{basis.event}_event = 1 THEN TRUE ELSE NULL END)"
    )


def _states(filters: Filters, params: dict[str, object], alias: str) -> list[str]:
    """Return the conditions on urgency, age and coming back, and add their parameters."""
    clauses = []
    wanted = set(filters.urgencies)
    if wanted == {"urgent"} or wanted == {"normal"}:
        names = _bind("urgent", URGENT, params)
        no = "" if wanted == {"urgent"} else "NOT "
        clauses.append(f"{no}COALESCE({alias}severity IN ({names}), FALSE)")
    ages = []
    for i, code in enumerate(filters.ages):
        kind, low, high = age_of(code)
        params[f"age_{i}_event"], params[f"age_{i}_low"] = int(kind == "closed"), low * _DAY
        part = f"{alias}resolution_event = $age_{i}_event AND {alias}resolution_s >= $age_{i}_low"
        if high is not None:
            params[f"age_{i}_high"] = high * _DAY
            part += f" AND {alias}resolution_s < $age_{i}_high"
        ages.append(f"({part})")
    if ages:
        clauses.append("(" + " OR ".join(ages) + ")")
    if filters.returns:
        found = []
        for i, code in enumerate(filters.returns):
            kind, days = return_of(code)
            params[f"return_{i}"] = days * _DAY
            follow = FOLLOWED[kind]
            found.append(f"({kind}_s <= $return_{i} AND {follow} >= $return_{i})")
        clauses.append(
            f"{alias}complaint_id IN (SELECT complaint_id FROM ({CAME_BACK}) "
            f"WHERE {' OR '.join(found)})"
        )
    return clauses


def _matches(search: Search, params: dict[str, object], alias: str) -> str:
    """Return the condition that the text of a case matches a search."""
    if isinstance(search, Word):
        found = []
        for form in search.forms:
            name = f"search_{sum(key.startswith('search_') for key in params)}"
            params[name] = form
            found.append(f"contains({alias}search_text, ${name})")
        return found[0] if len(found) == 1 else f"({' OR '.join(found)})"
    if isinstance(search, Not):
        return f"NOT COALESCE({_matches(search.part, params, alias)}, FALSE)"
    assert isinstance(search, All | Any)
    joint = " AND " if isinstance(search, All) else " OR "
    return "(" + joint.join(_matches(part, params, alias) for part in search.parts) + ")"


def _common(filters: Filters, alias: str) -> tuple[list[str], dict[str, object]]:
    params: dict[str, object] = {"program": filters.program}
    clauses = [f"{alias}{_OF_PROGRAM}"]
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
