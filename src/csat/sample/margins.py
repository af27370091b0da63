"""Who was served and who was invited, by group: not everybody answers alike.

The survey file holds those who answered. Groups answer more or less readily, and the less ready
ones are the less satisfied, so the answers look better than the service is; the margins say by
how much each group must be raised.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from csat.sample.draw import Ints, text_column
from csat.sample.organisation import CHANNELS, SEGMENTS, TOUCHPOINTS, Group, names
from csat.sample.plan import Plan
from csat.sample.truths import READINESS
from csat.sample.visits import channel_weights

ANSWER_RATE: Final = 0.2
"""Of the customers invited whose group is as ready as usual."""

Floats = NDArray[np.float64]


def readiness(kind: str, groups: tuple[Group, ...], *, planted: bool = True) -> Floats:
    """Return how readily each group answers, 1 as usual.

    Examples
    --------
    >>> readiness("channel", CHANNELS).tolist()
    [1.0, 0.6, 1.0, 1.5, 0.6]
    """
    known = READINESS[kind] if planted else {}
    return np.array([known.get(name, 1.0) for name in names(groups)])


def margins_table(plan: Plan, served: Ints, responses: int) -> Any:
    """Write customers served and invited as a table of kind of group, group and month.

    Parameters
    ----------
    served
        Customers served, one row per month.
    responses
        Answers that the invitations brought.
    """
    total = served.sum(axis=1)
    columns: dict[str, list[Any]] = {"kind": [], "group": [], "people": [], "invited": []}
    for kind, groups, answered, ready in _shares(plan):
        people = answered / ready
        invited = plan.calendar.month_shares[:, None] * responses * people / ANSWER_RATE
        shares = people / people.sum()
        columns["kind"] += [kind] * (len(total) * len(groups))
        columns["group"] += names(groups) * len(total)
        columns["people"].append(np.rint(total[:, None] * shares).ravel())
        columns["invited"].append(np.rint(invited).ravel())
    months = len(total)
    position = np.concatenate(
        [np.repeat(np.arange(months), len(g)) for g in (SEGMENTS, CHANNELS, TOUCHPOINTS)]
    )
    return pa.table(
        {
            "group_kind": pa.array(columns["kind"]),
            "group": pa.array(columns["group"]),
            "served": pa.array(np.maximum(np.concatenate(columns["people"]), 1).astype(np.int64)),
            "invited": pa.array(np.maximum(np.concatenate(columns["invited"]), 1).astype(np.int64)),
            "month": text_column(plan.calendar.months, position),
        }
    )


def _shares(plan: Plan) -> list[tuple[str, tuple[Group, ...], Floats, Floats]]:
    """Return each kind of group with the shares among answers, and how readily each answers.

    Channels depend on the touchpoint, so how readily people at one of them answer is a mean over
    the touchpoints, and the other way round.
    """
    segment = np.array([g.share for g in SEGMENTS])
    touch = np.array([g.share for g in TOUCHPOINTS])
    by_touch = channel_weights()
    both = touch[:, None] / touch.sum() * by_touch / by_touch.sum(axis=1, keepdims=True)
    ready_t = readiness("touchpoint", TOUCHPOINTS, planted=plan.planted)
    ready_c = readiness("channel", CHANNELS, planted=plan.planted)
    ready_s = readiness("segment", SEGMENTS, planted=plan.planted)
    asked = both / ready_t[:, None] / ready_c
    share_s = segment / segment.sum()
    mean_s = 1 / (share_s / ready_s).sum()
    mean_b = 1 / asked.sum()
    return [
        ("segment", SEGMENTS, share_s, ready_s * mean_b),
        ("channel", CHANNELS, both.sum(axis=0), both.sum(axis=0) / asked.sum(axis=0) * mean_s),
        (
            "touchpoint",
            TOUCHPOINTS,
            both.sum(axis=1),
            both.sum(axis=1) / asked.sum(axis=1) * mean_s,
        ),
    ]
