"""What is planted in the sample, with its numbers: the generator reads them from here."""

from __future__ import annotations

from datetime import date
from typing import Final

from csat.sample.causes import CURRENCY, REFUNDS, USUAL_REFUND
from csat.sample.company_truths import company_truths
from csat.sample.features import feature_truths
from csat.sample.handling_truths import handling_truths
from csat.sample.instrument import DIMENSIONS
from csat.sample.months import sample_months
from csat.sample.organisation import (
    IMPROVED_TOUCHPOINT,
    SLIDING_BRANCH,
    SMALL_BRANCH,
    STABLE_BRANCH,
)
from csat.sample.raters import rater_truths
from csat.sample.staff import staff_truth
from csat.sample.themes import DISAGREEING, THEMES, planted_score, planted_share
from csat.sample.truth import Truth

SAMPLE_AS_OF: Final = date(2026, 10, 18)
FORM_CHANGE: Final = date(2026, 1, 1)
FORMER_FORM, CURRENT_FORM = "2024", "2026"
REWORDED_ITEM: Final = 7
SPIKING_CAUSE: Final = "Meter reading error"
SMALL_BRANCH_COUNTS: Final = (0.06, 0.18, 0.42, 0.34)
"""Probabilities of 0, 1, 2 and 3 answers in a month of the small branch."""

SLIDE_MONTHS: Final = 8
SLIDE_RESPONSIVENESS: Final = -1.2
SLIDE_CSAT: Final = -0.6
SLIDE_NPS: Final = -1.2
SPIKE_FACTOR: Final = 5.0
CURED_FACTOR: Final = 0.4
SEASON_COMPLAINTS: Final = 1.25
SEASON_WAITING: Final = 1.35
SEASON_CSAT: Final = -0.15
WORDING_SHIFT: Final = 0.4
BOOKING_CSAT: Final = 0.4
BOOKING_CES: Final = 0.5

READINESS: Final[dict[str, dict[str, float]]] = {
    "segment": {"Senior": 1.6, "Student": 0.5, "Small business": 0.6, "Landlord": 0.6},
    "channel": {"Phone": 0.6, "App": 1.5, "E-mail": 0.6},
    "touchpoint": {"Complaint handling": 0.4},
}
"""How readily a group answers a survey, against the usual; the rest of them is at 1."""


_ELSEWHERE: Final = f"all branches but {STABLE_BRANCH}"


