"""Documents of a program of which the latest is in force: who put which there, and when."""

from __future__ import annotations

from typing import Final

from csat.ingest.audit import record
from csat.ingest.catalogue import require_program
from csat.model.people import User
from csat.store.migration import utc_now
from csat.store.store import Store

_TABLES: Final = {"cause_tree": "set cause tree", "service_standard": "set standards"}
"""Table of such documents -> what the audit trail calls a new one."""


def keep_document(store: Store, table: str, program: str, document: str, user: User) -> None:
    """Put a JSON document into force; the earlier ones stay on record.

    Parameters
    ----------
    table
        "cause_tree" or "service_standard".

    Raises
    ------
    UsageProblem
        When there is no such program.
    """
    noted = _TABLES[table]
    with store.write() as cursor:
        program_id, _ = require_program(cursor, program)
        cursor.execute(
            f"INSERT INTO {table} VALUES ($program, $document, $now, $who)",
            {"program": program_id, "document": document, "now": utc_now(), "who": user.name},
        )
        record(cursor, user, noted, f"program {program}")
