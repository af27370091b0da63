"""The unit of provenance and of undo: dry run, commit and undo of one file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb

from csat.ingest.catalogue import (
    dimension_slots,
    ensure_program,
    ensure_survey,
    find_target,
)
from csat.ingest.checking import CLOCKS, Checked, accept, check_file, refused_rows
from csat.ingest.counts import end_of_last_month, holds_counts
from csat.ingest.load import (
    load_complaints,
    load_exposure,
    load_survey,
    note_breaks,
    note_exclusions,
)
from csat.ingest.mapping import Mapping
from csat.ingest.refusals import nothing_to_load, refuse_known
from csat.ingest.source import Source
from csat.ingest.typing_sql import locate
from csat.ingest.undo import record
from csat.model.message import Message, msg
from csat.model.people import User
from csat.store.migration import utc_now
from csat.store.store import Store

SHOWN_REFUSALS: Final = 1_000
Progress = Callable[[Message], None]


def _silent(_: Message) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a commit did."""

    batch_id: int
    program: str
    checked: Checked
    as_of: date | None


def dry_run(
    store: Store, source: Source, mapping: Mapping, program: str, timezone: str = "UTC"
) -> Checked:
    """Check a file without writing anything.

    Parameters
    ----------
    program, timezone
        The program, and its time zone where it is new.

    Returns
    -------
    Checked
        Rows read, accepted, duplicate and refused, with the first 1,000 refusals.
    """
    mapping.check()
    with store.cursor() as cursor:
        refuse_known(cursor, source, mapping, program)
        target = find_target(cursor, program, mapping.survey_key, timezone)
        return _checked(cursor, *check_file(cursor, source, mapping, target))


def _checked(cursor: duckdb.DuckDBPyConnection, read: int, refused: int, duplicate: int) -> Checked:
    return Checked(read, refused, duplicate, refused_rows(cursor, SHOWN_REFUSALS))


def commit(
    store: Store,
    source: Source,
    mapping: Mapping,
    *,
    program: str,
    user: User,
    timezone: str = "UTC",
    program_title: str = "",
    as_of: date | None = None,
    progress: Progress = _silent,
) -> Loaded:
    """Load a file as one batch: every accepted row, or nothing.

    Parameters
    ----------
    program, program_title, timezone
        The program; made with this title and time zone where it is new.
    as_of
        Day up to which the data is complete. Default: the mapping's, else the latest day in
        the file. Later periods count as unfinished, open cases are censored at its end.
    user
        Who loads; needs the permission to import.

    Raises
    ------
    AlreadyLoaded
        When the same file is in the program already.
    ImportProblem
        When no row can be accepted, or the file does not fit the mapping.
    NotAllowed
        When the user may not import.
    UsageProblem
        When the program is new and its time zone does not exist.
    """
    user.require("import")
    mapping.check()
    with store.cursor() as cursor:
        refuse_known(cursor, source, mapping, program)
        progress(msg("Reading and checking {name}", name=source.name))
        target = find_target(cursor, program, mapping.survey_key, timezone)
        version = store.data_version()
        checked = _checked(cursor, *check_file(cursor, source, mapping, target))
        if checked.rows_accepted == 0:
            raise nothing_to_load(source, checked)
        progress(msg("Writing {n} rows", n=checked.rows_accepted))
        with store.write(cursor):
            if store.data_version() != version:  # others have loaded or undone in between
                refuse_known(cursor, source, mapping, program)
                target = find_target(cursor, program, mapping.survey_key, target.timezone)
                checked = _checked(cursor, checked.rows_read, *accept(cursor, mapping, target))
                if checked.rows_accepted == 0:
                    raise nothing_to_load(source, checked)
            loaded = _write(
                cursor,
                source,
                mapping,
                checked,
                program=(program, program_title or program, target.timezone),
                user=user,
                as_of=as_of,
            )
            _keep_original(store, source)
        _drop_temporary(cursor)
    store.checkpoint()
    return loaded


