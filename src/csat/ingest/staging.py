"""A source as a temporary table of texts on one cursor, with the row number of the file."""

from __future__ import annotations

import csv
import mmap
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from csat.ingest.source import Source, workbook_rows
from csat.model.message import msg
from csat.model.problem import ImportProblem

_CHUNK = 50_000
_MANY = 200
"""With more columns than this, correcting them one by one is slower than the slower reader."""
_BLANKS: Final = " \t\n\r\v\f\x1c\x1d\x1e\x1f\xa0\u1680" + (
    "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
)
"""What is cut from both ends of a cell."""
_EMPTY_LINE: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf)?[\r\n]|(?<![\r\n])(?>\r\n|\r|\n)[\r\n]++[^\r\n]"
)
"""A line without a sign before the end. Atomic, so that no run of line ends is read twice."""
_ODD_ENDS: Final = re.compile(rb"[\t\v\f\x1c-\x1f]|\"[ \x80-\xff]*+[\r\n]|[\r\n][ \x80-\xff]*+\"")
"""Where a cell may begin or end with a blank that is no space."""


def stage(cursor: duckdb.DuckDBPyConnection, source: Source) -> int:
    """Read a source into the temporary tables ``staged`` and ``ragged``; return rows read.

    ``staged`` has ``row_no`` (the row of the file, the header being row 1) and one VARCHAR
    column ``c0``, ``c1`` ... per column, trimmed, blank as NULL. ``ragged`` lists the rows
    whose number of fields differs from the header's; they are not in ``staged``. Rows without
    any value are in neither, but count in the row numbers.

    Raises
    ------
    ImportProblem
        When nothing stands below the header or the file cannot be decoded to its end.
    """
    cursor.execute("DROP TABLE IF EXISTS staged; DROP TABLE IF EXISTS ragged")
    cursor.execute("CREATE TEMP TABLE ragged (row_no BIGINT, fields BIGINT)")
    width = len(source.reading.columns)
    if source.reading.form == "workbook":
        rows, _, _ = workbook_rows(source.path, source.name, source.reading.sheet)
        _stage_rows(cursor, iter(rows[1:]), width, pad=True)
    else:
        _stage_text(cursor, source, width)
    counts = cursor.execute(
        "SELECT (SELECT COUNT(*) FROM staged) + (SELECT COUNT(*) FROM ragged)"
    ).fetchone()
    total = int(counts[0]) if counts else 0
    if total == 0:
        raise ImportProblem(
            msg("{name} holds a header and no rows", name=source.name),
            msg("Export it again with its answers"),
        )
    return total


def _stage_text(cursor: duckdb.DuckDBPyConnection, source: Source, width: int) -> None:
    with tempfile.TemporaryDirectory(prefix="csat-") as folder:
        path = source.path
        if source.reading.encoding != "utf-8":
            path = Path(folder) / "text.csv"
            _transcode(source, path)
        try:
            if _finds(_EMPTY_LINE, path) or re.search(r"[*?\[]", str(path)):
                raise duckdb.InvalidInputException("left to the slower reader")
            _stage_fast(cursor, path, source.reading.delimiter, width)
        except duckdb.Error:
            cursor.execute("DROP TABLE IF EXISTS staged")
            rows = _records(path, source)
            _stage_rows(cursor, rows, width, pad=False)


def _finds(pattern: re.Pattern[bytes], path: Path) -> bool:
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        return pattern.search(content) is not None


