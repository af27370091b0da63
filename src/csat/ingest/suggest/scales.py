"""The scale that a column of answers is on: its ends, its words, its direction, its codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from csat.ingest.suggest.facts import Facts
from csat.ingest.suggest.wordings import Family, family_of, polar, special_kind
from csat.model.message import Message, msg
from csat.model.scale import Scale

HIGH: Final = "high"
MEDIUM: Final = "medium"
LOW: Final = "low"
_CODED: Final = re.compile(
    r"(?P<code>\d{1,3})(?:\s*[-–—=:：.、)）]\s*|\s+|\s*[(（]\s*)(?P<words>[^\d\s].*?)\s*[)）]?"
)
_CODED_BEHIND: Final = re.compile(
    r"(?P<words>[^\d\s].*?)\s*[(（=:：-]\s*(?P<code>\d{1,3})\s*[)）]?"
)
_UNITS: Final = re.compile(r"(?P<code>\d{1,3}) ?(?:分|星|颗星|级|stars?|points?|/ ?\d{1,3})", re.I)
_STARS: Final = re.compile(r"(?P<on>[★⭐]{1,10})[☆]{0,9}")
_YES: Final = ("yes", "y", "true", "是", "有", "对", "checked", "已解决")
_NO: Final = ("no", "n", "false", "否", "没有", "不是", "unchecked", "未解决")
_CODES: Final[dict[int, str]] = {
    **dict.fromkeys((99, 999, 9, 9999), "dont_know"),
    **dict.fromkeys((98, 88, 97, 77, 998, 888), "not_applicable"),
    **dict.fromkeys((-1, -2, -3, -9, -99, -999), "blank"),
}
"""What survey tools usually mean by codes far outside a scale."""
_USUAL: Final = ((1, 5), (1, 7), (1, 10), (0, 10))
_ENOUGH: Final = 50
"""Answers from which a scale is taken to end where the answers end."""
_SOME: Final = 30
"""Answers from which two different numbers are too few for a scale."""
_SCORES: Final = re.compile(r"score|rating|percent|满意度|评分|得分|打分|分数|nps|csat", re.I)
_STATED: Final = re.compile(
    r"(?<!\d)(?P<low>[01])\s*(?:-|–|—|~|～|to|bis|至|到)\s*(?P<high>4|5|6|7|10|100)(?!\d)", re.I
)


@dataclass(frozen=True, slots=True)
class Rating:
    """A scale with its direction, how sure it is, and what tells so."""

    scale: Scale
    confidence: str
    reason: Message
    reversed: bool = False


def rating_of(
    facts: Facts,
    header: str = "",
    labels: Mapping[str, str] | None = None,
    missing: Sequence[str] = (),
    beside: Iterable[str] = (),
) -> Rating | None:
    """Return the scale that a column of answers most likely is on, or None.

    Parameters
    ----------
    facts
        The values of the column.
    header
        Its name and wording: they may state the scale, as in "(1-7)".
    labels, missing
        The file's own value labels and user-missing values of this column.
    beside
        Values of other columns that are answered on the same scale.
    """
    if facts.distinct < 1 or not facts.few:
        return _wide(facts, header)
    own = [v for v in facts.values if v not in missing]
    if labels:
        found = _labelled(facts, labels, missing)
        if found is not None or set(own) <= set(labels):
            return found
    found = _coded(own) or _worded([*own, *(b for b in beside if b not in own)], own)
    found = found or _numbers(facts, own, header, beside) or _yes_no(own, header)
    if found is None or not missing:
        return found
    special = {**found.scale.special, **dict.fromkeys(missing, "blank")}
    return replace(found, scale=_scale(found.scale.ends, found.scale.labels, special))


def _scale(ends: tuple[int, int], labels: Mapping[str, int], special: Mapping[str, str]) -> Scale:
    return Scale.of(*ends, labels=labels, special=special)


def _worded(texts: Sequence[str], own: Sequence[str]) -> Rating | None:
    found = family_of(texts)
    if found is None or not set(own) - set(found[2]):
        return None
    family, levels, special = found
    seen = len(set(levels.values()))
    return Rating(
        _scale((1, family.points), {**levels, **_unseen(family, levels)}, special),
        HIGH if seen >= family.points - 1 else MEDIUM,
        msg("The answers are the words of a scale of {n} levels", n=family.points),
    )


def _unseen(family: Family, levels: Mapping[str, int]) -> dict[str, int]:
    """Return the likely words of the levels that nobody has chosen yet."""
    first = next(iter(levels))
    starts = {t.lower().split(" ")[0] for t in levels}
    out = {}
    for number, words in enumerate(family.levels, start=1):
        if number in levels.values():
            continue
        word = next((w for w in words if w.split(" ")[0] in starts and " " in w), words[0])
        out[word.capitalize() if first[:1].isupper() else word] = number
    return out


def _coded(own: Sequence[str]) -> Rating | None:
    """Read answers such as "4 - Agree", "10 (Extremely likely)", "Agree (4)", "5分", "★★★"."""
    for pattern in (_CODED, _CODED_BEHIND, _UNITS, _STARS):
        codes: dict[str, int] = {}
        words: dict[str, str] = {}
        special: dict[str, str] = {}
        for text in own:
            match = pattern.fullmatch(text.strip())
            if match and pattern is _STARS:
                codes[text] = len(match["on"])
            elif match:
                codes[text] = int(match["code"])
                words[text] = match.groupdict().get("words", "")
            elif text.isdecimal() and len(text) < 4:
                codes[text] = int(text)
            elif kind := special_kind(text):
                special[text] = kind
            else:
                break
        else:
            for text in [t for t in words if special_kind(words[t])]:
                special[text] = special_kind(words[text])
                del codes[text]
            found = _coded_scale(codes, words, special, bare=pattern in (_UNITS, _STARS))
            if found is not None:
                return found
    return None


def _coded_scale(
    codes: Mapping[str, int], words: Mapping[str, str], special: Mapping[str, str], *, bare: bool
) -> Rating | None:
    if len(set(codes.values())) < 2 or all(t.isdecimal() for t in codes):
        return None
    if not bare and not any(polar(words.get(t, "")) for t in codes):
        return None
    ends = _ends(codes.values(), 0)
    if ends is None:
        return None
    labels = {t: c for t, c in codes.items() if not t.isdecimal()}
    return Rating(
        _scale(ends, labels, special),
        HIGH if len(set(codes.values())) >= ends[1] - ends[0] else MEDIUM,
        msg("The answers begin with their number on a scale from {low} to {high}", **_said(ends)),
        _falls({c: words[t] for t, c in codes.items() if words.get(t)}),
    )


def _falls(words: Mapping[int, str]) -> bool:
    """Say whether the words of a scale get worse as its numbers rise."""
    found = family_of(words.values())
    if found is None:
        return False
    levels = found[1]
    ranked = [levels[words[code]] for code in sorted(words) if words[code] in levels]
    return len(ranked) > 1 and ranked == sorted(ranked, reverse=True)


def _labelled(facts: Facts, labels: Mapping[str, str], missing: Sequence[str]) -> Rating | None:
    """Read the value labels that the file itself brings along."""
    special = {raw: special_kind(said) or "blank" for raw, said in labels.items() if raw in missing}
    special |= {r: k for r, said in labels.items() if (k := special_kind(said))}
    special |= {raw: "blank" for raw in missing if raw not in special}
    rated = {r: said for r, said in labels.items() if r not in special}
    if not all(re.fullmatch(r"-?\d{1,3}(\.0+)?", r) for r in rated):
        return _worded([*rated.values()], [*facts.values]) if rated else None
    words = {int(float(r)): said for r, said in rated.items()}
    found = family_of(words.values())
    if len(words) < 2 or not (found or any(polar(w) for w in words.values())):
        return None
    low, high = min(words), max(words)
    seen = _whole(v for v in facts.values if v not in special)
    if seen is None or not seen <= set(range(low, high + 1)) or high - low > 100:
        return None
    return Rating(
        _scale((low, high), {}, special),
        HIGH if found and len(words) > high - low else MEDIUM,
        msg("The file's own value labels are a scale from {low} to {high}", low=low, high=high),
        _falls(words),
    )


def _numbers(facts: Facts, own: Sequence[str], header: str, beside: Iterable[str]) -> Rating | None:
    special = {v: k for v in own if not _number(v) and (k := special_kind(v))}
    numbers = _whole(v for v in own if v not in special)
    if numbers is None or len(numbers | (_whole(beside) or set())) < 2:
        return None
    codes = {c: k for c, k in _CODES.items() if c in numbers}
    inside = (numbers | (_whole(beside) or set())) - set(codes)
    if 9 in codes and (not inside or max(inside) > 7):
        inside, codes = inside | {9}, {c: k for c, k in codes.items() if c != 9}
    stated = _STATED.search(header)
    if not inside or min(inside) < 0:
        return None
    ends = (int(stated["low"]), int(stated["high"])) if stated else None
    if ends is None or not (ends[0] <= min(inside - {0} or {0}) and max(inside) <= ends[1]):
        stated, ends = None, _ends(inside, facts.filled, header)
    few = len(inside) < (3 if facts.filled >= _SOME else 2)
    if ends is None or inside <= {0, 1} or (few and not stated):
        return None
    if 0 in inside and ends[0] == 1:
        codes[0] = "not_applicable"
    special |= {v: codes[int(float(v))] for v in own if _number(v) and int(float(v)) in codes}
    full = set(range(ends[0], ends[1] + 1)) <= inside
    reason = msg("Whole numbers on a scale from {low} to {high}", **_said(ends))
    if codes:
        outside = ", ".join(str(c) for c in sorted(codes))
        reason = msg("{scale}; outside of it: {codes}", scale=reason, codes=outside)
    sure = HIGH if stated or (full and not codes and ends in _USUAL) else MEDIUM
    return Rating(_scale(ends, {}, special), sure, reason)


def _said(ends: tuple[int, int]) -> dict[str, object]:
    return {"low": ends[0], "high": ends[1]}


def _ends(codes: Iterable[int], answers: int, header: str = "") -> tuple[int, int] | None:
    """Return the usual scale that holds some codes; 0 below a short scale is no rating.

    Examples
    --------
    >>> _ends({1, 2, 5}, 10), _ends({1, 2, 4}, 10), _ends({1, 2, 3, 4}, 500), _ends({0, 9}, 9)
    ((1, 5), (1, 5), (1, 4), (0, 10))
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
        return (0, 100) if len(some) > 3 and _SCORES.search(header) else None
    return (0, 10) if low == 0 and (top == 10 or {1, 2} - some) and high > 7 else (1, top)


