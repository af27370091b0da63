"""Commands that look after an installation: backup, restore, rebuild, check."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from csat.cli.exits import FINE
from csat.cli.hand_over import Line, do_or_ask
from csat.cli.session import configuration, opened, order, require_file, writer
from csat.cli.text import plain, print_json
from csat.model.message import Message, msg
from csat.model.problem import CheckFailed
from csat.model.settings import Config
from csat.store.store import Store


def backup(args: argparse.Namespace) -> int:
    """Write a copy of the store, and of the files it was loaded from."""
    from csat.upkeep.backup import back_up

    target = Path(args.target).absolute()

    def here(store: Store) -> dict[str, Any]:
        return asdict(back_up(store, target, writer()))

    done = do_or_ask(configuration(args), here, "backup", {"target": str(target)})
    if args.json:
        print_json({"target": str(target), **done})
    else:
        print(f"Backup written to {args.target}; {done['copied']} original files beside it")
        _name_missing(done)
    return FINE


def restore(args: argparse.Namespace) -> int:
    """Put the state of a backup into the store."""
    from csat.upkeep.backup import restore as put_back

    source = Path(args.source).absolute()

    def here(store: Store) -> dict[str, Any]:
        return asdict(put_back(store, source, writer()))

    done = do_or_ask(configuration(args), here, "restore", {"source": str(source)}, create=True)
    if args.json:
        print_json({"source": str(source), **done})
    else:
        print(f"The store holds what {args.source} held; {done['copied']} original files copied")
        _name_missing(done)
    return FINE


def _name_missing(done: dict[str, Any]) -> None:
    for name in done["missing"]:
        print(f"Missing since earlier: originals/{name}")


def rebuild(args: argparse.Namespace) -> int:
    """Make a new store from the original files, and compare it with this one."""
    from csat.upkeep.rebuild import rebuild as make_again

    config, target, line = configuration(args), Path(args.target), Line()
    try:
        with opened(config) as store:
            made = make_again(store, target, line)
    finally:
        line.clear()
    differences = [plain(str(m)) for m in made.differences]
    if args.json:
        print_json(
            {
                "store": str(config.store),
                "target": str(target),
                "equal": not differences,
                "batches": [{"batch": a, "rebuilt": b} for a, b in made.batches.items()],
                "figures": made.figures,
                "differences": differences,
            }
        )
    else:
        n, compared = len(made.batches), made.figures
        print(f"{target}: {n} batches loaded again, {compared:,d} figures compared")
        print("\n".join(differences) if differences else "No difference found")
    if differences:
        raise CheckFailed(
            msg(
                "{n} differences between {path} and {target}",
                n=len(differences),
                path=config.store,
                target=target,
            ),
            msg("Look at the batches and figures named; the new store was kept"),
        )
    return FINE


def check(args: argparse.Namespace) -> int:
    """Look for contradictions in the store."""
    config = configuration(args)
    found = [plain(str(m)) for m in _contradictions(config)]
    if args.json:
        print_json({"store": str(config.store), "ok": not found, "contradictions": found})
    elif found:
        print("\n".join(found))
    else:
        print(f"{config.store}: no contradiction found")
    if found:
        raise CheckFailed(
            msg("{n} contradictions found in {path}", n=len(found), path=config.store),
            msg("Undo and load again the batches named, or go back to a backup"),
        )
    return FINE


def _contradictions(config: Config) -> list[Message]:
    from csat.store.copies import require_store
    from csat.store.integrity import check_path, check_store

    given = order()
    if given is not None:
        with given.store.still():
            return check_store(given.store)
    require_file(config)
    require_store(config.store)
    return check_path(config.store)
