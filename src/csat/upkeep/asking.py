"""Hand a request to the process that owns the store, and wait for what it says."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from csat.ingest.batches import Progress
from csat.model.message import Message, msg
from csat.model.problem import StoreBusy
from csat.upkeep.desk import (
    ANSWER,
    CANCEL,
    FILE,
    FOLDER,
    PROGRESS,
    REQUEST,
    TAKEN,
    heard,
    read_whole,
    require_private,
    served,
    write_whole,
)

TAKE_WITHIN: Final = 60.0
"""Seconds until a request that nobody takes up is withdrawn."""
_GRACE: Final = 30.0
_LOOK: Final = 0.05


def ask(
    inbox: Path | None,
    store: Path,
    command: str,
    arguments: dict[str, Any],
    progress: Progress,
    *,
    busy: StoreBusy,
    file: Path | None = None,
    made: Path | None = None,
    stays: bool = True,
    within: float = TAKE_WITHIN,
) -> dict[str, Any]:
    """Have the serving process carry out a command, and return its answer.

    Parameters
    ----------
    inbox, store
        The inbox of the installation, None where it has none, and the store file.
    command, arguments
        What to do; see `csat.upkeep.answering`.
    busy
        What to say where nobody serves the inbox: the problem that led here.
    file
        A file to hand over with the request.
    made
        Where to put the file that the serving process hands back, if it does; never over another.
    stays
        Whether an asker who is interrupted waits until the serving process has stopped, as a
        load does; else it leaves at once what has been taken up.
    within
        Seconds in which the request must be taken up.

    Raises
    ------
    StoreBusy
        When no process serves the inbox for this store, does not take up the request in time,
        or ends before it has answered.
    Problem
        Whatever the serving process ran into.
    """
    owner = served(inbox) if inbox is not None else None
    if inbox is None or owner is None or owner.get("store") != str(store.resolve()):
        raise busy
    folder = inbox / FOLDER
    require_private(folder)
    name = uuid.uuid4().hex
    with _papers(folder, name):
        if file is not None:
            with file.open("rb") as found, (folder / f"{name}{FILE}").open("xb") as target:
                shutil.copyfileobj(found, target)  # a pipe is read as well
        progress(
            msg("Handing the request to process {pid}, which owns the store", pid=owner["pid"])
        )
        write_whole(
            folder / f"{name}{REQUEST}",
            {"command": command, "store": str(store.resolve()), "arguments": arguments},
        )
        try:
            answer = _wait(inbox, name, progress, within, owner)
        except KeyboardInterrupt:
            if not stays:
                raise
            answer = _call_off(inbox, name, progress, owner)
        handed_back = folder / f"{name}{FILE}"
        if made is not None and "result" in answer and handed_back.exists():
            with handed_back.open("rb") as found, made.open("xb") as target:
                shutil.copyfileobj(found, target)
    if "problem" in answer:
        raise heard(answer["problem"])
    return dict(answer["result"])


@contextmanager
def _papers(folder: Path, name: str) -> Iterator[None]:
    try:
        yield
    finally:
        for file in folder.glob(f"{name}.*"):
            file.unlink(missing_ok=True)


def _wait(
    inbox: Path, name: str, progress: Progress, within: float, owner: dict[str, Any]
) -> dict[str, Any]:
    folder = inbox / FOLDER
    started, told = time.monotonic(), ""
    while True:
        answer = read_whole(folder / f"{name}{ANSWER}")
        if answer is not None:
            return dict(answer)
        text = (read_whole(folder / f"{name}{PROGRESS}") or {}).get("text", "")
        if text and text != told:
            told = text
            progress(Message("{said}", {"said": text}))
        if served(inbox) is None:
            answer = read_whole(folder / f"{name}{ANSWER}")
            if answer is not None:
                return dict(answer)
            raise StoreBusy(
                msg("Process {pid} ended before it answered", pid=owner["pid"]),
                msg("Look with 'csat batches' whether it was done, then try again"),
            )
        late = time.monotonic() - started > within
        if late and not (folder / f"{name}{TAKEN}").exists() and _withdraw(folder, name):
            raise StoreBusy(
                msg(
                    "Process {pid} owns the store and did not take up the request in {n} s",
                    pid=owner["pid"],
                    n=round(within),
                ),
                msg("It may be busy with a large file; try again later, or stop it"),
            )
        time.sleep(_LOOK)


def _withdraw(folder: Path, name: str) -> bool:
    """Take a request back; False where the other side was quicker."""
    try:
        (folder / f"{name}{REQUEST}").unlink()
    except FileNotFoundError:
        return False
    return True


def _call_off(inbox: Path, name: str, progress: Progress, owner: dict[str, Any]) -> dict[str, Any]:
    """Stop what was asked: it was not begun, is given up, or had been done already."""
    folder = inbox / FOLDER
    if _withdraw(folder, name):
        raise KeyboardInterrupt
    progress(msg("Asking process {pid} to stop", pid=owner["pid"]))
    (folder / f"{name}{CANCEL}").touch()
    return _wait(inbox, name, progress, _GRACE, owner)
