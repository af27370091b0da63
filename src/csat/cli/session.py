"""What a command needs before it can start: settings, the store, and who is asking."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from csat.model.message import Message, msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.model.settings import Config

if TYPE_CHECKING:
    from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class Order:
    """A command line that this process, which owns the store, carries out for somebody else."""

    store: Store
    asker: User


_ORDER: Final[ContextVar[Order | None]] = ContextVar("order", default=None)


@contextmanager
def carrying_out(order: Order) -> Iterator[None]:
    """Let the commands of this thread work on the store of an order, for who gave it."""
    token = _ORDER.set(order)
    try:
        yield
    finally:
        _ORDER.reset(token)


def order() -> Order | None:
    """Return the order that this thread carries out; None for a command of this process."""
    return _ORDER.get()


def configuration(args: argparse.Namespace) -> Config:
    """Return the settings, with the store of ``--store`` where it is given."""
    config = Config.from_environment()
    path: str | None = getattr(args, "store", None)
    return config if path is None else replace(config, store=Path(path))


@contextmanager
def opened(config: Config, *, create: bool = False) -> Iterator[Store]:
    """Open the store and close it again; an order brings an open one along, which stays open.

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

    given = _ORDER.get()
    if given is not None:
        yield given.store
        return
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
    given = _ORDER.get()
    if given is not None:
        return given.asker.name
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no login name, as in some containers
        return "local"
