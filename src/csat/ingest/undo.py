"""Undo of a batch: the store as though the file had never been loaded."""

from __future__ import annotations

from typing import Any, Final

import duckdb

from csat.ingest.audit import record
from csat.ingest.catalogue import Target, find_survey, forget_items
from csat.ingest.checking import Checked, check_file
from csat.ingest.evidence import FORMS
from csat.ingest.item_wording import word_again
from csat.ingest.mapping import Mapping
from csat.ingest.originals import reopen
from csat.ingest.settle import settle, unsettle
from csat.ingest.versions import restore
from csat.ingest.writing import OF_CASES, Days, Place, write_batch
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import ImportProblem, UsageProblem
from csat.store.answer_cells import fill_cells, forget_cells
from csat.store.migration import utc_now
from csat.store.store import Store

_BATCH: Final = (
    "SELECT b.batch_id, b.program_id, b.survey_id, b.kind, b.status, b.rows_accepted, b.file_name, "
    "b.file_sha256, b.mapping_name, b.mapping_json, b.reading_json, b.as_of, b.censor_day, "
    "b.loaded_by, p.key AS program, p.title, p.timezone "
    "FROM batch b JOIN program p USING (program_id) "
)


def undo(store: Store, batch_id: int, user: User) -> dict[str, Any]:
    """Withdraw every row of a batch; the batch itself stays listed as undone.

    Rows that the batch changed return to the version before. Later batches that left out rows
    because this one had them, or changed rows of it, are read again from their originals, so
    that the store is as though the file had never been loaded.

    Returns
    -------
    dict
        ``batch``, ``rows`` (the number of rows withdrawn) and ``again`` (the later batches that
        were read again).

    Raises
    ------
    UsageProblem
        When there is no such batch or it is undone already.
    ImportProblem
        When a later batch must be read again and its original is missing.
    NotAllowed
        When the user may not undo.
    """
    user.require("undo")
    with store.cursor() as cursor, store.write(cursor):
        found = _rows(cursor, _BATCH + "WHERE b.batch_id = $b", {"b": batch_id})
        if not found:
            raise UsageProblem(
                msg("There is no batch {batch}", batch=batch_id), msg("List them first")
            )
        batch = found[0]
        if batch["status"] == "undone":
            raise UsageProblem(
                msg("Batch {batch} is undone already", batch=batch_id),
                msg("There is nothing to do"),
            )
        later = _later_that_rest_on(cursor, batch)
        of_cases = batch["kind"] in OF_CASES
        if of_cases:
            unsettle(cursor, batch["program_id"])
        for dependent in reversed(later):
            _withdraw(cursor, dependent)
        _withdraw(cursor, batch)
        cursor.execute(
            "UPDATE batch SET status = 'undone', undone_at = $now, undone_by = $who "
            "WHERE batch_id = $b",
            {"now": utc_now(), "who": user.name, "b": batch_id},
        )
        _forget_items_and_words(cursor, batch)
        for dependent in later:
            _load_again(store, cursor, dependent, user)
        if batch["survey_id"] is not None:
            fill_cells(cursor, batch["survey_id"])
        orphaned = _undo_updates_of_nothing(cursor, later, user)
        if of_cases and not later:
            settle(cursor, batch["program_id"], batch["timezone"])
        record(cursor, user, "undo", f"batch {batch_id}")
    store.checkpoint()
    return {
        "batch": batch_id,
        "rows": int(batch["rows_accepted"]),
        "again": [int(b["batch_id"]) for b in later if b["batch_id"] not in orphaned],
    }


def _rows(
    cursor: duckdb.DuckDBPyConnection, sql: str, params: dict[str, Any]
) -> list[dict[str, Any]]:
    return list(cursor.sql(sql, params=params).to_arrow_table().to_pylist())


