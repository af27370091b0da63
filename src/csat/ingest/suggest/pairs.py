"""Which view of the service a question asks for, which questions are one pair, which dimension."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_WORDS: Final[dict[str, str]] = {
    "dysfunctional": r"dys-?functional|non-?functional|\bwithout (it|this)\b|\babsent\b"
    r"|\bis (missing|not (there|present|available|provided|offered))\b"
    r"|无此项|如果(没有|不提供|不具备|缺少)|若(没有|无)|不具备时|反向(题|问题)?",
    "functional": r"\bfunctional\b|\bwith (it|this)\b|\bpresent\b"
    r"|\bis (there|available|provided|offered)\b"
    r"|有此项|如果(有|提供|具备)|若有|具备时|正向(题|问题)?",
    "adequate": r"minimum( acceptable)?( level)?|adequate|acceptable|tolerable"
    r"|最低(可)?接受(的)?(水平|程度)?|最低期望|可接受",
    "desired": r"expectations?|expected|\bexpect\b|\bexp\b|desired( level)?|ideal|should"
    r"|期望(值|程度)?|期待|预期|理想|기대",
    "perception": r"perceptions?|perceived( level| performance)?|\bperc\b|actual|experienced?"
    r"|感知(值)?|实际(感受|感知|体验|表现)?|体验|인지|satisfaction|满意(度|程度)",
    "importance": r"importance|\bimportant\b|\bimp\b|重要(性|度|程度)|중요도?",
}
_VIEWS: Final = {view: re.compile(words, re.IGNORECASE) for view, words in _WORDS.items()}
_LETTERS: Final[dict[str, str]] = {
    **{"e": "desired", "p": "perception", "i": "importance", "d": "desired"},
    **{"m": "adequate", "a": "adequate", "s": "perception"},
}
_KANO: Final = {"f": "functional", "d": "dysfunctional"}
_LETTERED: Final = re.compile(
    r"(?P<before>(?:[A-Za-z]{2,}_)?)(?P<letter>[EPIDMASF])[_ .-]?(?P<number>\d{1,3})", re.IGNORECASE
)
_NUMBERED: Final = re.compile(
    r"(?P<before>[qk]?)(?P<number>\d{1,3})[_ .-]?(?P<letter>[EPIDMASF])", re.IGNORECASE
)
_SETS: Final = (
    frozenset("ep"),
    frozenset("pd"),
    frozenset("epi"),
    frozenset("mdp"),
    frozenset("adp"),
    frozenset(_KANO),
)
_ITEM_NUMBER: Final = re.compile(r"\s*[QqＱ]?(\d{1,3})\s*[-_.]\s*\d\b")
_DIMENSIONS: Final[dict[str, re.Pattern[str]]] = {
    name: re.compile(words, re.IGNORECASE)
    for name, words in {
        "tangibles": r"tangib|有形",
        "reliability": r"reliab|可靠",
        "responsiveness": r"responsiv|响应性|反应性|回应性|敏捷",
        "assurance": r"assuranc|保证性|保障性|保证|保障",
        "empathy": r"empath|移情|情感投入|情感注入|关怀性",
    }.items()
}
_STEMS: Final = {
    **{"tan": "tangibles", "rel": "reliability", "res": "responsiveness", "rsp": "responsiveness"},
    **{"ass": "assurance", "asr": "assurance", "emp": "empathy"},
}
_STEMMED: Final = re.compile(
    r"(?:[a-z]+_)?(tan|rel|res|rsp|ass|asr|emp)[a-z]{0,6}[_ .-]?\d{1,2}.*", re.I
)
_USUAL: Final = (
    ("tangibles", range(1, 5)),
    ("reliability", range(5, 10)),
    ("responsiveness", range(10, 14)),
    ("assurance", range(14, 18)),
    ("empathy", range(18, 23)),
)
"""The 22 statements of SERVQUAL in their published order (Parasuraman et al. 1988)."""


@dataclass(frozen=True, slots=True)
class View:
    """One question's viewpoint and the pair it belongs to; by letters alone it is less sure."""

    viewpoint: str
    pair: str
    lettered: bool = False


