"""The words of worded scales, from worst to best, and the words that are no rating."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

Levels = tuple[tuple[str, ...], ...]

_STRONG: Final = ("strongly", "extremely", "completely", "totally", "entirely", "highly")
_WEAK: Final = ("somewhat", "slightly", "a little", "rather", "fairly", "moderately", "mostly")
_NEUTRAL: Final = ("neutral", "neither", "undecided", "no opinion either way")
_PAIRS: Final[tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]] = (
    (
        ("dissatisfied", "unsatisfied"),
        ("satisfied",),
        ("neither satisfied nor dissatisfied", "neither dissatisfied nor satisfied"),
    ),
    (("disagree",), ("agree",), ("neither agree nor disagree", "neither disagree nor agree")),
    (("unlikely",), ("likely",), ("neither likely nor unlikely", "neither unlikely nor likely")),
    (
        ("difficult", "hard"),
        ("easy",),
        ("neither easy nor difficult", "neither difficult nor easy"),
    ),
    (("unimportant",), ("important",), ("neither important nor unimportant",)),
    (("unhelpful",), ("helpful",), ("neither helpful nor unhelpful",)),
    (
        ("unfavorably", "unfavourably", "unfavorable", "unfavourable"),
        ("favorably", "favourably", "favorable", "favourable"),
        ("neither favorably nor unfavorably", "neither favourably nor unfavourably"),
    ),
    (("negative",), ("positive",), ("neither positive nor negative",)),
    (("bad", "poor"), ("good",), ("neither good nor bad", "average", "fair", "ok", "okay")),
)
_ONE_WAY: Final = (
    *("important", "likely", "satisfied", "easy", "helpful", "useful", "confident"),
    *("willing", "clear", "friendly", "knowledgeable", "responsive", "well", "professional"),
)
_GRADES: Final[tuple[Levels, ...]] = (
    (("poor",), ("fair",), ("good",), ("excellent",)),
    (("poor",), ("fair",), ("good",), ("very good",), ("excellent",)),
    (
        ("very poor", "very bad", "terrible", "awful"),
        ("poor", "bad"),
        ("fair", "average", "ok", "okay", "acceptable", "neutral", "neither good nor poor"),
        ("good",),
        ("very good", "excellent"),
    ),
    (
        ("much worse than expected", "far below expectations"),
        ("worse than expected", "below expectations"),
        ("as expected", "about what i expected", "met expectations", "meets expectations"),
        ("better than expected", "above expectations", "exceeded expectations"),
        ("much better than expected", "far exceeded expectations", "far above expectations"),
    ),
    (("never",), ("sometimes",), ("usually",), ("always",)),
    (
        ("never",),
        ("rarely", "seldom"),
        ("sometimes", "occasionally"),
        ("often", "usually", "frequently"),
        ("always", "very often"),
    ),
    (  # how one feels about a feature (Kano), in the order of its codes
        ("i like it", "i like it that way", "like", "i enjoy it that way", "很喜欢", "我很喜欢"),
        (
            *("must be", "must-be", "it must be that way", "i expect it", "expect it"),
            *("i expect it to be that way", "理应如此", "它理应如此", "理所当然", "必须如此"),
        ),
        ("neutral", "i am neutral", "i don't care", "无所谓", "我无所谓"),
        (
            *("i can live with it", "live with it", "can live with", "i can tolerate it"),
            *("i can live with it that way", "勉强接受", "能忍受", "可以忍受", "能够忍受"),
        ),
        ("i dislike it", "dislike", "i dislike it that way", "很不喜欢", "我很不喜欢"),
    ),
    (("差",), ("中", "一般"), ("良", "良好"), ("优", "优秀")),
    (
        ("很差", "非常差", "极差"),
        ("差", "较差", "比较差"),
        ("一般", "中", "中等", "普通"),
        ("好", "较好", "比较好", "良好"),
        ("很好", "非常好", "极好", "优秀"),
    ),
    (
        ("从不", "从未"),
        ("很少", "偶尔"),
        ("有时", "一般"),
        ("经常", "常常"),
        ("总是", "一直"),
    ),
)
_ROOTS: Final = (
    *("满意", "同意", "赞同", "认同", "符合", "重要", "容易", "可能", "愿意", "必要", "方便"),
    *("清楚", "及时", "专业", "关注", "喜欢"),
)
_VERY: Final = ("非常", "很", "十分", "极其", "极", "完全", "强烈", "特别", "最")
_QUITE: Final = ("", "比较", "较", "较为")
_BIT: Final = ("有点", "稍微", "略", "略微", "有些")
_MIDDLE: Final = (
    *("一般", "中立", "普通", "无所谓", "说不清", "不确定", "基本", "尚可", "不好说"),
    *("既不同意也不反对",),
)
_TRADITIONAL: Final = str.maketrans("滿讚認較極強時從經總優務點", "满赞认较极强时从经总优务点")
_SPECIAL: Final[dict[str, tuple[str, ...]]] = {
    "dont_know": (
        *("don't know", "dont know", "do not know", "dk", "not sure", "unsure", "no opinion"),
        *("can't say", "cannot say", "can't remember", "unknown", "i don't know", "no idea"),
        *("不知道", "不清楚", "不了解", "说不清", "不确定", "不好说", "不记得", "没有意见"),
    ),
    "not_applicable": (
        *("n/a", "na", "#n/a", "not applicable", "does not apply", "not relevant", "none"),
        *("unfamiliar", "not familiar", "不适用", "不涉及", "无", "无关", "没有", "不熟悉"),
    ),
    "never_used": (
        *("never used", "not used", "have not used", "did not use", "haven't used"),
        *("未使用", "没用过", "没有用过", "从未使用", "未接触", "没有使用过"),
    ),
    "blank": (
        *("no answer", "no response", "not answered", "prefer not to say", "refused", "blank"),
        *("null", "nan", "missing", "skipped", "-", "--", ".", "*", "**", "***", "****", "*****"),
        *("未答", "未填", "未作答", "拒答", "空", "跳过", "不愿回答"),
    ),
}


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
    small = text.strip().translate(_TRADITIONAL).replace("’", "'").lower()
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
        for kind, words in _SPECIAL.items():
            if form in words:
                return kind
    return ""


@cache
def families() -> tuple[Family, ...]:
    """Return every known scale: attitudes on five levels, then those of fewer levels first."""
    attitudes = [_both_ways(bad, good, (*between, *_NEUTRAL)) for bad, good, between in _PAIRS]
    first = [ways[0] for ways in attitudes[:-1]]
    out = [Family(levels) for levels in _GRADES]
    out += [way for ways in attitudes for way in ways if way not in first]
    for word in _ONE_WAY:
        out += _one_way(word)
    for root in _ROOTS:
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
    very, some = ("very", *_STRONG), ("", *_WEAK, "quite")
    five = (_each(very, bad), _each(some, bad), between, _each(some, good), _each(very, good))
    top, plain_, bit = ("very", *_STRONG), ("", "moderately", "mostly", "quite"), _WEAK[:4]
    seven = tuple(_each(w, bad) for w in (top, plain_, bit))
    seven_up = tuple(_each(w, good) for w in (bit, plain_, top))
    strong = tuple(_each(w, bad) for w in (_STRONG, ("very", "mostly"), ("", *_WEAK[:4])))
    strong_up = tuple(_each(w, good) for w in (("", *_WEAK[:4]), ("very", "mostly"), _STRONG))
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
    middle = tuple(m for word in _MIDDLE for m in (word, f"{word}{root}"))
    no = (
        f"不{root}",
        f"比较不{root}",
        f"较不{root}",
        f"不太{root}",
        f"不是很{root}",
        f"较为不{root}",
    )
    very = tuple(f"{v}{root}" for v in _VERY)
    never = (*(f"{v}不{root}" for v in _VERY), f"一点也不{root}")
    quite, bit = tuple(f"{q}{root}" for q in _QUITE), tuple(f"{b}{root}" for b in _BIT)
    less = tuple(f"{b}不{root}" for b in _BIT)
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
