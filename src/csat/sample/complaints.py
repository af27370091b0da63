"""Complaint cases with their clock events, cut off where the sample ends."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from csat.sample.causes import (
    CAUSES,
    CURRENCY,
    LIMIT_HOURS,
    NOT_UPHELD_SHARES,
    OUTCOME_SHARES,
    OUTCOMES,
    REFUND_SPREAD,
    REFUNDS,
    SEVERITIES,
    USUAL_REFUND,
)
from csat.sample.chinese_texts import case_texts
from csat.sample.clocks import Clocks, draw_clocks
from csat.sample.customers import Customers, identifiers, numbered
from csat.sample.draw import Flags, Ints, chance, pick, pick_by_row, spread, text_column
from csat.sample.language import CHINESE
from csat.sample.months import Moments
from csat.sample.narratives import narrative_texts
from csat.sample.organisation import (
    BRANCHES,
    CHANNELS,
    SEGMENTS,
    STABLE_BRANCH,
    TOUCHPOINTS,
    names,
)
from csat.sample.plan import Plan
from csat.sample.staff import staff_column
from csat.sample.truths import SPIKING_CAUSE

KNOWN_SHARE: Final = 0.65
REPEAT_SHARE: Final = 0.12
REPEAT_REACH: Final = 0.06
"""How far back in the file, as a share of it, a repeat complaint finds its customer."""
CHANNEL_SHARES: Final = (0.12, 0.42, 0.18, 0.10, 0.18)
TYPICAL_TOUCHPOINT: Final = 0.85
SEVERITY_EDGES: Final = (-0.6, 1.05, 2.2)
UPHELD_SHARE: Final = 0.58
STATUSES: Final = ("open", "resolved", "reopened")
YES_NO: Final = ("no", "yes")


def complaint_table(
    rng: np.random.Generator,
    plan: Plan,
    customers: Customers,
    served: Ints,
    complaints: int,
    staff: np.random.Generator,
) -> Any:
    """Simulate the complaint file.

    Parameters
    ----------
    rng
        Source of randomness.
    plan
        Calendar and planted effects.
    customers
        Pool that complainants come from.
    served
        Customers served by month and branch.
    complaints
        Number of rows.
    staff
        Source of randomness of who served, apart so that nothing else depends on it.

    Returns
    -------
    pyarrow.Table
        One row per case, ordered by receipt.
    """
    received, branch, cause = _draw_cases(rng, plan, served, complaints)
    customer = _draw_complainants(rng, customers, complaints)
    gravity = np.array([c.gravity for c in CAUSES], dtype=np.float32)[cause]
    severity = np.digitize(spread(rng, complaints) + gravity, SEVERITY_EDGES).astype(np.int64)
    waiting = _waiting_factor(plan, received, branch)
    clocks = draw_clocks(rng, received, severity, waiting, plan.calendar.end)
    touchpoint = np.array([names(TOUCHPOINTS).index(c.touchpoint) for c in CAUSES])[cause]
    elsewhere = ~chance(rng, TYPICAL_TOUCHPOINT, complaints)
    touchpoint[elsewhere] = rng.integers(0, len(TOUCHPOINTS), int(elsewhere.sum()))
    unresolved = np.isnat(clocks.resolved)
    upheld = chance(rng, UPHELD_SHARE, complaints).astype(np.int64)
    shares = np.array([NOT_UPHELD_SHARES, *(OUTCOME_SHARES[c.category] for c in CAUSES)])
    outcome = pick_by_row(rng, shares, (1 + cause) * upheld)
    channel = pick(rng, CHANNEL_SHARES, complaints)
    known = chance(rng, KNOWN_SHARE, complaints)
    columns: dict[str, Any] = {
        "complaint_id": numbered("K", complaints),
        "received_at": pa.array(received),
        "acknowledged_at": _moments(clocks.acknowledged),
        "first_response_at": _moments(clocks.responded),
        "resolved_at": _moments(clocks.resolved),
        "reopened_at": _moments(clocks.reopened),
        "category": text_column([c.category for c in CAUSES], cause),
        "subcategory": text_column([c.subcategory for c in CAUSES], cause),
        "cause": text_column([c.name for c in CAUSES], cause),
        "severity": text_column(SEVERITIES, severity),
        "status": text_column(STATUSES, _status(clocks)),
        "branch": text_column(names(BRANCHES), branch),
        "channel": text_column(names(CHANNELS), channel),
        "touchpoint": text_column(names(TOUCHPOINTS), touchpoint),
        "segment": text_column(names(SEGMENTS), customers.segment[customer]),
        "respondent_id": identifiers(customer, known),
        "staff": staff_column(staff, branch, channel),
        "answered_in_time": _in_time(received, severity, clocks, plan.calendar.end),
        "upheld": text_column(YES_NO, upheld, unresolved),
        "outcome": text_column(OUTCOMES, outcome, unresolved),
        **_refunds(rng.spawn(1)[0], cause, outcome, unresolved),
        "narrative": (
            case_texts(rng, cause, received)
            if plan.language == CHINESE
            else narrative_texts(rng, cause, customers.chinese[customer])
        ),
    }
    return pa.table(columns)


def _refunds(
    rng: np.random.Generator, cause: Ints, outcome: Ints, unresolved: Flags
) -> dict[str, Any]:
    """Draw what refunded cases are paid, with a stream of its own so that nothing else moves."""
    means = np.array([REFUNDS.get(c.category, USUAL_REFUND) for c in CAUSES])[cause]
    drawn = means * np.exp(REFUND_SPREAD * spread(rng, len(cause)) - REFUND_SPREAD**2 / 2)
    unpaid = unresolved | (outcome != OUTCOMES.index("refund"))
    return {
        "compensation": pa.array(np.round(drawn.astype(np.float64), 2), mask=unpaid),
        "currency": text_column([CURRENCY], np.zeros(len(cause), dtype=np.int64), unpaid),
    }


def _draw_cases(
    rng: np.random.Generator, plan: Plan, served: Ints, complaints: int
) -> tuple[Moments, Ints, Ints]:
    """Draw time, branch and cause of each case in proportion to what is expected."""
    stable = names(BRANCHES).index(STABLE_BRANCH)
    rate = np.array([group.complaint_rate if plan.planted else 1.0 for group in BRANCHES])
    season = np.repeat(plan.factor("season_complaints")[:, None], len(BRANCHES), axis=1)
    swing = np.repeat(
        (plan.factor("cause_spike") * plan.factor("cause_cured"))[:, None], len(BRANCHES), axis=1
    )
    season[:, stable] = swing[:, stable] = 1.0
    share = np.array([c.share for c in CAUSES])
    expected = (served * rate * season)[:, :, None] * share
    expected[:, :, [c.name for c in CAUSES].index(SPIKING_CAUSE)] *= swing
    drawn = pick(rng, expected.ravel(), complaints)
    month, branch, cause = np.unravel_index(drawn, expected.shape)
    received = plan.calendar.draw_within(rng, month.astype(np.int64))
    order = np.argsort(received, kind="stable")
    return received[order], branch[order].astype(np.int64), cause[order].astype(np.int64)


def _draw_complainants(rng: np.random.Generator, customers: Customers, complaints: int) -> Ints:
    first = rng.integers(0, customers.count, complaints)
    reach = max(2, int(complaints * REPEAT_REACH))
    earlier = np.arange(complaints) - rng.integers(1, reach, complaints)
    again = chance(rng, REPEAT_SHARE, complaints) & (earlier >= 0)
    return np.where(again, first[np.maximum(earlier, 0)], first)


def _waiting_factor(plan: Plan, received: Moments, branch: Ints) -> NDArray[np.float64]:
    factor = plan.factor("season_waiting")[plan.calendar.month_of(received)]
    return np.where(branch == names(BRANCHES).index(STABLE_BRANCH), 1.0, factor)


def _status(clocks: Clocks) -> Ints:
    resolved = (~np.isnat(clocks.resolved)).astype(np.int64)
    return resolved + ~np.isnat(clocks.reopened)


def _in_time(received: Moments, severity: Ints, clocks: Clocks, end: np.datetime64) -> Any:
    due = received + (np.array(LIMIT_HOURS) * 3600)[severity].astype("m8[s]")
    unanswered = np.isnat(clocks.responded)
    undecided: Flags = unanswered & (due >= end)
    return text_column(YES_NO, (clocks.responded <= due).astype(np.int64), undecided)


def _moments(moments: Moments) -> Any:
    return pa.array(moments, mask=np.isnat(moments))
