"""Carry out a command line that was handed on to this process, which owns the store."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from csat.cli import perform, reported
from csat.cli.handing import Named, file_named, may_be_handed_on
from csat.cli.parser import build_parser
from csat.cli.session import Order, carrying_out
from csat.cli.streams import own_output
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import NotAllowed, UsageProblem
from csat.store.store import Store

MOST_CASES: Final = 50_000
"""Cases of one list: it lies in the memory of a process that answers others too."""


def carry(store: Store, told: dict[str, Any], user: User, file: Path) -> dict[str, Any]:
    """Carry out a command line on the store of this process.

    Parameters
    ----------
    told
        The line as `csat.cli.handing.hand_on` tells it.
    user
        Who gave it, as the system names them.
    file
        Where the file lies that the line reads, and where to leave the one that it makes.

    Returns
    -------
    dict
        ``code``, ``out`` and ``err``: exit code and what was printed.

    Raises
    ------
    NotAllowed
        When such a command is not carried out for others.
    UsageProblem
        When this version of the product does not know the line.
    """
    args = _understood(told)
    named = file_named(args)
    with _at_hand(args, named, file) as place, own_output() as (out, err):
        with carrying_out(Order(store, user)):
            code = reported(lambda: perform(args))
        return {
            "code": code,
            "out": _as_named(out.getvalue(), place, named),
            "err": _as_named(err.getvalue(), place, named),
        }


def _understood(told: dict[str, Any]) -> argparse.Namespace:
    try:
        argv, store = [str(word) for word in told["argv"]], str(told["store"])
        args = build_parser().parse_args(argv)
    except (KeyError, TypeError, SystemExit) as error:
        raise UsageProblem(
            msg("The request cannot be understood"),
            msg("Use the csat command of the same version as the serving process"),
        ) from error
    if not may_be_handed_on(args):
        raise NotAllowed(
            msg("'csat {command}' is not carried out for others", command=args.command),
            msg("Stop the dashboard first"),
        )
    if getattr(args, "limit", 0) > MOST_CASES:
        raise UsageProblem(
            msg("{n} cases are too many at once while the dashboard runs", n=args.limit),
            msg("Give --limit {n} or less, and go on with --offset", n=MOST_CASES),
        )
    args.store = store
    return args


@contextmanager
def _at_hand(args: argparse.Namespace, named: Named | None, file: Path) -> Iterator[str]:
    """Put the file of a line into a folder of its own, under its own name, and let args name it.

    Yields where it lies here. What the command makes there is left in the place of the file.
    """
    if named is None:
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="csat-line-") as folder:
        place = Path(folder) / (named.path.name or "file")
        if not named.made and file.exists():
            shutil.move(file, place)
        setattr(args, named.argument, str(place))
        yield str(place)
        if named.made and place.exists():
            shutil.move(place, file)


def _as_named(said: str, place: str, named: Named | None) -> str:
    """Return a text with the file called as the line called it."""
    if named is None:
        return said
    path = str(named.path)
    for here, there in ((repr(place)[1:-1], repr(path)[1:-1]), (place, path)):
        said = said.replace(here, there)
    return said
