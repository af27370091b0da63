"""What people have said about a case, with who and when, taken back or in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from csat.model.case_stages import NOTE, SET_BY_PEOPLE
from csat.model.category import category_path
from csat.model.people import User
from csat.queries.case_columns import case_key
from csat.store.stated_cases import stated_cases
from csat.store.store import Store

_PARTS: Final = ("category", "category_2", "category_3")


@dataclass(frozen=True, slots=True)
class CaseNote:
    """One thing a person has said about a case; moments in UTC.

    Parameters
    ----------
    field
        "note", or the field that was set.
    value, before
        What was said, and what held until then; "" is not stated. ``before`` of a note is "".
    removed_by
        Who took it back; "" while it stands.
    """

    number: int
    field: str
    value: str
    before: str
    made_at: datetime
    made_by: str
    removed_at: datetime | None
    removed_by: str

    @property
    def stands(self) -> bool:
        """Whether it has not been taken back."""
        return self.removed_at is None


def case_notes(store: Store, program: str, case_no: str, *, user: User) -> tuple[CaseNote, ...]:
    """Return what people said about a case, the latest first, what was taken back included.

    Raises
    ------
    UsageProblem
        When the program holds no such case.
    NotAllowed
        When the reader may not read what is written about cases.
    """
    user.require("read_narratives")
    key = case_key(store, program, case_no)
    rows = store.rows(
        "SELECT n.note_id, n.field, n.value, n.made_at, n.made_by, n.removed_at, n.removed_by "
        "FROM case_note n JOIN program p USING (program_id) "
        "WHERE p.key = $program AND n.case_key = $key ORDER BY n.note_id",
        {"program": program, "key": key},
    )
    if not rows:
        return ()
    holds = _as_stated(store, program, key)
    spans: list[tuple[str, str, datetime, datetime | None]] = []
    found = []
    for r in rows:
        field, made = str(r["field"]), r["made_at"]
        before = holds.get(field, "")
        for former, value, _, ended in spans:
            if former == field and (ended is None or ended > made):
                before = value
        spans.append((field, r["value"], made, r["removed_at"]))
        found.append(
            CaseNote(
                int(r["note_id"]),
                field,
                r["value"],
                "" if field == NOTE else before,
                made,
                r["made_by"],
                r["removed_at"],
                r["removed_by"] or "",
            )
        )
    return tuple(reversed(found))


def _as_stated(store: Store, program: str, key: str) -> dict[str, str]:
    """Return what the files say in the fields that people may set."""
    fields = [f for f in SET_BY_PEOPLE if f != "category"]
    row = store.rows(
        f"SELECT {', '.join((*_PARTS, *fields))} FROM {stated_cases()} WHERE program_id = "
        "(SELECT program_id FROM program WHERE key = $program) AND source_key = $key "
        "AND case_no <> '' LIMIT 1",
        {"program": program, "key": key},
    )[0]
    said = {f: "" if row[f] is None else str(row[f]) for f in fields}
    said["upheld"] = {"1": "yes", "0": "no"}.get(said["upheld"], "")
    return {**said, "category": category_path(row[p] for p in _PARTS if row[p])}
