"""The refused rows of a file as a file of their own, to correct and load again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from csat.ingest.checking import Checked
from csat.model.message import N_, Message
from csat.reports.spreadsheet import csv_bytes

_HEADER = (N_("Refused row"), N_("Reason"))


def refused_csv(
    checked: Checked, columns: Sequence[str], say: Callable[[str | Message], str]
) -> bytes:
    """Return the refused rows with all their cells, their row numbers and what is wrong.

    Parameters
    ----------
    checked
        The outcome of a check; at most its first 10,000 refused rows are held.
    columns
        The header of the file.
    say
        Says a text in the reader's language.
    """
    rows = []
    for row in checked.sources:
        why = "; ".join(
            f"'{column}' {say(reason)}" if column else say(reason) for column, reason in row.reasons
        )
        cells = row.cells if any(row.cells) else ("",) * len(columns)
        rows.append([*cells, row.row_no, why])
    return csv_bytes([*columns, *(say(h) for h in _HEADER)], rows)
