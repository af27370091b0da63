"""Numbered SQL migrations, each applied once and in its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from importlib import resources
from typing import Final

import duckdb

from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.store.answer_cells import fill_all_cells
from csat.store.prepared import fill_prepared_scores
from csat.store.scores import fill_expectation_scores, fill_points_scores

_AFTER: Final[dict[str, Callable[[duckdb.DuckDBPyConnection], None]]] = {
    "expectation_scores": fill_expectation_scores,
    "points_scores": fill_points_scores,
    "prepared_scores": fill_prepared_scores,
    "answer_cells": fill_all_cells,
}
"""What a migration of this name does beyond its SQL, in the same transaction."""


def utc_now() -> datetime:
    """Return the present moment as the store keeps it: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def available() -> list[tuple[int, str, str]]:
    """Return number, name and SQL of every migration the product ships, in order.

    Examples
    --------
    >>> [name for _, name, _ in available()][0]
    '0001_initial'
    """
    folder = resources.files("csat.store") / "migrations"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [(int(f.name[:4]), f.name[:-4], f.read_text(encoding="utf-8")) for f in files]


def applied(con: duckdb.DuckDBPyConnection) -> list[int]:
    """Return the numbers of the migrations a store has had."""
    with con.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS schema_migration "
            "(number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"
        )
        rows = cursor.execute("SELECT number FROM schema_migration ORDER BY number").fetchall()
    return [int(r[0]) for r in rows]


def migrate(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Bring a store to the newest layout and return the names of what was applied.

    Raises
    ------
    UsageProblem
        When the store was written by a newer version of the product.
    """
    shipped = available()
    done = applied(con)
    newest = shipped[-1][0]
    if done and done[-1] > newest:
        raise UsageProblem(
            msg("This store has layout {found}, newer than {known}", found=done[-1], known=newest),
            msg("Install the version of csat that wrote it"),
        )
    names = []
    for number, name, sql in shipped:
        if number in done:
            continue
        with con.cursor() as cursor:
            cursor.begin()
            try:
                cursor.execute(sql)
                after = _AFTER.get(name.partition("_")[2])
                if after is not None:
                    after(cursor)
                cursor.execute(
                    "INSERT INTO schema_migration VALUES ($number, $name, $now)",
                    {"number": number, "name": name, "now": utc_now()},
                )
                cursor.commit()
            except BaseException:
                with suppress(duckdb.TransactionException):  # an interrupted commit has ended it
                    cursor.rollback()
                raise
        names.append(name)
    return names
