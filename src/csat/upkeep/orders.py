"""An import as somebody orders it, wherever it is carried out, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingABC
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

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
from csat.model.problem import AlreadyLoaded, Cancelled, ImportProblem, UsageProblem
from csat.queries import catalogue
from csat.reports.refused import refused_csv
from csat.store.originals import originals_of
from csat.store.store import Store

COUNTS: Final = (
    "rows_read",
    "rows_accepted",
    "rows_new",
    "rows_updated",
    "rows_duplicate",
    "rows_refused",
)


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """A file to load, and how; the fields are the options of ``csat import``.

    Parameters
    ----------
    path, name
        Where the file lies, and what it is called.
    preset, mapping, either, mapping_json
        The mapping: a shipped preset, a saved one, a name that may be either, or its text.
        Without any, the sole known mapping that fits.
    timezone
        Of the program; where it is not empty, one of another time zone is refused.
    refused
        Whether the refused rows are wanted as a file.
    """

    path: str
    name: str
    program: str
    preset: str = ""
    mapping: str = ""
    either: str = ""
    mapping_json: str = ""
    mapping_name: str = ""
    title: str = ""
    timezone: str = ""
    as_of: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    dry_run: bool = False
    refused: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the order as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: MappingABC[str, Any]) -> ImportOrder:
        """Read an order back; raise TypeError where it is none."""
        return cls(**raw)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order: counts, refused rows, and the batch where one was made.

    ``changed`` counts per column the rows it changed in; ``refused_file`` is the CSV of the
    refused rows where it was ordered.
    """

    file: str
    program: str
    kind: str
    mapping: str
    batch: int | None
    as_of: str
    data_version: int
    counts: dict[str, int]
    refused: list[dict[str, Any]] = field(default_factory=list)
    found: bool = False
    changed: dict[str, int] = field(default_factory=dict)
    remarks: list[dict[str, str]] = field(default_factory=list)
    refused_file: str = ""

    @property
    def accepted(self) -> int:
        """Rows that were, or would be, loaded."""
        return self.counts["rows_accepted"]

    def to_json(self) -> dict[str, Any]:
        """Return what ``csat import --json`` prints."""
        return {
            "batch": self.batch,
            "program": self.program,
            "kind": self.kind,
            **self.counts,
            "refused": self.refused,
            "changed": self.changed,
            "remarks": self.remarks,
            "as_of": self.as_of or None,
            "data_version": self.data_version,
        }

    def nothing_fits(self) -> ImportProblem:
        """Return the problem of a check that found nothing to load."""
        if self.counts["rows_refused"] == 0:
            return AlreadyLoaded(
                msg(
                    "All {n} rows of {name} are loaded already",
                    n=self.counts["rows_read"],
                    name=self.file,
                ),
                msg("There is nothing to do"),
            )
        return ImportProblem(
            msg("No row of {name} can be loaded", name=self.file),
            msg("Change the mapping of the columns named, or correct the file"),
        )


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
    for batch in catalogue.batches(store, program):
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
