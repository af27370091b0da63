"""The planted effects as numbers per month, or none of them."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from csat.sample.language import ENGLISH
from csat.sample.months import Calendar
from csat.sample.truths import truths


class Plan:
    """The calendar of a sample and the strength of each planted effect in each month.

    Parameters
    ----------
    as_of
        Last day with data.
    planted
        False leaves every effect out.
    language
        What texts are written in; no number depends on it.

    Examples
    --------
    >>> plan = Plan(date(2026, 10, 18), planted=True)
    >>> plan.change("slide_csat")[-3:].round(3).tolist()
    [-0.525, -0.6, -0.6]
    >>> plan.factor("cause_spike")[9:12].tolist()
    [1.0, 5.0, 5.0]
    >>> Plan(date(2026, 10, 18), planted=False).factor("cause_spike").max()
    np.float64(1.0)
    """

    def __init__(self, as_of: date, *, planted: bool, language: str = ENGLISH) -> None:
        self.calendar: Calendar = Calendar(as_of)
        self.as_of: date = as_of
        self.planted: bool = planted
        self.language: str = language
        self._truths = {truth.key: truth for truth in truths(as_of)}

    def strength(self, key: str) -> NDArray[np.float64]:
        """Return the part of an effect, from 0 to 1, that is there in each month."""
        return self._truths[key].strength(self.calendar.months) * self.planted

    def change(self, key: str) -> NDArray[np.float64]:
        """Return what an effect adds in each month."""
        return self._truths[key].size * self.strength(key)

    def factor(self, key: str) -> NDArray[np.float64]:
        """Return by what an effect multiplies in each month."""
        return 1 + (self._truths[key].size - 1) * self.strength(key)
