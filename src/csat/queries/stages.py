"""The funnel of the stages of cases, and the time that cases spend in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from csat.model.answer import Provenance
from csat.model.case_stages import AGAIN, BESIDE, COMPLAINT, CONDUCT, EVENT_COLUMNS, PAUSED, STAGES
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.model.working_hours import ALWAYS, WorkingHours
from csat.queries.facts import facts as facts_of
from csat.queries.paused import OF_PROGRAM, pauses_of
from csat.queries.predicate import complaint_predicate
from csat.queries.reader import Reader, whole
from csat.queries.second_round import second_round
from csat.queries.stage_figures import StageFigures, gated_rows, stage_row
from csat.queries.standing import case_predicate
from csat.queries.targets import service_standard
from csat.stats.business_time import Seconds, WorkingTime, lay_out
from csat.stats.paused_time import Pauses
from csat.stats.stages import ABSENT, stays
from csat.store.store import Store

CLOCKS: Final = ("calendar", "business")


@dataclass(frozen=True, slots=True)
class Stages:
    """The answer: the stages in order, what else happened, and what they rest on.

    ``beside`` is event -> cases to which it happened. ``again`` holds the stages of a second
    round, `csat.model.case_stages.AGAIN`, over the cases that were reopened, escalated or
    appealed; empty where none was.
    """

    type: str
    clock: str
    cases: int
    rows: tuple[StageFigures, ...]
    beside: dict[str, int]
    not_recorded: tuple[str, ...]
    notes: tuple[Message, ...]
    provenance: Provenance
    again: tuple[StageFigures, ...] = ()


def stages(
    store: Store,
    filters: Filters,
    clock: str = "calendar",
    thresholds: Thresholds | None = None,
) -> Stages:
    """Answer which stages the cases received in the period have reached, and how long each took.

    Parameters
    ----------
    clock
        "calendar", or "business" for working time less pauses.

    Raises
    ------
    UsageProblem
        For another clock, for working time where no hours are set, or without such a program.
    """
    limits = thresholds or Thresholds()
    kind = CONDUCT if set(filters.types) == {CONDUCT} else COMPLAINT
    filters = filters.with_(types=(kind,) if kind == CONDUCT else ())
    reader = Reader(store, facts_of(store, filters.program))
    hours = working_hours(store, filters.program) if clock == "business" else None
    if clock not in CLOCKS or (clock == "business" and hours is None):
        raise UsageProblem(
            msg("There is no clock '{name}' for these cases", name=clock),
            msg("Use calendar, or business after setting working hours with 'csat sla --set'"),
        )
    recorded = _recorded(reader, filters.program, kind)
    table = _cases(reader, filters, recorded)
    moments = [_moments(table, stage) for stage in recorded]
    known = whole(table.column("known"))
    for column in moments:
        known = np.maximum(known, column)
    found = stays(moments, known)
    numbers = whole(table.column("complaint_id"))
    measure = None
    if hours is not None and table.num_rows:
        measure = (
            _calendar(hours, int(moments[0].min()), int(known.max())),
            pauses_of(reader, filters.program, numbers, known),
        )
    rows = [
        stage_row(stage, stay, measure, last=place == len(recorded) - 1, limits=limits)
        for place, (stage, stay) in enumerate(zip(recorded, found, strict=True))
    ]
    again = _again(reader, filters, numbers, known, measure, limits) if kind == COMPLAINT else []
    return Stages(
        kind,
        clock,
        table.num_rows,
        gated_rows(rows, limits),
        _beside(reader, filters, kind),
        tuple(s for s in STAGES[kind] if s not in recorded),
        _notes(kind, recorded),
        reader.provenance(filters),
        gated_rows(again, limits),
    )


def _again(
    reader: Reader,
    filters: Filters,
    numbers: Seconds,
    known: Seconds,
    measure: tuple[WorkingTime, Pauses] | None,
    limits: Thresholds,
) -> list[StageFigures]:
    """Return the stages of the second round; those that no case has reached are left out."""
    found = second_round(reader, filters)
    own = np.isin(numbers, found.numbers)
    order = np.searchsorted(found.numbers, numbers[own])
    reached = [s for s in AGAIN if (found.moments[s] != ABSENT).any()]
    if not own.any():
        return []
    until = known[own]
    moments = [found.moments[stage][order] for stage in reached]
    for column in moments:
        until = np.maximum(until, column)
    if measure is not None:
        measure = measure[0], measure[1].only(own)
    return [
        stage_row(stage, stay, measure, last=stage == reached[-1], limits=limits)
        for stage, stay in zip(reached, stays(moments, until), strict=True)
    ]


def working_hours(store: Store, program: str) -> WorkingHours | None:
    """Return the working calendar of a program, or None where it has set none."""
    standard = service_standard(store, program)
    return None if standard is None or standard.hours.week == ALWAYS else standard.hours


def _column(event: str, alias: str = "c.") -> str:
    if event == "received":
        return f"{alias}received_at"
    if event == "responded":  # an automatic reply is no response
        return f"NULLIF({alias}first_response_at, {alias}auto_reply_at)"
    return f"{alias}{EVENT_COLUMNS[event]}"


def _recorded(reader: Reader, program: str, kind: str) -> tuple[str, ...]:
    """Return the stages that any case of the program has reached, in order."""
    where, params = complaint_predicate(Filters.of(program, types=(kind,)))
    counts = ", ".join(f"COUNT({_column(s, '')}) AS {s}" for s in STAGES[kind])
    row = reader.rows(f"SELECT {counts} FROM complaint WHERE {where}", params)[0]
    return tuple(s for s in STAGES[kind] if row[s] or s == "received")


def _cases(reader: Reader, filters: Filters, recorded: tuple[str, ...]) -> pa.Table:
    """Read the moments of every case, and up to when each is known."""
    where, params = case_predicate(reader.store, filters, "c.")
    zone = reader.facts.program.timezone
    end = "CAST(GREATEST(b.censor_day, l.day) AS TIMESTAMP) + INTERVAL 1 DAY"
    if zone != "UTC":
        end = f"CAST((({end}) AT TIME ZONE $tz) AT TIME ZONE 'UTC' AS TIMESTAMP)"
    columns = ", ".join(f"{_seconds(_column(s))} AS {s}" for s in recorded)
    running = "c.received_at + TO_SECONDS(CASE WHEN c.{0}_event = 0 THEN c.{0}_s END)"
    return reader.table(
        "WITH logs AS (SELECT e.case_key, MAX(b.censor_day) AS day FROM case_event e "
        f"JOIN batch b USING (batch_id) WHERE e.{OF_PROGRAM} AND e.complaint_id IS NULL "
        f"GROUP BY e.case_key) SELECT c.complaint_id, {columns}, "
        + _seconds(f"GREATEST({end}, {running.format('resolution')}, {running.format('response')})")
        + " AS known FROM complaint c JOIN batch b ON b.batch_id = c.batch_id "
        "LEFT JOIN logs l ON l.case_key = c.source_key "
        f"WHERE {where} AND c.case_no <> ''",
        {**params, **({} if zone == "UTC" else {"tz": zone})},
    )


def _seconds(moment: str) -> str:
    return f"DATE_DIFF('second', TIMESTAMP '1970-01-01 00:00:00', {moment})"


def _moments(table: pa.Table, stage: str) -> Seconds:
    column = table.column(stage)
    return np.asarray(column.cast(pa.int64()).fill_null(ABSENT).to_numpy(), dtype=np.int64)


def _calendar(hours: WorkingHours, first: int, last: int) -> WorkingTime:
    zone, one = ZoneInfo(hours.timezone), timedelta(days=1)
    return lay_out(hours, _day(first, zone) - one, _day(last, zone) + one)


def _day(moment: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).date()


def _beside(reader: Reader, filters: Filters, kind: str) -> dict[str, int]:
    """Count the cases to which something else happened, pauses included."""
    where, params = case_predicate(reader.store, filters, "c.")
    counts = ", ".join(f"COUNT({_column(e)}) AS {e}" for e in BESIDE[kind])
    row = reader.rows(
        f"SELECT {counts}, COUNT(w.case_key) AS {PAUSED} FROM complaint c LEFT JOIN "
        f"(SELECT DISTINCT case_key FROM case_event WHERE {OF_PROGRAM} AND event = '{PAUSED}') w "
        f"ON w.case_key = c.source_key WHERE {where} AND c.case_no <> ''",
        params,
    )[0]
    return {event: int(n) for event, n in row.items() if n}


def _notes(kind: str, recorded: tuple[str, ...]) -> tuple[Message, ...]:
    if len(recorded) > 1:
        return ()
    if kind == CONDUCT:
        return (msg("The files record no stage of conduct cases but their receipt."),)
    return (msg("The files record no stage of complaints but their receipt."),)
