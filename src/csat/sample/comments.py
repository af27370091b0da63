"""Survey comments, assembled from phrases that fit what the respondent answered."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csat.sample import comments_en, comments_zh
from csat.sample.draw import Flags, Ints, chance, text_column
from csat.sample.instrument import DIMENSIONS
from csat.sample.organisation import BRANCHES, TOUCHPOINTS, names

PLACE_NAMED: Final = 0.3
DIMENSION_NAMED: Final = 0.6
CLOSED: Final = 0.5


def comment_texts(
    rng: np.random.Generator,
    chinese: Flags,
    mood: Ints,
    touchpoint: Ints,
    dimension: Ints,
    branch: Ints,
) -> Any:
    """Write one comment per row.

    Parameters
    ----------
    rng
        Source of randomness.
    chinese
        Rows to be written in Chinese rather than in English.
    mood
        0 bad, 1 mixed, 2 good.
    touchpoint, dimension, branch
        What the comment is about, by position; a negative branch is not named.

    Returns
    -------
    pyarrow.Array
        One text per row.
    """
    parts = [
        _place(rng, branch),
        _by_mood(rng, mood, "OPENERS"),
        _by_topic(rng, mood, touchpoint, "TOUCHPOINTS", names(TOUCHPOINTS)),
        _by_topic(rng, mood, dimension, "DIMENSIONS", [d.key for d in DIMENSIONS], DIMENSION_NAMED),
        _by_mood(rng, mood, "CLOSERS", CLOSED),
    ]
    language = chinese.astype(np.int64)
    pieces = [text_column(texts, language * (len(texts) // 2) + at) for texts, at in parts]
    return pc.utf8_trim_whitespace(pc.binary_join_element_wise(*pieces, pa.scalar("")))


def _both(name: str) -> tuple[Any, Any]:
    modules: tuple[ModuleType, ModuleType] = (comments_en, comments_zh)
    first, second = (getattr(module, name) for module in modules)
    return first, second


def _place(rng: np.random.Generator, branch: Ints) -> tuple[list[str], Ints]:
    english, chinese = _both("PLACE")
    texts = ["", *(english.format(name=b.name) for b in BRANCHES)]
    texts += ["", *(chinese.format(name=b.name_zh) for b in BRANCHES)]
    named = chance(rng, PLACE_NAMED, len(branch)) & (branch >= 0)
    return texts, np.where(named, branch + 1, 0)


def _by_mood(
    rng: np.random.Generator, mood: Ints, name: str, probability: float = 1.0
) -> tuple[list[str], Ints]:
    languages = _both(name)
    width = max(len(row) for row in languages[0])
    texts = [_cycle(row, width) for rows in languages for row in (("",), *rows)]
    used = chance(rng, probability, len(mood))
    at = (mood + 1) * used * width + rng.integers(0, width, len(mood))
    return [text for row in texts for text in row], at


def _by_topic(
    rng: np.random.Generator,
    mood: Ints,
    topic: Ints,
    name: str,
    topics: list[str],
    probability: float = 1.0,
) -> tuple[list[str], Ints]:
    languages = _both(name)
    width = len(languages[0][topics[0]][0])
    blank = ("",) * width
    rows = [
        row
        for phrases in languages
        for row in (blank, *(side for topic_name in topics for side in phrases[topic_name]))
    ]
    side = np.where(mood == 1, rng.integers(0, 2, len(mood)), mood // 2)
    used = chance(rng, probability, len(mood))
    at = (1 + topic * 2 + side) * used * width + rng.integers(0, width, len(mood))
    return [text for row in rows for text in row], at


def _cycle(row: tuple[str, ...], width: int) -> list[str]:
    return [row[k % len(row)] for k in range(width)]
