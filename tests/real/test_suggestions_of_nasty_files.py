"""Hostile files, every third of hundreds: each that can be staged gets a word per column, soon."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from csat.ingest.source import open_source
from csat.ingest.staging import sample_rows, stage
from csat.ingest.suggest import facts_of_staged, suggest
from csat.model.problem import ImportProblem
from csat.store.store import Store

pytestmark = pytest.mark.real

LIMIT = 10.0
"""Seconds of the processor that one small file may take; none came near it."""


def test_every_hostile_file_that_can_be_read_is_looked_at(store: Store, shared_data: Path) -> None:
    folder = shared_data / "nasty_csv_duckdb" / "files"
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".csv", ".tsv", ".txt"))
    looked_at = 0
    assert len(paths) > 400
    with store.cursor() as cursor:
        for path in paths[::3]:
            try:
                source = open_source(path)
                stage(cursor, source)
            except ImportProblem:
                continue
            begun = time.process_time()
            columns = source.reading.columns
            found = suggest(
                path.name,
                columns,
                sample_rows(cursor, source, 400),
                facts=facts_of_staged(cursor, columns),
            )
            assert set(columns) <= set(found.findings), path
            assert all(str(f.reason) for f in found.findings.values()), path
            assert time.process_time() - begun < LIMIT, path
            looked_at += 1
    assert looked_at > 80
