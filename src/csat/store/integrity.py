"""Whether a store agrees with itself and with the files it was loaded from. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import duckdb

from csat.model.message import Message, msg
from csat.model.problem import UsageProblem
from csat.store.migration import available
from csat.store.originals import fingerprint
from csat.store.score_sums import PEOPLE
from csat.store.store import Store

_FACTS: Final = {
    "survey": "response",
    "complaints": "complaint",
    "exposure": "exposure",
    "margins": "population_margin",
    "evaluations": "evaluation",
    "findings": "finding",
    "comparisons": "comparison",
    "grades": "grade_band",
    "events": "case_event",
}
_UNNUMBERED: Final = ("exposure", "population_margin", "case_event")
"""Tables whose rows have no number that lasts from version to version."""
_VERSIONED: Final = tuple(table for table in _FACTS.values() if table not in _UNNUMBERED)
"""Tables whose replaced rows stand aside, under their number."""
_OWNED: Final = (
    *_FACTS.values(),
    "comment",
    "answer_exclusion",
    *(f"superseded_{table}" for table in _VERSIONED),
    "superseded_comment",
    "superseded_case_event",
    "open_clock",
)
"""Tables whose rows belong to a batch and leave with it."""


def check_path(path: Path) -> list[Message]:
    """Open a store file and check it; a file that cannot be opened is the one contradiction.

    Raises
    ------
    StoreBusy
        When another process owns the file.
    UsageProblem
        When a newer version of the product wrote it.
    """
    try:
        store = Store(path)
    except UsageProblem as problem:
        if problem.__cause__ is None:
            raise
        return [problem.title]
    except duckdb.Error as error:
        return [msg("{path} cannot be opened: {reason}", path=path, reason=_short(error))]
    try:
        return check_store(store)
    finally:
        store.close()


def check_store(store: Store) -> list[Message]:
    """Return every contradiction found, in words; an empty list means none.

    Compared are the layout with the one this version ships, the rows of every batch with what
    it says it loaded, the answers of every survey with its responses, the people whose ratings
    are added up with those who answered, and the original files with their fingerprints.
    """
    found: list[Message] = []
    parts: tuple[Callable[[Store], Iterator[Message]], ...] = (
        _layout,
        _batch_rows,
        _strays,
        _versions,
        _answers,
        _sums,
        _originals,
    )
    for part in parts:
        try:
            found.extend(part(store))
        except duckdb.Error as error:
            found.append(msg("The store cannot be read: {reason}", reason=_short(error)))
    return found


def _layout(store: Store) -> Iterator[Message]:
    shipped = {number: name for number, name, _ in available()}
    rows = store.rows("SELECT number, name FROM schema_migration ORDER BY number")
    applied = {int(r["number"]): str(r["name"]) for r in rows}
    for number, name in shipped.items():
        if applied.get(number) != name:
            yield msg("Layout step {name} has not been applied", name=name)
    for number, name in applied.items():
        if number not in shipped:
            yield msg("Layout step {name} is not known to this version", name=name)


def _batch_rows(store: Store) -> Iterator[Message]:
    held = {kind: _versions_per_batch(store, table) for kind, table in _FACTS.items()}
    refused = {
        int(r["batch_id"]): int(r["n"])
        for r in store.rows(
            "SELECT batch_id, COUNT(DISTINCT row_no) AS n FROM rejected_row GROUP BY batch_id"
        )
    }
    for batch in _active(store):
        number, said = batch["batch_id"], batch["rows_accepted"]
        found = held[batch["kind"]].get(number, 0)
        if found != said:
            yield msg(
                "Batch {batch} loaded {said} rows, but the store holds {found}",
                batch=number,
                said=said,
                found=found,
            )
        if said + batch["rows_duplicate"] + batch["rows_refused"] != batch["rows_read"]:
            yield msg("Batch {batch}: its counts do not add up to the rows read", batch=number)
        if refused.get(number, 0) != batch["rows_refused"]:
            yield msg(
                "Batch {batch} refused {said} rows, but {found} are listed with a reason",
                batch=number,
                said=batch["rows_refused"],
                found=refused.get(number, 0),
            )


def _strays(store: Store) -> Iterator[Message]:
    """Rows of undone or unknown batches, and rows filed under another program."""
    batches = {
        int(r["batch_id"]): str(r["status"])
        for r in store.rows("SELECT batch_id, status FROM batch")
    }
    for table in _OWNED:
        for number, n in _rows_per_batch(store, table).items():
            if number not in batches:
                yield msg("{n} rows of {table} belong to no known batch", n=n, table=table)
            elif batches[number] == "undone":
                yield msg(
                    "Batch {batch} is undone, but {n} of its rows are still in {table}",
                    batch=number,
                    n=n,
                    table=table,
                )
    for table in _FACTS.values():
        for row in store.rows(
            f"SELECT b.batch_id, COUNT(*) AS n FROM {table} f JOIN batch b USING (batch_id) "
            "WHERE f.program_id <> b.program_id GROUP BY b.batch_id ORDER BY b.batch_id"
        ):
            yield msg(
                "{n} rows of batch {batch} are filed under another program",
                n=row["n"],
                batch=row["batch_id"],
            )


def _versions(store: Store) -> Iterator[Message]:
    """Name replaced versions without a current row, or whose replacing batch is not loaded."""
    for table in _VERSIONED:
        key = f"{table}_id"
        row = store.rows(
            f"SELECT COUNT(*) AS n FROM superseded_{table} s WHERE {key} NOT IN "
            f"(SELECT {key} FROM {table}) OR superseded_by NOT IN "
            "(SELECT batch_id FROM batch WHERE status = 'active')"
        )[0]
        if row["n"]:
            yield msg("{n} replaced rows of {table} have no successor", n=row["n"], table=table)
    row = store.rows(
        "SELECT COUNT(*) AS n FROM case_as_stated "
        "WHERE complaint_id NOT IN (SELECT complaint_id FROM complaint)"
    )[0]
    if row["n"]:
        yield msg("{n} cases are kept as their files state them, but are gone", n=row["n"])


def _answers(store: Store) -> Iterator[Message]:
    tables = {r["name"] for r in store.rows("SELECT table_name AS name FROM duckdb_tables()")}
    for survey in store.rows("SELECT survey_id, key FROM survey ORDER BY survey_id"):
        name = f"answers_{int(survey['survey_id']):d}"
        if name not in tables:
            yield msg("Survey {survey} has lost its table of answers", survey=survey["key"])
            continue
        row = store.rows(
            "WITH r AS (SELECT response_id FROM response WHERE survey_id = $survey) "
            f"SELECT (SELECT COUNT(*) FROM r) AS responses, (SELECT COUNT(*) FROM {name}) "
            "AS answers, (SELECT COUNT(*) FROM r WHERE response_id NOT IN "
            f"(SELECT response_id FROM {name})) AS missing",
            {"survey": survey["survey_id"]},
        )[0]
        if row["responses"] != row["answers"] or row["missing"]:
            yield msg(
                "Survey {survey} has {responses} responses and {answers} rows of answers; "
                "{missing} responses have none",
                survey=survey["key"],
                **{k: row[k] for k in ("responses", "answers", "missing")},
            )


def _sums(store: Store) -> Iterator[Message]:
    """Name surveys whose sums are kept of other people than answered, or of none, in any month."""
    for row in store.rows(
        "WITH told AS (SELECT survey_id, month_key, COUNT(*) AS people FROM response "
        "GROUP BY ALL), rated AS (SELECT * FROM told WHERE survey_id IN (SELECT survey_id "
        "FROM item WHERE viewpoint = 'perception' AND (dim_no IS NOT NULL OR "
        "COALESCE(pair, '') <> ''))), cells AS (SELECT survey_id, month_key, SUM(people) AS held "
        "FROM answer_cell WHERE direction = '' GROUP BY ALL), scores AS (SELECT survey_id, "
        "month_key, SUM(total) AS held FROM score_sum WHERE name = $people GROUP BY ALL), "
        "wrong AS (SELECT survey_id, month_key FROM cells FULL JOIN rated "
        "USING (survey_id, month_key) WHERE held IS DISTINCT FROM people UNION "
        "SELECT survey_id, month_key FROM scores FULL JOIN told "
        "USING (survey_id, month_key) WHERE held IS DISTINCT FROM people) "
        "SELECT s.key, COUNT(*) AS n FROM wrong JOIN survey s USING (survey_id) "
        "GROUP BY s.key ORDER BY s.key",
        {"people": PEOPLE},
    ):
        yield msg(
            "Survey {survey}: the sums kept of {n} months are not those of its answers",
            survey=row["key"],
            n=row["n"],
        )


def _originals(store: Store) -> Iterator[Message]:
    folder = store.path.parent / "originals"
    for batch in _active(store):
        file = folder / batch["file_sha256"]
        if not file.is_file():
            yield msg(
                "Batch {batch}: the original of {name} is missing",
                batch=batch["batch_id"],
                name=batch["file_name"],
            )
        elif fingerprint(file) != batch["file_sha256"]:
            yield msg(
                "Batch {batch}: the original of {name} was changed",
                batch=batch["batch_id"],
                name=batch["file_name"],
            )


def _active(store: Store) -> list[dict[str, Any]]:
    return store.rows(
        "SELECT batch_id, kind, file_name, file_sha256, rows_read, rows_accepted, "
        "rows_duplicate, rows_refused FROM batch WHERE status = 'active' ORDER BY batch_id"
    )


def _rows_per_batch(store: Store, table: str) -> dict[int, int]:
    # Criteria of one visit that stood in one row of a file share its number.
    counted = "DISTINCT evaluation_id" if table.endswith("evaluation") else "*"
    rows = store.rows(
        f"SELECT batch_id, COUNT({counted}) AS n FROM {table} GROUP BY batch_id ORDER BY batch_id"
    )
    return {int(r["batch_id"]): int(r["n"]) for r in rows}


def _versions_per_batch(store: Store, table: str) -> dict[int, int]:
    """Count the rows each batch loaded, whether they are current or replaced by now."""
    held = _rows_per_batch(store, table)
    if table in _VERSIONED:
        for batch, n in _rows_per_batch(store, f"superseded_{table}").items():
            held[batch] = held.get(batch, 0) + n
    return held


def _short(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
