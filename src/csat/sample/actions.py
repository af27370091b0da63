"""The actions on record in the sample: one that worked, one that did not, one too early to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from csat.model.action import OTHERS, ActionPlan
from csat.model.period import Period, month_end, month_start, shift_month
from csat.sample.language import ENGLISH, said
from csat.sample.months import sample_months
from csat.sample.organisation import SLIDING_BRANCH
from csat.sample.truths import SPIKING_CAUSE

WORKED, DID_NOT, TOO_EARLY = "photo-readings", "second-counter", "call-back"
VERDICTS: Final = {
    WORKED: "worked: it cured the spiking cause",
    DID_NOT: "did not work: the branch slid on",
    TOO_EARLY: "too early to tell",
}
TARGETS: Final = {"complaints_per_1000": 5.0, "timely_response_share": 85.0}
"""What the simulated organisation wants to meet, by figure and in its unit."""
TARGET_REASON: Final = "Simulated target of the board"
NOTICE = timedelta(days=14)
"""How long before its start each action was put on record."""


def sample_actions(as_of: date, language: str = ENGLISH) -> tuple[ActionPlan, ...]:
    """Return the actions of a sample that ends on a day, in the order of their start.

    Examples
    --------
    >>> [(p.key, p.start.isoformat()) for p in sample_actions(date(2026, 10, 18))][:2]
    [('photo-readings', '2025-12-01'), ('second-counter', '2026-04-01')]
    """
    months = [int(m[:4]) * 100 + int(m[5:]) for m in sample_months(as_of)]
    judged = month_end(months[-2])
    planned = (
        ActionPlan(
            WORKED,
            "A photo with every meter reading",
            "cause",
            SPIKING_CAUSE,
            "complaints_received",
            (f"cause={SPIKING_CAUSE}",),
            (OTHERS,),
            month_start(months[-11]),
            judged,
            "Metering",
            "act",
            "Compared with the months before the spike, so that its end is not counted.",
            Period(month_start(months[0]), month_end(months[-16])),
        ),
        ActionPlan(
            DID_NOT,
            f"A second counter at {SLIDING_BRANCH}",
            "gap",
            "Responsiveness",
            "perception:responsiveness",
            (f"branch={SLIDING_BRANCH}",),
            (OTHERS,),
            month_start(months[-7]),
            judged,
            f"{SLIDING_BRANCH} branch",
            "check",
        ),
        ActionPlan(
            TOO_EARLY,
            "Call back within the hour",
            "other",
            "Waiting on the phone",
            "csat_top_box",
            ("channel=Phone",),
            (OTHERS,),
            month_start(months[-2]),
            month_end(shift_month(months[-2], 5)),
            "Contact centre",
            "do",
        ),
    )
    return tuple(_in_language(plan, language) for plan in planned)


def _in_language(plan: ActionPlan, language: str) -> ActionPlan:
    kind = plan.addresses if plan.addresses == "cause" else "action"
    return replace(
        plan,
        title=said(plan.title, "action", language),
        addressed=said(plan.addressed, kind, language),
        where=tuple(_clause(clause, language) for clause in plan.where),
        owner=said(plan.owner, "owner", language),
        note=said(plan.note, "action", language),
    )


def _clause(clause: str, language: str) -> str:
    name, _, value = clause.partition("=")
    return f"{name}={said(value, name, language)}"
