"""Text through the engine's own reader: quick, and used only where it loses nothing."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from csat.ingest.delimited import body_offset, not_written_in, zero_byte
from csat.ingest.reading import Source
from csat.ingest.table import BLANKS, header_cells

_MANY: Final = 200
"""With more columns than this, correcting them one by one is slower than the slower reader."""
_AT_ONCE: Final = 50
"""Columns looked at in one query; planning takes the square of their number."""
_ODD: Final = "{0} < '!' OR RIGHT({0}, 1) < '!'"
_BLOCK: Final = 4 * 1024 * 1024
_LINE_LIMIT: Final = 2_000_000
_EMPTY_LINES: Final = (b"\n\n", b"\n\r", b"\r\r")
_ODD_BLANKS: Final = tuple(bytes((code,)) for code in (9, 11, 12, 28, 29, 30, 31))
"""Blanks that the engine's TRIM leaves; line ends within a cell are found by counting lines."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look through the bytes of a text told: its lines, and whether odd blanks occur."""

    lines: int
    odd_blanks: bool


class SlowerReaderNeeded(Exception):
    """The engine's reader would lose or misplace something in this file."""


def stage_fast(cursor: duckdb.DuckDBPyConnection, source: Source, path: Path, folder: Path) -> None:
    """Read a UTF-8 text into ``staged``.

    The engine's reader guesses nothing here and fails on any ragged row. It skips empty lines
    without counting them, and its plain TRIM cuts spaces only: both are looked for first.

    Parameters
    ----------
    path
        The text in UTF-8.
    folder
        Where a part of it may be written.

    Raises
    ------
    SlowerReaderNeeded
        When the rows have to be read one by one.
    ImportProblem
        When the text holds a zero byte.
    """
    reading = source.reading
    if reading.escape != reading.quote or re.search(r"[*?\[]", str(path)):
        raise SlowerReaderNeeded
    headed = reading.first_row == 1 and reading.header_rows == 1
    if not headed:
        path = _body(path, body_offset(path, reading), folder)
    looked = look_through(path, source.name, reading.delimiter)
    names = [f"c{i}" for i in range(len(reading.columns))]
    reader, params = text_reader(source, path, names, headed=headed)
    trimmed = ", ".join(f"NULLIF(TRIM({n}), '') AS {n}" for n in names)
    before = reading.data_row - 1
    try:
        cursor.execute(
            f"CREATE TEMP TABLE staged AS SELECT row_number() OVER () + {before:d} AS row_no, "
            f"{trimmed} FROM {reader}",
            params,
        )
    except duckdb.Error as error:
        raise SlowerReaderNeeded from error
    if looked.odd_blanks or _count(cursor) + headed != looked.lines:
        _trim_blanks(cursor, names)
    _set_header_aside(cursor, source, names)
    cursor.execute(f"DELETE FROM staged WHERE {' AND '.join(f'{n} IS NULL' for n in names)}")


def text_reader(
    source: Source, path: Path, names: list[str], *, headed: bool
) -> tuple[str, dict[str, object]]:
    """Return SQL of the engine's reader of a text, every cell as it stands, and its parameters.

    It guesses nothing and fails on any ragged row.
    """
    kinds = ", ".join(f"{n}: 'VARCHAR'" for n in names)
    reader = (
        f"read_csv($path, columns = {{{kinds}}}, auto_detect = false, "
        f"header = {'true' if headed else 'false'}, delim = $delimiter, quote = $quote, "
        "escape = $quote, null_padding = false, max_line_size = $longest)"
    )
    return reader, {
        "path": str(path),
        "delimiter": source.reading.delimiter,
        "quote": source.reading.quote,
        "longest": min(_LINE_LIMIT, source.limits.cell_characters),
    }


def _count(cursor: duckdb.DuckDBPyConnection) -> int:
    row = cursor.execute("SELECT COUNT(*) FROM staged").fetchone()
    return int(row[0]) if row else 0


