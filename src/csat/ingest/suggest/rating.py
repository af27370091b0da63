"""What is said of a scale: the scale itself, how sure it is, and what tells so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from csat.model.message import Message
from csat.model.scale import Scale

HIGH: Final = "high"
MEDIUM: Final = "medium"
LOW: Final = "low"
_ENOUGH: Final = 50
"""Answers from which a scale is taken to end where the answers end."""
SCORES: Final = re.compile(r"score|rating|percent|满意度|评分|得分|打分|分数|nps|csat", re.I)


@dataclass(frozen=True, slots=True)
class Rating:
    """A scale with its direction, how sure it is, and what tells so."""

    scale: Scale
    confidence: str
    reason: Message
    reversed: bool = False


def scale_of(ends: tuple[int, int], labels: Mapping[str, int], special: Mapping[str, str]) -> Scale:
    """Return a scale of these ends, words and codes."""
    return Scale.of(*ends, labels=labels, special=special)


def said(ends: tuple[int, int]) -> dict[str, object]:
    """Return the ends of a scale as parameters of a message."""
    return {"low": ends[0], "high": ends[1]}


def is_number(text: str) -> bool:
    """Say whether a text is a whole number of a few digits."""
    return bool(re.fullmatch(r"[+-]?\d{1,4}(\.0+)?", text))


def whole_numbers(values: Iterable[str]) -> set[int] | None:
    """Return some whole numbers, or None where one is none."""
    texts = list(values)
    return {int(float(v)) for v in texts} if all(is_number(v) for v in texts) else None


def usual_ends(codes: Iterable[int], answers: int, header: str = "") -> tuple[int, int] | None:
    """Return the usual scale that holds some codes; 0 below a short scale is no rating.

    Examples
    --------
    >>> usual_ends({1, 2, 5}, 10), usual_ends({1, 2, 3, 4}, 500), usual_ends({0, 9}, 9)
    ((1, 5), (1, 4), (0, 10))
    """
    some = set(codes)
    low, high = min(some), max(some)
    if low == 0 and high <= 1:
        return (0, 1)
    if re.search(r"nps|recommend|推荐", header, re.I) and 7 < high <= 10:
        return (0, 10)
    top = next((t for t in (5, 7, 10, 100) if high <= t), None)
    if top is None:
        return None
    if high in (4, 6) and answers >= _ENOUGH and set(range(1, high + 1)) <= some:
        top = high
    if top == 100:
        return (0, 100) if len(some) > 3 and SCORES.search(header) else None
    return (0, 10) if low == 0 and (top == 10 or {1, 2} - some) and high > 7 else (1, top)
