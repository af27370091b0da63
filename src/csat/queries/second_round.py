"""The second round of cases: what happened again after they were reopened or went higher up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from csat.model.case_stages import EVENT_COLUMNS, SECOND_STAGES, SECOND_STARTS
from csat.model.filters import Filters
from csat.queries.paused import OF_PROGRAM
from csat.queries.reader import Reader, whole
from csat.queries.standing import case_predicate
from csat.stats.business_time import Seconds
from csat.stats.stages import ABSENT

_EVENTS = (*SECOND_STARTS, *(event for own in SECOND_STAGES.values() for event in own))


@dataclass(frozen=True, slots=True, eq=False)
class SecondRound:
    """The cases that had a second round, by number, and when each reached its stages.

    ``moments`` holds, per stage of `csat.model.case_stages.AGAIN`, a moment for each of
    ``numbers`` in seconds UTC, or `csat.stats.stages.ABSENT`.
    """

    numbers: Seconds
    moments: dict[str, Seconds]


def second_round(reader: Reader, filters: Filters) -> SecondRound:
    """Read the second round of the cases chosen, from columns, logs, and what the files state.

    It starts when a case is first reopened, escalated or appealed; an event counts for it where
    it follows the start. So a case that is escalated before anybody assessed it has its first
    assessment in this round.
    """
    where, params = case_predicate(reader.store, filters, "c.")
    columns = ", ".join(EVENT_COLUMNS[event] for event in _EVENTS)
    stated = ", ".join(f"a.{EVENT_COLUMNS[event]}" for event in _EVENTS)
    begun = " OR ".join(f"c.{EVENT_COLUMNS[event]} IS NOT NULL" for event in SECOND_STARTS)
    pivoted = " UNION ALL ".join(
        f"SELECT complaint_id, '{event}' AS event, {EVENT_COLUMNS[event]} AS moment FROM told"
        for event in _EVENTS
    )
    firsts = ", ".join(
        f"MIN(CASE WHEN m.event IN ({_listed(own)}) AND m.moment > s.moment "
        f"THEN {_seconds('m.moment')} END) AS {stage}"
        for stage, own in SECOND_STAGES.items()
    )
    table = reader.table(
        "WITH chosen AS (SELECT c.complaint_id, c.source_key, "
        f"{columns} FROM complaint c WHERE {where} AND c.case_no <> '' AND ({begun})), "
        f"told AS (SELECT complaint_id, {columns} FROM chosen UNION ALL "
        f"SELECT complaint_id, {stated} FROM case_as_stated a "
        "WHERE complaint_id IN (SELECT complaint_id FROM chosen)), "
        f"marks AS ({pivoted} UNION ALL SELECT c.complaint_id, e.event, e.happened_at AS moment "
        f"FROM chosen c JOIN case_event e ON e.case_key = c.source_key AND e.{OF_PROGRAM} "
        f"AND e.complaint_id IS NULL AND e.event IN ({_listed(_EVENTS)})), "
        "starts AS (SELECT complaint_id, MIN(moment) AS moment FROM marks "
        f"WHERE event IN ({_listed(SECOND_STARTS)}) AND moment IS NOT NULL GROUP BY complaint_id) "
        f"SELECT s.complaint_id, MIN({_seconds('s.moment')}) AS again, {firsts} FROM starts s "
        "JOIN marks m ON m.complaint_id = s.complaint_id GROUP BY s.complaint_id "
        "ORDER BY s.complaint_id",
        params,
    )
    return SecondRound(
        whole(table.column("complaint_id")),
        {stage: _moments(table, stage) for stage in ("again", *SECOND_STAGES)},
    )


def _listed(events: Sequence[str]) -> str:
    """Return events, which are words of our own, as a list of SQL."""
    return ", ".join(f"'{event}'" for event in events)


def _seconds(moment: str) -> str:
    return f"DATE_DIFF('second', TIMESTAMP '1970-01-01 00:00:00', {moment})"


def _moments(table: pa.Table, stage: str) -> Seconds:
    column = table.column(stage)
    return np.asarray(column.cast(pa.int64()).fill_null(ABSENT).to_numpy(), dtype=np.int64)
