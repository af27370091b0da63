"""Commands about what is loaded: batches, undo, sample, presets."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from csat.cli.exits import FINE
from csat.cli.hand_over import do_or_ask
from csat.cli.session import configuration, opened, progress, writer
from csat.cli.suggesting import print_suggestion
from csat.cli.text import plain, print_json, shorten, table
from csat.ingest.library import find, read_shared, save
from csat.ingest.mapping import Mapping
from csat.ingest.preset import preset, preset_names
from csat.ingest.undo import undo as undo_batch
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.queries import catalogue, loads
from csat.store.store import Store


def batches(args: argparse.Namespace) -> int:
    """List what has been loaded."""
    with opened(configuration(args)) as store:
        found = loads.batches(store, args.program)
        if not found and args.program:
            catalogue.require_program(store, args.program)
        version = store.data_version()
    if args.json:
        print_json(
            {
                "program": args.program,
                "data_version": version,
                "batches": [loads.batch_json(row) for row in found],
            }
        )
    elif not found:
        print("Nothing has been loaded")
    else:
        head = ["batch", "program", "kind", "file", "loaded", "by", "rows", "refused", "status"]
        print(table(head, [_batch_line(row) for row in found], right={0, 6, 7}))
    return FINE


def _batch_line(row: dict[str, Any]) -> list[str]:
    return [
        str(row["batch_id"]),
        row["program"],
        row["kind"],
        shorten(row["file_name"], 40),
        f"{row['loaded_at']:%Y-%m-%d %H:%M}",
        row["loaded_by"],
        f"{row['rows_accepted']:,d}",
        f"{row['rows_refused']:,d}",
        row["status"],
    ]


def undo(args: argparse.Namespace) -> int:
    """Take a batch back."""

    def here(store: Store) -> dict[str, Any]:
        done = undo_batch(store, args.batch, writer())
        return {**done, "data_version": store.data_version()}

    done = do_or_ask(configuration(args), here, "undo", {"batch": args.batch})
    if args.json:
        print_json(done)
    else:
        print(f"Batch {done['batch']} is undone; {done['rows']:,d} rows withdrawn")
        if done["again"]:
            numbers = ", ".join(map(str, done["again"]))
            print(f"Later batches that held the same rows were read again: {numbers}")
    return FINE


def sample(args: argparse.Namespace) -> int:
    """Load or remove the simulated program."""
    from csat.sample_program import PROGRAM, load_sample, remove_sample

    result: dict[str, Any] = {"program": PROGRAM}
    with opened(configuration(args), create=not args.remove) as store:
        if args.remove:
            result["removed"] = remove_sample(store, writer())
        else:
            result["batches"] = load_sample(store, writer(), progress, language=args.language)
        result["data_version"] = store.data_version()
    if args.json:
        print_json(result)
    elif args.remove:
        print(f"Removed {result['removed']} batches of the simulated program")
    else:
        numbers = ", ".join(str(n) for n in result["batches"])
        print(f"Loaded the simulated program '{PROGRAM}' as batches {numbers}")
        print("Look at it with 'csat serve'; take it out again with 'csat sample --remove'")
    return FINE


def presets(args: argparse.Namespace) -> int:
    """List the shipped mappings, write one out, suggest one, or take in one that is shared."""
    if args.export:
        print(_mapping(args).to_json())
        return FINE
    if args.add:
        return _add_mapping(args)
    if args.suggest:
        print_suggestion(Path(args.suggest), configuration(args))
        return FINE
    known = [preset(name) for name in preset_names()]
    if args.json:
        print_json({"presets": [{"name": m.name, "kind": m.kind, "title": m.title} for m in known]})
    else:
        print(table(["name", "kind", "title"], [[m.name, m.kind, m.title] for m in known]))
    return FINE


def _mapping(args: argparse.Namespace) -> Mapping:
    """Return the mapping to write out; a shipped one needs no store."""
    if args.export in preset_names():
        return preset(args.export)
    with opened(configuration(args)) as store:
        return find(store, args.export)


def _add_mapping(args: argparse.Namespace) -> int:
    path = Path(args.add)
    if not path.is_file():
        raise ImportProblem(msg("There is no file {name}", name=path), msg("Check the path"))
    mapping = read_shared(path.read_bytes(), path.name)
    with opened(configuration(args), create=True) as store:
        save(store, mapping, writer())
    if args.json:
        print_json({"saved": mapping.name, "kind": mapping.kind, "columns": len(mapping.columns)})
    else:
        print(plain(f"Saved the mapping '{mapping.name}' of {len(mapping.columns)} columns"))
    return FINE
