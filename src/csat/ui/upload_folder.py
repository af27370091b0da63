"""Where uploads lie while they are read: beside the store, for no longer than their session.

What customers wrote must not stay behind where nobody looks. A folder goes with its session, and
what a process that was killed has left behind goes when the store is opened again.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path


def forget_uploads(home: Path) -> None:
    """Delete what a process that ended without a word has left; for the owner of the store."""
    shutil.rmtree(home, ignore_errors=True)


class UploadFolder:
    """A folder for the uploads of one session, deleted with the session or the process."""

    def __init__(self, home: Path) -> None:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = Path(tempfile.mkdtemp(dir=home))
        weakref.finalize(self, shutil.rmtree, self._path, ignore_errors=True)

    def keep(self, name: str, content: memoryview) -> Path:
        """Write an upload under a name of our own."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path / name
        path.write_bytes(content)
        return path
