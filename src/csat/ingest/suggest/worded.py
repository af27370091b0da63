"""Scales that are worded: by their answers, by numbers with words, by the file's own labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from csat.ingest.suggest.facts import Facts
from csat.ingest.suggest.rating import (
    HIGH,
    MEDIUM,
    Rating,
    said,
    scale_of,
    usual_ends,
    whole_numbers,
)
from csat.ingest.suggest.wordings import Family, family_of, polar, special_kind
from csat.model.message import msg

_CODED: Final = re.compile(
    r"(?P<code>\d{1,3})(?:\s*[-–—=:：.、)）]\s*|\s+|\s*[(（]\s*)(?P<words>[^\d\s].*?)\s*[)）]?"
)
_CODED_BEHIND: Final = re.compile(
    r"(?P<words>[^\d\s].*?)\s*[(（=:：-]\s*(?P<code>\d{1,3})\s*[)）]?"
)
_UNITS: Final = re.compile(r"(?P<code>\d{1,3}) ?(?:分|星|颗星|级|stars?|points?|/ ?\d{1,3})", re.I)
_STARS: Final = re.compile(r"(?P<on>[★⭐]{1,10})[☆]{0,9}")


def worded(texts: Sequence[str], own: Sequence[str]) -> Rating | None:
    """Read answers that are the words of a scale; of ``texts`` a column has its ``own``."""
    found = family_of(texts)
    if found is None or not set(own) - set(found[2]):
        return None
    family, levels, special = found
    seen = len(set(levels.values()))
    return Rating(
        scale_of((1, family.points), {**levels, **_unseen(family, levels)}, special),
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


def coded(own: Sequence[str]) -> Rating | None:
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
    ends = usual_ends(codes.values(), 0)
    if ends is None:
        return None
    labels = {t: c for t, c in codes.items() if not t.isdecimal()}
    return Rating(
        scale_of(ends, labels, special),
        HIGH if len(set(codes.values())) >= ends[1] - ends[0] else MEDIUM,
        msg("The answers begin with their number on a scale from {low} to {high}", **said(ends)),
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


def labelled(facts: Facts, labels: Mapping[str, str], missing: Sequence[str]) -> Rating | None:
    """Read the value labels that the file itself brings along; some values are missing ones."""
    special = {raw: special_kind(said) or "blank" for raw, said in labels.items() if raw in missing}
    special |= {r: k for r, said in labels.items() if (k := special_kind(said))}
    special |= {raw: "blank" for raw in missing if raw not in special}
    rated = {r: said for r, said in labels.items() if r not in special}
    if not all(re.fullmatch(r"-?\d{1,3}(\.0+)?", r) for r in rated):
        return worded([*rated.values()], [*facts.values]) if rated else None
    words = {int(float(r)): said for r, said in rated.items()}
    found = family_of(words.values())
    if len(words) < 2 or not (found or any(polar(w) for w in words.values())):
        return None
    low, high = min(words), max(words)
    seen = whole_numbers(v for v in facts.values if v not in special)
    if seen is None or not seen <= set(range(low, high + 1)) or high - low > 100:
        return None
    return Rating(
        scale_of((low, high), {}, special),
        HIGH if found and len(words) > high - low else MEDIUM,
        msg("The file's own value labels are a scale from {low} to {high}", low=low, high=high),
        _falls(words),
    )
