"""The log of events beside the complaint file: what the stages between its columns were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from csat.sample.draw import Flags, Ints, chance, spread
from csat.sample.handling import (
    ACCEPTED_SHARE,
    ASSESSED_AGAIN_SHARE,
    AUTO_REPLY_CHANNELS,
    AUTO_REPLY_SECONDS,
    CLOSING_DAYS,
    CLOSING_SPREAD,
    ESCALATED_SHARE,
    PAUSE_FACTOR,
    PAUSE_SHARE,
    PAUSED_CAUSE,
    REFERRED_SHARE,
)
from csat.sample.months import Moments
from csat.sample.plan import Plan

AGENTS = 24
NEVER = np.datetime64("NaT", "s")


def case_event_table(rng: np.random.Generator, plan: Plan, cases: Any) -> Any:
    """Simulate the log of events of a complaint file.

    Parameters
    ----------
    rng
        Source of randomness.
    plan
        Calendar, and whether effects are planted.
    cases
        The complaint file.

    Returns
    -------
    pyarrow.Table
        One row per event, ordered by case and moment; what happens after the end of the sample is
        not known.
    """
    count, end = cases.num_rows, plan.calendar.end
    received, responded = _column(cases, "received_at"), _column(cases, "first_response_at")
    acknowledged, resolved = _column(cases, "acknowledged_at"), _column(cases, "resolved_at")
    known = np.where(np.isnat(acknowledged), received, acknowledged)
    assessed = _between(rng, known, responded, 0.1, 0.5)
    investigated = _between(rng, assessed, responded, 0.3, 0.9)
    decided = _between(rng, responded, resolved, 0.6, 0.95)
    ready = np.where(np.isnat(resolved), end, resolved)
    paused, resumed = _pauses(
        rng, plan, cases, responded, np.where(np.isnat(decided), end, decided)
    )
    online = np.isin(cases["channel"].to_numpy(zero_copy_only=False), AUTO_REPLY_CHANNELS)
    automatic = received + rng.integers(*AUTO_REPLY_SECONDS, count).astype("m8[s]")
    automatic[~online] = NEVER
    answered = later(rng, resolved, 1.0, 0.5)
    content = chance(rng, ACCEPTED_SHARE, count)
    closed = later(rng, resolved, CLOSING_DAYS, CLOSING_SPREAD)
    closed[~np.isnat(_column(cases, "reopened_at"))] = NEVER
    escalated = _between(rng, responded, ready, 0.2, 0.7)
    escalated[~chance(rng, ESCALATED_SHARE, count)] = NEVER
    referred = _between(rng, escalated, ready, 0.5, 0.9)
    referred[~chance(rng, REFERRED_SHARE / ESCALATED_SHARE, count)] = NEVER
    agent = rng.integers(1, AGENTS + 1, count)
    second = _second_assessment(rng.spawn(1)[0], escalated, _column(cases, "reopened_at"), ready)
    events: tuple[tuple[str, Moments], ...] = (
        ("auto_replied", automatic),
        ("assessed", assessed),
        ("investigated", investigated),
        ("paused", paused),
        ("escalated", escalated),
        ("assessed", second),
        ("decided", decided),
        ("referred", referred),
        ("accepted", np.where(content, answered, NEVER)),
        ("rejected", np.where(content, NEVER, answered)),
        ("closed", closed),
    )
    return _table(cases["complaint_id"], events, resumed, agent, end)


def _second_assessment(
    rng: np.random.Generator, escalated: Moments, reopened: Moments, ready: Moments
) -> Moments:
    """Draw when some escalated or reopened cases were assessed again, apart from all else."""
    count = len(escalated)
    higher = _between(rng, escalated, ready, 0.05, 0.4)
    anew = later(rng, reopened, 0.5, 0.4)
    second = np.where(np.isnat(escalated), anew, higher).astype("M8[s]")
    second[~chance(rng, ASSESSED_AGAIN_SHARE, count)] = NEVER
    return second


def _column(cases: Any, name: str) -> Moments:
    moments: Moments = cases[name].to_numpy(zero_copy_only=False).astype("M8[s]")
    return moments


def _between(
    rng: np.random.Generator, first: Moments, last: Moments, low: float, high: float
) -> Moments:
    """Draw a moment within a stretch; never where one of its ends is missing."""
    part = rng.uniform(low, high, len(first))
    missing = np.isnat(first) | np.isnat(last)
    wait = np.where(missing, 0, (last - first).astype(np.int64))
    moment = np.where(missing, NEVER, first + (part * wait).astype(np.int64).astype("m8[s]"))
    return moment.astype("M8[s]")


def later(rng: np.random.Generator, moment: Moments, days: float, sd: float) -> Moments:
    """Draw a moment that follows another after a median number of days, log-normally."""
    hours = np.exp(spread(rng, len(moment)) * np.float32(sd)) * (24 * days)
    found: Moments = (moment + np.rint(hours * 3600).astype("m8[s]")).astype("M8[s]")
    return found


def _pauses(
    rng: np.random.Generator, plan: Plan, cases: Any, first: Moments, last: Moments
) -> tuple[Moments, Moments]:
    """Draw when some cases wait for their customer, and until when; a late end is not known."""
    count = cases.num_rows
    often = cases["cause"].to_numpy(zero_copy_only=False) == PAUSED_CAUSE
    share = np.where(often & plan.planted, PAUSE_SHARE * PAUSE_FACTOR, PAUSE_SHARE)
    waits: Flags = rng.random(count) < share
    start = _between(rng, first, last, 0.1, 0.4)
    stop = _between(rng, start, last, 0.3, 0.9)
    start[~waits] = NEVER
    stop[last == plan.calendar.end] = NEVER
    return start, stop


def _table(
    numbers: Any,
    events: Sequence[tuple[str, Moments]],
    resumed: Moments,
    agent: Ints,
    end: np.datetime64,
) -> Any:
    """Put the events of all cases one below the other, by case and moment."""
    case: list[NDArray[np.int64]] = []
    kind: list[NDArray[np.int64]] = []
    when: list[Moments] = []
    for place, (_, moments) in enumerate(events):
        kept = np.flatnonzero(~np.isnat(moments) & (moments <= end))
        case.append(kept)
        kind.append(np.full(kept.size, place))
        when.append(moments[kept])
    cases, kinds, moments = np.concatenate(case), np.concatenate(kind), np.concatenate(when)
    order = np.lexsort((kinds, moments, cases))
    cases, kinds, moments = cases[order], kinds[order], moments[order]
    names = [name for name, _ in events]
    until = np.where(kinds == names.index("paused"), resumed[cases], NEVER).astype("M8[s]")
    by = [
        "system" if names[k] == "auto_replied" else f"agent-{agent[c]:02d}"
        for k, c in zip(kinds, cases, strict=True)
    ]
    return pa.table(
        {
            "complaint_id": numbers.take(pa.array(cases)),
            "event": pa.array([names[k] for k in kinds]),
            "happened_at": pa.array(moments),
            "until_at": pa.array(until, mask=np.isnat(until)),
            "by": pa.array(by),
        }
    )
