"""Delimited text: its encoding, delimiter and quote, and its records one by one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from csat.ingest.dialect import SAMPLE, Dialect, detect_dialect, parse, reader_of
from csat.ingest.encoding import detect_encoding
from csat.ingest.header import LOOKED_AT, find_header
from csat.ingest.limits import long_cell
from csat.ingest.reading import Reading
from csat.model.message import Message, msg
from csat.model.problem import ImportProblem
from csat.model.settings import ImportLimits

_LARGE_SAMPLE: Final = 8 * 1024 * 1024
_ROWS_ENOUGH: Final = 5
_END: Final = "\ue000csat end of file\ue000"


def read_head(
    path: Path, label: str, *, encoding: str, delimiter: str, header_rows: int
) -> Reading:
    """Look at the top of a text file and decide how it is read.

    Raises
    ------
    ImportProblem
        When it is no text, not written in the encoding, or no table.
    """
    if len(delimiter) > 1 or delimiter in ('"', "\r", "\n", "\x00"):
        raise ImportProblem(
            msg("'{delimiter}' cannot be a delimiter", delimiter=delimiter),
            msg("Use one sign, such as , or ;"),
        )
    head, telling, whole = _sample(path, SAMPLE, seek_letters=not encoding)
    chosen = encoding or detect_encoding(telling, whole=whole)
    _refuse_zeros(head, chosen, label)
    text = _decoded(head, chosen, label, whole=whole)
    dialect = detect_dialect(text, delimiter, whole=whole)
    rows = _first_rows(text, dialect, label, whole=whole)
    if len(rows) < _ROWS_ENOUGH and not whole:
        head, _, whole = _sample(path, _LARGE_SAMPLE, seek_letters=False)
        text = _decoded(head, chosen, label, whole=whole)
        rows = _first_rows(text, dialect, label, whole=whole)
    found = find_header(rows, choice=header_rows)
    notes = found.notes
    if len(found.columns) == 1 and not delimiter:
        notes += (msg("No delimiter was found: the file is read as one column"),)
    return Reading(
        "csv",
        chosen,
        dialect.delimiter,
        columns=found.columns,
        wordings=found.wordings,
        tool=found.tool,
        header_rows=found.rows,
        first_row=found.first_row,
        header=found.raw,
        notes=notes + _dialect_notes(dialect),
        quote=dialect.quote,
        escape=dialect.escape,
    )


def _dialect_notes(dialect: Dialect) -> tuple[Message, ...]:
    notes: tuple[Message, ...] = ()
    if dialect.quote != '"':
        notes += (msg("Cells are quoted with {sign}", sign=dialect.quote),)
    if dialect.escape == "\\":
        notes += (msg("Quotes within cells are written with a backslash"),)
    return notes


def _sample(path: Path, size: int, *, seek_letters: bool) -> tuple[bytes, bytes, bool]:
    """Return the first bytes, those in which letters beyond ASCII begin, and whether all."""
    with path.open("rb") as stream:
        head = part = stream.read(size)
        whole = len(head) < size
        if seek_letters and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            while part and part.isascii():
                part = stream.read(size)
    return head, part or head, whole


def _refuse_zeros(head: bytes, encoding: str, label: str) -> None:
    if b"\x00" not in head or encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32")):
        return
    place = head.index(b"\x00")
    if head.count(b"\x00") > 0.01 * len(head):
        raise ImportProblem(
            msg("{name} is not a text file", name=label),
            msg("Export it as CSV; do not rename a workbook to .csv"),
        )
    raise zero_byte(label, head.count(b"\n", 0, place) + 1)


def zero_byte(label: str, line: int) -> ImportProblem:
    """Return the problem of a text with a zero byte in it."""
    return ImportProblem(
        msg("{name} is not a text file: line {line} holds a zero byte", name=label, line=line),
        msg("Export it again; do not rename a workbook to .csv"),
    )


def _decoded(data: bytes, encoding: str, label: str, *, whole: bool) -> str:
    try:
        return decode(data, encoding, whole=whole)
    except (UnicodeError, LookupError) as error:
        raise not_written_in(label, encoding, error) from error


def not_written_in(
    label: str, encoding: str, error: Exception, lines_before: int = 0
) -> ImportProblem:
    """Return the problem of bytes that are none of the encoding, with the line where known."""
    title = msg("{name} is not written in {encoding}", name=label, encoding=encoding)
    if isinstance(error, UnicodeDecodeError):
        line = lines_before + error.object.count(b"\n", 0, error.start) + 1
        title = msg(
            "{name} is not written in {encoding}: line {line} cannot be read",
            name=label,
            encoding=encoding,
            line=line,
        )
    return ImportProblem(title, msg("Choose another encoding"))


def decode(data: bytes, encoding: str, *, whole: bool) -> str:
    """Decode bytes, allowing a character cut off at the end of a sample."""
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    for cut in range(0 if whole else 4):
        try:
            return data[: len(data) - cut].decode(name).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            if error.start < len(data) - 8:
                raise
    return (data if whole else data[:-4]).decode(name).removeprefix("\ufeff")


def _first_rows(text: str, dialect: Dialect, label: str, *, whole: bool) -> list[list[str]]:
    try:
        return parse(text, dialect, whole=whole)[:LOOKED_AT]
    except csv.Error as error:
        raise _no_table(label, 1, error) from error


def _no_table(label: str, row_no: int, error: csv.Error) -> ImportProblem:
    return ImportProblem(
        msg("{name} is not a table: row {row}: {reason}", name=label, row=row_no, reason=error),
        msg("Export it again as CSV"),
    )


def dialect_of(reading: Reading) -> Dialect:
    """Return the dialect that a reading decided on."""
    return Dialect(reading.delimiter, reading.quote, reading.escape)


def records(
    path: Path, label: str, reading: Reading, limits: ImportLimits
) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a UTF-8 file below its header, with their row in the file.

    Raises
    ------
    ImportProblem
        When a cell is too long, a quote is never closed, or a byte is no UTF-8.
    """
    csv.field_size_limit(limits.cell_characters)
    row_no = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = reader_of(_with_end(stream), dialect_of(reading))
            for row_no, row in enumerate(reader, start=1):
                if row and row[-1].endswith(_END):
                    if row != [_END]:
                        raise _open_quote(label, row_no)
                    return
                if row_no >= reading.data_row:
                    yield row_no, row
    except UnicodeDecodeError as error:
        raise _broken_off(label, row_no) from error
    except csv.Error as error:
        if "field limit" in str(error):
            raise long_cell(label, row_no + 1, limits) from error
        raise _no_table(label, row_no + 1, error) from error


