"""Which names a program may have: they become folders, addresses and lines of text."""

from __future__ import annotations

from typing import Final

from csat.model.message import msg
from csat.model.problem import UsageProblem

LONGEST: Final = 80
_FORBIDDEN: Final = frozenset('/\\:*?"<>|')


def program_key(text: str) -> str:
    """Return the short name of a program, blanks cut from both ends.

    Raises
    ------
    UsageProblem
        When nothing is left, it is longer than 80 signs, starts with a dot, or holds a slash,
        a sign that no folder may have, or one that cannot be seen.

    Examples
    --------
    >>> program_key(" Harbour bank ")
    'Harbour bank'
    >>> program_key("../evil")
    Traceback (most recent call last):
    ...
    csat.model.problem.UsageProblem: '../evil' is no name of a program. Leave out ...
    """
    key = text.strip()
    if not key:
        raise UsageProblem(
            msg("The program has no name"), msg("Give a short name, such as --program bank")
        )
    if len(key) > LONGEST:
        raise UsageProblem(
            msg("The name of the program has {n} signs", n=len(key)),
            msg("Give a short name of at most {limit}", limit=LONGEST),
        )
    if key.startswith(".") or not key.isprintable() or _FORBIDDEN & set(key):
        shown = "".join(c if c.isprintable() else "?" for c in key)
        raise UsageProblem(
            msg("'{name}' is no name of a program", name=shown),
            msg("Leave out slashes, control signs and dots at the start"),
        )
    return key
