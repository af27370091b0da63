"""Why a whole file is refused: it is loaded already, or no row of it can be."""

from __future__ import annotations

import duckdb

from csat.ingest.checking import Checked
from csat.ingest.mapping import Mapping
from csat.ingest.source import Source
from csat.model.message import msg
from csat.model.problem import AlreadyLoaded, ImportProblem


def nothing_to_load(source: Source, checked: Checked) -> ImportProblem:
    """Return the problem of a file of which no row can be loaded."""
    if checked.rows_refused == 0:
        return AlreadyLoaded(
            msg("All {n} rows of {name} are loaded already", n=checked.rows_read, name=source.name),
            msg("There is nothing to do"),
        )
    first = next((r for r in checked.refused if r.column), checked.refused[0])
    return ImportProblem(
        msg(
            "No row of {name} can be loaded; row {row}, column '{column}': '{value}' {reason}",
            name=source.name,
            row=first.row_no,
            column=first.column,
            value=first.value,
            reason=first.reason,
        ),
        msg("Change the mapping of that column, or correct the file"),
    )


def refuse_known(
    cursor: duckdb.DuckDBPyConnection, source: Source, mapping: Mapping, program: str
) -> None:
    """Refuse a file whose bytes are in the program already."""
    row = cursor.execute(
        "SELECT b.batch_id, b.loaded_at, b.loaded_by "
        "FROM batch b JOIN program p USING (program_id) "
        "WHERE p.key = $program AND b.kind = $kind AND b.file_sha256 = $sha "
        "AND b.status = 'active'",
        {"program": program, "kind": mapping.kind, "sha": source.sha256},
    ).fetchone()
    if row:
        raise AlreadyLoaded(
            msg(
                "{name} is already loaded as batch {batch}, on {day} by {who}",
                name=source.name,
                batch=row[0],
                day=row[1].date(),
                who=row[2],
            ),
            msg("Undo that batch first if you want to load it again"),
        )
