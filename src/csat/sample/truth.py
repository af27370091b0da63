"""One planted fact, and how much of it is there in each month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Truth:
    """One fact about the sample that an analysis should find, or should not."""

    key: str
    sentence_en: str
    where: str
    months: tuple[str, ...]
    size: float
    gradual: bool = False
    """Grows evenly over its months and stays; otherwise in full in each of its months."""

    def strength(self, months: tuple[str, ...]) -> NDArray[np.float64]:
        """Return how much of the effect is there in each month, from 0 to 1.

        Examples
        --------
        >>> Truth("k", "", "", ("2026-02", "2026-03"), 1.0, gradual=True).strength(
        ...     ("2026-01", "2026-02", "2026-03", "2026-04")
        ... ).tolist()
        [0.0, 0.5, 1.0, 1.0]
        """
        there = np.array([month in self.months for month in months], dtype=np.float64)
        if not self.gradual:
            return there
        return np.cumsum(there) / max(1, len(self.months))
