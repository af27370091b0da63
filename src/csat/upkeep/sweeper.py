"""The thread of the serving process that looks after the inbox."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from csat.model.problem import Problem
from csat.model.settings import Config
from csat.store.store import Store
from csat.upkeep.answering import Carrier, answer, pending, sweep_leftovers
from csat.upkeep.desk import Claim, claim
from csat.upkeep.dropped import Tray

EVERY: Final = 0.5
"""Seconds between two looks at the inbox."""
_LOOKS_PER_FILE_SWEEP: Final = 4
"""Files are looked at less often than requests: a stable size should mean something."""
_LEFTOVER_AGE: Final = 24 * 3600.0
_log: Final = logging.getLogger(__name__)


class Sweeper:
    """Answers requests and loads dropped files, one after the other.

    Parameters
    ----------
    inbox
        The folder; made where it is absent.
    store
        Returns the store of this process; asked at every look, so that a store that could not
        be opened at the start is found once it can.
    config
        Limits and the time zone of new programs.
    carrier
        What carries out whole command lines, see `csat.upkeep.answering.answer`.
    """

    def __init__(
        self,
        inbox: Path,
        store: Callable[[], Store],
        config: Config,
        every: float = EVERY,
        carrier: Carrier | None = None,
    ) -> None:
        self.inbox = inbox
        self._store = store
        self._config = config
        self._every = every
        self._carrier = carrier
        self._tray = Tray(inbox)
        self._claim: Claim | None = None
        self._told = ""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the thread, unless it runs."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._stop.clear()
                self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the thread after what it is doing, and let others serve the inbox."""
        with self._lock:
            self._stop.set()
            if self._thread is not None:
                self._thread.join()
                self._thread = None
            if self._claim is not None:
                self._claim.release()
                self._claim = None

    def _run(self) -> None:
        look = 0
        while not self._stop.is_set():
            try:
                self.answer_requests()
                if look % _LOOKS_PER_FILE_SWEEP == 0:
                    self.load_files()
            except Problem as problem:
                self._tell(problem)
            except Exception:
                _log.exception("Inbox: a look at %s failed", self.inbox)
            look += 1
            self._stop.wait(self._every)

    def _tell(self, problem: Problem) -> None:
        """Log a problem that lasts once, not at every look."""
        if str(problem) != self._told:
            self._told = str(problem)
            _log.warning("Inbox: %s", problem)

    def _serving(self) -> Store | None:
        """Return the store where this process may serve the inbox."""
        store = self._store()
        if self._claim is None:
            self._claim = claim(self.inbox, store.path)
            if self._claim is not None:
                sweep_leftovers(self._claim.folder, time.time() - _LEFTOVER_AGE)
        return store if self._claim is not None else None

    def answer_requests(self) -> None:
        """Carry out what the command line has asked since the last look."""
        store = self._serving()
        if store is None or self._claim is None:
            return
        for request in pending(self._claim.folder):
            if self._stop.is_set():
                return
            answer(request, store, self._config, self._carrier)

    def load_files(self) -> None:
        """Load the dropped files that have not changed since the last look."""
        store = self._serving()
        if store is None:
            return
        for dropped in self._tray.ready():
            if self._stop.is_set():
                return
            self._tray.take(dropped, store, self._config)
            self.answer_requests()
