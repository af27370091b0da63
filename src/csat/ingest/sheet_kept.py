"""The sheet looked at last, kept for a while, so that looking and loading parse it once."""

from __future__ import annotations

from pathlib import Path
from threading import Lock, Timer
from typing import Final

from python_calamine import CalamineSheet

MOST_CELLS: Final = 2_000_000
"""A larger sheet takes too much memory to be kept; it is parsed again."""
_SECONDS: Final = 60.0
Key = tuple[str, int, int, int, str]


class KeptSheet:
    """Holds one sheet of one file, until it is taken, replaced or a minute old."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._lock = Lock()
        self._seconds = seconds
        self._held: tuple[Key, CalamineSheet] | None = None

    @property
    def holds(self) -> bool:
        """Whether there is a sheet."""
        return self._held is not None

    def keep(self, path: Path, name: str, sheet: CalamineSheet) -> None:
        """Keep a sheet in the place of any other, where it is small enough."""
        if sheet.height * sheet.width > MOST_CELLS:
            return
        key = _key(path, name)
        with self._lock:
            self._held = (key, sheet)
        end = Timer(self._seconds, self._forget, [key])
        end.daemon = True
        end.start()

    def take(self, path: Path, name: str) -> CalamineSheet | None:
        """Hand the sheet over, if it is the one of this file as the file is now."""
        key = _key(path, name)
        with self._lock:
            if self._held is None or self._held[0] != key:
                return None
            sheet, self._held = self._held[1], None
            return sheet

    def _forget(self, key: Key) -> None:
        with self._lock:
            if self._held is not None and self._held[0] == key:
                self._held = None


def _key(path: Path, name: str) -> Key:
    """Return what tells a sheet of a file as it is now from any other."""
    found = path.stat()
    return (str(path.resolve()), found.st_ino, found.st_mtime_ns, found.st_size, name)


LAST_SHEET: Final = KeptSheet()
