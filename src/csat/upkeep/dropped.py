"""Files dropped into the inbox: which are ready, what is done with each, and where it goes."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from csat.ingest.source import Source
from csat.model.message import Message, msg
from csat.model.naming import program_key
from csat.model.people import User
from csat.model.problem import AlreadyLoaded, ImportProblem, NotAllowed, Problem, UsageProblem
from csat.model.settings import Config
from csat.queries import loads
from csat.store.store import Store
from csat.upkeep.loading import carry_out, read_source
from csat.upkeep.orders import ImportOrder
from csat.upkeep.receipts import (
    DONE,
    FAILED,
    set_aside,
    write_reason,
    write_receipt,
    write_refused,
)

INBOX_USER: Final = User("inbox", ("analyst",))
"""Who loads a dropped file: whoever may write into the inbox may load."""
_UNFINISHED: Final = (".part", ".tmp", ".crdownload", ".filepart", "~")
_log: Final = logging.getLogger(__name__)
Size = tuple[int, int, int]


def is_unfinished(name: str) -> bool:
    """Say whether a name tells that a file is still being written, or hidden.

    Examples
    --------
    >>> [is_unfinished(n) for n in ("a.csv", "a.csv.part", ".a.csv", "a.csv~")]
    [False, True, True, True]
    """
    return name.startswith(".") or name.lower().endswith(_UNFINISHED)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file in the inbox: the program and the preset whose folders it lies in."""

    path: Path
    program: str
    preset: str


@dataclass
class Tray:
    """The dropped files of one inbox, and what was seen of them at the last look."""

    inbox: Path
    _seen: dict[Path, Size] = field(default_factory=dict)
    _stuck: set[Path] = field(default_factory=set)

    def ready(self) -> list[Dropped]:
        """Return the files that have not changed since the last look, and remember this one."""
        before, self._seen = self._seen, {}
        found = []
        for dropped in _files(self.inbox):
            size = _size(dropped.path)
            if size is None or dropped.path in self._stuck:
                continue
            self._seen[dropped.path] = size
            if before.get(dropped.path) == size:
                found.append(dropped)
        return found

    def take(self, dropped: Dropped, store: Store, config: Config) -> None:
        """Load one file and set it aside with its receipt, or with the reasons against it."""
        before = _size(dropped.path)
        try:
            receipt = _load(dropped, store, config)
        except Problem as problem:
            self._refuse(dropped, problem)
            return
        except OSError as error:
            self._refuse(
                dropped,
                ImportProblem(
                    msg(
                        "{name} cannot be read: {reason}",
                        name=dropped.path.name,
                        reason=error.strerror or str(error),
                    ),
                    msg("Let the user of the serving process read it, and drop it again"),
                ),
            )
            return
        self._file(dropped, DONE, before, receipt)

    def _file(
        self, dropped: Dropped, part: str, before: Size | None, receipt: dict[str, Any]
    ) -> None:
        if _size(dropped.path) != before:  # written to meanwhile: it will be looked at again
            return
        place = self._move(dropped, part)
        if place is not None:
            write_receipt(place, receipt)

    def _refuse(self, dropped: Dropped, problem: Problem) -> None:
        _log.warning("Inbox: %s", problem)
        place = self._move(dropped, FAILED)
        if place is None:
            return
        write_reason(place, str(problem.title), str(problem.remedy))
        if isinstance(problem, RowsRefused):
            write_refused(place, problem.rows)

    def _move(self, dropped: Dropped, part: str) -> Path | None:
        """Set a file aside; one that cannot be moved is not tried again by this process."""
        try:
            return set_aside(dropped.path, self.inbox / part / dropped.program)
        except OSError:
            _log.exception("Inbox: %s cannot be moved", dropped.path)
            self._stuck.add(dropped.path)
            return None


def _files(inbox: Path) -> Iterator[Dropped]:
    """Yield what lies in the folders of programs and of their presets, links included."""
    for folder in _entries(inbox):
        if folder.name in (DONE, FAILED):
            continue
        if not folder.is_dir(follow_symlinks=False):
            continue
        for entry in _entries(Path(folder.path)):
            if entry.is_dir(follow_symlinks=False):
                for inner in _entries(Path(entry.path)):
                    if not inner.is_dir(follow_symlinks=False):
                        yield Dropped(Path(inner.path), folder.name, entry.name)
            else:
                yield Dropped(Path(entry.path), folder.name, "")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda e: e.name)
    except OSError:
        _log.exception("Inbox: %s cannot be listed", folder)
        return []
    return [e for e in entries if not is_unfinished(e.name)]


def _size(path: Path) -> Size | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _load(dropped: Dropped, store: Store, config: Config) -> dict[str, Any]:
    name = dropped.path.name
    if not stat.S_ISREG(dropped.path.lstat().st_mode):
        raise NotAllowed(
            msg("{name} is a link, or no file at all", name=name),
            msg("Put the file itself into the inbox"),
        )
    program = program_key(dropped.program)
    order = ImportOrder(str(dropped.path), name, program, either=dropped.preset)
    source = read_source(order, config.max_upload_mb)
    try:
        outcome = carry_out(
            store, order, source, INBOX_USER, timezone=config.timezone, progress=_unheard
        )
    except AlreadyLoaded as known:
        return _known(store, program, name, source.sha256, known)
    except UsageProblem as problem:
        raise ImportProblem(problem.title, _remedy(dropped, problem)) from problem
    except ImportProblem as problem:
        raise _with_rows(store, order, source, config, problem) from problem
    return {"file": name, "mapping": outcome.mapping, "sha256": source.sha256, **outcome.to_json()}


def _known(
    store: Store, program: str, name: str, sha256: str, problem: AlreadyLoaded
) -> dict[str, Any]:
    """Return the receipt of a file that is in the store, such as after a stop before the move."""
    receipt = {"file": name, "program": program, "sha256": sha256, "note": str(problem.title)}
    for batch in loads.batches(store, program):
        if batch["file_sha256"] == sha256 and batch["status"] == "active":
            counts = {n: v for n, v in batch.items() if n.startswith("rows_")}
            receipt.update(batch=batch["batch_id"], kind=batch["kind"], **counts)
    return receipt


def _remedy(dropped: Dropped, problem: UsageProblem) -> Message:
    if dropped.preset:
        return problem.remedy
    return msg(
        "Put it into a folder named after its mapping: {program}/MAPPING/{name}",
        program=dropped.program,
        name=dropped.path.name,
    )


class RowsRefused(ImportProblem):
    """A file of which nothing could be loaded, with its refused rows."""

    def __init__(self, problem: ImportProblem, rows: list[dict[str, Any]]) -> None:
        super().__init__(problem.title, problem.remedy)
        self.rows = rows


def _with_rows(
    store: Store, order: ImportOrder, source: Source, config: Config, problem: ImportProblem
) -> ImportProblem:
    """Return the problem with the rows that a check refuses, where there are any."""
    try:
        checked = carry_out(
            store,
            replace(order, dry_run=True),
            source,
            INBOX_USER,
            timezone=config.timezone,
            progress=_unheard,
        )
    except Problem:  # the check stops at the same problem: there are no rows to list
        return problem
    return RowsRefused(problem, checked.refused) if checked.refused else problem


def _unheard(_: Message) -> None:
    """Report nothing: the receipt will say it."""
