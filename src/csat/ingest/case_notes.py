"""What people say about a case on the page: notes, and other values of its fields, on record.

What is said is bound to the id of the case in its source. So it outlives another import of the
case, an undo and a rebuild, and applies whenever the case is there.
"""

from __future__ import annotations

from typing import Final

import duckdb

from csat.ingest.audit import record
from csat.ingest.settle import settle, unsettle
from csat.model.case_stages import NOTE, SET_BY_PEOPLE
from csat.model.message import Message, msg
from csat.model.people import User
from csat.model.problem import NotAllowed, UsageProblem
from csat.model.vocabulary import SEVERITY_LABELS
from csat.store.migration import utc_now
from csat.store.store import Store

MOST_LETTERS: Final = 2_000
"""Longest note that is kept."""
MOST_OF_A_VALUE: Final = 200


def say_of_case(
    store: Store, program: str, case_no: str, field: str, value: str, user: User
) -> int:
    """Keep a note on a case, or give one of its fields another value; return its number.

    Every figure counts the case by the new value at once; what the files say is kept beside it.

    Parameters
    ----------
    field
        "note", or one of ``SET_BY_PEOPLE``.
    value
        The text; "yes" or "no" for upheld; a path such as ``Billing > Refund`` for the category.
        Empty takes a field back to "not stated".

    Raises
    ------
    UsageProblem
        For an unknown case or field, an empty or overlong text, or a value that the field cannot
        take.
    NotAllowed
        When the user may not annotate.
    """
    user.require("annotate")
    said = value.strip()
    with store.write() as cursor:
        program_id, timezone, key = _case(cursor, program, case_no)
        problem = _wrong(cursor, program_id, field, said)
        if problem is not None:
            raise UsageProblem(*problem)
        row = cursor.execute(
            "INSERT INTO case_note (program_id, case_key, field, value, made_at, made_by) "
            "VALUES ($p, $key, $field, $value, $now, $who) RETURNING note_id",
            {
                "p": program_id,
                "key": key,
                "field": field,
                "value": said,
                "now": utc_now(),
                "who": user.name,
            },
        ).fetchone()
        number = int(row[0]) if row else 0
        if field != NOTE:
            unsettle(cursor, program_id, [key])
            settle(cursor, program_id, timezone, [key])
        record(cursor, user, f"case {field}", f"case {case_no}, entry {number}")
    return number


def take_back(store: Store, number: int, user: User) -> None:
    """Take back what this user said; it stays on record, and what was said before it applies.

    Raises
    ------
    UsageProblem
        When there is no such entry, or it is taken back already.
    NotAllowed
        When the user may not annotate, or someone else said it.
    """
    user.require("annotate")
    with store.write() as cursor:
        row = cursor.execute(
            "SELECT n.made_by, n.field, n.case_key, n.program_id, p.timezone FROM case_note n "
            "JOIN program p USING (program_id) WHERE n.note_id = $n AND n.removed_at IS NULL",
            {"n": number},
        ).fetchone()
        if row is None:
            raise UsageProblem(
                msg("There is no entry {number} to take back", number=number),
                msg("Open the case again: someone may have changed it"),
            )
        made_by, field, key, program_id, timezone = row
        if made_by != user.name:
            raise NotAllowed(
                msg("Entry {number} is by {who}", number=number, who=made_by),
                msg("Only who said it takes it back; say what is right in an entry of your own"),
            )
        cursor.execute(
            "UPDATE case_note SET removed_at = $now, removed_by = $who WHERE note_id = $n",
            {"now": utc_now(), "who": user.name, "n": number},
        )
        if field != NOTE:
            unsettle(cursor, program_id, [key])
            settle(cursor, program_id, timezone, [key])
        record(cursor, user, "case entry taken back", f"entry {number}")


def _case(cursor: duckdb.DuckDBPyConnection, program: str, case_no: str) -> tuple[int, str, str]:
    """Return the program, its time zone, and the id of the case in its source."""
    row = cursor.execute(
        "SELECT p.program_id, p.timezone, c.source_key FROM complaint c "
        "JOIN program p USING (program_id) WHERE p.key = $program AND c.case_no = $case "
        "AND c.case_no <> '' ORDER BY c.complaint_id DESC LIMIT 1",
        {"program": program, "case": case_no},
    ).fetchone()
    if row is None:
        raise UsageProblem(
            msg("There is no case '{case}' in this program", case=case_no),
            msg("Check the number, or clear the filters"),
        )
    return int(row[0]), str(row[1]), str(row[2])


def _wrong(
    cursor: duckdb.DuckDBPyConnection, program_id: int, field: str, value: str
) -> tuple[Message, Message] | None:
    """Return what is wrong with a value and the remedy, or None."""
    if field == NOTE:
        if not value or len(value) > MOST_LETTERS:
            return (
                msg("A note is missing, or longer than {n} characters", n=MOST_LETTERS),
                msg("Say in a few sentences what others should know"),
            )
        return None
    known: tuple[str, ...] | None = None
    if field == "severity":
        known = tuple(SEVERITY_LABELS)
    elif field == "upheld":
        known = ("yes", "no")
    elif field == "dimension":
        rows = cursor.execute(
            "SELECT key FROM dimension WHERE program_id = $p ORDER BY dim_no", {"p": program_id}
        )
        known = tuple(str(r[0]) for r in rows.fetchall())
    elif field not in SET_BY_PEOPLE:
        return (
            msg("A case has no field '{name}' that people set", name=field),
            msg("Use one of: {names}", names=", ".join((NOTE, *SET_BY_PEOPLE))),
        )
    if value and known is not None and value not in known:
        return (
            msg("'{value}' cannot be the {name}", value=value, name=field),
            msg("Use one of: {names}", names=", ".join(known)),
        )
    if len(value) > MOST_OF_A_VALUE:
        return (
            msg("The value is longer than {n} characters", n=MOST_OF_A_VALUE),
            msg("Give it a short name, and say the rest in a note"),
        )
    return None
