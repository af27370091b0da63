"""How much one file may hold, and the plain refusal of what holds more."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from csat.model.message import Message, msg
from csat.model.problem import ImportProblem
from csat.model.settings import ImportLimits

MEGABYTE: Final = 1024 * 1024


def check_size(path: Path, label: str, megabytes: int) -> int:
    """Return the length of a file in bytes; 0 megabytes accept any.

    Raises
    ------
    ImportProblem
        When the file is absent, empty or too large.
    """
    if not path.is_file():
        raise ImportProblem(msg("There is no file {name}", name=path), msg("Check the path"))
    size = path.stat().st_size
    if size == 0:
        raise ImportProblem(
            msg("{name} is empty", name=label), msg("Export it again from the survey tool")
        )
    if megabytes and size > megabytes * MEGABYTE:
        raise ImportProblem(
            msg("{name} is larger than {limit} MB", name=label, limit=megabytes),
            msg("Split it, or raise {setting}", setting="CSAT_MAX_UPLOAD_MB"),
        )
    return size


def check_unpacked(size: int, label: str, limits: ImportLimits) -> None:
    """Refuse what would unpack to more than the limit; ``size`` in bytes.

    Examples
    --------
    >>> check_unpacked(10, "a.zip", ImportLimits())
    >>> check_unpacked(10**12, "a.zip", ImportLimits())
    Traceback (most recent call last):
    ...
    csat.model.problem.ImportProblem: a.zip unpacks to more than 2000 MB. ...
    """
    if size > limits.unpacked_mb * MEGABYTE:
        raise ImportProblem(
            msg("{name} unpacks to more than {limit} MB", name=label, limit=limits.unpacked_mb),
            msg(
                "Check where the file comes from; if it is right, raise {setting}",
                setting="CSAT_MAX_UNPACKED_MB",
            ),
        )


def check_columns(columns: int, label: str, limits: ImportLimits) -> None:
    """Refuse a header of more columns than the limit."""
    if columns > limits.columns:
        raise ImportProblem(
            msg(
                "{name} has {n} columns; at most {limit} can be read",
                name=label,
                n=columns,
                limit=limits.columns,
            ),
            _leave_out("CSAT_MAX_COLUMNS"),
        )


def check_rows(rows: int, columns: int, label: str, limits: ImportLimits) -> None:
    """Refuse a table of more rows, or of more cells, than the limits."""
    if rows > limits.rows:
        raise ImportProblem(
            msg(
                "{name} has more than {limit} rows below its header",
                name=label,
                limit=limits.rows,
            ),
            msg("Split it, or raise {setting}", setting="CSAT_MAX_ROWS"),
        )
    if rows * columns > limits.cells:
        raise ImportProblem(
            msg(
                "{name} has more than {limit} cells: {columns} columns in so many rows",
                name=label,
                limit=limits.cells,
                columns=columns,
            ),
            _leave_out("CSAT_MAX_CELLS"),
        )


def long_cell(label: str, row_no: int, limits: ImportLimits) -> ImportProblem:
    """Return the problem of a cell longer than the limit."""
    return ImportProblem(
        msg(
            "{name}: a cell of row {row} holds more than {limit} characters",
            name=label,
            row=row_no,
            limit=limits.cell_characters,
        ),
        msg(
            "Look for a quote that is never closed; if the cell is right, raise {setting}",
            setting="CSAT_MAX_CELL_CHARACTERS",
        ),
    )


def _leave_out(setting: str) -> Message:
    return msg("Export fewer columns, or raise {setting}", setting=setting)
