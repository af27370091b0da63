"""The import command: read the order, have it carried out, say what became of the file."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import threading
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from csat.cli.exits import FINE
from csat.cli.hand_over import Line, do_or_ask
from csat.cli.session import configuration, writer
from csat.cli.text import plain, print_json, shorten, table
from csat.ingest.mapping import Mapping
from csat.ingest.preset import preset
from csat.ingest.roles import KIND_LABELS
from csat.ingest.source import Source
from csat.model.filters import parse_day
from csat.model.message import msg
from csat.model.naming import program_key
from csat.model.problem import ImportProblem, UsageProblem
from csat.model.settings import Config
from csat.store.sparing import sparingly
from csat.store.store import Store
from csat.upkeep.loading import carry_out, read_source, stoppable
from csat.upkeep.orders import ImportOrder, Outcome
from csat.upkeep.watching import Watch, estimated_rows

_SHOWN: Final = 10
"""Refused rows that the text form lists."""


def import_file(args: argparse.Namespace) -> int:
    """Load a file, or only check it."""
    config = configuration(args)
    order = _order(args)
    source = read_source(order, config.max_upload_mb)
    zone = _timezone(order.timezone or config.timezone)
    pressed = signal.getsignal(signal.SIGINT)
    try:
        with tempfile.TemporaryDirectory(prefix="csat-") as folder:
            if order.dry_run and not config.store.exists():  # so as to write nothing
                config = replace(config, store=Path(folder) / "dry-run.duckdb")
            outcome = _import(config, order, source, zone)
        return _say(args, outcome)
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, pressed)


def _say(args: argparse.Namespace, outcome: Outcome) -> int:
    note = ""
    if outcome.found:
        note = str(msg("Mapping '{name}' fits the columns of this file", name=outcome.mapping))
    if args.refused:
        Path(args.refused).write_text(outcome.refused_file, encoding="utf-8-sig", newline="")
    if args.json:
        if note:
            print(note, file=sys.stderr)
        print_json(outcome.to_json())
    else:
        _print_outcome(outcome, note)
    if outcome.accepted == 0:
        raise outcome.nothing_fits()
    return FINE


def _import(config: Config, order: ImportOrder, source: Source, zone: str) -> Outcome:
    line = Line()

    def here(store: Store) -> dict[str, Any]:
        with stoppable(store, order.program, source):
            try:
                with Watch(line, store.percent, estimated_rows(source)) as watch:
                    load = partial(
                        carry_out, store, order, source, writer(), timezone=zone, progress=watch
                    )
                    return asdict(sparingly(store, load, config.memory_mb))
            finally:
                line.clear()
                _finish_in_peace()

    arguments = {**order.to_json(), "path": ""}
    return Outcome(**do_or_ask(config, here, "import", arguments, create=True, file=source.path))


def _finish_in_peace() -> None:
    """Let Ctrl-C come too late: the file is loaded, and what became of it will be printed."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _order(args: argparse.Namespace) -> ImportOrder:
    path = Path(args.file)
    if args.preset:
        preset(args.preset)
    name, text, stem = args.mapping or "", "", ""
    if name and Path(name).is_file():
        text, stem, name = _mapping_text(Path(name)), Path(name).stem, ""
    return ImportOrder(
        str(path),
        path.name,
        program_key(args.program),
        preset=args.preset or "",
        mapping=name,
        mapping_json=text,
        mapping_name=stem,
        title=args.title,
        timezone=_timezone(args.timezone) if args.timezone else "",
        as_of=parse_day(args.as_of).isoformat() if args.as_of else "",
        encoding=args.encoding,
        delimiter=_delimiter(args.delimiter),
        sheet=args.sheet,
        dry_run=args.dry_run,
        refused=bool(args.refused),
    )


def _mapping_text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportProblem(
            msg("The mapping {name} is not written in UTF-8", name=path),
            msg("Save it as UTF-8 text"),
        ) from error
    Mapping.from_json(text, name=path.stem)
    return text


def _timezone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise UsageProblem(
            msg("There is no time zone '{name}'", name=name),
            msg("Write it as Europe/London or Asia/Shanghai"),
        ) from None


def _delimiter(text: str) -> str:
    mark = "\t" if text in ("tab", "\\t") else text
    if len(mark) > 1:
        raise UsageProblem(
            msg("'{text}' is no delimiter", text=text), msg("Give one character, or the word tab")
        )
    return mark


def _print_outcome(outcome: Outcome, note: str) -> None:
    if note:
        print(note)
    did = (
        "Checked only, nothing written"
        if outcome.batch is None
        else f"Loaded as batch {outcome.batch}"
    )
    print(plain(f"{outcome.file}: {KIND_LABELS[outcome.kind]}, program {outcome.program}"))
    print(did + (f"; complete up to {outcome.as_of}" if outcome.as_of else ""))
    counts = [
        [name.removeprefix("rows_"), f"{n:,d}"]
        for name, n in outcome.counts.items()
        if name != "rows_accepted"
    ]
    print(table(["rows", ""], counts, right={1}))
    for remark in outcome.remarks:
        print(f"  {'!' if remark['level'] == 'warning' else '-'} {plain(remark['text'])}")
    for row in outcome.refused[:_SHOWN]:
        place = f", column '{row['column']}'" if row["column"] else ""
        print(f"  row {row['row']}{plain(place)}: '{shorten(row['value'], 60)}' {row['reason']}")
    if len(outcome.refused) > _SHOWN:
        print(f"  ... the first {len(outcome.refused):,d} are listed by --json")
