"""What a file is, told by its bytes rather than by its name."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final

from csat.model.message import N_, Message, msg
from csat.model.problem import ImportProblem

WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".ods")
TEXTS: Final = (".csv", ".tsv", ".tab", ".txt")
LABELLED: Final = (".sav", ".zsav", ".por", ".dta")
JSONS: Final = (".jsonl", ".ndjson", ".json")
PACKED: Final = (".zip", ".gz")
ENDINGS: Final = (*TEXTS, *WORKBOOKS, *LABELLED, ".parquet", *JSONS, *PACKED)
"""Every ending of a file that can be read, lower case."""

_HEAD: Final = 4096
_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xd0\xcf\x11\xe0", ".xls"),
    (b"$FL2", ".sav"),
    (b"$FL3", ".zsav"),
    (b"<stata_dta>", ".dta"),
    (b"PAR1", ".parquet"),
    (b"\x1f\x8b", ".gz"),
)
_OTHER: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF", N_("a PDF document")),
    (b"\x89PNG", N_("a picture")),
    (b"\xff\xd8\xff", N_("a picture")),
    (b"GIF8", N_("a picture")),
    (b"SQLite format 3", N_("a database file")),
    (b"7z\xbc\xaf\x27\x1c", N_("a 7z archive")),
    (b"Rar!", N_("a RAR archive")),
    (b"\x28\xb5\x2f\xfd", N_("a file packed with zstd")),
    (b"BZh", N_("a file packed with bzip2")),
    (b"\xfd7zXZ", N_("a file packed with xz")),
    (b"{\\rtf", N_("a text document")),
)
_MARKUP: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|meta|style)", re.I
)
_JSON_LINE: Final = re.compile(
    rb'\A(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})'
)
_TEXT_TABLE: Final = re.compile(
    rb"\A(?:\xff\xfe|\xfe\xff|[^\x00-\x08\x0e-\x1f\x7f\r\n]*[\t,;|][^\x00-\x08\x0e-\x1f\x7f]*\Z)"
)
"""A text with a delimiter in its first line, which many programs write under the name ``.xls``."""
_STATA: Final = range(102, 116)
"""Format numbers of Stata files before they began with a tag."""


def form_of(path: Path, label: str) -> str:
    """Return the ending that fits a file's bytes, such as ".xlsx"; text of any kind is ".csv".

    The name decides only between forms of text, which have no mark of their own.

    Raises
    ------
    ImportProblem
        When it is a form that cannot be read, saying what it is where it is known.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    ending = Path(label).suffix.lower()
    for mark, found in _MAGIC:
        if head.startswith(mark):
            return found
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_form(path, label)
    if b"SPSS PORT" in head.replace(b"\r", b"").replace(b"\n", b"")[:400]:
        return ".por"
    if len(head) > 4 and head[0] in _STATA and head[1] in (1, 2) and head[2] == 1 and head[3] == 0:
        return ".dta"
    _refuse_other(head, label)
    if ending in JSONS or (ending in ("", ".txt") and _JSON_LINE.match(head)):
        return ".json"
    if ending in TEXTS or (ending == ".xls" and _TEXT_TABLE.match(head)):
        return ".csv"
    if ending in ENDINGS:
        raise _damaged(label)
    raise ImportProblem(
        msg("{name} is of a form that cannot be read", name=label),
        msg("Save it as CSV or XLSX"),
    )


def _zip_form(path: Path, label: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        raise _damaged(label) from None
    if any(n.startswith("xl/") for n in names):
        return ".xlsx"
    if b"spreadsheet" in kind:
        return ".ods"
    if kind or any(n.startswith(("word/", "ppt/")) for n in names):
        raise _is(label, msg("a text document or presentation"))
    return ".zip"


def _refuse_other(head: bytes, label: str) -> None:
    for mark, what in _OTHER:
        if head.startswith(mark):
            raise _is(label, msg(what))
    if _MARKUP.match(head):
        raise ImportProblem(
            msg("{name} is a web page or XML, not a table", name=label),
            msg("Open it in a spreadsheet program and save it as XLSX"),
        )


def _is(label: str, what: Message) -> ImportProblem:
    return ImportProblem(
        msg("{name} is {what}, whatever its name says", name=label, what=what),
        msg("Save the table as CSV or XLSX, or unpack it first"),
    )


def _damaged(label: str) -> ImportProblem:
    ending = Path(label).suffix.lower()
    if ending in TEXTS:
        return ImportProblem(
            msg("{name} is not a text file", name=label),
            msg("Export it as CSV; do not rename a workbook to .csv"),
        )
    if ending in WORKBOOKS:
        return ImportProblem(
            msg("{name} cannot be read as a workbook: it is none, or damaged", name=label),
            msg("Open it in a spreadsheet program and save it again as XLSX"),
        )
    return ImportProblem(
        msg("{name} is not what its ending says, or damaged", name=label),
        msg("Export it again"),
    )
