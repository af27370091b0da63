"""Customers served per month and branch: what is loaded already, and the load."""

from __future__ import annotations

import duckdb

from csat.ingest.catalogue import Target
from csat.ingest.mapping import Mapping
from csat.ingest.reasons import reason_text
from csat.ingest.typed_select import MONTH_OF
from csat.model.message import msg


def find_known_months(cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target) -> None:
    """Compare customers per month and branch with those loaded before, which they would double.

    The same number is loaded already; another number, or one that includes it, is refused.
    """
    reason = {"reason": reason_text(msg("is not the number loaded before for this month"))}
    cursor.execute("DROP TABLE IF EXISTS known")
    cursor.execute("DELETE FROM refused WHERE reason = $reason", reason)
    branch = "t.branch" if mapping.column("branch") else "CAST(NULL AS VARCHAR)"
    cursor.execute(
        "CREATE TEMP TABLE known AS WITH new AS (SELECT t.row_no, "
        f"{MONTH_OF.format('t.month')} AS month_key, {branch} AS branch, t.customers, SUM("
        f"t.customers) OVER (PARTITION BY {MONTH_OF.format('t.month')}, {branch}) AS total "
        "FROM typed t WHERE t.row_no NOT IN (SELECT row_no FROM refused)), "
        "old AS (SELECT month_key, branch, SUM(customers) AS total FROM exposure "
        "WHERE program_id = $id GROUP BY month_key, branch) "
        "SELECT new.row_no, CAST(NULL AS BIGINT) AS old_id, FALSE AS changed, "
        "MIN(CASE WHEN new.branch IS NOT DISTINCT FROM old.branch "
        "AND new.total = old.total THEN 1 ELSE 0 END) AS same, MAX(new.customers) AS customers "
        "FROM new JOIN old ON new.month_key = old.month_key AND (new.branch = old.branch "
        "OR new.branch IS NULL OR old.branch IS NULL) GROUP BY new.row_no",
        {"id": target.program_id},
    )
    column = mapping.column("customers")
    cursor.execute(
        "INSERT INTO refused SELECT row_no, $column, CAST(CAST(customers AS BIGINT) AS VARCHAR), "
        "$reason FROM known WHERE same = 0",
        {"column": column.source if column else "", **reason},
    )


def load_exposure(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, *, program_id: int, batch_id: int
) -> None:
    """Move accepted rows into ``exposure``: customers served per month and branch."""
    branch = "t.branch" if mapping.column("branch") else "CAST(NULL AS VARCHAR)"
    cursor.execute(
        "INSERT INTO exposure SELECT $program, $batch, "
        f"{MONTH_OF.format('t.month')}, {branch}, CAST(t.customers AS BIGINT) "
        "FROM typed t WHERE t.row_no IN (SELECT row_no FROM accepted)",
        {"program": program_id, "batch": batch_id},
    )
