"""Who served the customer: codes of staff, one of whom is planted to satisfy few.

Codes are dealt out after the answers are known, so that no other figure depends on them: the
planted code gets more of the dissatisfied customers of its branch and fewer of the others.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from csat.sample.draw import Ints, text_column
from csat.sample.organisation import BRANCHES, CHANNELS, names
from csat.sample.truth import Truth

STAFFED: Final = ("Branch", "Phone")
"""Channels on which a person serves; the other answers name nobody."""
OUTLIER_BRANCH: Final = "Harbour Street"
OUTLIER: Final = "S0103"
OUTLIER_FACTOR: Final = 3.0
SATISFIED_FROM: Final = 4
_FEWEST: Final = 2
_STAFF_OF_ALL: Final = 40


def staff_codes(branch: int) -> list[str]:
    """Return the codes of the staff of a branch, by its position.

    Examples
    --------
    >>> staff_codes(0)
    ['S0101', 'S0102', 'S0103', 'S0104', 'S0105', 'S0106', 'S0107']
    """
    many = max(_FEWEST, round(BRANCHES[branch].share * _STAFF_OF_ALL))
    return [f"S{branch + 1:02d}{k + 1:02d}" for k in range(many)]


def staff_column(
    rng: np.random.Generator,
    branch: Ints,
    channel: Ints,
    *,
    csat: np.ndarray | None = None,
    planted: bool = True,
) -> Any:
    """Deal out who served: alike within a branch, but for the planted code.

    Parameters
    ----------
    csat
        Overall satisfaction of each row, NaN where blank; None where the rows are cases.
    """
    lists = [staff_codes(b) for b in range(len(BRANCHES))]
    offsets = np.cumsum([0, *(len(codes) for codes in lists)])
    many = np.diff(offsets)[branch]
    drawn = rng.random(len(branch))
    # The planted code of a branch takes [0, share); the others divide the rest evenly.
    at_outlier = branch == names(BRANCHES).index(OUTLIER_BRANCH)
    first = 1 / many
    if planted and csat is not None:
        odds = np.where(csat >= SATISFIED_FROM, OUTLIER_FACTOR**-0.5, OUTLIER_FACTOR**0.5)
        odds[np.isnan(csat)] = 1.0
        first = np.where(at_outlier, odds / (many - 1 + odds), first)
    rest = 1 + np.floor((drawn - first) / (1 - first) * (many - 1)).astype(np.int64)
    position = np.where(drawn < first, 0, np.clip(rest, 1, many - 1))
    # Position 0 stands for the planted code, which is not the first of its branch.
    place = lists[names(BRANCHES).index(OUTLIER_BRANCH)].index(OUTLIER)
    swapped = np.where(position == 0, place, np.where(position == place, 0, position))
    position = np.where(at_outlier, swapped, position)
    unstaffed = ~np.isin(channel, [names(CHANNELS).index(c) for c in STAFFED])
    codes = [code for codes in lists for code in codes]
    return text_column(codes, offsets[branch] + position, unstaffed)


def staff_truth(months: tuple[str, ...]) -> Truth:
    """Return what is planted about staff."""
    return Truth(
        "staff_outlier",
        f"{OUTLIER} of {OUTLIER_BRANCH} satisfies few: a dissatisfied customer is "
        f"{OUTLIER_FACTOR:.0f} times as likely as a satisfied one to be theirs, and colleagues "
        "get the others.",
        f"staff {OUTLIER}, csat",
        months,
        OUTLIER_FACTOR,
    )