def truths(as_of: date) -> tuple[Truth, ...]:
    """List everything that is planted in a sample that ends on `as_of`."""
    months = sample_months(as_of)
    slide = months[-1 - SLIDE_MONTHS : -1]
    spike, cured = months[-15:-11], months[-11:]
    season = tuple(month for month in months if month[-2:] in ("12", "01"))
    reworded = tuple(month for month in months if month >= FORM_CHANGE.isoformat()[:7])
    former = tuple(month for month in months if month not in reworded)
    booking = months[-13:]
    sliding, fall = f"branch {SLIDING_BRANCH}", f"from {slide[0]} to {slide[-1]}"
    cause, booked = f"cause {SPIKING_CAUSE}", f"touchpoint {IMPROVED_TOUCHPOINT}, {_ELSEWHERE}"
    gaps = [
        Truth(
            f"gap_{d.key}",
            f"{d.name_en}: perception {d.perceived} minus desired level {d.desired} is a mean gap "
            f"of {d.gap:+.1f}; the minimum acceptable level is {d.adequate}, the predicted one "
            f"{d.predicted}.",
            f"dimension {d.key}, without {SLIDING_BRANCH} and before {FORM_CHANGE.isoformat()}",
            former,
            d.gap,
        )
        for d in DIMENSIONS
    ]
    return (
        Truth(
            "slide_responsiveness",
            f"{SLIDING_BRANCH} slides: its mean responsiveness perception falls evenly by "
            f"{-SLIDE_RESPONSIVENESS:.1f} points {fall} and stays there in the unfinished month.",
            f"{sliding}, items P10 to P13",
            slide,
            SLIDE_RESPONSIVENESS,
            gradual=True,
        ),
        Truth(
            "slide_csat",
            f"{SLIDING_BRANCH}: mean CSAT falls with it, by {-SLIDE_CSAT:.1f} points {fall}.",
            f"{sliding}, csat",
            slide,
            SLIDE_CSAT,
            gradual=True,
        ),
        Truth(
            "slide_nps",
            f"{SLIDING_BRANCH}: the mean willingness to recommend (0 to 10) falls with it, by "
            f"{-SLIDE_NPS:.1f} points {fall}.",
            f"{sliding}, nps",
            slide,
            SLIDE_NPS,
            gradual=True,
        ),
        Truth(
            "cause_spike",
            f"Complaints with the cause {SPIKING_CAUSE} are {SPIKE_FACTOR:.0f} times as frequent "
            f"from {spike[0]} to {spike[-1]}.",
            f"{cause}, {_ELSEWHERE}",
            spike,
            SPIKE_FACTOR,
        ),
        Truth(
            "cause_cured",
            f"From {cured[0]} (readings checked by photo) {SPIKING_CAUSE} runs at "
            f"{CURED_FACTOR:.1f} times its old level.",
            f"{cause}, {_ELSEWHERE}",
            cured,
            CURED_FACTOR,
        ),
        Truth(
            "season_complaints",
            f"Every December and January complaints per customer are {SEASON_COMPLAINTS:.2f} "
            "times as frequent.",
            f"complaints, {_ELSEWHERE}",
            season,
            SEASON_COMPLAINTS,
        ),
        Truth(
            "season_waiting",
            f"Complaints received in December and January wait {SEASON_WAITING:.2f} times as long "
            "for the first response.",
            f"first_response_at minus received_at, {_ELSEWHERE}",
            season,
            SEASON_WAITING,
        ),
        Truth(
            "season_csat",
            f"Every December and January mean CSAT is {-SEASON_CSAT:.2f} points lower.",
            f"csat, {_ELSEWHERE}",
            season,
            SEASON_CSAT,
        ),
        Truth(
            "wording",
            f"Item P{REWORDED_ITEM:02d} is worded more softly on the form {CURRENT_FORM}, in use "
            f"from {FORM_CHANGE.isoformat()}: its mean rises by {WORDING_SHIFT:.1f} although the "
            "service did not change.",
            f"item P{REWORDED_ITEM:02d}, everywhere",
            reworded,
            WORDING_SHIFT,
        ),
        Truth(
            "booking_csat",
            f"{IMPROVED_TOUCHPOINT} improved for real when online booking came in {booking[0]}: "
            f"mean CSAT is {BOOKING_CSAT:.1f} points higher.",
            f"{booked}, csat",
            booking,
            BOOKING_CSAT,
        ),
        Truth(
            "booking_ces",
            f"{IMPROVED_TOUCHPOINT}: mean ease (CES) is {BOOKING_CES:.1f} points higher from "
            f"{booking[0]}.",
            f"{booked}, ces",
            booking,
            BOOKING_CES,
        ),
        Truth(
            "small_branch",
            f"{SMALL_BRANCH} has 0 to {len(SMALL_BRANCH_COUNTS) - 1} answers in every month: each "
            "monthly figure of it must be withheld.",
            f"branch {SMALL_BRANCH}",
            months,
            round(sum(k * p for k, p in enumerate(SMALL_BRANCH_COUNTS)), 2),
        ),
        Truth(
            "unfinished_month",
            f"{months[-1]} is unfinished: data end on {as_of.isoformat()}.",
            "all files",
            months[-1:],
            float(as_of.day),
        ),
        Truth(
            "stable_branch",
            f"{STABLE_BRANCH} is the control: no slide, no season, no spike, no booking effect; "
            "its CSAT does not change (the new wording of the form applies there too).",
            f"branch {STABLE_BRANCH}",
            months,
            0.0,
        ),
        Truth(
            "readiness",
            "Not everybody answers alike: "
            + ", ".join(
                f"{name} {ready:g} times"
                for own in READINESS.values()
                for name, ready in own.items()
            )
            + " as readily as the others. The less satisfied are the less ready, so the answers "
            "look better than the service is; weights by the margins bring them into line.",
            "margins.csv beside survey_responses.csv",
            months,
            READINESS["touchpoint"]["Complaint handling"],
        ),
        *gaps,
        staff_truth(months),
        *(
            Truth(
                f"refund_{category.lower().replace(' ', '_')}",
                f"{category}: a refunded case is paid {mean:.0f} {CURRENCY} on average; those of "
                f"most other categories are paid {USUAL_REFUND:.0f}.",
                f"compensation, category {category}",
                months,
                mean,
            )
            for category, mean in REFUNDS.items()
        ),
        *_theme_truths(months),
        *handling_truths(months),
        *feature_truths(reworded),
        *company_truths(months[-5:]),
        *(Truth(k, told, where, months[-13:], n) for k, told, where, n in rater_truths()),
    )


def _theme_truths(months: tuple[str, ...]) -> list[Truth]:
    """List the themes on which complaints and scores are planted to disagree."""
    usual = sum(map(planted_score, THEMES)) / len(THEMES)
    return [
        Truth(
            f"theme_{theme.key}",
            f"{theme.title}: {DISAGREEING[theme.key]}; {100 * planted_share(theme):.0f}% of the "
            f"complaints of {len(THEMES)} themes, mean rating {planted_score(theme):.2f} where the "
            f"themes have {usual:.2f} on average.",
            f"causes {', '.join(theme.causes)}; items {', '.join(theme.items)}",
            months,
            round(planted_score(theme) - usual, 2),
        )
        for theme in THEMES
        if theme.key in DISAGREEING
    ]


TRUTHS: Final = truths(SAMPLE_AS_OF)
