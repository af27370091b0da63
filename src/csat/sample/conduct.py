"""Conduct cases: what staff are said to have done, who is responsible, sanction and appeal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from csat.sample.case_events import NEVER, later
from csat.sample.customers import numbered
from csat.sample.draw import chance, pick, text_column
from csat.sample.handling import (
    APPEAL_SHARE,
    CONDUCT_CASES_PER_COMPLAINT,
    INVESTIGATION_DAYS,
    INVESTIGATION_SPREAD,
    OVERTURNED_SHARE,
    RESPONSIBILITIES,
    RESPONSIBILITY_SHARES,
    SANCTION_SHARES,
    SANCTIONS,
    VIOLATIONS,
)
from csat.sample.months import Moments
from csat.sample.organisation import BRANCHES, names
from csat.sample.plan import Plan


def conduct_table(rng: np.random.Generator, plan: Plan, complaints: int) -> Any:
    """Simulate the file of conduct cases, about one for every thirty complaints.

    Returns
    -------
    pyarrow.Table
        One row per case, ordered by receipt; what happens after the end of the sample is not
        known.
    """
    count, end = max(1, round(complaints * CONDUCT_CASES_PER_COMPLAINT)), plan.calendar.end
    month = rng.integers(0, len(plan.calendar.months), count)
    received = np.sort(plan.calendar.draw_within(rng, month))
    violation = pick(rng, [share for _, _, share, _ in VIOLATIONS], count)
    sanction = pick(rng, SANCTION_SHARES, count)
    proven = sanction < len(SANCTIONS) - 1
    assessed = later(rng, received, 1.5, 0.6)
    investigated = later(rng, assessed, INVESTIGATION_DAYS, INVESTIGATION_SPREAD)
    attributed = later(rng, investigated, 3.0, 0.5)
    sanctioned = later(rng, attributed, 4.0, 0.5)
    noticed = np.where(proven, later(rng, sanctioned, 2.0, 0.4), NEVER)
    appeals = chance(rng, APPEAL_SHARE, count) & proven
    appealed = np.where(appeals, later(rng, sanctioned, 6.0, 0.3), NEVER)
    decided = later(rng, appealed.astype("M8[s]"), 14.0, 0.4)
    overturned = chance(rng, OVERTURNED_SHARE, count)
    last = np.where(appeals, decided, np.where(proven, noticed, sanctioned)).astype("M8[s]")
    closed = _known(later(rng, last, 10.0, 0.3), end)
    weights = np.array([b.share for b in BRANCHES])
    branch = pick(rng, weights, count)
    responsibility = pick(rng, RESPONSIBILITY_SHARES, count)
    undecided, unsettled = np.isnat(_known(sanctioned, end)), np.isnat(_known(decided, end))
    return pa.table(
        {
            "case_id": numbered("V", count),
            "received_at": pa.array(received),
            **{
                name: _moments(_known(moments.astype("M8[s]"), end))
                for name, moments in (
                    ("assessed_at", assessed),
                    ("investigated_at", investigated),
                    ("attributed_at", attributed),
                    ("sanctioned_at", sanctioned),
                    ("noticed_at", noticed),
                    ("appealed_at", appealed),
                    ("appeal_decided_at", decided),
                    ("closed_at", closed),
                )
            },
            "class": text_column([v[0] for v in VIOLATIONS], violation),
            "violation": text_column([v[1] for v in VIOLATIONS], violation),
            "responsibility": text_column(
                RESPONSIBILITIES, responsibility, np.isnat(_known(attributed, end))
            ),
            "sanction": text_column(SANCTIONS, sanction, undecided),
            "appeal_outcome": text_column(
                ("upheld", "overturned"), overturned.astype(np.int64), unsettled
            ),
            "branch": text_column(names(BRANCHES), branch),
            "department": text_column([v[3] for v in VIOLATIONS], violation),
            "status": text_column(("open", "resolved"), (~np.isnat(closed)).astype(np.int64)),
        }
    )


def _known(moments: Moments, end: np.datetime64) -> Moments:
    return np.where(moments > end, NEVER, moments).astype("M8[s]")


def _moments(moments: Moments) -> Any:
    return pa.array(moments, mask=np.isnat(moments))
