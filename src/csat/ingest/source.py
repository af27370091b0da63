"""A file on disk and how it is read: encoding, delimiter or sheet, header, columns."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from csat.model.message import msg
from csat.model.problem import ImportProblem

DELIMITERS: Final[tuple[str, ...]] = (",", ";", "\t", "|")
ENCODINGS: Final[tuple[str, ...]] = (
    "utf-8",
    "utf-16",
    "gb18030",
    "big5",
    "cp949",
    "cp932",
    "cp1252",
    "latin-1",
)
_GUESSED: Final = ("gb18030", "big5", "cp949", "cp932", "cp1252")
_SAMPLE: Final = 256 * 1024
_TELLING: Final = 64 * 1024
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".ods")
_TEXTS: Final = (".csv", ".tsv", ".txt")
MAX_COLUMNS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was read; shown to the person and kept with the batch."""

    form: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return the reading as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Source:
    """A file ready to be staged.

    Parameters
    ----------
    path
        Where the bytes lie.
    name
        The file's own name, as the person knows it.
    sha256, size
        Fingerprint and length in bytes.
    reading
        How it is read.
    """

    path: Path
    name: str
    sha256: str
    size: int
    reading: Reading


def open_source(
    path: Path,
    name: str | None = None,
    *,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    max_mb: int = 0,
) -> Source:
    """Look at a file and decide how to read it; given choices are kept.

    Parameters
    ----------
    path, name
        Where the file lies and what it is called.
    encoding, delimiter, sheet
        A person's choice; empty means detect.
    max_mb
        Largest size accepted, in megabytes; 0 accepts any.

    Raises
    ------
    ImportProblem
        When the file is empty, too large, of an unknown form or cannot be decoded.
    """
    label = name or path.name
    if not path.is_file():
        raise ImportProblem(msg("There is no file {name}", name=path), msg("Check the path"))
    size = path.stat().st_size
    if size == 0:
        raise ImportProblem(
            msg("{name} is empty", name=label), msg("Export it again from the survey tool")
        )
    if max_mb and size > max_mb * 1024 * 1024:
        raise ImportProblem(
            msg("{name} is larger than {limit} MB", name=label, limit=max_mb),
            msg("Split it, or raise CSAT_MAX_UPLOAD_MB"),
        )
    ending = Path(label).suffix.lower()
    if ending in _WORKBOOKS:
        reading = _read_workbook_head(path, label, sheet)
    elif ending in _TEXTS:
        reading = _read_text_head(path, label, encoding, delimiter)
    else:
        raise ImportProblem(
            msg("{name} is of a form that cannot be read", name=label),
            msg("Save it as CSV or XLSX"),
        )
    _check_header(reading.columns, label)
    return Source(path, label, fingerprint(path), size, reading)


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def detect_encoding(head: bytes) -> str:
    """Guess the encoding of a text file from its first bytes.

    A byte-order mark decides; then strict UTF-8; then a statistical guess, for which legacy
    Chinese, Korean and Japanese encodings are told apart by their byte patterns.

    Examples
    --------
    >>> detect_encoding("满意,不满意".encode("utf-8-sig"))
    'utf-8'
    >>> detect_encoding(b"a,b")
    'utf-8'
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    try:
        head.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        if error.start > len(head) - 4 and error.end >= len(head):
            return "utf-8"
    best = from_bytes(_telling_lines(head), cp_isolation=list(_GUESSED)).best()
    return best.encoding if best else "cp1252"


def _telling_lines(head: bytes) -> bytes:
    """Return the lines that hold more than ASCII, not ending in the middle of a letter."""
    lines = b"\n".join(line for line in head.split(b"\n") if not line.isascii())
    if len(head) < _SAMPLE and len(lines) <= _TELLING:
        return lines
    lines = lines[:_TELLING]
    # In none of these encodings is one of these signs the second half of a letter.
    end = max(lines.rfind(sign) for sign in (b"\n", b",", b";", b"\t", b" "))
    return lines[:end] if end > 0 else lines


def detect_delimiter(text: str) -> str:
    r"""Guess the delimiter: the one that splits the first records most evenly.

    Examples
    --------
    >>> detect_delimiter("a;b;c\n1,5;2;3\n")
    ';'
    """
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        rows = [r for r in _parse(text, delimiter)[:60] if r]
        if not rows:
            continue
        width = len(rows[0])
        if width < 2:
            continue
        even = sum(len(r) == width for r in rows) / len(rows)
        score = even * 1000 + width
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _parse(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(10_000_000)
    rows = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        rows.append(row)
        if len(rows) > 200:
            break
    return rows


def _read_text_head(path: Path, label: str, encoding: str, delimiter: str) -> Reading:
    with path.open("rb") as stream:
        head = part = stream.read(_SAMPLE)
        whole = len(head) < _SAMPLE
        while part and part.isascii() and not encoding:
            part = stream.read(_SAMPLE)
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ImportProblem(
            msg("{name} is not a text file", name=label),
            msg("Export it as CSV; do not rename a workbook to .csv"),
        )
    if len(delimiter) > 1 or delimiter in ('"', "\r", "\n"):
        raise ImportProblem(
            msg("'{delimiter}' cannot be a delimiter", delimiter=delimiter),
            msg("Use one sign, such as , or ;"),
        )
    chosen = encoding or detect_encoding(part or head)
    try:
        text = decode(head, chosen, whole=whole)
    except (UnicodeError, LookupError) as error:
        raise ImportProblem(
            msg("{name} is not written in {encoding}", name=label, encoding=chosen),
            msg("Choose another encoding"),
        ) from error
    try:
        mark = delimiter or detect_delimiter(text)
        rows = _parse(text, mark)
    except csv.Error as error:
        raise ImportProblem(
            msg("{name} is not a table: {reason}", name=label, reason=str(error)),
            msg("Export it again as CSV"),
        ) from error
    header = next((r for r in rows if any(c.strip() for c in r)), [])
    return Reading("csv", chosen, mark, columns=tuple(c.strip() for c in header))


def decode(data: bytes, encoding: str, *, whole: bool) -> str:
    """Decode bytes, allowing a character cut off at the end of a sample."""
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    for cut in range(0 if whole else 4):
        try:
            return data[: len(data) - cut].decode(name)
        except UnicodeDecodeError as error:
            if error.start < len(data) - 8:
                raise
    return data.decode(name) if whole else data[:-4].decode(name)


def _read_workbook_head(path: Path, label: str, sheet: str) -> Reading:
    rows, chosen, sheets = workbook_rows(path, label, sheet)
    header = rows[0] if rows else []
    return Reading("workbook", sheet=chosen, sheets=tuple(sheets), columns=tuple(header))


def workbook_rows(path: Path, label: str, sheet: str) -> tuple[list[list[str]], str, list[str]]:
    """Return a sheet's rows as text, the sheet's name, and all sheet names.

    Leading empty rows are left out. Whole numbers lose their ``.0``; dates become ISO text.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = list(book.sheet_names)
        if sheet and sheet not in sheets:
            raise ImportProblem(
                msg("{name} has no sheet '{sheet}'", name=label, sheet=sheet),
                msg("Use one of: {names}", names=", ".join(sheets)),
            )
        chosen = sheet or sheets[0]
        raw = book.get_sheet_by_name(chosen).to_python(skip_empty_area=True)
    except PasswordError as error:
        raise ImportProblem(
            msg("{name} is protected by a password", name=label),
            msg("Save a copy without a password"),
        ) from error
    except (CalamineError, OSError, IndexError) as error:
        raise ImportProblem(
            msg("{name} cannot be read as a workbook: {reason}", name=label, reason=str(error)),
            msg("Open it in a spreadsheet program and save it again as XLSX"),
        ) from error
    rows = [[_cell(value) for value in row] for row in raw]
    while rows and not any(rows[0]):
        rows.pop(0)
    return rows, chosen, sheets


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip() if value is not None else ""


def _check_header(columns: tuple[str, ...], label: str) -> None:
    if not columns:
        raise ImportProblem(
            msg("{name} holds no rows", name=label), msg("Export it again with its answers")
        )
    if len(columns) > MAX_COLUMNS:
        raise ImportProblem(
            msg("{name} has {n} columns", name=label, n=len(columns)),
            msg("At most {limit} can be read", limit=MAX_COLUMNS),
        )
    seen: set[str] = set()
    for name in columns:
        if name and name in seen:
            raise ImportProblem(
                msg("{name} has two columns named '{column}'", name=label, column=name),
                msg("Rename one of them in the file"),
            )
        seen.add(name)
