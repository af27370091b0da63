"""Features asked about both ways, as Kano does: what they are, and what is planted of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from csat.sample.draw import Ints, chance, pick, pick_by_row
from csat.sample.truth import Truth

CLASSES: Final = ("M", "O", "A", "I", "R", "Q")
"""Must-be, one-dimensional, attractive, indifferent, reverse, questionable."""
WITH, WITHOUT = "F", "X"
"""Column prefix of how one feels with the feature, and without it."""
ASKED_SHARE: Final = 1 / 5

_PAIRS: Final[dict[str, tuple[tuple[tuple[int, int], float], ...]]] = {
    "M": (((2, 5), 0.7), ((3, 5), 0.2), ((4, 5), 0.1)),
    "O": (((1, 5), 1.0),),
    "A": (((1, 3), 0.5), ((1, 4), 0.4), ((1, 2), 0.1)),
    "I": (((3, 3), 0.5), ((2, 4), 0.2), ((3, 4), 0.2), ((2, 3), 0.1)),
    "R": (((5, 1), 0.3), ((4, 1), 0.3), ((5, 3), 0.2), ((5, 2), 0.2)),
    "Q": (((1, 1), 0.5), ((5, 5), 0.5)),
}
"""Answers with and without the feature (1 like to 5 dislike) by class, and how often each."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature, and the share of customers in each class, in the order of `CLASSES`."""

    number: int
    wording_en: str
    wording_zh: str
    shares: tuple[float, float, float, float, float, float]

    @property
    def usual(self) -> str:
        """The class of most customers."""
        return CLASSES[self.shares.index(max(self.shares))]


FEATURES: Final = (
    Feature(
        1,
        "The repair team comes at the hour agreed",
        "维修人员按约定时间上门",
        (0.52, 0.27, 0.06, 0.12, 0.01, 0.02),
    ),
    Feature(
        2,
        "One person looks after my matter to its end",
        "有专人全程负责我的事",
        (0.16, 0.49, 0.19, 0.13, 0.01, 0.02),
    ),
    Feature(
        3,
        "The app shows how much I use, day by day",
        "手机应用按日显示用量",
        (0.06, 0.14, 0.51, 0.26, 0.01, 0.02),
    ),
    Feature(
        4,
        "A printed magazine comes with the bill",
        "随账单附送纸质刊物",
        (0.02, 0.03, 0.11, 0.62, 0.20, 0.02),
    ),
    Feature(
        5,
        "We call you about new tariffs",
        "来电介绍新的资费方案",
        (0.02, 0.03, 0.09, 0.25, 0.58, 0.03),
    ),
)


def feature_columns(rng: np.random.Generator, current: Ints) -> dict[str, Any]:
    """Draw how respondents feel with each feature and without it; a fifth of `current` is asked.

    Parameters
    ----------
    rng
        Source of randomness, apart so that nothing else depends on it.
    current
        Whether each response came on the form that asks: 1 or 0.
    """
    count = len(current)
    asked = chance(rng, ASKED_SHARE, count) & (current == 1)
    pairs = [pair for name in CLASSES for pair, _ in _PAIRS[name]]
    columns: dict[str, Any] = {}
    within = np.zeros((len(CLASSES), len(pairs)))
    at = 0
    for k, name in enumerate(CLASSES):
        for _, share in _PAIRS[name]:
            within[k, at] = share
            at += 1
    answers = np.array(pairs, dtype=np.int8)
    for feature in FEATURES:
        classes = pick(rng, feature.shares, count)
        given = answers[pick_by_row(rng, within, classes)]
        for side, prefix in enumerate((WITH, WITHOUT)):
            columns[feature_column(prefix, feature)] = pa.array(given[:, side], mask=~asked)
    return columns


def feature_column(prefix: str, feature: Feature) -> str:
    """Name the survey column of one side of a feature.

    Examples
    --------
    >>> feature_column(WITH, FEATURES[0]), feature_column(WITHOUT, FEATURES[4])
    ('F1', 'X5')
    """
    return f"{prefix}{feature.number}"


def feature_truths(months: tuple[str, ...]) -> tuple[Truth, ...]:
    """List what is planted of the features, over the months in which they are asked."""
    named = {
        "M": "must-be",
        "O": "one-dimensional",
        "A": "attractive",
        "I": "indifferent",
        "R": "reverse",
    }
    return tuple(
        Truth(
            f"kano_{f.number}",
            f"'{f.wording_en}' is {named[f.usual]} (Kano) to {100 * max(f.shares):.0f}% of those "
            "asked.",
            f"columns {feature_column(WITH, f)} and {feature_column(WITHOUT, f)}",
            months,
            max(f.shares),
        )
        for f in FEATURES
    )
