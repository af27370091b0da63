"""The command about questionnaires: list them, or write one as a file to fill in."""

from __future__ import annotations

import argparse
from pathlib import Path

from csat.cli.exits import FINE
from csat.cli.text import print_json, table
from csat.ingest.columns import LANGUAGES
from csat.ingest.instruments import instrument, instrument_names
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.reports.templates import FORMATS, template_bytes, template_name


def instruments(args: argparse.Namespace) -> int:
    """List the questionnaires, or write one."""
    if not args.name:
        return _listed(as_json=args.json)
    chosen = instrument(args.name, args.language)
    path = Path(args.output or template_name(chosen, "csv"))
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
    path.write_bytes(template_bytes(chosen, kind))
    if args.json:
        print_json(
            {
                "name": chosen.name,
                "language": chosen.language,
                "preset": chosen.preset_name,
                "path": str(path),
                "columns": [a.header for a in chosen.asked],
            }
        )
    else:
        print(f"{chosen.title}: {len(chosen.asked)} columns written to {path}")
        print("Load the filled file with 'csat import'; its columns say what they are.")
    return FINE


def _listed(*, as_json: bool) -> int:
    found = [instrument(name) for name in instrument_names()]
    if as_json:
        print_json(
            [
                {
                    "name": i.name,
                    "title": i.title,
                    "about": i.about,
                    "columns": len(i.asked),
                    "languages": list(LANGUAGES),
                }
                for i in found
            ]
        )
        return FINE
    rows = [[i.name, i.title, str(len(i.asked)), i.about] for i in found]
    print(table(["name", "title", "columns", "what it asks"], rows, right={2}))
    return FINE
