"""Keep the definition of a program's satisfaction index, frozen once its year has begun."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import duckdb

from csat.ingest.audit import record
from csat.ingest.catalogue import require_program
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.model.satisfaction_index import (
    IndexDefinition,
    checked,
    in_force,
    index_definition,
    require_year,
)
from csat.store.migration import utc_now
from csat.store.store import Store

MOST_REASON: Final = 500
"""Longest reason that is kept."""


def set_index(
    store: Store,
    program: str,
    year: int,
    definition: IndexDefinition,
    user: User,
    reason: str = "",
    today: date | None = None,
) -> int:
    """Define the index of a program from a year on, and return the number of the version.

    Earlier versions stay on record. A year that has begun is frozen: what is in force in it is
    changed for a stated reason alone, which stays on record too.

    Parameters
    ----------
    today
        The present day where the program is; by the clock where left out.

    Raises
    ------
    UsageProblem
        When there is no such program, the definition contradicts itself or changes nothing, or
        a year that has begun would change without a reason.
    NotAllowed
        When the user may not import.
    """
    user.require("import")
    checked(definition)
    require_year(year)
    said = reason.strip()
    with store.write() as cursor:
        program_id, day = _program(cursor, program, today)
        known = _defined(cursor, program_id)
        present = in_force(known, year)
        if present is not None and present == definition:
            raise UsageProblem(
                msg("The index of {year} is defined so already", year=str(year)),
                msg("There is nothing to do"),
            )
        if present is not None:
            _require_reason(year, day, said)
        number = _insert(cursor, program_id, year, definition.kept(), said, user)
        record(cursor, user, "define index", f"program {program}, from {year}")
    return number


def withdraw_index(
    store: Store,
    program: str,
    year: int,
    user: User,
    reason: str = "",
    today: date | None = None,
) -> int:
    """Take back the definition that begins with a year, which then goes by the year before.

    It stays on record. Raises as `set_index` does, and UsageProblem where no definition begins
    with that year.
    """
    user.require("import")
    said = reason.strip()
    with store.write() as cursor:
        program_id, day = _program(cursor, program, today)
        known = _defined(cursor, program_id)
        if year not in dict(known):
            raise UsageProblem(
                msg("No definition begins with {year}", year=str(year)),
                msg("Use one of: {names}", names=", ".join(str(y) for y, _ in known) or "—"),
            )
        _require_reason(year, day, said)
        number = _insert(cursor, program_id, year, "", said, user)
        record(cursor, user, "withdraw index", f"program {program}, from {year}")
    return number


def needs_reason(known: tuple[tuple[int, IndexDefinition], ...], year: int, today: date) -> bool:
    """Say whether a new definition of a year changes what is frozen."""
    return year <= today.year and in_force(known, year) is not None


def today_in(timezone: str) -> date:
    """Return the present day in a time zone."""
    return datetime.now(ZoneInfo(timezone)).date()


def _require_reason(year: int, today: date, reason: str) -> None:
    if len(reason) > MOST_REASON:
        raise UsageProblem(
            msg("The reason is longer than {n} characters", n=MOST_REASON),
            msg("Say it in a sentence"),
        )
    if year <= today.year and not reason:
        raise UsageProblem(
            msg("The index of {year} is frozen: that year has begun", year=str(year)),
            msg(
                "Define it from {next} on, or give the reason for the change; it stays on record",
                next=str(today.year + 1),
            ),
        )


def _program(cursor: duckdb.DuckDBPyConnection, key: str, today: date | None) -> tuple[int, date]:
    program_id, timezone = require_program(cursor, key)
    return program_id, today or today_in(timezone)


def _defined(
    cursor: duckdb.DuckDBPyConnection, program_id: int
) -> tuple[tuple[int, IndexDefinition], ...]:
    rows = cursor.execute(
        "SELECT year, document FROM index_definition WHERE program_id = $program "
        "ORDER BY definition_id",
        {"program": program_id},
    ).fetchall()
    newest = {int(year): str(document) for year, document in rows}
    return tuple(
        (year, index_definition(json.loads(newest[year])))
        for year in sorted(newest)
        if newest[year]
    )


def _insert(
    cursor: duckdb.DuckDBPyConnection,
    program_id: int,
    year: int,
    document: str,
    reason: str,
    user: User,
) -> int:
    row = cursor.execute(
        "INSERT INTO index_definition (program_id, year, document, reason, set_at, set_by) "
        "VALUES ($program, $year, $document, $reason, $now, $who) RETURNING definition_id",
        {
            "program": program_id,
            "year": year,
            "document": document,
            "reason": reason,
            "now": utc_now(),
            "who": user.name,
        },
    ).fetchone()
    assert row is not None
    return int(row[0])
