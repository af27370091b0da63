"""Check a staged file against its mapping: typed rows on one side, refused rows on the other."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from csat.ingest.at_once import AtOnce, type_at_once
from csat.ingest.case_log import event_key, find_known_events, with_known_events
from csat.ingest.catalogue import Target
from csat.ingest.counts import count_key, holds_counts, refuse_other_counts
from csat.ingest.difference import Difference
from csat.ingest.evidence import FORMS, add_evidence, find_known_rows
from csat.ingest.layout import locate
from csat.ingest.left_alone import left_alone
from csat.ingest.mapping import Mapping
from csat.ingest.margins import accept_whole, margin_key
from csat.ingest.prepare import prepare
from csat.ingest.reasons import read_reason, reason_text
from csat.ingest.refused_file import RefusedSource
from csat.ingest.roles import ID_ROLE
from csat.ingest.row_checks import row_checks
from csat.ingest.served import find_known_months
from csat.ingest.source import Source
from csat.ingest.staging import stage
from csat.ingest.typed_select import Check, TypedSelect
from csat.ingest.typing_sql import type_columns
from csat.ingest.updates_only import refuse_new
from csat.ingest.versions import find_known
from csat.model.message import Message, msg
from csat.model.problem import ImportProblem


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that will not be loaded: where it stands, what it holds, and why not."""

    row_no: int
    column: str
    value: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Tally:
    """What becomes of the rows: good ones are new, changed or loaded already.

    ``changed`` counts, per column of the file, the rows in which it differs from what is stored;
    ``kept``, per column that the file does not have, the changed rows that keep a value in it.
    """

    rows_refused: int
    rows_duplicate: int
    rows_updated: int
    changed: dict[str, int]
    kept: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check, before anything is written."""

    rows_read: int
    tally: Tally
    refused: tuple[RefusedRow, ...]
    difference: Difference | None = None
    sources: tuple[RefusedSource, ...] = ()

    @property
    def rows_refused(self) -> int:
        """Rows that are not loaded because something in them is wrong."""
        return self.tally.rows_refused

    @property
    def rows_duplicate(self) -> int:
        """Rows that are in the store already, as they are."""
        return self.tally.rows_duplicate

    @property
    def rows_updated(self) -> int:
        """Rows that replace an earlier version of themselves."""
        return self.tally.rows_updated

    @property
    def rows_accepted(self) -> int:
        """Rows that a commit would load: new ones and those that replace an earlier version."""
        return self.rows_read - self.rows_refused - self.rows_duplicate

    @property
    def rows_new(self) -> int:
        """Rows that are not in the store in any version."""
        return self.rows_accepted - self.rows_updated


def check_file(
    cursor: duckdb.DuckDBPyConnection,
    source: Source,
    mapping: Mapping,
    target: Target,
    *,
    whole: bool = True,
) -> tuple[int, Tally]:
    """Stage and type a file on a cursor; return rows read and what becomes of them.

    Leaves the temporary tables ``typed`` (all rows), ``refused`` (row_no, column_name, value,
    reason), ``known`` (row_no, old_id, changed) and ``accepted`` (row_no of rows to load).

    Parameters
    ----------
    whole
        Whether all rows are to stand in ``staged``, too; else those refused are enough, and a
        plain file is typed in one pass (`csat.ingest.at_once`).
    """
    _require_formats(cursor, mapping)
    drop_typed(cursor)
    cursor.execute(
        "CREATE TEMP TABLE refused "
        "(row_no BIGINT, column_name VARCHAR, value VARCHAR, reason VARCHAR)"
    )
    at_once = None if whole else type_at_once(cursor, source, mapping, target)
    if at_once is not None:
        checks = [*at_once.typed.checks, *row_checks(mapping, at_once.typed.raws)]
        _refuse(cursor, at_once.typed, checks, at_once)
        return at_once.rows, accept(cursor, mapping, target)
    read = stage(cursor, source)
    read = prepare(cursor, mapping, source.reading.columns, read)
    mapping = with_known_events(cursor, mapping, source.reading.columns)
    typed = type_columns(mapping, locate(mapping, source.reading.columns), target.timezone)
    _add_keys(typed, mapping, source)
    cursor.execute(
        f"CREATE TEMP TABLE typed AS SELECT row_no, {', '.join(typed.select)} FROM staged",
        typed.params,
    )
    _refuse(cursor, typed, [*typed.checks, *row_checks(mapping, typed.raws)])
    _refuse_ragged(cursor, len(source.reading.columns))
    return read, accept(cursor, mapping, target)


def drop_typed(cursor: duckdb.DuckDBPyConnection) -> None:
    """Forget the rows of the file checked before, a table or a view."""
    kinds = cursor.execute(
        "SELECT table_type FROM information_schema.tables WHERE table_name = 'typed'"
    ).fetchall()
    for (kind,) in kinds:
        cursor.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} typed")
    cursor.execute("DROP TABLE IF EXISTS typed_rows; DROP TABLE IF EXISTS refused")


def _require_formats(cursor: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    for column in mapping.columns:
        for form in column.formats:
            try:
                cursor.execute("SELECT CAST(TRY_STRPTIME('', $form) AS VARCHAR)", {"form": form})
            except duckdb.Error as error:
                raise ImportProblem(
                    msg(
                        "Column '{column}': '{form}' is no form of a date",
                        column=column.source,
                        form=form,
                    ),
                    msg("Write it like %d.%m.%Y %H:%M"),
                ) from error


def _add_keys(typed: TypedSelect, mapping: Mapping, source: Source) -> None:
    """Add the row's own id, or a fingerprint of the row with its repeat number.

    With a fingerprint, identical rows of one file are all kept, and a longer export of the
    same answers later adds only what is new.
    """
    if mapping.kind in FORMS:
        add_evidence(typed, mapping)
        return
    role = ID_ROLE.get(mapping.kind, "")
    if mapping.column(role) is not None:
        key = next(s[: -len(f" AS {role}")] for s in typed.select if s.endswith(f" AS {role}"))
        typed.add(key, "source_key")
        typed.add(f"row_number() OVER (PARTITION BY {key} ORDER BY row_no)", "occurrence")
        return
    keys = {"margins": margin_key, "events": event_key}
    if holds_counts(mapping) or mapping.kind in keys:
        key = keys.get(mapping.kind, count_key)(mapping)
        typed.add(key, "source_key")
        typed.add(f"row_number() OVER (PARTITION BY {key} ORDER BY row_no)", "occurrence")
        return
    cells = ", ".join(f"COALESCE(c{i}, '')" for i in range(len(source.reading.columns)))
    row = f"md5(concat_ws(chr(31), {cells}))"
    occurrence = f"row_number() OVER (PARTITION BY {row} ORDER BY row_no)"
    typed.add(f"{row} || '#' || CAST({occurrence} AS VARCHAR)", "source_key")
    typed.add("1", "occurrence")


def _refuse(
    cursor: duckdb.DuckDBPyConnection,
    typed: TypedSelect,
    checks: list[Check],
    at_once: AtOnce | None = None,
) -> None:
    counted = ", ".join(
        f"COUNT(CASE WHEN {c.bad} THEN 1 END) AS n{i}" for i, c in enumerate(checks)
    )
    row = cursor.execute(f"SELECT {counted} FROM typed").fetchone()
    failed = [check for check, count in zip(checks, row or (), strict=True) if count]
    if at_once is not None and failed:
        at_once.stage_bad(cursor, failed)
    for check in failed:
        used = {k: v for k, v in typed.params.items() if f"${k}" in _words(check.raw)}
        cursor.execute(
            "INSERT INTO refused "
            f"SELECT t.row_no, $column, LEFT(CAST({check.raw} AS VARCHAR), 200), "
            f"$reason FROM typed t JOIN staged s ON s.row_no = t.row_no WHERE {check.bad}",
            {"column": check.column, "reason": reason_text(check.reason), **used},
        )


def _words(sql: str) -> set[str]:
    return set(sql.replace("(", " ").replace(")", " ").replace(",", " ").split())


def _refuse_ragged(cursor: duckdb.DuckDBPyConnection, width: int) -> None:
    cursor.execute(
        "INSERT INTO refused SELECT row_no, '', CAST(fields AS VARCHAR), $reason FROM ragged",
        {
            "reason": reason_text(
                msg("fields stand in this row; the header has {width}", width=width)
            )
        },
    )


def accept(cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target) -> Tally:
    """Fill ``accepted`` with what is good and new or changed; return what becomes of the rows.

    May be asked again later, when others have loaded files in between.
    """
    cursor.execute("DROP TABLE IF EXISTS accepted")
    changed: dict[str, int] = {}
    if mapping.kind == "exposure":
        find_known_months(cursor, mapping, target)
    elif mapping.kind == "margins":
        accept_whole(cursor, mapping)
    elif mapping.kind in FORMS:
        changed = find_known_rows(cursor, mapping, target)
    elif mapping.kind == "events":
        find_known_events(cursor, mapping, target)
    else:
        changed = find_known(cursor, mapping, target)
        if mapping.only_updates:
            refuse_new(cursor, mapping, target)
        if holds_counts(mapping):
            refuse_other_counts(cursor, mapping, target)
    cursor.execute(
        "CREATE TEMP TABLE accepted AS SELECT row_no FROM typed "
        "WHERE row_no NOT IN (SELECT row_no FROM refused) "
        "AND row_no NOT IN (SELECT row_no FROM known WHERE NOT changed)"
    )
    # All of the answer is fetched: an open one would keep others from a checkpoint.
    [counts] = cursor.execute(
        "SELECT (SELECT COUNT(DISTINCT row_no) FROM refused), "
        "(SELECT COUNT(*) FROM typed WHERE row_no NOT IN (SELECT row_no FROM refused)), "
        "(SELECT COUNT(*) FROM accepted), (SELECT COUNT(*) FROM known WHERE changed)"
    ).fetchall()
    refused, good, accepted, updated = (int(n) for n in counts)
    kept = left_alone(cursor, mapping, target) if updated else {}
    return Tally(refused, good - accepted, updated, changed, kept)


def refused_rows(cursor: duckdb.DuckDBPyConnection, limit: int) -> tuple[RefusedRow, ...]:
    """Return the first refused rows with their reasons."""
    rows = cursor.execute(
        "SELECT row_no, column_name, value, reason FROM refused "
        "ORDER BY row_no, column_name LIMIT $limit",
        {"limit": limit},
    ).fetchall()
    return tuple(RefusedRow(int(r[0]), r[1] or "", r[2] or "", read_reason(r[3])) for r in rows)
