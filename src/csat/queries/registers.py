"""What the registers of a program hold now, and how they came to hold it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from csat.model.register_fields import cells_of, read_entry
from csat.model.registers import Entry, Promise, Standard
from csat.queries.reader import Reader
from csat.store.remembered import until_changed
from csat.store.store import Store

_IN_FORCE: Final = (
    "SELECT version_no, document, made_at, made_by FROM (SELECT v.* FROM "
    "register_version v JOIN program p USING (program_id) WHERE p.key = $program AND "
    "v.register = $register QUALIFY ROW_NUMBER() OVER (PARTITION BY code "
    "ORDER BY version_no DESC) = 1) WHERE document <> '' ORDER BY code"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in force, with who put it so and when (UTC)."""

    entry: Entry
    version: int
    made_at: datetime
    made_by: str

    def to_json(self, day: date) -> dict[str, Any]:
        """Return the entry as the command line prints it, with what it is on a day."""
        told = (
            {"stale": self.entry.stale(day), "formal": self.entry.formal(day)}
            if isinstance(self.entry, Standard)
            else {"kept": self.entry.kept(day), "days_late": self.entry.days_late}
        )
        return {
            **cells_of(self.entry),
            **told,
            "version": self.version,
            "made_at": self.made_at,
            "made_by": self.made_by,
        }


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an entry: ``entry`` is None where it was taken out."""

    number: int
    change: int
    code: str
    entry: Entry | None
    note: str
    made_at: datetime
    made_by: str
    in_force: bool

    def to_json(self) -> dict[str, Any]:
        """Return the version as the command line prints it."""
        return {
            "version": self.number,
            "change": self.change,
            "code": self.code,
            "entry": None if self.entry is None else cells_of(self.entry),
            "note": self.note,
            "made_at": self.made_at,
            "made_by": self.made_by,
            "in_force": self.in_force,
        }


@until_changed
def register_lines(store: Store, program: str, register: str) -> tuple[Line, ...]:
    """Return the entries of a register in force, by their codes."""
    return tuple(
        Line(
            _entry(register, r["document"]),
            r["version_no"],
            r["made_at"],
            r["made_by"],
        )
        for r in store.rows(_IN_FORCE, {"program": program, "register": register})
    )


def standards_in_force(reader: Reader, program: str) -> tuple[Standard, ...]:
    """Return the standards of a program, remembered as a read of the answer."""
    found = _read(reader, program, "standards")
    return tuple(e for e in found if isinstance(e, Standard))


def promises_in_force(reader: Reader, program: str) -> tuple[Promise, ...]:
    """Return the promises of a program, remembered as a read of the answer."""
    found = _read(reader, program, "promises")
    return tuple(e for e in found if isinstance(e, Promise))


def _read(reader: Reader, program: str, register: str) -> list[Entry]:
    reader.remember(_IN_FORCE, {"program": program, "register": register})
    return [line.entry for line in register_lines(reader.store, program, register)]


@lru_cache(maxsize=4_096)
def _entry(register: str, document: str) -> Entry:
    """Return the entry that a document states; a page asks for hundreds again and again."""
    return read_entry(register, json.loads(document))


def register_history(store: Store, program: str, register: str) -> tuple[Version, ...]:
    """Return every version of every entry of a register, newest first."""
    rows = store.rows(
        "SELECT v.version_no, v.change_no, v.code, v.document, v.note, v.made_at, v.made_by, "
        "ROW_NUMBER() OVER (PARTITION BY v.code ORDER BY v.version_no DESC) = 1 AS latest "
        "FROM register_version v JOIN program p USING (program_id) "
        "WHERE p.key = $program AND v.register = $register "
        "ORDER BY v.version_no DESC",
        {"program": program, "register": register},
    )
    return tuple(
        Version(
            r["version_no"],
            r["change_no"],
            r["code"],
            _entry(register, r["document"]) if r["document"] else None,
            r["note"],
            r["made_at"],
            r["made_by"],
            bool(r["latest"] and r["document"]),
        )
        for r in rows
    )
