"""Do a command's work on the store, or have the process do it that owns the store."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csat.cli.session import require_file
from csat.cli.text import plain, width
from csat.model.message import Message
from csat.model.problem import StoreBusy
from csat.model.settings import Config

if TYPE_CHECKING:
    from csat.store.store import Store

Here = Callable[["Store"], dict[str, Any]]
_LINE = 100


class Line:
    """One line on the terminal that is written over; nothing where nobody looks."""

    def __init__(self) -> None:
        self._shown = 0

    def __call__(self, message: Message) -> None:
        """Show a sentence in the place of the one before."""
        if sys.stderr.isatty():
            text = plain(str(message))[:_LINE]
            blank = " " * max(self._shown - width(text), 0)
            print(f"\r{text}{blank}", end="", file=sys.stderr, flush=True)
            self._shown = width(text)

    def clear(self) -> None:
        """Leave the line empty."""
        if self._shown:
            print(f"\r{' ' * self._shown}\r", end="", file=sys.stderr, flush=True)
            self._shown = 0


def do_or_ask(
    config: Config,
    here: Here,
    command: str,
    arguments: dict[str, Any],
    *,
    create: bool = False,
    file: Path | None = None,
) -> dict[str, Any]:
    """Return what a command did: here where the store is free, else through its owner.

    Parameters
    ----------
    here
        The work, given the open store.
    command, arguments, file
        The same work as a request; see `csat.upkeep.asking.ask`.
    create
        Make the store where it is absent.
    """
    from csat.store.store import Store

    if not create:
        require_file(config)
    try:
        store = Store(config.store, memory_mb=config.memory_mb)
    except StoreBusy as busy:
        from csat.upkeep.asking import ask

        line = Line()
        try:
            return ask(
                config.inbox_folder(), config.store, command, arguments, line, busy=busy, file=file
            )
        finally:
            line.clear()
    try:
        return here(store)
    finally:
        store.close()
