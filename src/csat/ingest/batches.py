"""The unit of provenance and of undo: dry run, commit and undo of one file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import duckdb

from csat.ingest.audit import record
from csat.ingest.catalogue import find_target
from csat.ingest.checking import Checked, Tally, accept, check_file, drop_typed, refused_rows
from csat.ingest.difference import difference
from csat.ingest.mapping import Mapping
from csat.ingest.originals import keep_original
from csat.ingest.refusals import nothing_to_load, refuse_known
from csat.ingest.refused_file import refused_sources
from csat.ingest.source import Source
from csat.ingest.writing import Place, declared, latest_day, write_batch
from csat.model.message import Message, msg
from csat.model.people import Permission, User
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
        Rows read, new, updated, duplicate and refused, with the first 1,000 refusals and what
        sets the file apart from what is loaded.
    """
    mapping.check()
    with store.cursor() as cursor:
        refuse_known(cursor, source, mapping, program)
        target = find_target(cursor, program, mapping.survey_key, timezone)
        checked = _checked(cursor, source, *check_file(cursor, source, mapping, target))
        last_day = latest_day(cursor, mapping)
        apart = difference(cursor, source.reading.columns, mapping, target, last_day)
        return replace(checked, difference=apart)


def _checked(cursor: duckdb.DuckDBPyConnection, source: Source, read: int, tally: Tally) -> Checked:
    if not tally.rows_refused:
        return Checked(read, tally, ())
    sources = refused_sources(cursor, len(source.reading.columns))
    return Checked(read, tally, refused_rows(cursor, SHOWN_REFUSALS), sources=sources)


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
    permission: Permission = "import",
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
        Who loads; needs the permission.
    permission
        To import; or to annotate, for rows that a person states on a page.

    Raises
    ------
    AlreadyLoaded
        When the same file is in the program already.
    ImportProblem
        When no row can be accepted, or the file does not fit the mapping.
    NotAllowed
        When the user lacks the permission.
    UsageProblem
        When the program is new and its time zone does not exist.
    """
    user.require(permission)
    mapping.check()
    with store.cursor() as cursor:
        refuse_known(cursor, source, mapping, program)
        progress(msg("Reading and checking {name}", name=source.name))
        target = find_target(cursor, program, mapping.survey_key, timezone)
        version = store.data_version()
        checked = _checked(
            cursor, source, *check_file(cursor, source, mapping, target, whole=False)
        )
        if checked.rows_accepted == 0:
            raise nothing_to_load(source, checked)
        progress(msg("Writing {n} rows", n=checked.rows_accepted))
        with store.write(cursor):
            if store.data_version() != version:  # others have loaded or undone in between
                refuse_known(cursor, source, mapping, program)
                target = find_target(cursor, program, mapping.survey_key, target.timezone)
                checked = _checked(
                    cursor, source, checked.rows_read, accept(cursor, mapping, target)
                )
                if checked.rows_accepted == 0:
                    raise nothing_to_load(source, checked)
            batch_id, days = write_batch(
                cursor,
                source,
                mapping,
                checked,
                place=Place(program, program_title or program, target.timezone),
                user=user,
                days=declared(as_of),
            )
            record(cursor, user, "import", f"batch {batch_id}")
            keep_original(store, source)
        _drop_temporary(cursor)
    store.checkpoint()
    return Loaded(batch_id, program, checked, days.as_of)


def _drop_temporary(cursor: duckdb.DuckDBPyConnection) -> None:
    drop_typed(cursor)
    for name in ("staged", "ragged", "known", "accepted", "numbered"):
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
