"""A file on disk and how it is read: its form, header and columns."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from csat.ingest.archive import choose_member, data_members, unpacked
from csat.ingest.columnar import read_parquet
from csat.ingest.delimited import read_head
from csat.ingest.dialect import DELIMITERS
from csat.ingest.encoding import ENCODINGS
from csat.ingest.forms import ENDINGS, TEXTS, WORKBOOKS, form_of
from csat.ingest.json_lines import read_json
from csat.ingest.labelled import read_labelled
from csat.ingest.limits import check_columns, check_size
from csat.ingest.reading import Reading, Source
from csat.ingest.workbook import read_workbook
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.model.settings import Config, ImportLimits
from csat.store.originals import fingerprint

__all__ = (
    "DELIMITERS",
    "ENCODINGS",
    "ENDINGS",
    "MAX_COLUMNS",
    "Reading",
    "Source",
    "fingerprint",
    "open_source",
)

MAX_COLUMNS: Final = ImportLimits().columns


def open_source(
    path: Path,
    name: str | None = None,
    *,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    max_mb: int = 0,
    header_rows: int = 0,
    limits: ImportLimits | None = None,
) -> Source:
    """Look at a file and decide how to read it; given choices are kept.

    What the file is, its bytes say; its ending decides between forms of text only.

    Parameters
    ----------
    path, name
        Where the file lies and what it is called.
    encoding, delimiter, sheet
        A person's choice; empty means detect. Of an archive with several files the sheet is
        the file's name, with ``/`` and a sheet of it where it is a workbook.
    max_mb
        Largest size accepted, in megabytes; 0 accepts any.
    header_rows
        How many rows a person says the header has; 0 to detect, -1 for none.
    limits
        How much may be read; the settings of the installation where none are given.

    Raises
    ------
    ImportProblem
        When the file is empty, too large, of an unknown form or cannot be decoded.
    UsageProblem
        When the number of header rows is none.
    """
    label = name or path.name
    size = check_size(path, label, max_mb)
    allowed = limits or Config.from_environment().limits
    with ExitStack() as open_files:
        inner, form, member, members = path, form_of(path, label), "", [""]
        inner_label = label
        if form in (".zip", ".gz"):
            members = data_members(path, label)
            member, sheet = choose_member(members, sheet, label)
            inner = open_files.enter_context(unpacked(path, label, member, allowed))
            inner_label = f"{label}: {member}"
            check_size(inner, inner_label, 0)
            form = form_of(inner, inner_label)
        choices = {
            "encoding": encoding,
            "delimiter": delimiter,
            "sheet": sheet,
            "header_rows": header_rows,
        }
        reading, known = _read(inner, inner_label, form, choices, allowed)
    if len(members) > 1:
        chosen = f"{member}/{reading.sheet}" if reading.sheet else member
        reading = replace(reading, sheet=chosen, sheets=tuple(members))
    reading = replace(
        reading, member=member, notes=_named_wrongly(label, form, member) + reading.notes
    )
    if not any(reading.columns):
        raise ImportProblem(
            msg("{name} holds no rows", name=label), msg("Export it again with its answers")
        )
    check_columns(len(reading.columns), label, allowed)
    return Source(path, label, fingerprint(path), size, reading, limits=allowed, **known)


def _read(
    path: Path, label: str, form: str, choices: dict[str, Any], limits: ImportLimits
) -> tuple[Reading, dict[str, Any]]:
    """Read the head of a file of this form; return the reading, and labels and missing codes."""
    encoding, header_rows = choices["encoding"], choices["header_rows"]
    if form in (".zip", ".gz"):
        raise ImportProblem(
            msg("{name} is an archive within the archive", name=label),
            msg("Unpack it and load the file with the answers"),
        )
    if form in WORKBOOKS:
        sheet = choices["sheet"]
        return read_workbook(path, label, sheet=sheet, header_rows=header_rows, limits=limits), {}
    if form == ".parquet":
        return read_parquet(path, label, limits), {}
    if form == ".json":
        return read_json(path, label, encoding=encoding, limits=limits), {}
    if form in TEXTS:
        delimiter = choices["delimiter"]
        return read_head(
            path, label, encoding=encoding, delimiter=delimiter, header_rows=header_rows
        ), {}
    found = read_labelled(path, label, encoding=encoding, limits=limits)
    return found.reading, {"labels": found.labels, "missing": found.missing}


_FAMILIES: Final = (TEXTS, WORKBOOKS, (".sav", ".zsav"), (".json", ".jsonl", ".ndjson", ".txt"))


def _named_wrongly(label: str, form: str, member: str) -> tuple[Any, ...]:
    """Say so where a file is not what its ending says, and is read as what it is."""
    ending = Path(member or label).suffix.lower()
    if ending == form or any({ending, form} <= set(f) for f in _FAMILIES):
        return ()
    return (msg("In spite of its name the file is a {form} file", form=form[1:].upper()),)
