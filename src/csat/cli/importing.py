"""The import command: choose the mapping, check or load the file, say what became of it."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from csat.cli.exits import FINE
from csat.cli.session import configuration, opened, progress, writer
from csat.cli.text import NOTHING, plain, print_json, shorten, table
from csat.ingest.batches import commit, dry_run
from csat.ingest.catalogue import find_program
from csat.ingest.checking import Checked
from csat.ingest.library import fitting, saved
from csat.ingest.mapping import Mapping
from csat.ingest.preset import preset, preset_names
from csat.ingest.remarks import remarks
from csat.ingest.roles import KIND_LABELS
from csat.ingest.source import Source, open_source
from csat.model.filters import parse_day
from csat.model.message import msg
from csat.model.problem import AlreadyLoaded, ImportProblem, UsageProblem
from csat.model.settings import Config
from csat.reports.refused import refused_csv
from csat.store.store import Store

_SHOWN: Final = 10
"""Refused rows that the text form lists."""


def import_file(args: argparse.Namespace) -> int:
    """Load a file, or only check it."""
    config = configuration(args)
    program = _program_key(args.program)
    as_of = parse_day(args.as_of) if args.as_of else None
    timezone = _timezone(args.timezone or config.timezone)
    source = open_source(
        Path(args.file),
        encoding=args.encoding,
        delimiter=_delimiter(args.delimiter),
        sheet=args.sheet,
        max_mb=config.max_upload_mb,
    )
    with _store_to_fill(config, dry=args.dry_run) as store:
        if args.timezone:
            _same_timezone(store, program, timezone)
        mapping, note = _choose_mapping(args, store, source)
        batch: int | None = None
        if args.dry_run:
            checked = dry_run(store, source, mapping, program)
            complete = as_of or mapping.as_of
        else:
            loaded = commit(
                store,
                source,
                mapping,
                program=program,
                user=writer(),
                timezone=timezone,
                program_title=args.title,
                as_of=as_of,
                progress=progress,
            )
            batch, checked, complete = loaded.batch_id, loaded.checked, loaded.as_of
        outcome = _outcome(batch, program, mapping, checked, complete, store.data_version())
    if args.refused:
        _write_refused(Path(args.refused), checked, source)
    if args.json:
        if note:
            print(note, file=sys.stderr)
        print_json(outcome)
    else:
        _print_outcome(outcome, mapping, source, note)
    if checked.rows_accepted == 0:
        raise _nothing_fits(source, checked)
    return FINE


def _program_key(text: str) -> str:
    key = text.strip()
    if not key:
        raise UsageProblem(
            msg("The program has no name"), msg("Give a short name, such as --program bank")
        )
    return key


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


@contextmanager
def _store_to_fill(config: Config, *, dry: bool) -> Iterator[Store]:
    """Open the store; a dry run that finds none uses a passing one, so as to write nothing."""
    if not dry or config.store.exists():
        with opened(config, create=True) as store:
            yield store
        return
    with tempfile.TemporaryDirectory(prefix="csat-") as folder:
        passing = replace(config, store=Path(folder) / "dry-run.duckdb")
        with opened(passing, create=True) as store:
            yield store


def _same_timezone(store: Store, program: str, timezone: str) -> None:
    with store.cursor() as cursor:
        found = find_program(cursor, program)
    if found is not None and found[1] != timezone:
        raise UsageProblem(
            msg("Program '{program}' keeps the time of {zone}", program=program, zone=found[1]),
            msg("Leave --timezone out, or load the file as another program"),
        )


def _choose_mapping(args: argparse.Namespace, store: Store, source: Source) -> tuple[Mapping, str]:
    """Return the mapping to use, and a sentence where it was found rather than named."""
    if args.preset:
        return preset(args.preset), ""
    if args.mapping:
        return _named_mapping(store, args.mapping), ""
    found = fitting(store, source.reading.columns)
    if len(found) == 1:
        note = msg("Mapping '{name}' fits the columns of this file", name=found[0].name)
        return found[0], str(note)
    if found:
        raise UsageProblem(
            msg(
                "Several mappings fit the columns of {name}: {names}",
                name=source.name,
                names=", ".join(m.name for m in found),
            ),
            msg("Choose one with --preset NAME or --mapping NAME"),
        )
    raise UsageProblem(
        msg("No known mapping fits the columns of {name}", name=source.name),
        msg(
            "Give --mapping FILE, or --preset with one of: {names}",
            names=", ".join(preset_names()),
        ),
    )


def _named_mapping(store: Store, name: str) -> Mapping:
    path = Path(name)
    if path.is_file():
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise ImportProblem(
                msg("The mapping {name} is not written in UTF-8", name=path),
                msg("Save it as UTF-8 text"),
            ) from error
        return Mapping.from_json(text, name=path.stem)
    kept = {m.name: m for m in saved(store)}
    if name in kept:
        return kept[name]
    raise ImportProblem(
        msg("There is neither a mapping file nor a saved mapping '{name}'", name=name),
        msg("Saved mappings: {names}", names=", ".join(kept) or NOTHING),
    )


def _outcome(
    batch: int | None,
    program: str,
    mapping: Mapping,
    checked: Checked,
    as_of: date | None,
    version: int,
) -> dict[str, Any]:
    return {
        "batch": batch,
        "program": program,
        "kind": mapping.kind,
        "rows_read": checked.rows_read,
        "rows_accepted": checked.rows_accepted,
        "rows_new": checked.rows_new,
        "rows_updated": checked.rows_updated,
        "rows_duplicate": checked.rows_duplicate,
        "rows_refused": checked.rows_refused,
        "refused": [
            {"row": r.row_no, "column": r.column, "value": r.value, "reason": str(r.reason)}
            for r in checked.refused
        ],
        "changed": checked.tally.changed,
        "remarks": [{"level": r.level, "text": str(r.text)} for r in remarks(checked)],
        "as_of": as_of,
        "data_version": version,
    }


def _print_outcome(outcome: dict[str, Any], mapping: Mapping, source: Source, note: str) -> None:
    if note:
        print(note)
    batch = outcome["batch"]
    did = "Checked only, nothing written" if batch is None else f"Loaded as batch {batch}"
    print(plain(f"{source.name}: {KIND_LABELS[mapping.kind]}, program {outcome['program']}"))
    print(did + (f"; complete up to {outcome['as_of']}" if outcome["as_of"] else ""))
    counts = [
        [name, f"{outcome[f'rows_{name}']:,d}"]
        for name in ("read", "new", "updated", "duplicate", "refused")
    ]
    print(table(["rows", ""], counts, right={1}))
    for remark in outcome["remarks"]:
        print(f"  {'!' if remark['level'] == 'warning' else '-'} {plain(remark['text'])}")
    refused = outcome["refused"]
    for row in refused[:_SHOWN]:
        place = f", column '{row['column']}'" if row["column"] else ""
        print(f"  row {row['row']}{plain(place)}: '{shorten(row['value'], 60)}' {row['reason']}")
    if len(refused) > _SHOWN:
        print(f"  ... the first {len(refused):,d} are listed by --json")


def _write_refused(path: Path, checked: Checked, source: Source) -> None:
    """Write the refused rows of a check as a file to correct and load again."""
    path.write_bytes(refused_csv(checked, source.reading.columns, str))


def _nothing_fits(source: Source, checked: Checked) -> ImportProblem:
    """Return the problem of a dry run that would load nothing, as the load itself reports it."""
    if checked.rows_refused == 0:
        return AlreadyLoaded(
            msg("All {n} rows of {name} are loaded already", n=checked.rows_read, name=source.name),
            msg("There is nothing to do"),
        )
    return ImportProblem(
        msg("No row of {name} can be loaded", name=source.name),
        msg("Change the mapping of the columns named, or correct the file"),
    )
