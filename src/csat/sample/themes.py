"""The tree that joins causes of complaints and questions of the sample, and what it should show."""

from __future__ import annotations

import json
from typing import Final

from csat.model.cause_tree import Theme
from csat.model.message import N_
from csat.sample.causes import CAUSES
from csat.sample.instrument import DIMENSIONS, ITEMS, column
from csat.sample.language import ENGLISH, said

THEMES: Final = (
    Theme(
        "bills",
        N_("Bills are right"),
        "reliability",
        ("Meter reading error", "Estimated bill too high", "Tariff applied wrongly"),
        items=("P09",),
    ),
    Theme(
        "dates",
        N_("Dates and hours are kept"),
        "reliability",
        (
            "Connection date missed",
            "Technician did not arrive",
            "Technician arrived late",
            "Booking lost",
        ),
        items=("P05", "P08"),
    ),
    Theme(
        "repairs",
        N_("Problems are solved"),
        "reliability",
        ("Repeated outage", "Low pressure", "Repair not completed", "Fault returned"),
        items=("P06",),
    ),
    Theme("speed", N_("Requests move on"), "responsiveness", ("Call back not made",),
          items=("P11",)),
    Theme(
        "reach",
        N_("Someone can be reached"),
        "responsiveness",
        ("No slot available", "Long queue at the counter"),
        items=("P13",),
    ),
    Theme("notice", N_("Works are announced"), "responsiveness", ("Planned works not announced",),
          items=("P10",)),
    Theme(
        "payments",
        N_("Payments are safe"),
        "assurance",
        ("Payment not credited", "Direct debit taken twice", "Refund delayed"),
        items=("P15",),
    ),
    Theme(
        "answers",
        N_("Answers can be relied on"),
        "assurance",
        ("Staff lacked knowledge", "Wrong information given", "Contradictory answers"),
        items=("P14", "P17"),
    ),
    Theme("courtesy", N_("Staff are polite"), "assurance", ("Dismissive staff",),
          items=("P16", "P18")),
    Theme(
        "digital",
        N_("Tools and devices work"),
        "tangibles",
        ("App crashes", "Reading upload fails", "Online form rejects entry", "Cannot log in"),
        items=("P01",),
    ),
    Theme(
        "premises",
        N_("Premises and papers are in order"),
        "tangibles",
        ("No step-free access", "Parking not available", "Quotation hard to understand"),
        items=("P02", "P04"),
    ),
)  # fmt: skip
"""Every cause but damage to property, which no question asks about."""


def tree_text(language: str = ENGLISH) -> str:
    """Return the tree as the TOML text that a program is given, its causes in a language.

    Examples
    --------
    >>> tree_text().splitlines()[:3]
    ['[[theme]]', 'key = "bills"', 'title = "Bills are right"']
    """
    lines = []
    for theme in THEMES:
        lines += ["[[theme]]"]
        for name in ("key", "title", "dimension"):
            lines.append(f"{name} = {json.dumps(getattr(theme, name))}")
        causes = [said(cause, "cause", language) for cause in theme.causes]
        lines.append(f"causes = {json.dumps(causes, ensure_ascii=False)}")
        lines += [f"items = {json.dumps(theme.items)}", ""]
    return "\n".join(lines)


def planted_score(theme: Theme) -> float:
    """Return the mean rating (1 to 7) planted for the questions of a theme.

    Examples
    --------
    >>> [round(planted_score(t), 2) for t in THEMES if t.key in ("bills", "payments")]
    [5.3, 5.7]
    """
    level = {d.key: d.perceived for d in DIMENSIONS}
    asked = [i for i in ITEMS if column("P", i.number) in theme.items]
    return sum(level[i.dimension] + i.lean for i in asked) / len(asked)


def planted_share(theme: Theme) -> float:
    """Return the planted share of a theme among the complaints of all themes, 0 to 1.

    Examples
    --------
    >>> round(sum(planted_share(t) for t in THEMES), 6)
    1.0
    """
    share = {c.name: c.share for c in CAUSES}
    total = sum(share[name] for t in THEMES for name in t.causes)
    return sum(share[name] for name in theme.causes) / total


DISAGREEING: Final = {
    "payments": "many complain although the question is rated better than the others",
    "speed": "the question is rated worse than the others although few complain",
    "reach": "the question is rated worse than the others although few complain",
}
"""Themes on which complaints and scores are planted to say different things."""
