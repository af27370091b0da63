"""The scale that a column of answers is on: its ends, its words, its direction, its codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from csat.ingest.suggest.facts import Facts
from csat.ingest.suggest.rating import (
    HIGH,
    MEDIUM,
    SCORES,
    Rating,
    is_number,
    said,
    scale_of,
    usual_ends,
    whole_numbers,
)
from csat.ingest.suggest.worded import coded, labelled, worded
from csat.ingest.suggest.wordings import special_kind
from csat.model.message import msg
from csat.model.scale import Scale

_YES: Final = ("yes", "y", "true", "是", "有", "对", "checked", "已解决")
_NO: Final = ("no", "n", "false", "否", "没有", "不是", "unchecked", "未解决")
_CODES: Final[dict[int, str]] = {
    **dict.fromkeys((99, 999, 9, 9999), "dont_know"),
    **dict.fromkeys((98, 88, 97, 77, 998, 888), "not_applicable"),
    **dict.fromkeys((-1, -2, -3, -9, -99, -999), "blank"),
}
"""What survey tools usually mean by codes far outside a scale."""
_USUAL: Final = ((1, 5), (1, 7), (1, 10), (0, 10))
_LONGEST: Final = 200
"""Characters that an answer on a scale has at most."""
_SOME: Final = 30
"""Answers from which two different numbers are too few for a scale."""
_STATED: Final = re.compile(
    r"(?<!\d)(?P<low>[01])\s*(?:-|–|—|~|～|to|bis|至|到)\s*(?P<high>4|5|6|7|10|100)(?!\d)", re.I
)


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
    if max(map(len, facts.values)) > _LONGEST:
        return None
    own = [v for v in facts.values if v not in missing]
    if labels:
        found = labelled(facts, labels, missing)
        if found is not None or set(own) <= set(labels):
            return found
    found = coded(own) or worded([*own, *(b for b in beside if b not in own)], own)
    found = found or _numbers(facts, own, header, beside) or _yes_no(own, header)
    if found is None or not missing:
        return found
    special = {**found.scale.special, **dict.fromkeys(missing, "blank")}
    return replace(found, scale=scale_of(found.scale.ends, found.scale.labels, special))


def _numbers(facts: Facts, own: Sequence[str], header: str, beside: Iterable[str]) -> Rating | None:
    special = {v: k for v in own if not is_number(v) and (k := special_kind(v))}
    numbers = whole_numbers(v for v in own if v not in special)
    if numbers is None or len(numbers | (whole_numbers(beside) or set())) < 2:
        return None
    codes = {c: k for c, k in _CODES.items() if c in numbers}
    inside = (numbers | (whole_numbers(beside) or set())) - set(codes)
    if 9 in codes and (not inside or max(inside) > 7):
        inside, codes = inside | {9}, {c: k for c, k in codes.items() if c != 9}
    stated = _STATED.search(header)
    if not inside or min(inside) < 0:
        return None
    ends = (int(stated["low"]), int(stated["high"])) if stated else None
    if ends is None or not (ends[0] <= min(inside - {0} or {0}) and max(inside) <= ends[1]):
        stated, ends = None, usual_ends(inside, facts.filled, header)
    few = len(inside) < (3 if facts.filled >= _SOME else 2)
    if ends is None or inside <= {0, 1} or (few and not stated):
        return None
    if 0 in inside and ends[0] == 1:
        codes[0] = "not_applicable"
    special |= {v: codes[int(float(v))] for v in own if is_number(v) and int(float(v)) in codes}
    full = set(range(ends[0], ends[1] + 1)) <= inside
    reason = msg("Whole numbers on a scale from {low} to {high}", **said(ends))
    if codes:
        outside = ", ".join(str(c) for c in sorted(codes))
        reason = msg("{scale}; outside of it: {codes}", scale=reason, codes=outside)
    sure = HIGH if stated or (full and not codes and ends in _USUAL) else MEDIUM
    return Rating(scale_of(ends, {}, special), sure, reason)


def _wide(facts: Facts, header: str) -> Rating | None:
    """Read scores from 0 to 100, of which there may be many different ones."""
    numbers = whole_numbers(facts.values)
    if not numbers or not SCORES.search(header) or min(numbers) < 0 or max(numbers) > 100:
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
    return Rating(scale_of((0, 1), labels, special), MEDIUM, reason)


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
