"""Read a file that a command names."""

from __future__ import annotations

from pathlib import Path

from csat.model.message import msg
from csat.model.problem import UsageProblem


def text_of(path: str) -> str:
    """Return the text of a file, with or without a mark of its byte order.

    Raises
    ------
    OSError
        When the system does not let it be read.
    UsageProblem
        When it is no text in UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageProblem(
            msg("{path} is no text in UTF-8", path=path), msg("Save it as UTF-8")
        ) from error