def _wide(facts: Facts, header: str) -> Rating | None:
    """Read scores from 0 to 100, of which there may be many different ones."""
    numbers = _whole(facts.values)
    if not numbers or not _SCORES.search(header) or min(numbers) < 0 or max(numbers) > 100:
        return None
    reason = msg("Whole numbers on a scale from {low} to {high}", low=0, high=100)
    return Rating(Scale.of(0, 100), MEDIUM, reason)


def _yes_no(own: Sequence[str], header: str) -> Rating | None:
    """Read yes and no as 1 and 0, where the question asks how good the service was."""
    if not _ABOUT.search(header):
        return None
    labels: dict[str, int] = {}
    special: dict[str, str] = {}
    for text in own:
        small = text.strip().lower()
        if small in _YES or small in _NO:
            labels[text] = int(small in _YES)
        elif kind := special_kind(text):
            special[text] = kind
        elif small not in ("0", "1"):
            return None
    bare = {v for v in own if v in ("0", "1")}
    if len(set(labels.values()) | {int(v) for v in bare}) < 2:
        return None
    reason = msg("Yes or no to a question about the service")
    return Rating(_scale((0, 1), labels, special), MEDIUM, reason)


_ABOUT: Final = re.compile(
    r"satisf|resolv|solved|helpful|recommend|on time|in time|polite|clean|满意|解决|推荐|及时|礼貌",
    re.I,
)


def yes_no(facts: Facts) -> bool:
    """Say whether a column holds yes and no and nothing else but what is no answer.

    Examples
    --------
    >>> yes_no(Facts({"Yes": 1, "No": 2}, 3, 3, 2)), yes_no(Facts({"A": 1}, 1, 1, 1))
    (True, False)
    """
    small = {v.strip().lower() for v in facts.values if not special_kind(v)}
    return facts.few and bool(small) and small <= {*_YES, *_NO}


def _number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?\d{1,4}(\.0+)?", text))


def _whole(values: Iterable[str]) -> set[int] | None:
    """Return some whole numbers, or None where one is none."""
    texts = list(values)
    return {int(float(v)) for v in texts} if all(_number(v) for v in texts) else None
