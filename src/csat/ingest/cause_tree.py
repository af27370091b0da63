"""Keep the tree that joins complaints and survey questions, with who set it and when."""

from __future__ import annotations

from csat.ingest.audit import record
from csat.model.cause_tree import CauseTree, read_cause_tree
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.store.migration import utc_now
from csat.store.store import Store


def set_cause_tree(store: Store, program: str, text: str, user: User) -> CauseTree:
    """Put the themes of a TOML text into force; earlier trees stay on record.

    Raises
    ------
    UsageProblem
        When there is no such program, or the text holds no tree.
    NotAllowed
        When the user may not import.
    """
    user.require("import")
    tree, kept = read_cause_tree(text)
    with store.write() as cursor:
        row = cursor.execute(
            "SELECT program_id FROM program WHERE key = $key", {"key": program}
        ).fetchone()
        if row is None:
            raise UsageProblem(
                msg("There is no program '{key}'", key=program), msg("Load its files first")
            )
        cursor.execute(
            "INSERT INTO cause_tree VALUES ($program, $document, $now, $who)",
            {"program": row[0], "document": kept, "now": utc_now(), "who": user.name},
        )
        record(cursor, user, "set cause tree", f"program {program}")
    return tree
