"""Write one checked file as a batch inside an open transaction."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb

from csat.ingest.case_log import load_events
from csat.ingest.catalogue import dimension_slots, ensure_program, ensure_survey
from csat.ingest.checking import Checked
from csat.ingest.counts import end_of_last_month, holds_counts
from csat.ingest.evidence import FORMS, load_evidence
from csat.ingest.layout import locate
from csat.ingest.load import load_survey, note_breaks, note_exclusions
from csat.ingest.load_cases import extend_open_clocks, load_complaints
from csat.ingest.mapping import Mapping
from csat.ingest.margins import load_margins
from csat.ingest.served import load_exposure
from csat.ingest.settle import settle, unsettle
from csat.ingest.source import Source
from csat.ingest.stated import CLOCKS
from csat.ingest.versions import supersede
from csat.model.people import User
from csat.store.answer_cells import fill_cells, forget_cells
from csat.store.migration import utc_now


@dataclass(frozen=True, slots=True)
class Place:
    """The program a batch goes to; made with this title and time zone where it is new."""

    program: str
    title: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Days:
    """Up to which day a batch is complete, and at which day's end its open cases are censored."""

    as_of: date | None
    censor: date | None


def declared(day: date | None) -> Days:
    """Return the days of a batch for which a person declared one, or none."""
    return Days(day, day)


def write_batch(
    cursor: duckdb.DuckDBPyConnection,
    source: Source,
    mapping: Mapping,
    checked: Checked,
    *,
    place: Place,
    user: User,
    days: Days,
    batch_id: int | None = None,
) -> tuple[int, Days]:
    """Write what `check_file` accepted; return the batch and the days it was given.

    Parameters
    ----------
    days
        As declared; what is not is taken from the file's latest dates.
    batch_id
        A batch whose facts were withdrawn and are written anew; default: a new batch.
    """
    program_id = ensure_program(
        cursor, place.program, place.title, place.timezone, simulated=mapping.simulated
    )
    survey_id: int | None = None
    if mapping.kind == "survey":
        survey_id = ensure_survey(cursor, program_id, mapping)
    complete = latest_day(cursor, mapping)
    if holds_counts(mapping):
        complete = end_of_last_month(cursor, complete)
    days = Days(
        days.as_of or mapping.as_of or complete,
        days.censor or mapping.as_of or latest_day(cursor, mapping, _ANY_CLOCK),
    )
    if batch_id is None:
        batch_id = _add_batch(
            cursor, source, mapping, program_id=program_id, survey_id=survey_id, user=user
        )
    _note_outcome(cursor, batch_id, checked, days)
    of_cases = mapping.kind in OF_CASES
    if of_cases:
        unsettle(cursor, program_id)
    supersede(cursor, mapping.kind, survey_id, batch_id)
    if mapping.kind == "survey" and survey_id is not None:
        load_survey(
            cursor,
            mapping,
            program_id=program_id,
            survey_id=survey_id,
            batch_id=batch_id,
            timezone=place.timezone,
            slots=dimension_slots(cursor, program_id),
        )
        note_exclusions(cursor, mapping, locate(mapping, source.reading.columns), batch_id)
        note_breaks(cursor, mapping, survey_id, batch_id)
        forget_cells(cursor, survey_id, batch_id)
        fill_cells(cursor, survey_id)
    elif mapping.kind == "complaints":
        load_complaints(
            cursor,
            mapping,
            program_id=program_id,
            batch_id=batch_id,
            timezone=place.timezone,
            censor=days.censor,
        )
        extend_open_clocks(
            cursor, mapping, batch_id=batch_id, timezone=place.timezone, censor=days.censor
        )
    elif mapping.kind == "events":
        load_events(
            cursor, mapping, program_id=program_id, batch_id=batch_id, timezone=place.timezone
        )
    elif mapping.kind == "margins":
        load_margins(cursor, mapping, program_id=program_id, batch_id=batch_id)
    elif mapping.kind in FORMS:
        load_evidence(
            cursor, mapping, program_id=program_id, batch_id=batch_id, timezone=place.timezone
        )
    else:
        load_exposure(cursor, mapping, program_id=program_id, batch_id=batch_id)
    if of_cases:
        settle(cursor, program_id, place.timezone)
    return batch_id, days


OF_CASES: Final = ("complaints", "events")
"""Kinds of file that change what is known of cases."""
_ARRIVAL: Final = {
    "survey": ("submitted_at",),
    "complaints": ("received_at",),
    "events": ("happened_at",),
    "evaluations": ("evaluated_at",),
    "findings": ("found_on",),
}
_ANY_CLOCK: Final = {
    "complaints": ("received_at", *CLOCKS),
    "events": ("happened_at", "until_at"),
}


def latest_day(
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    roles: MappingABC[str, tuple[str, ...]] = _ARRIVAL,
) -> date | None:
    """Return the latest day in the good rows, whether or not they are loaded already."""
    columns = [r for r in roles.get(mapping.kind, ()) if mapping.column(r) is not None]
    if not columns:
        return None
    latest = ", ".join(f"MAX({c})" for c in columns)
    row = cursor.execute(
        f"SELECT {latest} FROM typed WHERE row_no NOT IN (SELECT row_no FROM refused)"
    ).fetchone()
    moments = [m for m in row or () if m is not None]
    return max(moments).date() if moments else None


def _add_batch(
    cursor: duckdb.DuckDBPyConnection,
    source: Source,
    mapping: Mapping,
    *,
    program_id: int,
    survey_id: int | None,
    user: User,
) -> int:
    row = cursor.execute(
        "INSERT INTO batch (program_id, survey_id, kind, file_name, file_sha256, file_bytes, "
        "mapping_name, mapping_json, reading_json, rows_read, rows_accepted, rows_duplicate, "
        "rows_refused, loaded_at, loaded_by) VALUES ($program, $survey, $kind, $name, $sha, "
        "$bytes, $mapping, $json, $reading, 0, 0, 0, 0, $now, $who) RETURNING batch_id",
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
            "now": utc_now(),
            "who": user.name,
        },
    ).fetchone()
    return int(row[0]) if row else 0


def _note_outcome(
    cursor: duckdb.DuckDBPyConnection, batch_id: int, checked: Checked, days: Days
) -> None:
    cursor.execute(
        "UPDATE batch SET rows_read = $read, rows_accepted = $accepted, "
        "rows_updated = $updated, rows_duplicate = $duplicate, rows_refused = $refused, "
        "as_of = $as_of, censor_day = $censor WHERE batch_id = $batch",
        {
            "read": checked.rows_read,
            "accepted": checked.rows_accepted,
            "updated": checked.rows_updated,
            "duplicate": checked.rows_duplicate,
            "refused": checked.rows_refused,
            "as_of": days.as_of,
            "censor": days.censor,
            "batch": batch_id,
        },
    )
    cursor.execute(
        "INSERT INTO rejected_row SELECT $batch, row_no, column_name, value, reason FROM refused",
        {"batch": batch_id},
    )
