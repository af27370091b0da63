"""Carry out what the command line asks of the process that owns the store."""

from __future__ import annotations

import logging
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from csat.ingest.batches import Progress
from csat.ingest.undo import undo
from csat.model.message import Message, msg
from csat.model.people import User
from csat.model.problem import Cancelled, NotAllowed, Problem, UsageProblem
from csat.model.settings import Config
from csat.store.store import Store
from csat.upkeep.backup import back_up, restore
from csat.upkeep.desk import (
    ANSWER,
    CANCEL,
    COMMAND_LINE,
    FILE,
    PROGRESS,
    REQUEST,
    TAKEN,
    read_whole,
    said,
    write_whole,
)
from csat.upkeep.loading import carry_out, read_source
from csat.upkeep.orders import ImportOrder

_log: Final = logging.getLogger(__name__)
_LARGEST: Final = 4 * 1024 * 1024
Work = Callable[[Store, dict[str, Any], User, Config, Progress], dict[str, Any]]
Carrier = Callable[[Store, dict[str, Any], User, Path], dict[str, Any]]
"""Carries out a command line: the store, the line, who gave it, and where its file lies or goes."""


def pending(folder: Path) -> Iterator[Path]:
    """Yield the requests in a folder, oldest first."""
    found = []
    for path in folder.glob(f"*{REQUEST}"):
        with suppress(FileNotFoundError):  # withdrawn meanwhile
            found.append((path.lstat().st_mtime_ns, path))
    yield from (path for _, path in sorted(found))


def answer(path: Path, store: Store, config: Config, carrier: Carrier | None = None) -> None:
    """Carry out one request and write the answer beside it; leave those for other stores.

    Parameters
    ----------
    carrier
        What carries out whole command lines; without it they cannot be understood.
    """
    name = path.name.removesuffix(REQUEST)
    folder = path.parent
    try:
        request, user = _read(path), _asker(path)
        if isinstance(request, dict) and request.get("store") != str(store.path.resolve()):
            return
        path.rename(folder / f"{name}{TAKEN}")
    except FileNotFoundError:  # withdrawn
        return

    def progress(message: Message) -> None:
        if (folder / f"{name}{CANCEL}").exists():
            raise Cancelled(msg("Stopped; nothing was written"), msg("Start again when you want"))
        write_whole(folder / f"{name}{PROGRESS}", {"text": str(message)})

    def done() -> dict[str, Any]:
        file = folder / f"{name}{FILE}"
        asked = _require_asker(user)
        if (
            carrier is not None
            and isinstance(request, dict)
            and request.get("command") == COMMAND_LINE
        ):
            return carrier(store, dict(request.get("arguments") or {}), asked, file)
        return _work(request, file, store, asked, config, progress)

    outcome = _outcome(done)
    if (folder / f"{name}{TAKEN}").exists():
        write_whole(folder / f"{name}{ANSWER}", outcome)
    else:  # its asker has left and cleared up
        (folder / f"{name}{FILE}").unlink(missing_ok=True)


def _outcome(done: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return {"result": done()}
    except Problem as problem:
        return {"problem": said(problem)}
    except Exception as error:
        _log.exception("A request failed")
        found = f"{type(error).__name__}: {error}"
        return {
            "problem": said(
                Problem(
                    msg("Unexpected problem: {reason}", reason=found),
                    msg("The log of the serving process says more"),
                )
            )
        }


def _read(path: Path) -> Any:
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
        return None
    return read_whole(path)


def _asker(path: Path) -> User | None:
    """Return who asks: the user whom the system names as the owner of the request."""
    if sys.platform == "win32":
        return User("local", ("analyst",))
    import pwd

    owner = path.lstat().st_uid
    if owner != os.geteuid():
        return None
    try:
        return User(pwd.getpwuid(owner).pw_name, ("analyst",))
    except KeyError:
        return User("local", ("analyst",))


def _require_asker(user: User | None) -> User:
    if user is None:
        raise NotAllowed(
            msg("The request was written by another user"),
            msg("Only the user of the serving process may ask it"),
        )
    return user


def _work(
    request: Any, file: Path, store: Store, user: User, config: Config, progress: Progress
) -> dict[str, Any]:
    try:
        work = _COMMANDS[request["command"]]
        arguments = dict(request["arguments"])
    except (KeyError, TypeError) as error:
        raise UsageProblem(
            msg("The request cannot be understood"),
            msg("Use the csat command of the same version as the serving process"),
        ) from error
    if request["command"] == "import":
        arguments["path"] = str(file)
    return work(store, arguments, user, config, progress)


def _import(
    store: Store, arguments: dict[str, Any], user: User, config: Config, progress: Progress
) -> dict[str, Any]:
    order = ImportOrder.from_json(arguments)
    source = read_source(order, config.max_upload_mb)
    return asdict(
        carry_out(store, order, source, user, timezone=config.timezone, progress=progress)
    )


def _undo(
    store: Store, arguments: dict[str, Any], user: User, config: Config, progress: Progress
) -> dict[str, Any]:
    del config
    progress(msg("Withdrawing batch {batch}", batch=arguments["batch"]))
    done = undo(store, int(arguments["batch"]), user)
    return {**done, "data_version": store.data_version()}


def _backup(
    store: Store, arguments: dict[str, Any], user: User, config: Config, progress: Progress
) -> dict[str, Any]:
    del config
    progress(msg("Copying the store"))
    return asdict(back_up(store, Path(arguments["target"]), user))


def _restore(
    store: Store, arguments: dict[str, Any], user: User, config: Config, progress: Progress
) -> dict[str, Any]:
    del config
    progress(msg("Putting the backup in the place of the store"))
    return asdict(restore(store, Path(arguments["source"]), user))


_COMMANDS: Final[dict[str, Work]] = {
    "import": _import,
    "undo": _undo,
    "backup": _backup,
    "restore": _restore,
}


def sweep_leftovers(folder: Path, older_than: float) -> None:
    """Remove what askers left behind who did not come back.

    Parameters
    ----------
    older_than
        Moment in seconds since the epoch.
    """
    for ending in (TAKEN, PROGRESS, ANSWER, CANCEL, FILE, ".part"):
        for file in folder.glob(f"*{ending}"):
            with suppress(FileNotFoundError):  # its asker was quicker
                if file.lstat().st_mtime < older_than:
                    file.unlink()
