"""How a program's index was defined: every version, who kept it, when, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from csat.model.satisfaction_index import IndexDefinition, index_definition
from csat.store.store import Store

Defined = tuple[tuple[int, IndexDefinition], ...]
"""Year from which a definition is in force -> the definition, oldest first."""


@dataclass(frozen=True, slots=True)
class IndexVersion:
    """One version of the definition that begins with a year.

    ``definition`` is None where the year's own definition was taken back, so that it goes by
    the year before; ``reason`` says why a year that had begun was changed.
    """

    number: int
    year: int
    definition: IndexDefinition | None
    reason: str
    set_at: datetime
    set_by: str


def index_versions(store: Store, program: str) -> tuple[IndexVersion, ...]:
    """Return every version that was ever kept, newest first."""
    rows = store.rows(
        "SELECT v.definition_id, v.year, v.document, v.reason, v.set_at, v.set_by "
        "FROM index_definition v JOIN program p USING (program_id) WHERE p.key = $program "
        "ORDER BY v.definition_id DESC",
        {"program": program},
    )
    return tuple(
        IndexVersion(
            int(r["definition_id"]),
            int(r["year"]),
            index_definition(json.loads(r["document"])) if r["document"] else None,
            r["reason"],
            r["set_at"],
            r["set_by"],
        )
        for r in rows
    )


def latest(versions: Sequence[IndexVersion]) -> tuple[IndexVersion, ...]:
    """Return for each year the version that counts, those taken back left out, oldest first."""
    newest: dict[int, IndexVersion] = {}
    for version in versions:
        newest.setdefault(version.year, version)
    return tuple(newest[y] for y in sorted(newest) if newest[y].definition is not None)


def defined(versions: Sequence[IndexVersion]) -> Defined:
    """Return the definitions in force, each with the year from which it is."""
    return tuple((v.year, v.definition) for v in latest(versions) if v.definition is not None)
