"""Cases with one of their clocks, ready to be held against a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from csat.queries.paused import clock_columns, pauses_of
from csat.queries.reader import Reader, whole
from csat.stats.business_time import Seconds
from csat.stats.paused_time import Pauses


@dataclass(frozen=True, slots=True)
class TimedCases:
    """Cases with one clock: moments in seconds UTC, whether they ended, and their severity."""

    ids: Seconds
    received: Seconds
    until: Seconds
    ended: Seconds
    place: Seconds
    names: tuple[str, ...]
    pauses: Pauses

    @classmethod
    def read(
        cls, reader: Reader, chosen: tuple[str, dict[str, object]], program: str, event: str
    ) -> TimedCases:
        """Return the chosen cases of a program whose clock of an event the files record.

        Parameters
        ----------
        chosen
            The condition on ``complaint`` and its parameters.
        """
        where, params = chosen
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
        ids = whole(table.column("complaint_id"))
        return cls(
            ids,
            received,
            until,
            whole(table.column("ended")),
            severity.indices.to_numpy(zero_copy_only=False).astype(np.int64),
            tuple(severity.dictionary.to_pylist()),
            pauses_of(reader, program, ids, until),
        )

    def only(self, places: Sequence[int]) -> TimedCases:
        """Return the cases of some severities."""
        keep = np.isin(self.place, np.asarray(places, dtype=np.int64))
        return replace(
            self,
            ids=self.ids[keep],
            received=self.received[keep],
            until=self.until[keep],
            ended=self.ended[keep],
            place=self.place[keep],
            pauses=self.pauses.only(keep),
        )
