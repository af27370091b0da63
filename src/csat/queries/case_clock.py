"""The working-time clock of one case, beside the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from csat.model.working_hours import ALWAYS
from csat.queries import catalogue
from csat.queries.targets import service_standard
from csat.stats.business_time import lay_out
from csat.stats.paused_time import join_pauses, worked
from csat.store.store import Store


def working_seconds(
    store: Store,
    program: str,
    start: datetime,
    moments: Sequence[datetime],
    rests: Sequence[tuple[datetime, datetime | None]] = (),
) -> list[int] | None:
    """Return the working seconds from the start of a case to each moment.

    Parameters
    ----------
    start, moments
        In the program's local time, none before the start.
    rests
        Stretches that do not count, such as waiting for the customer; None for an end that has
        not come.

    Returns
    -------
    list or None
        None where the program has set no working hours.
    """
    standard = service_standard(store, program)
    if standard is None or standard.hours.week == ALWAYS or not moments:
        return None
    zone = ZoneInfo(catalogue.require_program(store, program).timezone)
    first, last = start.date(), max(moments).date()
    one = timedelta(days=1)  # the calendar may lie in another zone
    clock = lay_out(standard.hours, first - one, last + one)

    def moment(local: datetime) -> int:
        return int(local.replace(tzinfo=zone).astimezone(UTC).timestamp())

    pauses = join_pauses(
        [0] * len(rests),
        [moment(a) for a, _ in rests],
        [-1 if b is None else moment(b) for _, b in rests],
        [moment(max(moments))],
    )
    return [int(worked(clock, pauses, [moment(start)], [moment(m)])[0]) for m in moments]
