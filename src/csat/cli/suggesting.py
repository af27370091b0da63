"""A mapping suggested for a file, as the page suggests it, without a store of one's own."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from csat.cli.text import plain
from csat.ingest.source import open_source
from csat.ingest.staging import sample_rows, stage
from csat.ingest.suggest import Suggestion, facts_of_staged, guess_kind, suggest
from csat.model.settings import Config
from csat.store.store import Store

_SAMPLE_ROWS: Final = 400


def print_suggestion(path: Path, config: Config) -> None:
    """Print the mapping that fits a file by its names and values, to be checked and loaded with.

    What only a person can answer is said beside it, on the stream of errors.

    Raises
    ------
    ImportProblem
        As `open_source` does.
    """
    found = suggested(path, config)
    for name, finding in found.findings.items():
        if finding.column is None:
            print(plain(f"left out: {name}. {finding.reason}"), file=sys.stderr)
    for question in found.questions:
        print(plain(f"to decide: {question.column}. {question.text}"), file=sys.stderr)
    print(found.mapping.to_json())


def suggested(path: Path, config: Config) -> Suggestion:
    """Look through a whole file and guess what each of its columns is."""
    source = open_source(path, path.name, max_mb=config.max_upload_mb)
    columns = source.reading.columns
    with tempfile.TemporaryDirectory(prefix="csat-") as folder:
        store = Store(Path(folder) / "looked.duckdb")
        try:
            with store.cursor() as cursor:
                stage(cursor, source)
                sample = sample_rows(cursor, source, _SAMPLE_ROWS)
                facts = facts_of_staged(cursor, columns)
        finally:
            store.close()
    return suggest(
        source.name,
        columns,
        sample,
        guess_kind(columns),
        tool=source.reading.tool,
        wordings=source.reading.wordings,
        labels=source.labels,
        missing=source.missing,
        facts=facts,
    )