def _trim_blanks(cursor: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    """Cut blanks that are no spaces, in the columns that have them."""
    columns: list[str] = []
    for start in range(0, len(names), _AT_ONCE):
        part = names[start : start + _AT_ONCE]
        found = cursor.execute(
            f"SELECT {', '.join(f'BOOL_OR({_ODD.format(n)})' for n in part)} FROM staged"
        ).fetchone()
        columns += [n for n, is_odd in zip(part, found or (), strict=True) if is_odd]
        if len(columns) > _MANY:
            raise SlowerReaderNeeded
    for n in columns:
        cursor.execute(
            f"UPDATE staged SET {n} = NULLIF(TRIM({n}, $blanks), '') WHERE {_ODD.format(n)}",
            {"blanks": BLANKS},
        )


def _set_header_aside(cursor: duckdb.DuckDBPyConnection, source: Source, names: list[str]) -> None:
    """Move rows that repeat the header, as in files pasted together, out of the data."""
    cells = header_cells(source)
    if len(cells) != len(names):
        return
    given = {f"h{i}": cell for i, cell in enumerate(cells)}
    same = " AND ".join(f"c{i} IS NOT DISTINCT FROM $h{i}" for i in range(len(cells)))
    first = next(i for i, cell in enumerate(cells) if cell)
    found = cursor.execute(
        f"SELECT 1 FROM staged WHERE c{first} = $h{first} LIMIT 1", {f"h{first}": cells[first]}
    ).fetchone()
    if found:
        cursor.execute(
            f"INSERT INTO aside SELECT row_no, 'header', c0 FROM staged WHERE {same}", given
        )
        cursor.execute(f"DELETE FROM staged WHERE {same}", given)


def _body(path: Path, offset: int, folder: Path) -> Path:
    """Return a copy of a file from a byte on."""
    target = folder / "body.csv"
    with path.open("rb") as stream, target.open("wb") as out:
        stream.seek(offset)
        shutil.copyfileobj(stream, out, _BLOCK)
    return target


def look_through(path: Path, label: str, delimiter: str) -> Looked:
    """Look through a text once, by searches that run at the speed of memory.

    Raises
    ------
    SlowerReaderNeeded
        When a line is empty.
    ImportProblem
        When there is a zero byte.
    """
    odd = delimiter == "\t"
    ends, carriage, before, last = 0, 0, b"", b""
    with path.open("rb") as stream:
        first = stream.read(4).removeprefix(b"\xef\xbb\xbf")
        if first[:1] in (b"\r", b"\n"):
            raise SlowerReaderNeeded
        stream.seek(0)
        while block := stream.read(_BLOCK):
            if b"\x00" in block:
                line = ends + block.count(b"\n", 0, block.index(b"\x00")) + 1
                raise zero_byte(label, line)
            ends += block.count(b"\n")
            carriage += block.count(b"\r")
            odd = odd or any(sign in block for sign in _ODD_BLANKS)
            text = before + block
            solid = text.rstrip(b"\r\n")
            if any(pair in solid for pair in _EMPTY_LINES):
                raise SlowerReaderNeeded
            before, last = text[max(0, len(solid) - 1) :], block[-1:]
    lines = ends or carriage
    return Looked(lines + (last not in (b"\n", b"\r")), odd or bool(ends and carriage % ends))


def transcode(source: Source, path: Path, target: Path) -> None:
    """Write a text of any encoding as UTF-8.

    Raises
    ------
    ImportProblem
        When the bytes are none of the encoding.
    """
    encoding = source.reading.encoding
    lines = 0
    try:
        with (
            path.open(encoding=encoding, newline="") as text,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            while chunk := text.read(1 << 20):
                out.write(chunk)
                lines += chunk.count("\n")
    except UnicodeError as error:
        raise not_written_in(source.name, encoding, error, lines) from error
