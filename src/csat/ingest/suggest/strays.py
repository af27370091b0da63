"""Numbers that lie off the scale which nearly all answers of a column are on."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from csat.ingest.suggest.facts import Facts
from csat.ingest.suggest.rating import is_number

_SCALES: Final = ((1, 5), (1, 7), (0, 10), (1, 10))
_NEARLY_ALL: Final = 0.97
"""Share of the answers that must be on a scale for the others to be called strays."""
_LEAST: Final = 40
"""Answers under which nothing can be said of strays."""


def without_strays(facts: Facts) -> tuple[Facts, int]:
    """Return a column without the few answers off its scale, and how many those are.

    A slip of typing (11 for 1 on a scale to 5) must not make a question unknown; its row is
    refused by name later.

    Examples
    --------
    >>> column = Facts({"4": 60, "2": 20, "5": 19, "11": 1}, 100, 100, 4)
    >>> found, strays = without_strays(column)
    >>> list(found.values), strays
    (['4', '2', '5'], 1)
    """
    if not facts.few or facts.filled < _LEAST:
        return facts, 0
    numbers = {v: int(float(v)) for v in facts.values if is_number(v)}
    for low, high in _SCALES:
        inside = {v: n for v, n in facts.values.items() if low <= numbers.get(v, -1) <= high}
        kept = sum(inside.values())
        if len(inside) > 2 and _NEARLY_ALL * facts.filled <= kept < facts.filled:
            trimmed = replace(facts, values=inside, filled=kept, distinct=len(inside))
            return trimmed, facts.filled - kept
    return facts, 0
