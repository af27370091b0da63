"""Columns that look like answers and are no rating: choices of several, rankings, constants."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from csat.ingest.suggest.facts import Facts
from csat.model.message import Message, msg

_JOINS: Final = ("┋", "; ", ";", ", ", ",", "|", "\n")
_OPTIONS: Final = 40
"""Options that one question may offer."""
_TICKS: Final = frozenset(
    (
        "1",
        "0",
        "-2",
        "-3",
        "x",
        "y",
        "n",
        "yes",
        "no",
        "true",
        "false",
        "checked",
        "not checked",
        "selected",
    )
)
_JOINED_SHARE: Final = 0.05
_RANKED_SHARE: Final = 0.7


def joined_by(facts: Facts) -> str:
    """Return the sign that parts several choices in one cell, empty where cells hold one.

    The same few options must come back, in cells that hold one of them and in others.

    Examples
    --------
    >>> joined_by(Facts({"a┋b": 2, "b": 1, "a┋b┋c": 1, "c": 1}, 5, 5, 4))
    '┋'
    >>> joined_by(Facts({"Yes, very": 3, "No, never": 2}, 5, 5, 2))
    ''
    """
    for sign in _JOINS:
        cells = {v: n for v, n in facts.values.items() if sign in v}
        if not cells:
            continue
        if sign == "┋":
            return sign
        parts = [p.strip() for v in facts.values for p in v.split(sign)]
        options = set(parts)
        often = sum(cells.values()) >= _JOINED_SHARE * sum(facts.values.values())
        alone = options & {v.strip() for v in facts.values}
        short = max(map(len, options), default=0) <= 60 and len(options) <= _OPTIONS
        if often and short and len(alone) > 1 and len(options) < 0.7 * len(parts):
            return sign
    return ""


def option_groups(
    columns: Sequence[str], wordings: Sequence[str], facts: Mapping[str, Facts]
) -> dict[str, str]:
    """Return, for each column that is one option of a question, the name of its question.

    Such columns stand side by side under one question; each holds the text of its option or a
    mark where it was chosen.

    Examples
    --------
    >>> told = {"Read - News": Facts({"News": 2}, 2, 3, 1), "Read - Blogs": Facts({}, 0, 3, 0)}
    >>> option_groups(list(told), [], told)
    {'Read - News': 'Read', 'Read - Blogs': 'Read'}
    """
    out: dict[str, str] = {}
    stems = [_stem(name) for name in columns]
    said = [wordings[i] if i < len(wordings) else "" for i in range(len(columns))]
    start = 0
    while start < len(columns):
        end = start + 1
        while end < len(columns) and stems[start] and stems[end] == stems[start]:
            end += 1
        group = range(start, end)
        if len(group) > 1 and _ticked([facts[columns[i]] for i in group], group, columns, said):
            out.update({columns[i]: stems[start] for i in group})
        start = end
    return out


def _ticked(
    group: Sequence[Facts], places: range, columns: Sequence[str], said: Sequence[str]
) -> bool:
    if not any(f.distinct for f in group):
        return False
    for place, facts in zip(places, group, strict=True):
        values = {v.strip().lower() for v in facts.values}
        named = f"{columns[place]} {said[place]}".lower()
        own = len(values) == 1 and next(iter(values)) in named
        if values and not own and not values <= _TICKS:
            return False
    return True


def _stem(name: str) -> str:
    """Return the question of a column that stands for one of its options or rows.

    Examples
    --------
    >>> [_stem(n) for n in ("Q3[SQ001]", "6、爱好(运动)", "Which? - News", "Q3_4", "Age")]
    ['Q3', '6、爱好', 'Which?', 'Q3', '']
    """
    for pattern in _STEMS:
        match = pattern.fullmatch(name.strip())
        if match:
            return match[1].strip()
    return ""


_STEMS: Final = tuple(
    re.compile(p, re.DOTALL)
    for p in (
        r"(.+?)\s*\[[^\]]+\]",
        r"(.+?)\s*[(（][^()（）]+[)）]",
        r"(.+?)\s+[-–—:|]\s+.+",
        r"(.+?)[:：].+",
        r"([A-Za-z]+\d+)[_.-]\d+",
    )
)


def ranked(
    columns: Sequence[str], rows: Sequence[Sequence[str | None]], facts: Mapping[str, Facts]
) -> set[str]:
    """Return the columns that together hold a ranking: each row puts 1, 2, 3 ... in order.

    Examples
    --------
    >>> told = {c: Facts({"1": 1, "2": 1, "3": 1}, 3, 3, 3) for c in "abc"}
    >>> sorted(ranked(list("abc"), [("1", "2", "3"), ("3", "1", "2"), ("2", "3", "1")], told))
    ['a', 'b', 'c']
    """
    out: set[str] = set()
    start = 0
    while start < len(columns):
        end = start
        while end < len(columns) and _digits(facts[columns[end]]):
            end += 1
        for size in range(min(end - start, 20), 2, -1):
            if _permuted([row[start : start + size] for row in rows], size):
                out.update(columns[start : start + size])
                end = start + size
                break
        start = max(end, start + 1) if columns[start] in out else start + 1
    return out


def _digits(facts: Facts) -> bool:
    return bool(facts.values) and facts.few and all(re.fullmatch(r"\d\d?", v) for v in facts.values)


def _permuted(rows: Sequence[Sequence[str | None]], size: int) -> bool:
    whole = [row for row in rows if all(row)]
    wanted = {str(n) for n in range(1, size + 1)}
    exact = sum(set(row) == wanted for row in whole)
    return len(whole) > 2 and exact >= _RANKED_SHARE * len(whole)


def why_left_out(name: str, facts: Facts, group: str, *, in_ranking: bool) -> Message | None:
    """Say why a column is no rating and no group of answers, None where it may be one."""
    if not facts.distinct:
        return msg("It is empty")
    if group:
        return msg(
            "It is one option of '{question}', of which several can be chosen", question=group
        )
    if in_ranking:
        return msg("It is a place in a ranking, not a rating")
    sign = joined_by(facts)
    if sign:
        return msg("Its cells hold several choices, parted by '{sign}'", sign=sign.strip() or sign)
    return None
