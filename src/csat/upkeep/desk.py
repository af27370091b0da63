"""The folder through which the command line and the process that owns a store talk.

A request is a JSON file; whatever is written appears under its name at once and whole. Only
the user of the serving process can put one there: the folder belongs to that user and is closed
to everybody else, and both sides look before they trust it.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from csat.model.message import Message, msg
from csat.model.problem import (
    AlreadyLoaded,
    Cancelled,
    CheckFailed,
    ImportProblem,
    NotAllowed,
    Problem,
    StoreBusy,
    UsageProblem,
)

FOLDER: Final = ".requests"
REQUEST: Final = ".request"
TAKEN: Final = ".taken"
PROGRESS: Final = ".progress"
ANSWER: Final = ".answer"
CANCEL: Final = ".cancel"
FILE: Final = ".file"
COMMAND_LINE: Final = "command-line"
"""The command of a request that asks for a whole command line."""
_OWNER: Final = "owner"
_PRIVATE: Final = 0o700
_KINDS: Final[dict[str, type[Problem]]] = {
    kind.__name__: kind
    for kind in (
        Problem,
        UsageProblem,
        ImportProblem,
        AlreadyLoaded,
        StoreBusy,
        CheckFailed,
        NotAllowed,
        Cancelled,
    )
}


def write_whole(path: Path, value: Any) -> None:
    """Write JSON so that a reader finds all of it or no file."""
    partial = path.with_name(f"{path.name}.part")
    partial.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    partial.replace(path)


def read_whole(path: Path) -> Any:
    """Read what `write_whole` wrote; None where it is absent or no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def said(problem: Problem) -> dict[str, str]:
    """Return a problem as JSON."""
    kind = type(problem).__name__
    return {
        "kind": kind if kind in _KINDS else "Problem",
        "title": str(problem.title),
        "remedy": str(problem.remedy),
    }


def heard(raw: dict[str, str]) -> Problem:
    """Read a problem back from JSON.

    Examples
    --------
    >>> heard(said(AlreadyLoaded(msg("It is {there}", there="there"), msg("Fine")))).exit_code
    4
    """
    kind = _KINDS.get(raw["kind"], Problem)
    return kind(*(Message("{said}", {"said": raw[part]}) for part in ("title", "remedy")))


def make_folder(inbox: Path) -> Path:
    """Return the folder of requests of an inbox, made for this user alone where it is absent.

    Raises
    ------
    UsageProblem
        When it is a link, belongs to somebody else, or others may enter it.
    """
    inbox.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
    folder = inbox / FOLDER
    folder.mkdir(exist_ok=True, mode=_PRIVATE)
    require_private(folder)
    return folder


def require_private(folder: Path) -> None:
    """Refuse a folder of requests that others could write to.

    Raises
    ------
    UsageProblem
        Naming the folder.
    """
    found = folder.lstat()
    wrong = not stat.S_ISDIR(found.st_mode)
    if sys.platform != "win32":
        wrong |= found.st_uid != os.geteuid() or bool(stat.S_IMODE(found.st_mode) & 0o077)
    if wrong:
        raise UsageProblem(
            msg("The folder {path} is open to others", path=folder),
            msg("Remove it, or close it with: chmod 700 {path}", path=folder),
        )


@dataclass
class Claim:
    """The hold of one process on an inbox; it ends with the process."""

    folder: Path
    _held: IO[str]

    def release(self) -> None:
        """Let another process serve the inbox."""
        self._held.close()


def claim(inbox: Path, store: Path) -> Claim | None:
    """Take an inbox for the store of this process; None while another process serves it."""
    folder = make_folder(inbox)
    held = (folder / _OWNER).open("a+", encoding="utf-8")
    if not _lock(held):
        held.close()
        return None
    held.seek(0)
    held.truncate()
    held.write(json.dumps({"pid": os.getpid(), "store": str(store.resolve())}))
    held.flush()
    return Claim(folder, held)


def served(inbox: Path) -> dict[str, Any] | None:
    """Return process number and store of whoever serves an inbox, or None where nobody does."""
    path = inbox / FOLDER / _OWNER
    try:
        with path.open("r+", encoding="utf-8") as held:
            if _lock(held):
                return None
            held.seek(0)
            found = json.loads(held.read() or "null")
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _lock(held: IO[str]) -> bool:
    """Take the lock of an open file, which the system gives back when its process ends."""
    if sys.platform == "win32":
        import msvcrt

        try:
            held.seek(1 << 20)  # past the content, which others read
            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    else:
        import fcntl

        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
