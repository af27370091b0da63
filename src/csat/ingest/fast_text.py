"""Text through the engine's own reader: quick, and used only where it loses nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

import duckdb

from csat.ingest.delimited import body_offset, not_written_in, zero_byte
from csat.ingest.reading import Source
from csat.ingest.table import BLANKS, header_cells

_MANY: Final = 200
"""With more columns than this, correcting them one by one is slower than the slower reader."""
_BLOCK: Final = 4 * 1024 * 1024
_OVERLAP: Final = 64 * 1024
_LINE_LIMIT: Final = 2_000_000
_EMPTY_LINE: Final = re.compile(rb"\A[\r\n]|(?<![\r\n])(?>\r\n|\r|\n)[\r\n]++[^\r\n]|\x00")
"""A line without a sign before the end, or a zero byte. Atomic, so that no run of line ends is
read twice."""
_ODD_ENDS: Final = re.compile(rb"[\t\v\f\x1c-\x1f]|\"[ \x80-\xff]*+[\r\n]|[\r\n][ \x80-\xff]*+\"")
"""Where a cell may begin or end with a blank that is no space."""


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
    odd_ends = _scan(path, source.name)
    names = [f"c{i}" for i in range(len(reading.columns))]
    if odd_ends and len(names) > _MANY:
        raise SlowerReaderNeeded
    kinds = ", ".join(f"{n}: 'VARCHAR'" for n in names)
    trimmed = ", ".join(f"NULLIF(TRIM({n}), '') AS {n}" for n in names)
    before = reading.data_row - 1
    try:
        cursor.execute(
            f"CREATE TEMP TABLE staged AS SELECT row_number() OVER () + {before:d} AS row_no, "
            f"{trimmed} FROM read_csv($path, columns = {{{kinds}}}, auto_detect = false, "
            f"header = {'true' if headed else 'false'}, delim = $delimiter, quote = $quote, "
            "escape = $quote, null_padding = false, max_line_size = $longest)",
            {
                "path": str(path),
                "delimiter": reading.delimiter,
                "quote": reading.quote,
                "longest": min(_LINE_LIMIT, source.limits.cell_characters),
            },
        )
    except duckdb.Error as error:
        raise SlowerReaderNeeded from error
    if odd_ends:
        _trim_blanks(cursor, names)
    _set_header_aside(cursor, source, names)
    cursor.execute(f"DELETE FROM staged WHERE {' AND '.join(f'{n} IS NULL' for n in names)}")


def _trim_blanks(cursor: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    for n in names:
        cursor.execute(
            f"UPDATE staged SET {n} = NULLIF(TRIM({n}, $blanks), '') "
            f"WHERE {n} < '!' OR RIGHT({n}, 1) < '!'",
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


def _scan(path: Path, label: str) -> bool:
    """Look through a text once; say whether some cell may end with an odd blank.

    Raises
    ------
    SlowerReaderNeeded
        When a line is empty.
    ImportProblem
        When there is a zero byte.
    """
    odd, lines, kept, begun = False, 0, b"", False
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if not begun:
                block, begun = block.removeprefix(b"\xef\xbb\xbf"), True
            text = kept + block
            found = _EMPTY_LINE.search(text, 0 if lines == 0 and not kept else 1)
            if found and found[0] == b"\x00":
                raise zero_byte(label, lines + text.count(b"\n", 0, found.start()) + 1)
            if found and (found.start() or not kept):
                raise SlowerReaderNeeded
            odd = odd or _ODD_ENDS.search(text) is not None
            end = len(text.rstrip(b"\r\n"))
            keep = max(0, min(end - 1, len(text) - _OVERLAP))
            lines += text.count(b"\n", 0, keep)
            kept = text[keep:]
    return odd


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
