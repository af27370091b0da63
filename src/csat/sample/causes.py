"""Complaint categories, subcategories and causes of the sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of complaints."""

    category: str
    subcategory: str
    name: str
    share: float
    """Part of all complaints when nothing is planted (normalised over all causes)."""
    touchpoint: str
    gravity: float = 0.0
    """Moves severity up (positive) or down."""


CAUSES: Final = (
    Cause("Billing", "Bill amount", "Meter reading error", 4.0, "Billing"),
    Cause("Billing", "Bill amount", "Estimated bill too high", 6.5, "Billing"),
    Cause("Billing", "Bill amount", "Tariff applied wrongly", 4.5, "Billing", 0.2),
    Cause("Billing", "Payment", "Payment not credited", 5.0, "Billing", 0.2),
    Cause("Billing", "Payment", "Direct debit taken twice", 2.0, "Billing", 0.6),
    Cause("Billing", "Refund", "Refund delayed", 4.0, "Billing", 0.1),
    Cause("Service delivery", "Interruption", "Repeated outage", 6.0, "Service delivery", 0.9),
    Cause("Service delivery", "Interruption", "Low pressure", 2.5, "Service delivery", 0.2),
    Cause("Service delivery", "Repair", "Repair not completed", 6.5, "Service delivery", 0.4),
    Cause("Service delivery", "Repair", "Fault returned", 4.5, "Diagnosis", 0.4),
    Cause("Service delivery", "New connection", "Connection date missed", 4.0, "Handover", 0.3),
    Cause("Service delivery", "Damage", "Property damaged", 1.5, "Service delivery", 1.2),
    Cause("Staff conduct", "Courtesy", "Dismissive staff", 4.0, "Reception", 0.1),
    Cause("Staff conduct", "Competence", "Staff lacked knowledge", 2.5, "Enquiry", -0.2),
    Cause("Staff conduct", "Follow-through", "Call back not made", 7.0, "Follow-up", -0.1),
    Cause("Appointments", "Booking", "No slot available", 5.0, "Appointment", -0.2),
    Cause("Appointments", "Booking", "Booking lost", 2.0, "Appointment", 0.0),
    Cause("Appointments", "Visit", "Technician did not arrive", 6.0, "Appointment", 0.5),
    Cause("Appointments", "Visit", "Technician arrived late", 3.5, "Appointment", -0.2),
    Cause("Information", "Accuracy", "Wrong information given", 3.5, "Enquiry", 0.1),
    Cause("Information", "Accuracy", "Contradictory answers", 2.0, "Enquiry", -0.1),
    Cause("Information", "Clarity", "Quotation hard to understand", 1.5, "Quotation", -0.5),
    Cause("Information", "Notice", "Planned works not announced", 3.0, "Service delivery", 0.3),
    Cause("Facilities", "Access", "No step-free access", 0.8, "Reception", 0.3),
    Cause("Facilities", "Access", "Parking not available", 0.7, "Reception", -0.6),
    Cause("Facilities", "Comfort", "Long queue at the counter", 3.0, "Reception", -0.3),
    Cause("Digital", "App", "App crashes", 3.0, "Enquiry", -0.3),
    Cause("Digital", "App", "Reading upload fails", 2.5, "Billing", -0.2),
    Cause("Digital", "Website", "Online form rejects entry", 2.0, "Enquiry", -0.3),
    Cause("Digital", "Account", "Cannot log in", 3.0, "Billing", -0.1),
)

OUTCOMES: Final = ("explanation", "apology", "refund", "repair", "none")
OUTCOME_SHARES: Final = {
    "Billing": (0.38, 0.12, 0.40, 0.00, 0.10),
    "Service delivery": (0.14, 0.18, 0.14, 0.46, 0.08),
    "Staff conduct": (0.24, 0.62, 0.03, 0.00, 0.11),
    "Appointments": (0.22, 0.52, 0.14, 0.04, 0.08),
    "Information": (0.56, 0.30, 0.04, 0.00, 0.10),
    "Facilities": (0.40, 0.32, 0.00, 0.14, 0.14),
    "Digital": (0.34, 0.22, 0.02, 0.32, 0.10),
}
"""Shares of the outcomes of upheld complaints, in the order of `OUTCOMES`."""
NOT_UPHELD_SHARES: Final = (0.66, 0.16, 0.02, 0.02, 0.14)
CURRENCY: Final = "EUR"
USUAL_REFUND: Final = 30.0
REFUNDS: Final[dict[str, float]] = {"Service delivery": 90.0, "Billing": 45.0}
"""Mean paid to a refunded case of a category; the others get the usual refund."""
REFUND_SPREAD: Final = 0.6

SEVERITIES: Final = ("low", "medium", "high", "critical")
LIMIT_HOURS: Final = (72, 72, 24, 24)
"""Hours within which the first response is due, by severity."""
