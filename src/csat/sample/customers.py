"""The customers that answer surveys and file complaints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csat.sample.draw import Flags, Ints, chance, pick
from csat.sample.organisation import CHINESE_SHARE, SEGMENTS

FIRST_NUMBER: Final = 10_000


@dataclass(frozen=True, slots=True)
class Customers:
    """A pool of customers; the first half of it is asked in surveys."""

    segment: Ints
    chinese: Flags
    surveyed: int

    @property
    def count(self) -> int:
        """Number of customers in the pool."""
        return len(self.segment)


def draw_customers(rng: np.random.Generator, responses: int) -> Customers:
    """Draw a pool that fits the number of survey responses."""
    surveyed = max(50, responses // 2)
    segment = pick(rng, [group.share for group in SEGMENTS], 2 * surveyed)
    return Customers(segment, chance(rng, CHINESE_SHARE, 2 * surveyed), surveyed)


def identifiers(customer: Ints, known: Flags) -> Any:
    """Write customer identifiers; blank where the customer is not known.

    Examples
    --------
    >>> identifiers(np.array([7, 8]), np.array([True, False])).to_pylist()
    ['C10007', None]
    """
    number = pa.array(customer + FIRST_NUMBER, mask=~known).cast(pa.string())
    return pc.binary_join_element_wise(pa.scalar("C"), number, pa.scalar(""))


def numbered(letter: str, count: int) -> Any:
    """Write running record identifiers.

    Examples
    --------
    >>> numbered("R", 2).to_pylist()
    ['R0000001', 'R0000002']
    """
    number = pc.utf8_lpad(pa.array(np.arange(1, count + 1)).cast(pa.string()), 7, "0")
    return pc.binary_join_element_wise(pa.scalar(letter), number, pa.scalar(""))
