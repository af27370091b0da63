"""Rows of the three kinds of file that the tests load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.mapping import Item
from csat.ingest.suggest import Suggestion, suggest
from csat.store.store import Store

SURVEY = ["id", "when", "branch", "csat", "nps", "ces", "comment"]
COMPLAINTS = [
    "id",
    "received",
    "answered",
    "resolved",
    "category",
    "branch",
    "timely",
    "text",
]
FACTS = ("response", "answers_1", "comment", "complaint", "exposure", "answer_exclusion")

WriteRows = Callable[..., Path]


@pytest.fixture
def survey_file(write_csv) -> WriteRows:
    """Write a survey file of answers with these ids, all of January 2026."""

    def write(ids: Sequence[object], name: str = "survey.csv", csat: int = 4) -> Path:
        rows = [[i, "2026-01-05 10:00:00", "North", csat, 9, 6, f"note {i}"] for i in ids]
        return write_csv([SURVEY, *rows], name)

    return write


@pytest.fixture
def complaint_file(write_csv) -> WriteRows:
    """Write a complaint file of these rows: received, answered, resolved."""

    def write(rows: Sequence[Sequence[object]], name: str = "complaints.csv") -> Path:
        filled = [[i, *row, "Fees", "North", "yes", ""] for i, row in enumerate(rows, start=1)]
        return write_csv([COMPLAINTS, *filled], name)

    return write


@pytest.fixture
def count(store: Store) -> Callable[[str], int]:
    def rows_of(table: str) -> int:
        return int(store.rows(f"SELECT COUNT(*) AS n FROM {table}")[0]["n"])

    return rows_of


@pytest.fixture
def everything(store: Store) -> Callable[[], dict[str, list[dict[str, object]]]]:
    """Return every row of every table, to see that nothing at all was written."""

    def read() -> dict[str, list[dict[str, object]]]:
        tables = store.rows("SELECT table_name AS t FROM duckdb_tables() WHERE NOT temporary")
        return {r["t"]: store.rows(f"SELECT * FROM {r['t']} ORDER BY ALL") for r in tables}

    return read


@pytest.fixture
def look() -> Callable[..., Suggestion]:
    """Suggest for a file given by columns, each repeated to the longest."""

    def suggested(table: dict[str, list[str]], name: str = "f.csv", **told: Any) -> Suggestion:
        n = max(len(v) for v in table.values())
        rows = [[v[i % len(v)] for v in table.values()] for i in range(n)]
        return suggest(name, list(table), rows, **told)

    return suggested


@pytest.fixture
def item_of() -> Callable[[Suggestion, str], Item]:
    """Return the question that a column is suggested to be."""

    def question(suggestion: Suggestion, column: str) -> Item:
        found = suggestion.findings[column].column
        assert found is not None, suggestion.findings[column].reason
        assert found.item is not None
        return found.item

    return question
