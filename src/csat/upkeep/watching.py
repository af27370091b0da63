"""How far a load is, for somebody who waits: what it does, for how long, and how long still."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final

from csat.ingest.source import Source
from csat.model.message import Message, msg

QUIET: Final = 1.0
"""Seconds before anything is said: a load that is over by then needs no words."""
_STAGED: Final = 0.30
_CHECKED: Final = 0.65
"""Which share of a load is over once the file is read, and once it is checked; measured."""
_SAMPLE: Final = 256 * 1024
_LOOK: Final = 0.1


def estimated_rows(source: Source) -> int | None:
    """Estimate the rows of a text file from its first lines; None for a workbook."""
    if source.reading.form != "csv":
        return None
    with source.path.open("rb") as stream:
        head = stream.read(_SAMPLE)
    lines = head.count(b"\n")
    return max(round(source.size * lines / len(head)), lines) if head else None


class Watch:
    """Hears what a load does and tells it once a second, with the time that is left.

    Parameters
    ----------
    tell
        Shows a sentence; called from a thread of the watch.
    percent
        How far the statement is that runs now, 0 to 100; below 0 where it cannot be known.
    rows
        Rows expected, where known.
    """

    def __init__(
        self,
        tell: Callable[[Message], None],
        percent: Callable[[], float],
        rows: int | None = None,
        quiet: float = QUIET,
    ) -> None:
        self._tell = tell
        self._percent = percent
        self._rows = rows
        self._quiet = quiet
        self._phase: Message | None = None
        self._phases = 0
        self._begun = time.monotonic()
        self._whole: float | None = None
        self._staging = True
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def __enter__(self) -> Watch:
        """Start to watch."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop to watch."""
        self._over.set()
        self._thread.join()

    def __call__(self, phase: Message) -> None:
        """Hear what the load does now."""
        self._phase = phase
        self._phases += 1
        if self._phases > 1:  # the file is checked, writing begins
            self._whole = (time.monotonic() - self._begun) / _CHECKED
            self._staging = False

    def _run(self) -> None:
        next_word, furthest = self._begun + self._quiet, 0.0
        while not self._over.wait(_LOOK):
            now = time.monotonic()
            done = self._percent()
            if self._staging and done >= 0:
                if done < furthest - 1:  # the next statement has begun: the file is read
                    self._whole, self._staging = (now - self._begun) / _STAGED, False
                elif done > 5:
                    furthest = done
                    self._whole = (now - self._begun) / (_STAGED * done / 100)
            if now >= next_word and self._phase is not None:
                self._tell(self._sentence(now))
                next_word = now + 1

    def _sentence(self, now: float) -> Message:
        passed = now - self._begun
        what = self._phase or Message("")
        if self._rows and self._phases == 1:
            what = msg("{what}, about {n} rows", what=what, n=self._rows)
        if self._whole is None:
            return msg("{what}: {seconds} s", what=what, seconds=round(passed))
        return msg(
            "{what}: {seconds} s, about {left} s left",
            what=what,
            seconds=round(passed),
            left=max(round(self._whole - passed), 1),
        )
