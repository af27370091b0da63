"""Backup and restore of a store together with the files it was loaded from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from csat.ingest.audit import record
from csat.ingest.history import fingerprints
from csat.model.people import User
from csat.store.connection import Cursor
from csat.store.originals import copy_originals, originals_of
from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class Copied:
    """How many original files were copied, which are nowhere, and the store's data version."""

    copied: int
    missing: list[str]
    data_version: int


def back_up(store: Store, target: Path, user: User) -> Copied:
    """Write a copy of the store, as of one moment, and of the originals its batches name.

    Raises
    ------
    NotAllowed
        When the user may not read everything that the store holds.
    UsageProblem
        When the target exists already.
    """
    user.require("read_narratives")
    store.backup(target)
    with store.cursor() as cursor:
        wanted = fingerprints(cursor)
    copied, missing = copy_originals(wanted, originals_of(store.path), originals_of(target))
    return Copied(copied, missing, store.data_version())


def restore(store: Store, source: Path, user: User) -> Copied:
    """Put the state of a backup into the store, with the originals beside the backup.

    The originals are there before the new state is: whoever sees a batch finds its file. Those
    of the state that is left stay too.

    Raises
    ------
    NotAllowed
        When the user may not load and undo.
    UsageProblem
        When the file is no store, or of a newer version.
    StoreBusy
        When another process has the backup open.
    """
    user.require("import")
    user.require("undo")
    copied: list[tuple[int, list[str]]] = []

    def finish(cursor: Cursor) -> None:
        wanted = fingerprints(cursor)
        copied.append(copy_originals(wanted, originals_of(source), originals_of(store.path)))
        record(cursor, user, "restore", source.name)

    store.restore(source, finish)
    return Copied(*copied[0], store.data_version())