def _later_that_rest_on(
    cursor: duckdb.DuckDBPyConnection, batch: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the later batches of the same records that met rows loaded before them.

    Events of cases rest on the files that brought the cases.
    """
    return _rows(
        cursor,
        _BATCH + "WHERE b.status = 'active' AND b.batch_id > $b AND b.program_id = $p "
        "AND ((b.kind = $kind AND b.survey_id IS NOT DISTINCT FROM $survey "
        "AND (b.rows_duplicate > 0 OR COALESCE(b.rows_updated, 0) > 0 "
        "OR (b.kind = 'exposure' AND b.rows_refused > 0))) "
        "OR ($kind = 'complaints' AND b.kind = 'events')) ORDER BY b.batch_id",
        {
            "b": batch["batch_id"],
            "p": batch["program_id"],
            "kind": batch["kind"],
            "survey": batch["survey_id"],
        },
    )


def _withdraw(cursor: duckdb.DuckDBPyConnection, batch: dict[str, Any]) -> None:
    withdraw_rows(cursor, batch["batch_id"], batch["kind"], batch["survey_id"])


def withdraw_rows(
    cursor: duckdb.DuckDBPyConnection, batch_id: int, kind: str, survey_id: int | None
) -> None:
    """Delete the facts of a batch and restore what they replaced, in an open transaction."""
    params = {"b": batch_id}
    if kind == "survey" and survey_id is not None:
        forget_cells(cursor, survey_id, batch_id)
        cursor.execute(
            f"DELETE FROM answers_{int(survey_id):d} WHERE response_id IN "
            "(SELECT response_id FROM response WHERE batch_id = $b)",
            params,
        )
    for table in (
        "response",
        "comment",
        "answer_exclusion",
        "series_break",
        "complaint",
        "case_event",
        "exposure",
        "population_margin",
        *(form.table for form in FORMS.values()),
    ):
        cursor.execute(f"DELETE FROM {table} WHERE batch_id = $b", params)
    restore(cursor, kind, survey_id, batch_id)


def _forget_items_and_words(cursor: duckdb.DuckDBPyConnection, batch: dict[str, Any]) -> None:
    """Forget the questions that only the undone batch held, and what it called the others."""
    if batch["survey_id"] is None:
        return
    rows = cursor.execute(
        "SELECT mapping_name, mapping_json FROM batch "
        "WHERE survey_id = $s AND status = 'active' ORDER BY batch_id",
        {"s": batch["survey_id"]},
    ).fetchall()
    kept = [Mapping.from_json(text, name=name) for name, text in rows]
    used = {item.key for mapping in kept for _, item in mapping.items()}
    forget_items(cursor, batch["program_id"], batch["survey_id"], used)
    if kept:  # else its next file names it
        word_again(cursor, batch["survey_id"], kept)


def _undo_updates_of_nothing(
    cursor: duckdb.DuckDBPyConnection, batches: list[dict[str, Any]], user: User
) -> list[int]:
    """Undo the logs and other updates of which no row finds its case any more; return them."""
    rest = [
        int(b["batch_id"])
        for b in batches
        if b["kind"] == "events"
        or Mapping.from_json(b["mapping_json"], name=b["mapping_name"]).only_updates
    ]
    rows = cursor.execute(
        "UPDATE batch SET status = 'undone', undone_at = $now, undone_by = $who "
        "WHERE LIST_CONTAINS($rest, batch_id) AND rows_accepted = 0 RETURNING batch_id",
        {"rest": rest, "now": utc_now(), "who": user.name},
    ).fetchall()
    for (number,) in rows:
        record(cursor, user, "undo", f"batch {number}")
    return [int(number) for (number,) in rows]


def _load_again(
    store: Store, cursor: duckdb.DuckDBPyConnection, batch: dict[str, Any], user: User
) -> None:
    """Write a withdrawn batch anew from its original, in an open transaction."""
    number = int(batch["batch_id"])
    try:
        source = reopen(
            store,
            sha256=batch["file_sha256"],
            name=batch["file_name"],
            reading=batch["reading_json"],
        )
    except ImportProblem as problem:
        raise ImportProblem(
            msg(
                "Batch {batch} holds rows of the batch to undo, and must be read again: {reason}",
                batch=number,
                reason=problem.title,
            ),
            msg("Undo batch {batch} first, or put its file back", batch=number),
        ) from problem
    mapping = Mapping.from_json(batch["mapping_json"], name=batch["mapping_name"])
    program_id = int(batch["program_id"])
    survey_id = find_survey(cursor, program_id, mapping.survey_key)
    target = Target(program_id, survey_id, batch["timezone"])
    read, tally = check_file(cursor, source, mapping, target)
    cursor.execute("DELETE FROM rejected_row WHERE batch_id = $b", {"b": number})
    write_batch(
        cursor,
        source,
        mapping,
        Checked(read, tally, ()),
        place=Place(batch["program"], batch["title"], batch["timezone"]),
        user=user,
        days=Days(batch["as_of"], batch["censor_day"]),
        batch_id=number,
    )
    record(cursor, user, "read again", f"batch {number}")