def _stage_fast(cursor: duckdb.DuckDBPyConnection, path: Path, delimiter: str, width: int) -> None:
    """Read with the engine's own reader, which guesses nothing and fails on any ragged row.

    It skips empty lines without counting them, and its plain TRIM cuts spaces only.
    """
    names = [f"c{i}" for i in range(width)]
    kinds = ", ".join(f"{n}: 'VARCHAR'" for n in names)
    trimmed = ", ".join(f"NULLIF(TRIM({n}), '') AS {n}" for n in names)
    cursor.execute(
        f"CREATE TEMP TABLE staged AS SELECT row_number() OVER () + 1 AS row_no, {trimmed} "
        f"FROM read_csv($path, columns = {{{kinds}}}, auto_detect = false, header = true, "
        "delim = $delimiter, quote = '\"', escape = '\"', null_padding = false)",
        {"path": str(path), "delimiter": delimiter},
    )
    if _finds(_ODD_ENDS, path):
        if width > _MANY:
            raise duckdb.InvalidInputException("left to the slower reader")
        for n in names:
            cursor.execute(
                f"UPDATE staged SET {n} = NULLIF(TRIM({n}, $blanks), '') "
                f"WHERE {n} < '!' OR RIGHT({n}, 1) < '!'",
                {"blanks": _BLANKS},
            )
    cursor.execute(f"DELETE FROM staged WHERE {' AND '.join(f'{n} IS NULL' for n in names)}")


def _stage_rows(
    cursor: duckdb.DuckDBPyConnection, rows: Iterator[list[str]], width: int, *, pad: bool
) -> None:
    names = [f"c{i}" for i in range(width)]
    columns = ", ".join(f"{n} VARCHAR" for n in names)
    cursor.execute(f"CREATE TEMP TABLE staged (row_no BIGINT, {columns})")
    buffer: list[list[str | int | None]] = []
    ragged: list[tuple[int, int]] = []
    for row_no, row in enumerate(rows, start=2):
        cells = [c.strip(_BLANKS) or None for c in row]
        if not any(cells):
            continue
        if any(cells[width:]) or (len(cells) < width and not pad):
            ragged.append((row_no, len(cells)))
            continue
        buffer.append([row_no, *cells[:width], *[None] * (width - len(cells))])
        if len(buffer) >= _CHUNK:
            _append(cursor, buffer, names)
            buffer = []
    _append(cursor, buffer, names)
    lists = {"row_no": [r for r, _ in ragged], "fields": [f for _, f in ragged]}
    _insert(cursor, pa.table({k: pa.array(v, pa.int64()) for k, v in lists.items()}), "ragged")


def _append(
    cursor: duckdb.DuckDBPyConnection, rows: list[list[str | int | None]], names: list[str]
) -> None:
    if not rows:
        return
    columns = list(zip(*rows, strict=True))
    arrays = [pa.array(columns[0], pa.int64())]
    arrays += [pa.array(c, pa.string()) for c in columns[1:]]
    _insert(cursor, pa.Table.from_arrays(arrays, names=["row_no", *names]), "staged")


def _insert(cursor: duckdb.DuckDBPyConnection, rows: pa.Table, table: str) -> None:
    cursor.register("chunk", rows)
    cursor.execute(f"INSERT INTO {table} SELECT * FROM chunk")
    cursor.unregister("chunk")


def _records(path: Path, source: Source) -> Iterator[list[str]]:
    csv.field_size_limit(10_000_000)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, delimiter=source.reading.delimiter)
            for row in reader:
                if any(c.strip() for c in row):
                    break
            yield from reader
    except (UnicodeDecodeError, csv.Error) as error:
        raise ImportProblem(
            msg("{name} cannot be read to its end: {reason}", name=source.name, reason=str(error)),
            msg("Choose another encoding or delimiter, or export the file again"),
        ) from error


def _transcode(source: Source, target: Path) -> None:
    try:
        with (
            source.path.open(encoding=source.reading.encoding, newline="") as text,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            while chunk := text.read(1 << 20):
                out.write(chunk)
    except UnicodeError as error:
        raise ImportProblem(
            msg(
                "{name} is not written in {encoding}",
                name=source.name,
                encoding=source.reading.encoding,
            ),
            msg("Choose another encoding"),
        ) from error


def sample_rows(
    cursor: duckdb.DuckDBPyConnection, source: Source, limit: int
) -> list[tuple[str | None, ...]]:
    """Return the first rows of a staged file as texts, for a preview and for guessing."""
    names = ", ".join(f"c{i}" for i in range(len(source.reading.columns)))
    return cursor.execute(
        f"SELECT {names} FROM staged ORDER BY row_no LIMIT $limit", {"limit": limit}
    ).fetchall()
