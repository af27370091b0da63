"""The command on the registers of standards and promises."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from csat.cli.exits import FINE
from csat.cli.session import configuration, opened, writer
from csat.cli.text import plain, print_json, shorten, table
from csat.ingest.registers import Changed, load_register, restore_version, take_back
from csat.ingest.source import open_source
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.model.register_fields import FIELDS
from csat.queries.catalogue import require_program
from csat.queries.gap_records import judged_on_of
from csat.queries.registers import Line, register_history, register_lines
from csat.reports.register_files import register_bytes, register_name
from csat.reports.templates import FORMATS
from csat.store.store import Store


def register(args: argparse.Namespace) -> int:
    """Write a template, change a register, or print what it holds."""
    if args.template is not None:
        return _template(args)
    if not args.program:
        raise UsageProblem(msg("No program is named"), msg("Add --program NAME"))
    config = configuration(args)
    with opened(config) as store:
        require_program(store, args.program)
        changed = _change(store, args, config.max_upload_mb)
        day = judged_on_of(store, Filters.of(args.program))
        lines = register_lines(store, args.program, args.register)
        versions = register_history(store, args.program, args.register) if args.history else ()
    told: dict[str, Any] = {
        "program": args.program,
        "register": args.register,
        "day": day,
        "changed": None if changed is None else _counts(changed),
        "entries": [line.to_json(day) for line in lines],
    }
    if args.history:
        told["history"] = [v.to_json() for v in versions]
    if args.json:
        print_json(told)
        return FINE
    if changed is not None:
        print(", ".join(f"{name} {n}" for name, n in _counts(changed).items() if n is not None))
        if not args.history:
            return FINE
    if args.history:
        rows = [
            [
                str(v.change),
                str(v.number),
                v.code,
                "taken out" if v.entry is None else "in force" if v.in_force else "",
                f"{v.made_at:%Y-%m-%d %H:%M}",
                v.made_by,
                v.note or "by hand",
            ]
            for v in versions
        ]
        print(table(["change", "version", "code", "", "when (UTC)", "who", "from"], rows))
        return FINE
    print(_listed(args.register, told["entries"]))
    return FINE


def _change(store: Store, args: argparse.Namespace, max_mb: int) -> Changed | None:
    place = (store, args.program, args.register)
    if args.load:
        source = open_source(Path(args.load), max_mb=max_mb)
        return load_register(*place, source, writer())
    if args.undo is not None:
        return take_back(*place, args.undo, writer())
    if args.restore is not None:
        return restore_version(*place, args.restore, writer())
    return None


def _counts(changed: Changed) -> dict[str, int | None]:
    return {
        "change": changed.number,
        "new": changed.new,
        "replaced": changed.replaced,
        "removed": changed.removed,
        "unchanged": changed.same,
    }


def _listed(register: str, entries: list[dict[str, Any]]) -> str:
    names = [f.name for f in FIELDS[register]]
    mark = "stale" if register == "standards" else "kept"
    rows = [[*(shorten(str(e[name]), 30) for name in names), _said(mark, e[mark])] for e in entries]
    return table([*(plain(n) for n in names), mark], rows)


def _said(mark: str, value: bool | None) -> str:
    if mark == "stale":
        return "stale" if value else ""
    return {True: "kept", False: "broken", None: "open"}[value]


def template_path(args: argparse.Namespace) -> Path:
    """Return the file to write a template to, as named or by its usual name."""
    return Path(args.template or register_name(args.register, args.language, "csv"))


def _template(args: argparse.Namespace) -> int:
    """Write a template, or what is in force where a program is named."""
    path = template_path(args)
    kind = path.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise UsageProblem(
            msg("'{name}' is no file of a template", name=path.name),
            msg("End it in one of: {names}", names=", ".join(f".{k}" for k in FORMATS)),
        )
    if path.exists():
        raise UsageProblem(
            msg("{path} exists already", path=path), msg("Give a file name not yet in use")
        )
    lines: tuple[Line, ...] = ()
    if args.program:
        with opened(configuration(args)) as store:
            require_program(store, args.program)
            lines = register_lines(store, args.program, args.register)
    entries = [line.entry for line in lines]
    path.write_bytes(register_bytes(args.register, args.language, kind, entries))
    if args.json:
        print_json(
            {
                "register": args.register,
                "path": str(path),
                "entries": len(entries),
                "columns": [f.heading(args.language) for f in FIELDS[args.register]],
            }
        )
    else:
        print(f"{len(entries)} entries written to {path}; load it with --load")
    return FINE
