"""Reads for one question, remembered so that the answer can say where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

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
        self.asked.append((sql, dict(params or {})))
        return self.store.query(sql, params)

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run a read of few rows and remember it."""
        return list(self.table(sql, params).to_pylist())

    def provenance(self, filters: Filters, *, exclusions: tuple[Message, ...] = ()) -> Provenance:
        """Return where the figures read so far come from."""
        return Provenance(
            reads=tuple(self.asked),
            filters=filters,
            data_version=self.facts.version,
            batches=self.facts.batches,
            exclusions=exclusions,
        )