def _write(
    cursor: duckdb.DuckDBPyConnection,
    source: Source,
    mapping: Mapping,
    checked: Checked,
    *,
    program: tuple[str, str, str],
    user: User,
    as_of: date | None,
) -> Loaded:
    key, title, timezone = program
    program_id = ensure_program(cursor, key, title, timezone, simulated=mapping.simulated)
    survey_id: int | None = None
    numbers: dict[str, int] = {}
    if mapping.kind == "survey":
        survey_id, numbers = ensure_survey(cursor, program_id, mapping)
    complete = as_of or mapping.as_of or _latest_day(cursor, mapping, _ARRIVAL)
    if holds_counts(mapping) and not (as_of or mapping.as_of):
        complete = end_of_last_month(cursor, complete)
    batch_id = _add_batch(
        cursor,
        source,
        mapping,
        checked,
        program_id=program_id,
        survey_id=survey_id,
        as_of=complete,
        user=user,
    )
    if mapping.kind == "survey" and survey_id is not None:
        load_survey(
            cursor,
            mapping,
            program_id=program_id,
            survey_id=survey_id,
            batch_id=batch_id,
            timezone=timezone,
            numbers=numbers,
            slots=dimension_slots(cursor, program_id),
        )
        positions = locate(mapping, source.reading.columns)
        note_exclusions(cursor, mapping, positions, batch_id)
        note_breaks(cursor, mapping, survey_id, batch_id)
    elif mapping.kind == "complaints":
        load_complaints(
            cursor,
            mapping,
            program_id=program_id,
            batch_id=batch_id,
            timezone=timezone,
            censor=as_of or mapping.as_of or _latest_day(cursor, mapping, _ANY_CLOCK),
        )
    else:
        load_exposure(cursor, mapping, program_id=program_id, batch_id=batch_id)
    cursor.execute(
        "INSERT INTO rejected_row SELECT $batch, row_no, column_name, value, reason FROM refused",
        {"batch": batch_id},
    )
    record(cursor, user, "import", f"batch {batch_id}")
    return Loaded(batch_id, key, checked, complete)


_ARRIVAL: Final = {"survey": ("submitted_at",), "complaints": ("received_at",)}
_ANY_CLOCK: Final = {"complaints": ("received_at", *CLOCKS)}


def _latest_day(
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    roles: MappingABC[str, tuple[str, ...]],
) -> date | None:
    columns = [r for r in roles.get(mapping.kind, ()) if mapping.column(r) is not None]
    if not columns:
        return None
    latest = ", ".join(f"MAX({c})" for c in columns)
    row = cursor.execute(
        f"SELECT {latest} FROM typed WHERE row_no IN (SELECT row_no FROM accepted)"
    ).fetchone()
    moments = [m for m in row or () if m is not None]
    return max(moments).date() if moments else None


def _add_batch(
    cursor: duckdb.DuckDBPyConnection,
    source: Source,
    mapping: Mapping,
    checked: Checked,
    *,
    program_id: int,
    survey_id: int | None,
    as_of: date | None,
    user: User,
) -> int:
    row = cursor.execute(
        "INSERT INTO batch (program_id, survey_id, kind, file_name, file_sha256, file_bytes, "
        "mapping_name, mapping_json, reading_json, as_of, rows_read, rows_accepted, "
        "rows_duplicate, rows_refused, loaded_at, loaded_by) VALUES ($program, $survey, $kind, "
        "$name, $sha, $bytes, $mapping, $json, $reading, $as_of, $read, $accepted, $duplicate, "
        "$refused, $now, $who) RETURNING batch_id",
        {
            "program": program_id,
            "survey": survey_id,
            "kind": mapping.kind,
            "name": source.name,
            "sha": source.sha256,
            "bytes": source.size,
            "mapping": mapping.name,
            "json": mapping.to_json(),
            "reading": source.reading.to_json(),
            "as_of": as_of,
            "read": checked.rows_read,
            "accepted": checked.rows_accepted,
            "duplicate": checked.rows_duplicate,
            "refused": checked.rows_refused,
            "now": utc_now(),
            "who": user.name,
        },
    ).fetchone()
    return int(row[0]) if row else 0


def _drop_temporary(cursor: duckdb.DuckDBPyConnection) -> None:
    for name in ("staged", "ragged", "typed", "refused", "loaded_already", "accepted", "numbered"):
        cursor.execute(f"DROP TABLE IF EXISTS {name}")


def _keep_original(store: Store, source: Source) -> None:
    folder = store.path.parent / "originals"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / source.sha256
    if not target.exists():
        partial = folder / f"{source.sha256}.part"
        shutil.copyfile(source.path, partial)
        partial.replace(target)
