"""The files that batches were loaded from, kept beside the store under their fingerprints."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from csat.ingest.source import Source, fingerprint, open_source
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.store.store import Store


def folder_of(store: Store) -> Path:
    """Return the folder that holds the originals of a store."""
    return store.path.parent / "originals"


def keep_original(store: Store, source: Source) -> None:
    """Copy a file to the originals, whole or not at all."""
    folder = folder_of(store)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / source.sha256
    if not target.exists():
        partial = folder / f"{source.sha256}.part"
        shutil.copyfile(source.path, partial)
        partial.replace(target)


def reopen(store: Store, *, sha256: str, name: str, reading: str) -> Source:
    """Open an original again, read as it was when its batch was loaded.

    Parameters
    ----------
    sha256, name, reading
        As the batch has them; the reading is its JSON text.

    Raises
    ------
    ImportProblem
        When the original is missing or is no longer the file that was loaded.
    """
    path = folder_of(store) / sha256
    if not path.is_file() or fingerprint(path) != sha256:
        raise ImportProblem(
            msg("The original of {name} is missing or was changed", name=name),
            msg("Put it back as {path}", path=path),
        )
    how = json.loads(reading)
    return open_source(
        path,
        name,
        encoding=how.get("encoding", ""),
        delimiter=how.get("delimiter", ""),
        sheet=how.get("sheet", ""),
    )