def _with_end(stream: Iterator[str]) -> Iterator[str]:
    """Yield the lines and a last one that stands alone unless a quote is still open."""
    yield from stream
    yield _END


def _open_quote(label: str, row_no: int) -> ImportProblem:
    return ImportProblem(
        msg("{name}: a quote opened in row {row} is never closed", name=label, row=row_no),
        msg("Correct that row, or export the file again"),
    )


def _broken_off(label: str, row_no: int) -> ImportProblem:
    return ImportProblem(
        msg(
            "{name} cannot be read to its end: below row {row} letters are not written in UTF-8",
            name=label,
            row=row_no,
        ),
        msg("Choose another encoding, or export the file again"),
    )


def body_offset(path: Path, reading: Reading) -> int:
    """Return the byte at which the first data row of a UTF-8 file begins."""
    with path.open("rb") as raw:
        consumed = 3 if raw.read(3) == b"\xef\xbb\xbf" else 0
    csv.field_size_limit(10 * _LARGE_SAMPLE)

    def counted(stream: Iterator[str]) -> Iterator[str]:
        nonlocal consumed
        for line in stream:
            consumed += len(line.encode("utf-8"))
            yield line

    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = reader_of(counted(stream), dialect_of(reading))
        for _ in range(reading.data_row - 1):
            next(reader, None)
    return consumed
