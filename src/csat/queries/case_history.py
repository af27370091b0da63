"""What later files changed about a case: the earlier versions that the store keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from csat.model.people import User
from csat.queries import catalogue
from csat.queries.case_columns import case_columns, shown
from csat.store.stated_cases import stated_cases
from csat.store.store import Store

_NOT_COMPARED: Final = ("case_no", "batch_id")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a case that a later file stated otherwise.

    Parameters
    ----------
    batch_id, file_name, loaded_at
        The load that changed it, its moment in UTC.
    column
        The field.
    before, after
        What it was and what it became; moments in the program's time.
    """

    batch_id: int
    file_name: str
    loaded_at: datetime
    column: str
    before: Any
    after: Any


def case_history(store: Store, program: str, case_no: str, *, user: User) -> list[Change]:
    """Return what files changed about a case, the latest first; empty where none did.

    Texts and ids of people are compared only for readers who may see them.

    Raises
    ------
    UsageProblem
        When there is no such program.
    """
    zone = catalogue.require_program(store, program).timezone
    columns = [c for c in case_columns(user) if c not in _NOT_COMPARED]
    select = ", ".join(shown(c, "v.", zone) for c in columns)
    rows = store.rows(
        "WITH v AS (SELECT *, 2147483647 AS superseded_by FROM "
        f"{stated_cases()} UNION ALL BY NAME "
        f"SELECT * FROM superseded_complaint) SELECT {select}, b.batch_id, b.file_name, "
        "b.loaded_at FROM v JOIN batch b ON b.batch_id = v.batch_id "
        "JOIN program p ON p.program_id = v.program_id "
        "WHERE p.key = $program AND v.case_no = $case ORDER BY v.superseded_by",
        {"program": program, "case": case_no, **({} if zone == "UTC" else {"tz": zone})},
    )
    found = [
        Change(new["batch_id"], new["file_name"], new["loaded_at"], c, old[c], new[c])
        for old, new in pairwise(rows)
        for c in columns
        if old[c] != new[c]
    ]
    return found[::-1]
