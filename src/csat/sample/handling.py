"""How the sample handles cases: the numbers behind its log of events and its conduct cases."""

from __future__ import annotations

from typing import Final

AUTO_REPLY_CHANNELS: Final = ("Web", "App", "E-mail")
AUTO_REPLY_SECONDS: Final = (20, 90)
PAUSED_CAUSE: Final = "Refund delayed"
PAUSE_SHARE: Final = 0.2
PAUSE_FACTOR: Final = 3.0
"""How many times as often cases of that cause wait for their customer."""
ACCEPTED_SHARE: Final = 0.85
ESCALATED_SHARE: Final = 0.05
ASSESSED_AGAIN_SHARE: Final = 0.8
"""Of the cases that were escalated or reopened."""
REFERRED_SHARE: Final = 0.012
CLOSING_DAYS: Final = 3.0
"""Median days from resolution until a case is closed."""
CLOSING_SPREAD: Final = 0.5

CONDUCT_CASES_PER_COMPLAINT: Final = 0.03
INVESTIGATION_DAYS: Final = 12.0
"""Median days from the assessment of a conduct case to the end of its investigation."""
INVESTIGATION_SPREAD: Final = 0.6
APPEAL_SHARE: Final = 0.35
OVERTURNED_SHARE: Final = 0.25
VIOLATIONS: Final = (
    ("Breach of service norms", "Dismissive towards a customer", 0.22, "Front desk"),
    ("Breach of service norms", "Refused a service that is due", 0.16, "Front desk"),
    ("Breach of service norms", "Promise not kept knowingly", 0.12, "Field service"),
    ("Disclosure of customer data", "Customer data shared", 0.07, "Call centre"),
    ("Disclosure of customer data", "Records left open", 0.05, "Billing"),
    ("Quality failure with complaint", "Work skipped and signed off", 0.15, "Field service"),
    ("Quality failure with complaint", "Same fault left three times", 0.09, "Field service"),
    ("Breach of professional ethics", "Gift accepted", 0.08, "Field service"),
    ("Breach of professional ethics", "Readings invented", 0.06, "Billing"),
)
"""Class, violation, share, and department in which it happens."""
SANCTIONS: Final = ("warning", "fine", "demotion", "dismissal", "none: not proven")
SANCTION_SHARES: Final = (0.5, 0.2, 0.08, 0.07, 0.15)
RESPONSIBILITIES: Final = ("individual", "supervisor", "department")
RESPONSIBILITY_SHARES: Final = (0.7, 0.2, 0.1)
