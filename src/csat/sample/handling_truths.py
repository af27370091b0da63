"""What is planted in the log of events and in the conduct cases."""

from __future__ import annotations

from csat.sample.handling import (
    ASSESSED_AGAIN_SHARE,
    AUTO_REPLY_CHANNELS,
    AUTO_REPLY_SECONDS,
    CLOSING_DAYS,
    INVESTIGATION_DAYS,
    OVERTURNED_SHARE,
    PAUSE_FACTOR,
    PAUSE_SHARE,
    PAUSED_CAUSE,
)
from csat.sample.truth import Truth


def handling_truths(months: tuple[str, ...]) -> list[Truth]:
    """List what is planted in the log of events and in the conduct cases."""
    log, conduct = "case_events.csv", "conduct_cases.csv"
    planted = (
        (
            "auto_reply",
            f"Every case by {', '.join(AUTO_REPLY_CHANNELS)} gets an automatic reply within "
            f"{AUTO_REPLY_SECONDS[1]} seconds; none of them is a first response.",
            log,
            1.0,
        ),
        (
            "pause_refunds",
            f"Cases of the cause {PAUSED_CAUSE} wait for their customer {PAUSE_FACTOR:.0f} times "
            f"as often as others ({PAUSE_SHARE:.0%} of the answered cases).",
            f"{log}, event paused",
            PAUSE_FACTOR,
        ),
        (
            "closing",
            f"Half of the resolved cases that are not reopened are closed within "
            f"{CLOSING_DAYS:.0f} days.",
            f"{log}, event closed",
            CLOSING_DAYS,
        ),
        (
            "assessed_again",
            f"{ASSESSED_AGAIN_SHARE:.0%} of the cases that are escalated or reopened are assessed "
            "a second time.",
            f"{log}, second event assessed",
            ASSESSED_AGAIN_SHARE,
        ),
        (
            "conduct_investigation",
            f"The investigation of a conduct case takes {INVESTIGATION_DAYS:.0f} days (median), "
            "longer than any other stage before the sanction.",
            conduct,
            INVESTIGATION_DAYS,
        ),
        (
            "conduct_overturned",
            f"{OVERTURNED_SHARE:.0%} of the appeals against a sanction are granted.",
            f"{conduct}, appeal_outcome",
            OVERTURNED_SHARE,
        ),
    )
    return [Truth(key, text, where, months, size) for key, text, where, size in planted]
