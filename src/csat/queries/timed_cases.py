"""Cases with one of their clocks, ready to be held against a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from csat.model.filters import Filters
from csat.queries.case_life import clock_columns, pauses_of
from csat.queries.complaint_tallies import whole
from csat.queries.predicate import complaint_predicate
from csat.queries.reader import Reader
from csat.stats.business_time import Seconds
from csat.stats.paused_time import Pauses


@dataclass(frozen=True, slots=True)
class TimedCases:
    """Cases with one clock: moments in seconds UTC, whether they ended, and their severity."""

    received: Seconds
    until: Seconds
    ended: Seconds
    place: Seconds
    names: tuple[str, ...]
    pauses: Pauses

    @classmethod
    def read(cls, reader: Reader, filters: Filters, event: str) -> TimedCases:
        """Return the cases whose clock of an event the files record, of whatever period."""
        where, params = complaint_predicate(filters.with_(period=None))
        seconds, ended = clock_columns(event)
        table = reader.table(
            "SELECT complaint_id, COALESCE(severity, '') AS severity, received_at, "
            f"{seconds} AS s, {ended} AS ended FROM complaint "
            f"WHERE {where} AND {ended} IS NOT NULL",
            params,
        )
        received = (
            table.column("received_at").cast(pa.timestamp("us")).cast(pa.int64()).to_numpy()
            // 1_000_000
        )
        severity = table.column("severity").combine_chunks().dictionary_encode()
        until = received + whole(table.column("s"))
        return cls(
            received,
            until,
            whole(table.column("ended")),
            severity.indices.to_numpy(zero_copy_only=False).astype(np.int64),
            tuple(severity.dictionary.to_pylist()),
            pauses_of(reader, filters.program, whole(table.column("complaint_id")), until),
        )

    def only(self, places: Sequence[int]) -> TimedCases:
        """Return the cases of some severities."""
        keep = np.isin(self.place, np.asarray(places, dtype=np.int64))
        return replace(
            self,
            received=self.received[keep],
            until=self.until[keep],
            ended=self.ended[keep],
            place=self.place[keep],
            pauses=self.pauses.only(keep),
        )
