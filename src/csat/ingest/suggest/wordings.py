"""The words of worded scales, from worst to best, and the words that are no rating."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from csat.ingest.suggest.wording_tables import (
    BIT,
    GRADES,
    MIDDLE,
    NEUTRAL,
    ONE_WAY,
    PAIRS,
    QUITE,
    ROOTS,
    SPECIAL,
    STRONG,
    TRADITIONAL,
    VERY,
    WEAK,
    Levels,
)


@dataclass(frozen=True, slots=True)
class Family:
    """The words of one scale: for each level from the lowest, all that mean it."""

    levels: Levels

    @property
    def points(self) -> int:
        """Number of levels."""
        return len(self.levels)

    def level(self, text: str) -> int | None:
        """Return the level of a plain text, from 1."""
        return next((i for i, w in enumerate(self.levels, start=1) if text in w), None)


def plain(text: str) -> str:
    """Reduce an answer to what it says: small letters, no remarks in brackets, no full stop.

    Examples
    --------
    >>> plain("Neither favorably nor unfavorably (neutral)")
    'neither favorably nor unfavorably'
    >>> plain("(跳过)")
    '跳过'
    """
    small = text.strip().translate(TRADITIONAL).replace("’", "'").lower()
    bare = re.sub(r"\s*[(（][^()（）]*[)）]\s*$", "", small) or small.strip("()（）")
    return re.sub(r"\s+", " ", bare).strip(" .!;:。！") or small


def special_kind(text: str) -> str:
    """Return the reason why an answer is no rating, empty where it is one.

    Examples
    --------
    >>> special_kind("N/A"), special_kind("不清楚"), special_kind("*****"), special_kind("good")
    ('not_applicable', 'dont_know', 'blank', '')
    """
    for form in (text.strip().lower().replace("’", "'"), plain(text)):
        for kind, words in SPECIAL.items():
            if form in words:
                return kind
    return ""


@cache
def families() -> tuple[Family, ...]:
    """Return every known scale: attitudes on five levels, then those of fewer levels first."""
    attitudes = [_both_ways(bad, good, (*between, *NEUTRAL)) for bad, good, between in PAIRS]
    first = [ways[0] for ways in attitudes[:-1]]
    out = [Family(levels) for levels in GRADES]
    out += [way for ways in attitudes for way in ways if way not in first]
    for word in ONE_WAY:
        out += _one_way(word)
    for root in ROOTS:
        out += _chinese(root)
    return (*first, *sorted(out, key=lambda f: f.points))


@cache
def _words() -> frozenset[str]:
    """Return every word of every scale."""
    return frozenset(w for f in families() for words in f.levels for w in words)


def _each(before: Iterable[str], words: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{b} {w}".strip() for w in words for b in before)


def _both_ways(
    bad: tuple[str, ...], good: tuple[str, ...], between: tuple[str, ...]
) -> list[Family]:
    very, some = ("very", *STRONG), ("", *WEAK, "quite")
    five = (_each(very, bad), _each(some, bad), between, _each(some, good), _each(very, good))
    top, plain_, bit = ("very", *STRONG), ("", "moderately", "mostly", "quite"), WEAK[:4]
    seven = tuple(_each(w, bad) for w in (top, plain_, bit))
    seven_up = tuple(_each(w, good) for w in (bit, plain_, top))
    strong = tuple(_each(w, bad) for w in (STRONG, ("very", "mostly"), ("", *WEAK[:4])))
    strong_up = tuple(_each(w, good) for w in (("", *WEAK[:4]), ("very", "mostly"), STRONG))
    return [
        Family(five),
        Family((*seven, between, *seven_up)),
        Family((*strong, between, *strong_up)),
    ]


def _one_way(word: str) -> list[Family]:
    none = (f"not at all {word}", f"not {word} at all")
    little = (f"slightly {word}", f"a little {word}", f"not so {word}", f"not very {word}")
    some = (f"moderately {word}", f"somewhat {word}", f"fairly {word}", f"quite {word}", word)
    most = (f"extremely {word}", f"completely {word}")
    return [
        Family((none, little, some, (f"very {word}",))),
        Family((none, little, some, (f"very {word}",), most)),
    ]


def _chinese(root: str) -> list[Family]:
    middle = tuple(m for word in MIDDLE for m in (word, f"{word}{root}"))
    no = (
        f"不{root}",
        f"比较不{root}",
        f"较不{root}",
        f"不太{root}",
        f"不是很{root}",
        f"较为不{root}",
    )
    very = tuple(f"{v}{root}" for v in VERY)
    never = (*(f"{v}不{root}" for v in VERY), f"一点也不{root}")
    quite, bit = tuple(f"{q}{root}" for q in QUITE), tuple(f"{b}{root}" for b in BIT)
    less = tuple(f"{b}不{root}" for b in BIT)
    return [
        Family((never, no, middle, quite, very)),
        Family((never, no, less, middle, bit, quite, very)),
    ]


def family_of(texts: Iterable[str]) -> tuple[Family, dict[str, int], dict[str, str]] | None:
    """Find the scale whose words some answers are.

    Parameters
    ----------
    texts
        Distinct answers.

    Returns
    -------
    tuple | None
        The family, each answer's level from 1, and the reasons of those that are no rating.
        At least two levels must be there, and no two answers of different wording may share
        one: then a scale of more levels is meant.

    Examples
    --------
    >>> family, levels, special = family_of(["Agree", "Strongly disagree", "Don't know"])
    >>> family.points, levels, special
    (5, {'Agree': 4, 'Strongly disagree': 1}, {"Don't know": 'dont_know'})
    """
    said = {t: plain(t) for t in texts}
    if sum(word in _words() for word in said.values()) < 2:
        return None
    for strict in (False, True):
        special = {t: k for t in said if strict and (k := special_kind(t))}
        for family in families():
            levels: dict[str, int] = {}
            other: dict[str, str] = dict(special)
            for text, word in said.items():
                level = None if text in special else family.level(word)
                if level is not None:
                    levels[text] = level
                elif kind := special_kind(text):
                    other[text] = kind
            shared = len({said[t] for t in levels}) > len(set(levels.values()))
            if (
                len(set(levels.values())) > 1
                and not shared
                and len(levels) + len(other) == len(said)
            ):
                return family, levels, other
    return None


def polar(text: str) -> bool:
    """Say whether a text sounds like one end, or a step, of a rating scale.

    Examples
    --------
    >>> polar("Not at all likely"), polar("Blue")
    (True, False)
    """
    return bool(_POLAR.search(plain(text)))


_POLAR: Final = re.compile(
    r"\b(not at all|very|extremely|strongly|completely|never|always|poor|excellent|good|bad|worst"
    r"|best|lowest|highest|terrible|perfect|average|neutral)\b|satisf|agree|likely|easy|difficult"
    r"|important|recommend|非常|很|极|一般|满意|同意|可能|重要|差|优|推荐|符合"
)
