"""What is known of one figure, apart from its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["percent", "points", "rating", "index", "count", "per_1000", "days"]
Direction = Literal["up", "down", "none"]
Family = Literal["share", "mean", "nps", "count", "rate", "median"]
Subject = Literal["survey", "complaints"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure: what it means, how it is computed, which way is good.

    Parameters
    ----------
    key
        Name in URLs, on the command line and in exports. ``mean:ITEM`` and the like carry
        the item or dimension after the colon.
    label, definition, formula, needs
        Source texts: name, one-sentence meaning, computation, and what to load to fill it.
    unit
        percent (0-100), points (NPS, -100..100), rating (the scale's own units), count,
        index (0-100), per_1000, or days.
    direction
        Which way is good; "none" for figures without a good side.
    subject, family
        Where the records live and which sufficient statistics are counted.
    field
        Column the statistics are taken from (``csat``, ``nps``, ``response`` ...).
    interval, test
        Names of the 95% interval and of the test behind a verdict.
    minimum_base
        Base needed on both sides before a verdict is given.
    """

    key: str
    label: str
    definition: str
    formula: str
    needs: str
    unit: Unit
    direction: Direction
    subject: Subject
    family: Family
    field: str
    interval: str
    test: str
    minimum_base: int = 30
    argument: str = ""
