"""Keep the service standards of a program, with who set them and when."""

from __future__ import annotations

from csat.ingest.audit import record
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.model.standards import ServiceStandard, read_standard
from csat.store.migration import utc_now
from csat.store.store import Store


def set_standard(store: Store, program: str, text: str, user: User) -> ServiceStandard:
    """Put calendar and targets from a TOML text into force; earlier ones stay on record.

    Raises
    ------
    UsageProblem
        When there is no such program, or the text is no service standard.
    NotAllowed
        When the user may not import.
    """
    user.require("import")
    standard, kept = read_standard(text)
    with store.write() as cursor:
        row = cursor.execute(
            "SELECT program_id FROM program WHERE key = $key", {"key": program}
        ).fetchone()
        if row is None:
            raise UsageProblem(
                msg("There is no program '{key}'", key=program), msg("Load its files first")
            )
        cursor.execute(
            "INSERT INTO service_standard VALUES ($program, $document, $now, $who)",
            {"program": row[0], "document": kept, "now": utc_now(), "who": user.name},
        )
        record(cursor, user, "set standards", f"program {program}")
    return standard
