"""What was decided about a file: how it is read, its columns, and what the reader should know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from csat.model.message import Message
from csat.model.settings import ImportLimits


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was read; shown to the person and kept with the batch.

    Parameters
    ----------
    form
        "csv" for delimited text, "workbook", "labelled" (SPSS, Stata), "parquet" or "json".
    encoding, delimiter, quote, escape
        Of a text; the escape is the quote itself where quotes are doubled.
    sheet, sheets, hidden
        Of a workbook: the sheet read, all of them, and those hidden. Of an archive with
        several files: the file read, and all that can be.
    member
        Of an archive: the name of the file in it.
    columns
        Final names, each once.
    wordings
        The long wording of each column, or nothing where the file has none.
    tool
        The program that wrote the file, where its shape tells: "qualtrics", "zendesk" ...
    header_rows, first_row
        How many rows the header has, 0 for none, and the row of the file where it begins, or
        where the first data row stands.
    header
        The last row of the header as written, where it differs from the columns.
    notes
        What was decided in the reader's stead.

    Examples
    --------
    >>> reading = Reading("csv", "utf-8", ";", columns=("id", "score"))
    >>> Reading.from_json(reading.to_json()) == reading
    True
    """

    form: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()
    tool: str = ""
    header_rows: int = 1
    first_row: int = 1
    header: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()
    quote: str = '"'
    escape: str = '"'
    member: str = ""
    hidden: tuple[str, ...] = ()

    @property
    def data_row(self) -> int:
        """The row of the file where data may begin."""
        return self.first_row + self.header_rows

    def to_json(self) -> str:
        """Return the reading as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, default=str)

    @classmethod
    def from_json(cls, text: str) -> Reading:
        """Read back what `to_json` wrote, also by an earlier version with fewer fields."""
        raw: dict[str, Any] = json.loads(text)
        known = {f.name for f in fields(cls)}
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in raw.items() if k in known
        }
        values["notes"] = tuple(_message(n) for n in raw.get("notes", ()))
        return cls(**values)


def _message(raw: dict[str, Any]) -> Message:
    params = {
        k: _message(v) if isinstance(v, dict) and "text" in v else v
        for k, v in raw["params"].items()
    }
    return Message(raw["text"], params)


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
    labels
        Column to raw value to its label, for files that carry value labels.
    missing
        Column to the raw values that the file declares missing.
    limits
        How much may be staged.
    """

    path: Path
    name: str
    sha256: str
    size: int
    reading: Reading
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: ImportLimits = field(default_factory=ImportLimits)
