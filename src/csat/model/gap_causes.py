"""Causes of the four internal gaps and what usually helps, in plain words (methods.md 2.15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from csat.model.message import N_


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause: the gap it opens, what it is called, and what usually helps against it."""

    gap: int
    label: str
    remedy: str


CAUSES: Final[dict[str, Cause]] = {
    "research": Cause(
        1,
        N_("Customers are not asked, or not heard"),
        N_("Ask customers in every period and put their own words before those who decide."),
    ),
    "upward": Cause(
        1,
        N_("What the counter knows does not reach the top"),
        N_("Let managers serve customers for a day a month; collect what staff hear."),
    ),
    "levels": Cause(
        1,
        N_("Too many levels between the counter and the top"),
        N_("Shorten the way: report what customers say straight to those who decide."),
    ),
    "commitment": Cause(
        2,
        N_("Quality is not truly wanted"),
        N_("Give quality its own budget and weigh it in managers' appraisal."),
    ),
    "goals": Cause(
        2,
        N_("No clear goals for service quality"),
        N_("Set a measurable goal for each dimension, starting from what customers expect."),
    ),
    "standardisation": Cause(
        2,
        N_("Recurring work has no set way"),
        N_("Write down the best known way for each touchpoint, with an owner and an end date."),
    ),
    "feasibility": Cause(
        2,
        N_("Customers' wishes are held to be impossible"),
        N_("Try the wish in one branch and count what it costs before it is refused."),
    ),
    "teamwork": Cause(
        3,
        N_("Colleagues do not work as one team"),
        N_("Make one team answer for a customer's matter from beginning to end."),
    ),
    "job_fit": Cause(
        3,
        N_("People and work do not fit"),
        N_("Choose and train people for the work as it is done."),
    ),
    "technology_fit": Cause(
        3,
        N_("Tools and work do not fit"),
        N_("Let those who use the tools say which one fails most often, and mend that first."),
    ),
    "control": Cause(
        3,
        N_("Staff may not settle a matter themselves"),
        N_("Say up to which amount and in which matters staff decide on the spot."),
    ),
    "supervision": Cause(
        3,
        N_("Treating customers well does not count"),
        N_("Judge work by how customers were treated, not by output alone."),
    ),
    "role_conflict": Cause(
        3,
        N_("Customers and superiors want different things"),
        N_("Take out the targets that make staff choose between customer and superior."),
    ),
    "role_ambiguity": Cause(
        3,
        N_("Staff do not know what is expected of them"),
        N_("Explain every standard to those who have to meet it, and train for it."),
    ),
    "horizontal": Cause(
        4,
        N_("Those who promise and those who deliver do not talk"),
        N_("Let operations sign off every campaign before it is published."),
    ),
    "overpromise": Cause(
        4,
        N_("More is promised than can be kept"),
        N_("Promise what nine customers in ten will get, and keep a register of promises."),
    ),
}
"""Cause -> gap, name and remedy, in the order of the model."""
