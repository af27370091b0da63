"""Carry out an import as it was ordered: read, check, load, and say what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from csat.ingest.batches import Progress, commit, dry_run
from csat.ingest.catalogue import find_program
from csat.ingest.checking import Checked
from csat.ingest.choosing import named_mapping, saved_mapping, sole_fitting
from csat.ingest.mapping import Mapping
from csat.ingest.preset import preset
from csat.ingest.register_files import register_of
from csat.ingest.remarks import remarks
from csat.ingest.source import Source, open_source
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import Cancelled, ImportProblem, UsageProblem
from csat.queries import loads
from csat.reports.refused import refused_csv
from csat.store.originals import originals_of
from csat.store.store import Store
from csat.upkeep.orders import COUNTS, ImportOrder, Outcome


def read_source(order: ImportOrder, max_mb: int) -> Source:
    """Open the file of an order.

    Parameters
    ----------
    max_mb
        Largest file accepted, in megabytes.

    Raises
    ------
    ImportProblem
        As `open_source` does.
    """
    return open_source(
        Path(order.path),
        order.name,
        encoding=order.encoding,
        delimiter=order.delimiter,
        sheet=order.sheet,
        max_mb=max_mb,
    )


def carry_out(
    store: Store,
    order: ImportOrder,
    source: Source,
    user: User,
    *,
    timezone: str,
    progress: Progress,
) -> Outcome:
    """Load the file of an order, or only check it.

    Parameters
    ----------
    source
        What `read_source` made of the order.
    timezone
        Of a new program where the order names none.

    Raises
    ------
    ImportProblem, UsageProblem, NotAllowed
        As `commit` does; nothing was written then.
    """
    if order.timezone:
        _same_timezone(store, order.program, order.timezone)
    mapping, found = _mapping(store, order, source)
    as_of = date.fromisoformat(order.as_of) if order.as_of else None
    zone = order.timezone or timezone
    if order.dry_run:
        user.require("import")
        checked = dry_run(store, source, mapping, order.program, zone)
        complete = as_of or mapping.as_of
        return _outcome(store, order, source, mapping, checked, None, complete, found)
    loaded = commit(
        store,
        source,
        mapping,
        program=order.program,
        user=user,
        timezone=zone,
        program_title=order.title,
        as_of=as_of,
        progress=progress,
    )
    return _outcome(
        store, order, source, mapping, loaded.checked, loaded.batch_id, loaded.as_of, found
    )


@contextmanager
def stoppable(store: Store, program: str, source: Source) -> Iterator[None]:
    """Say after Ctrl-C what is true now: nothing was written, or all of it was already.

    Raises
    ------
    Cancelled
        Saying which; the original file of a load that was stopped is not kept.

    Notes
    -----
    The engine reports a key pressed while it works as a RuntimeError of these words.
    """
    original = originals_of(store.path) / source.sha256
    kept = original.exists()
    try:
        yield
    except (KeyboardInterrupt, RuntimeError) as stop:
        if isinstance(stop, RuntimeError) and str(stop) != "Query interrupted":
            raise
        batch = _batch_of(store, program, source.sha256)
        if batch is not None:
            raise Cancelled(
                msg("{name} was loaded already, as batch {batch}", name=source.name, batch=batch),
                msg("Take it back with: csat undo {batch}", batch=batch),
            ) from stop
        if not kept:
            for file in (original, original.with_name(f"{original.name}.part")):
                file.unlink(missing_ok=True)
        raise Cancelled(
            msg("Stopped; nothing was written"), msg("Start again when you want")
        ) from stop


def _batch_of(store: Store, program: str, sha256: str) -> int | None:
    """Return the active batch of a file in a program, or None."""
    for batch in loads.batches(store, program):
        if batch["file_sha256"] == sha256 and batch["status"] == "active":
            return int(batch["batch_id"])
    return None


def _outcome(
    store: Store,
    order: ImportOrder,
    source: Source,
    mapping: Mapping,
    checked: Checked,
    batch: int | None,
    as_of: date | None,
    found: bool,
) -> Outcome:
    return Outcome(
        order.name,
        order.program,
        mapping.kind,
        mapping.name,
        batch,
        as_of.isoformat() if as_of else "",
        store.data_version(),
        {name: getattr(checked, name) for name in COUNTS},
        [
            {"row": r.row_no, "column": r.column, "value": r.value, "reason": str(r.reason)}
            for r in checked.refused
        ],
        found,
        checked.tally.changed,
        [{"level": r.level, "text": str(r.text)} for r in remarks(checked)],
        refused_csv(checked, source.reading.columns, str).decode("utf-8-sig")
        if order.refused
        else "",
        checked.tally.kept,
    )


def _mapping(store: Store, order: ImportOrder, source: Source) -> tuple[Mapping, bool]:
    """Return the mapping to use, and whether it was found rather than named."""
    if order.mapping_json:
        return Mapping.from_json(order.mapping_json, name=order.mapping_name), False
    if order.preset:
        return preset(order.preset), False
    if order.mapping:
        return saved_mapping(store, order.mapping), False
    if order.either:
        return named_mapping(store, order.either), False
    register = register_of(source.reading.columns)
    if register is not None:
        raise ImportProblem(
            msg("{name} is a register of {register}", name=source.name, register=register),
            msg("Take it in with: csat register {register} --load FILE", register=register),
        )
    return sole_fitting(store, source), True


def _same_timezone(store: Store, program: str, timezone: str) -> None:
    with store.cursor() as cursor:
        found = find_program(cursor, program)
    if found is not None and found[1] != timezone:
        raise UsageProblem(
            msg("Program '{program}' keeps the time of {zone}", program=program, zone=found[1]),
            msg("Leave --timezone out, or load the file as another program"),
        )