def pair_up(columns: Sequence[str], wordings: Sequence[str]) -> dict[str, View]:
    """Find questions that ask for several views of one thing.

    Parameters
    ----------
    columns, wordings
        Names of rated columns and, where known, their wordings.

    Returns
    -------
    dict
        The view of each paired column: at least a perception and one other of the same pair, or
        how one feels with a thing and how without it (Kano).

    Examples
    --------
    >>> found = pair_up(["E1", "P1", "E2", "P2", "Age"], [])
    >>> {name: (view.viewpoint, view.pair) for name, view in found.items()}["P2"]
    ('perception', '2')
    >>> pair_up(["Expectation: staff help", "Perception: staff help"], [])["Perception: staff help"]
    View(viewpoint='perception', pair='staff help', lettered=False)
    """
    lettered = _by_letters(columns)
    if lettered:
        return lettered
    texts = {c: f"{c} {wordings[i] if i < len(wordings) else ''}" for i, c in enumerate(columns)}
    for by_number in (False, True):
        for source in ({c: c for c in columns}, texts):
            views = {c: v for c, text in source.items() if (v := _by_words(text, by_number))}
            found = _paired(views)
            if found:
                return found
    return {}


def _by_words(text: str, by_number: bool) -> View | None:
    spaced = re.sub(r"_+", " ", text)
    for view, words in _VIEWS.items():
        match = words.search(spaced)
        if not match:
            continue
        if by_number:
            number = _ITEM_NUMBER.match(text)
            return View(view, number[1]) if number else None
        rest = spaced[: match.start()] + " " + spaced[match.end() :]
        key = re.sub(r"[\W_]+", " ", rest).strip().lower()
        key = re.sub(r"^(of|with|for|about|的) ?", "", key).strip()
        return View(view, key) if key else None
    return None


def _paired(views: Mapping[str, View]) -> dict[str, View]:
    """Keep the views whose pair has a perception and another view, or both of Kano, each once."""
    by_pair: dict[str, list[str]] = defaultdict(list)
    for column, view in views.items():
        by_pair[view.pair].append(column)
    out: dict[str, View] = {}
    for members in by_pair.values():
        seen = Counter(views[c].viewpoint for c in members)
        facing = seen["perception"] or set(seen) == set(_KANO.values())
        if len(seen) > 1 and facing and max(seen.values()) == 1:
            out.update({c: views[c] for c in members})
    return {c: out[c] for c in views if c in out}


def _by_letters(columns: Sequence[str]) -> dict[str, View]:
    """Read names such as E1 and P1, which say it by one letter, where they come in full sets."""
    for pattern in (_LETTERED, _NUMBERED):
        found: dict[str, tuple[str, str]] = {}
        for column in columns:
            match = pattern.fullmatch(column.strip())
            if match:
                key = f"{match['before'].rstrip('_').lower()}{int(match['number'])}"
                found[column] = (match["letter"].lower(), key)
        keys: dict[str, set[str]] = defaultdict(set)
        for letter, key in found.values():
            keys[key].add(letter)
        whole = {k for k, letters in keys.items() if frozenset(letters) in _SETS}
        if len(whole) > 1 and len(found) == sum(len(v) for v in keys.values()):
            views = {
                c: View((_KANO if keys[k] == set(_KANO) else _LETTERS)[i], k, True)
                for c, (i, k) in found.items()
                if k in whole
            }
            return _paired(views)
    return {}


def dimension_of(text: str) -> str:
    """Return the dimension that a name or wording names, empty where it names none.

    Examples
    --------
    >>> dimension_of("可靠性3"), dimension_of("Empathy 2"), dimension_of("Response id")
    ('reliability', 'empathy', '')
    """
    found = [name for name, words in _DIMENSIONS.items() if words.search(text)]
    return found[0] if len(found) == 1 else ""


def dimensions_of(
    columns: Sequence[str], wordings: Sequence[str], views: Mapping[str, View]
) -> tuple[dict[str, str], bool]:
    """Return the dimension of each rated column that has one, and whether by its place alone.

    Names and wordings decide; then short names such as REL1 where at least three dimensions
    have them; then, of exactly 22 numbered pairs, their usual order.

    Examples
    --------
    >>> dimensions_of(["REL1", "ASS1", "EMP1"], [], {})
    ({'REL1': 'reliability', 'ASS1': 'assurance', 'EMP1': 'empathy'}, False)
    """
    said = {
        c: dimension_of(f"{c} {wordings[i] if i < len(wordings) else ''}")
        for i, c in enumerate(columns)
    }
    named = {c: d for c, d in said.items() if d}
    if named:
        by_pair = {views[c].pair: d for c, d in named.items() if c in views}
        named |= {c: by_pair[v.pair] for c, v in views.items() if v.pair in by_pair}
        return named, False
    stems = {c: _STEMS[m[1].lower()] for c in columns if (m := _STEMMED.fullmatch(c.strip()))}
    if len(set(stems.values())) > 2:
        return stems, False
    numbers = {c: int(v.pair) for c, v in views.items() if v.pair.isdecimal()}
    if set(numbers.values()) == set(range(1, 23)):
        return {c: d for c, n in numbers.items() for d, place in _USUAL if n in place}, True
    return {}, False
