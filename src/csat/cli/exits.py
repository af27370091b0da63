"""What the exit code of the command line says."""

from __future__ import annotations

from typing import Final

from csat.model.problem import (
    AlreadyLoaded,
    CheckFailed,
    ImportProblem,
    NotAllowed,
    Problem,
    StoreBusy,
    UsageProblem,
)

FINE: Final = 0
SIGNALS: Final = 10
INTERRUPTED: Final = 130

EXIT_CODES: Final[dict[int, str]] = {
    FINE: "fine",
    Problem.exit_code: "unexpected problem",
    UsageProblem.exit_code: "the command is wrong, or names something that does not exist",
    ImportProblem.exit_code: "the file or its mapping was refused; nothing was written",
    AlreadyLoaded.exit_code: "the file is loaded already; nothing was written",
    StoreBusy.exit_code: "the store is in use by another process",
    CheckFailed.exit_code: "the check found contradictions in the store",
    NotAllowed.exit_code: "not allowed for this user",
    SIGNALS: "there are signals that nobody has acknowledged or explained",
    INTERRUPTED: "interrupted from the keyboard",
}


def exit_code_table() -> str:
    """Return the exit codes as lines of text.

    Examples
    --------
    >>> exit_code_table().splitlines()[0]
    '    0  fine'
    """
    return "\n".join(f"  {code:>3}  {meaning}" for code, meaning in EXIT_CODES.items())
