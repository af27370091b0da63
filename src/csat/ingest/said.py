"""Rows that a person states on a page: kept as a file of their own, loaded like any other.

So they have a batch, a history and an undo, and a rebuild from the originals brings them back.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from csat.ingest.batches import Loaded, commit
from csat.ingest.instruments import instrument
from csat.ingest.source import open_source
from csat.model.message import msg
from csat.model.people import Permission, User
from csat.model.problem import UsageProblem
from csat.store.migration import utc_now
from csat.store.store import Store

PERMISSIONS: Final[dict[str, Permission]] = {"findings": "annotate", "comparisons": "import"}
"""Form that may be filled in on a page -> who may."""
_STAMP: Final = "Stated at"


def keep_rows(
    store: Store, form: str, program: str, rows: Sequence[Mapping[str, str]], user: User
) -> Loaded:
    """Load rows of a form for a program that is there already.

    Parameters
    ----------
    form
        A key of `PERMISSIONS`.
    rows
        Role -> text; what a row does not name is blank.

    Raises
    ------
    ImportProblem
        When no row says anything good and new, naming the first that does not.
    NotAllowed
        When the user may not state such rows.
    UsageProblem
        When there is no such program.
    """
    permission = PERMISSIONS[form]
    user.require(permission)
    known = store.rows("SELECT title FROM program WHERE key = $key", {"key": program})
    if not known:
        raise UsageProblem(
            msg("There is no program '{key}'", key=program), msg("Load its files first")
        )
    mapping = replace(instrument(form).mapping(), name=f"page-{form}")
    now = utc_now()
    with tempfile.TemporaryDirectory(prefix="csat-") as folder:
        path = Path(folder) / f"{form}-{now:%Y%m%d-%H%M%S}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([*(c.source for c in mapping.columns), _STAMP])
            for row in rows:
                cells = [row.get(c.role, "") for c in mapping.columns]
                writer.writerow([*cells, now.isoformat(sep=" ", timespec="microseconds")])
        return commit(
            store,
            open_source(path),
            mapping,
            program=program,
            user=user,
            program_title=known[0]["title"],
            permission=permission,
        )
