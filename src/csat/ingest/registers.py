"""Keep the registers of a program: from a file or by hand, every version with who and when."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import duckdb

from csat.ingest.audit import record
from csat.ingest.catalogue import require_program
from csat.ingest.reading import Source
from csat.ingest.register_files import not_too_many, read_entries
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.model.register_fields import cells_of, read_entry
from csat.model.registers import REGISTERS, Entry
from csat.store.migration import utc_now
from csat.store.store import Store

_LATEST: Final = (
    "SELECT code, document FROM register_version "
    "WHERE program_id = $program AND register = $register "
    "QUALIFY ROW_NUMBER() OVER (PARTITION BY code ORDER BY version_no DESC) = 1"
)


@dataclass(frozen=True, slots=True)
class Changed:
    """What a step changed: entries new, replaced, taken out, and as they were before.

    ``number`` names the step for `take_back`; None where nothing changed.
    """

    number: int | None
    new: int = 0
    replaced: int = 0
    removed: int = 0
    same: int = 0


def load_register(store: Store, program: str, register: str, source: Source, user: User) -> Changed:
    """Take a file into a register: entries of known codes are replaced, others added.

    Entries that the file does not name stay. The columns are known by the headings of the
    template in either language, or by the names of the fields.

    Raises
    ------
    ImportProblem
        Naming file, row, column and value; nothing was written.
    UsageProblem
        When there is no such program or register.
    NotAllowed
        When the user may not import.
    """
    user.require("import")
    _known(register)
    entries = read_entries(store, register, source)
    return save_entries(store, program, register, entries, user, note=source.name)


def ever_held(store: Store, program: str, register: str) -> bool:
    """Say whether a register has any version on record, be it in force or not."""
    return bool(
        store.rows(
            "SELECT 1 AS one FROM register_version v JOIN program p USING (program_id) "
            "WHERE p.key = $program AND v.register = $register LIMIT 1",
            {"program": program, "register": register},
        )
    )


def save_entries(
    store: Store,
    program: str,
    register: str,
    entries: Iterable[Entry],
    user: User,
    *,
    note: str = "",
    removed: Iterable[str] = (),
) -> Changed:
    """Put entries into force by their codes, and take some out, in one step.

    Parameters
    ----------
    note
        Where they come from: a file name, or "" for the page.
    removed
        Codes of entries to take out; they stay on record.

    Raises
    ------
    UsageProblem
        When there is no such program or register, no entry of a code to take out, or an entry
        lacks what its register requires.
    NotAllowed
        When the user may not edit registers.
    """
    user.require("annotate")
    _known(register)
    wanted = {e.code: _document(register, e) for e in entries}
    wanted |= dict.fromkeys(removed, "")
    with store.write() as cursor:
        number, _ = require_program(cursor, program)
        known = dict(cursor.execute(_LATEST, {"program": number, "register": register}).fetchall())
        missing = [code for code, text in wanted.items() if not text and not known.get(code)]
        if missing:
            raise UsageProblem(
                msg("There is no entry '{code}'", code=missing[0]), msg("List the register first")
            )
        rows = [(code, text) for code, text in wanted.items() if known.get(code) != text]
        not_too_many(len(known.keys() | wanted.keys()))
        change = _append(cursor, number, register, rows, user, note) if rows else None
    gone = sum(not text for _, text in rows)
    new = sum(not known.get(code) for code, text in rows if text)
    return Changed(change, new, len(rows) - new - gone, gone, len(wanted) - len(rows))


def _document(register: str, entry: Entry) -> str:
    """Return an entry as it is kept, after reading it once as it will be read."""
    cells = cells_of(entry)
    read_entry(register, cells)
    return json.dumps(cells, ensure_ascii=False)


def take_back(store: Store, program: str, register: str, change: int, user: User) -> Changed:
    """Undo one step: every entry that it changed is again as it was before.

    Raises
    ------
    UsageProblem
        When there is no such step, or an entry was changed again since.
    NotAllowed
        When the user may not edit registers.
    """
    user.require("annotate")
    with store.write() as cursor:
        number, _ = require_program(cursor, program)
        place = {"program": number, "register": register, "change": change}
        rows = cursor.execute(
            "WITH known AS (SELECT code, change_no, LAG(document, 1, '') OVER own AS before, "
            "ROW_NUMBER() OVER (PARTITION BY code ORDER BY version_no DESC) > 1 AS later "
            "FROM register_version WHERE program_id = $program AND register = $register "
            "WINDOW own AS (PARTITION BY code ORDER BY version_no)) "
            "SELECT code, before, later FROM known WHERE change_no = $change ORDER BY code",
            place,
        ).fetchall()
        if not rows:
            raise UsageProblem(
                msg("There is no change {number}", number=change), msg("List the history first")
            )
        if any(later for _, _, later in rows):
            raise UsageProblem(
                msg("Entries of change {number} were changed again since", number=change),
                msg("Take the later change back first, or restore single entries"),
            )
        before = [(code, text) for code, text, _ in rows]
        made = _append(cursor, number, register, before, user, f"undo {change}")
    gone = sum(not text for _, text in before)
    return Changed(made, 0, len(before) - gone, gone)


def restore_version(store: Store, program: str, register: str, version: int, user: User) -> Changed:
    """Put an earlier version of an entry into force again.

    Raises
    ------
    UsageProblem
        When there is no such version.
    NotAllowed
        When the user may not edit registers.
    """
    user.require("annotate")
    with store.write() as cursor:
        number, _ = require_program(cursor, program)
        found = cursor.execute(
            "SELECT code, document FROM register_version WHERE version_no = $version AND "
            "program_id = $program AND register = $register",
            {"version": version, "program": number, "register": register},
        ).fetchone()
        if found is None:
            raise UsageProblem(
                msg("There is no version {number}", number=version), msg("List the history first")
            )
        made = _append(cursor, number, register, [found], user, f"restore {version}")
    return Changed(made, 0, int(bool(found[1])), int(not found[1]))


def _append(
    cursor: duckdb.DuckDBPyConnection,
    program: int,
    register: str,
    rows: Iterable[tuple[str, str]],
    user: User,
    note: str,
) -> int:
    change = cursor.execute("SELECT nextval('register_change_ids')").fetchone()
    number = int(change[0]) if change else 0
    now = utc_now()
    cursor.executemany(
        "INSERT INTO register_version (program_id, register, code, change_no, document, note, "
        "made_at, made_by) VALUES ($program, $register, $code, $change, $document, $note, $now, "
        "$who)",
        [
            {
                "program": program,
                "register": register,
                "code": code,
                "change": number,
                "document": text,
                "note": note,
                "now": now,
                "who": user.name,
            }
            for code, text in rows
        ],
    )
    record(cursor, user, f"register {register}", f"change {number}")
    return number


def _known(register: str) -> None:
    if register not in REGISTERS:
        raise UsageProblem(
            msg("There is no register '{name}'", name=register),
            msg("Use one of: {names}", names=", ".join(REGISTERS)),
        )
