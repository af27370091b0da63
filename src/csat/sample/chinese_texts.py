"""Texts of the Chinese sample: complaints and comments as customers type them.

What happened is known, and the draws are the text's own: no figure depends on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from csat.sample import chinese_cases, chinese_comments
from csat.sample.causes import CAUSES
from csat.sample.draw import Ints
from csat.sample.instrument import DIMENSIONS
from csat.sample.months import Moments
from csat.sample.organisation import BRANCHES, TOUCHPOINTS

FULL_WIDTH_SHARE: Final = 0.05
"""Texts whose digits were typed at full width."""
ASCII_SHARE: Final = 0.04
"""Texts whose signs were typed as in English."""
PLACE_NAMED: Final = 0.3
DIMENSION_NAMED: Final = 0.6
CLOSED: Final = 0.5
_WIDE: Final = str.maketrans("0123456789", "０１２３４５６７８９")
_NARROW: Final = str.maketrans("，。：！？", ",.:!?")

Draws = Sequence[float]


def case_texts(rng: np.random.Generator, cause: Ints, received: Moments) -> Any:
    """Write one complaint of one to four sentences per case.

    Parameters
    ----------
    rng
        Source of randomness.
    cause
        Position of the cause in `CAUSES`.
    received
        When the case came in: what it tells of happened up to ten days before.

    Returns
    -------
    pyarrow.Array
        One text per case.
    """
    count = len(cause)
    told = [chinese_cases.CAUSES[c.name] for c in CAUSES]
    days = received.astype("M8[D]") - rng.integers(0, 10, count)
    months = days.astype("M8[M]").astype(np.int64) % 12 + 1
    of_month = (days - days.astype("M8[M]")).astype(np.int64) + 1
    texts = []
    for at, month, day, draws in zip(
        cause.tolist(),
        months.tolist(),
        of_month.tolist(),
        rng.random((count, 9)).tolist(),
        strict=True,
    ):
        parts = (chinese_cases.OPENERS, told[at], chinese_cases.DETAILS, chinese_cases.REQUESTS)
        text = "".join(_one(own, u) for own, u in zip(parts, draws[:4], strict=True))
        texts.append(_typed(text, draws[4:], m=month, d=day))
    return pa.array(texts)


def remark_texts(
    rng: np.random.Generator, mood: Ints, touchpoint: Ints, dimension: Ints, branch: Ints
) -> Any:
    """Write one survey comment per row.

    Parameters
    ----------
    rng
        Source of randomness.
    mood
        0 bad, 1 mixed, 2 good.
    touchpoint, dimension, branch
        What the comment is about, by position; a negative branch is not named.
    """
    words = chinese_comments
    steps = [words.TOUCHPOINTS[group.name] for group in TOUCHPOINTS]
    weights = [words.DIMENSIONS[d.key] for d in DIMENSIONS]
    rows = zip(
        *(known.tolist() for known in (mood, touchpoint, dimension, branch)),
        rng.random((len(mood), 14)).tolist(),
        strict=True,
    )
    texts = []
    for how, step, weight, place, u in rows:
        side = int(u[0] < 0.5) if how == 1 else how // 2
        text = _one(words.OPENERS[how], u[1]) + _one(steps[step][side], u[2])
        if place >= 0 and u[3] < PLACE_NAMED:
            text = _one(words.PLACES, u[4]).format(name=BRANCHES[place].name_zh) + text
        if u[5] < DIMENSION_NAMED:
            text += _one(weights[weight][side], u[6])
        if u[7] < CLOSED:
            text += _one(words.CLOSERS[how], u[8])
        texts.append(_typed(text, u[9:]))
    return pa.array(texts)


def _one(phrases: Sequence[str], draw: float) -> str:
    return phrases[int(draw * len(phrases))]


def _typed(text: str, draws: Draws, **known: int) -> str:
    """Fill the gaps of a text, and type some texts otherwise than most people do."""
    if "{" in text:
        text = text.format(
            n=2 + int(draws[0] * 4),
            h=2 + int(draws[1] * 5),
            yuan=20 + int(draws[2] * 380),
            kwh=10 * (2 + int(draws[3] * 30)),
            **known,
        )
    if draws[4] < FULL_WIDTH_SHARE:
        return text.translate(_WIDE)
    return text.translate(_NARROW) if draws[4] > 1 - ASCII_SHARE else text
