"""Reads for one question, remembered so that the answer can say where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import Message
from csat.queries.facts import Facts
from csat.store.store import Store


class Reader:
    """A store that keeps the SQL and parameters of what was asked of it."""

    def __init__(self, store: Store, facts: Facts) -> None:
        self.store = store
        self.facts = facts
        self.asked: list[tuple[str, dict[str, object]]] = []

    def table(self, sql: str, params: Mapping[str, Any] | None = None) -> pa.Table:
        """Run a read and remember it."""
        self.remember(sql, params)
        return self.store.query(sql, params)

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run a read of few rows and remember it."""
        self.remember(sql, params)
        return self.store.rows(sql, params)

    def batches(
        self, sql: str, params: Mapping[str, Any] | None = None, rows: int = 10_000
    ) -> Iterator[pa.RecordBatch]:
        """Run a read of many rows, handed over in batches, and remember it."""
        self.remember(sql, params)
        return self.store.batches(sql, params, rows)

    def remember(self, sql: str, params: Mapping[str, Any] | None) -> None:
        """Remember a read, also one that the store was asked for before."""
        told = {
            name: f"a table of {value.num_rows} rows" if isinstance(value, pa.Table) else value
            for name, value in (params or {}).items()
        }
        self.asked.append((sql, told))

    def provenance(self, filters: Filters, *, exclusions: tuple[Message, ...] = ()) -> Provenance:
        """Return where the figures read so far come from."""
        return Provenance(
            reads=tuple(self.asked),
            filters=filters,
            data_version=self.facts.version,
            batches=self.facts.batches,
            exclusions=exclusions,
        )


def whole(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return a column as whole numbers, 0 where it is empty."""
    return np.asarray(column.cast(pa.int64()).fill_null(0).to_numpy(), dtype=np.int64)
