"""What became of files that were dropped into the inbox, written beside them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from csat.reports.spreadsheet import csv_bytes

DONE: Final = "done"
FAILED: Final = "failed"
RECEIPT: Final = ".receipt.json"
REASON: Final = ".reason.txt"
REFUSED: Final = ".refused.csv"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One file that was taken from the inbox."""

    file: str
    program: str
    at: datetime
    loaded: bool
    batch: int | None
    text: str
    rows_accepted: int | None = None
    rows_refused: int | None = None


def set_aside(file: Path, folder: Path) -> Path:
    """Move a file into a folder under a name that is free there; a link is moved as a link.

    Returns
    -------
    Path
        Where it lies now.
    """
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        name = file.name if number == 1 else f"{file.stem} ({number}){file.suffix}"
        target = folder / name
        taken = any(os.path.lexists(f"{target}{end}") for end in ("", RECEIPT, REASON))
        if not taken:
            os.rename(file, target)
            return target
        number += 1


def write_receipt(file: Path, content: dict[str, Any]) -> None:
    """Write what a load did beside a file, and its refused rows as a table."""
    _write(f"{file}{RECEIPT}", json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n")
    if content.get("refused"):
        write_refused(file, content["refused"])


def write_reason(file: Path, title: str, remedy: str) -> None:
    """Write beside a file why it was not loaded, and what to do."""
    _write(f"{file}{REASON}", f"{title}\n{remedy}\n".encode())


def write_refused(file: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write refused rows as a table that no spreadsheet program runs."""
    header = ("row", "column", "value", "reason")
    _write(f"{file}{REFUSED}", csv_bytes(header, [[r[h] for h in header] for r in rows]))


def _write(path: str, content: bytes) -> None:
    partial = Path(f"{path}.part")
    partial.write_bytes(content)
    partial.replace(path)


def recent(inbox: Path, limit: int = 10) -> list[Receipt]:
    """Return the receipts of the files that were taken last, newest first."""
    papers: list[tuple[float, Path]] = []
    for part, ending in ((DONE, RECEIPT), (FAILED, REASON)):
        for path in (inbox / part).glob(f"*/*{ending}"):
            with suppress(FileNotFoundError):  # somebody tidies up
                papers.append((path.lstat().st_mtime, path))
    papers.sort(reverse=True)
    return [r for moment, path in papers[:limit] if (r := _read(path, moment)) is not None]


def _read(path: Path, moment: float) -> Receipt | None:
    at = datetime.fromtimestamp(moment, UTC).replace(tzinfo=None)
    program = path.parent.name
    try:
        if path.name.endswith(REASON):
            name = path.name.removesuffix(REASON)
            return Receipt(name, program, at, False, None, path.read_text("utf-8").strip())
        content = json.loads(path.read_text("utf-8"))
        return Receipt(
            path.name.removesuffix(RECEIPT),
            program,
            at,
            True,
            content.get("batch"),
            str(content.get("note", "")),
            content.get("rows_accepted"),
            content.get("rows_refused"),
        )
    except (OSError, ValueError, AttributeError):  # somebody removed it, or wrote into it
        return None
