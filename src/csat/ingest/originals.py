"""The files that batches were loaded from: kept at a load, opened again for another."""

from __future__ import annotations

import shutil

from csat.ingest.reading import Reading
from csat.ingest.source import Source
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.store.originals import fingerprint, originals_of
from csat.store.store import Store


def keep_original(store: Store, source: Source) -> None:
    """Copy a file to the originals, whole or not at all."""
    folder = originals_of(store.path)
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
    path = originals_of(store.path) / sha256
    if not path.is_file() or fingerprint(path) != sha256:
        raise ImportProblem(
            msg("The original of {name} is missing or was changed", name=name),
            msg("Put it back as {path}", path=path),
        )
    return Source(path, name, sha256, path.stat().st_size, Reading.from_json(reading))
