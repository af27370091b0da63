"""What a command needs before it can start: settings, the store, and who is asking."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from csat.model.message import Message, msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.model.settings import Config

if TYPE_CHECKING:
    from csat.store.store import Store


def configuration(args: argparse.Namespace) -> Config:
    """Return the settings, with the store of ``--store`` where it is given."""
    config = Config.from_environment()
    path: str | None = getattr(args, "store", None)
    return config if path is None else replace(config, store=Path(path))


@contextmanager
def opened(config: Config, *, create: bool = False) -> Iterator[Store]:
    """Open the store and close it again.

    Parameters
    ----------
    create
        Make the file where it is absent; else its absence is a problem.

    Raises
    ------
    UsageProblem
        When there is no store to read.
    StoreBusy
        When another process owns it.
    """
    from csat.store.store import Store

    if not create:
        require_file(config)
    store = Store(config.store, memory_mb=config.memory_mb)
    try:
        yield store
    finally:
        store.close()


def require_file(config: Config) -> None:
    """Refuse to go on without a store file.

    Raises
    ------
    UsageProblem
        Naming the path and how to make one.
    """
    if not config.store.exists():
        raise UsageProblem(
            msg("There is no store {path}", path=config.store),
            msg("Load a file with 'csat import' or 'csat sample', or name a store with --store"),
        )


def writer() -> User:
    """Return who changes the store: the person at this machine, as an analyst."""
    return User(_name(), ("analyst",))


def reader(config: Config) -> User:
    """Return who reads: the person at this machine, with the roles that are configured."""
    return User(_name(), config.roles)


def progress(message: Message) -> None:
    """Tell a person who waits; say nothing to a program."""
    if sys.stderr.isatty():
        print(message, file=sys.stderr)


def _name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no login name, as in some containers
        return "local"
