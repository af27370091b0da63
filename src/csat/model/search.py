"""Searches over texts: words, phrases, AND, OR, NOT and brackets, in any language.

A word is found wherever a text holds it, without regard to case or to the width of its letters,
digits and signs, also inside a longer word; so Chinese needs no spaces, and ``3`` finds ``３``.
Words side by side must all be there. The operators are written in capitals; ``-word`` is
``NOT word`` and ``|`` is ``OR``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Union

from csat.model.message import msg
from csat.model.problem import UsageProblem

MOST_WORDS: Final = 40
"""Words and phrases that one search may hold."""

WIDE: Final = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3000"
"""Letters, digits, signs and the space at full width, as a Chinese keyboard can write them."""
NARROW: Final = "".join(map(chr, range(0x21, 0x7F))) + " "
"""The same at usual width, in the same order."""
_NARROWED: Final = str.maketrans(WIDE, NARROW)

_QUOTES: Final = {'"': '"', "“": "”", "「": "」", "『": "』"}
_OPEN: Final = "(（"
_CLOSE: Final = ")）"
_TOKEN: Final = re.compile(r"[(（)）]|[|｜]|[^\s(（)）|｜\"“「『]+")
_OPERATORS: Final = {"AND": "AND", "OR": "OR", "NOT": "NOT", "|": "OR", "｜": "OR"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase that a text must hold, in lower case."""

    text: str

    @property
    def forms(self) -> tuple[str, ...]:
        """How it may stand in what is searched: narrow, and as typed in older texts."""
        return tuple(dict.fromkeys((narrowed(self.text), self.text)))


@dataclass(frozen=True, slots=True)
class Not:
    """What a text must not match."""

    part: Search


@dataclass(frozen=True, slots=True)
class All:
    """Parts that a text must all match."""

    parts: tuple[Search, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Parts of which a text must match at least one."""

    parts: tuple[Search, ...]


Search = Union[Word, Not, All, Any]  # noqa: UP007 (a recursive alias needs names in quotes)


def narrowed(text: str) -> str:
    """Write a text at usual width, letter for letter.

    Examples
    --------
    >>> narrowed("８月，ＶＩＰ客户")
    '8月,VIP客户'
    """
    return text.translate(_NARROWED)


def parse_search(text: str) -> Search | None:
    """Read what a reader typed; None where it holds nothing to search for.

    Binds as usual: NOT before AND before OR.

    Raises
    ------
    UsageProblem
        When a quote or bracket is not closed, an operator has nothing to work on, or there are
        too many words.

    Examples
    --------
    >>> parse_search('refund NOT "late fee"')
    All(parts=(Word(text='refund'), Not(part=Word(text='late fee'))))
    >>> parse_search("退款 OR 赔偿")
    Any(parts=(Word(text='退款'), Word(text='赔偿')))
    """
    tokens = list(_tokens(text))
    if not tokens:
        return None
    if sum(kind == "word" for kind, _ in tokens) > MOST_WORDS:
        raise UsageProblem(
            msg("The search has more than {n} words", n=MOST_WORDS), msg("Search for fewer words")
        )
    found, rest = _any(tokens)
    if rest:
        raise _unexpected(rest[0][1])
    return found


def words_of(search: Search | None) -> tuple[str, ...]:
    """Return the words that a match may be shown by: those that are not excluded.

    Examples
    --------
    >>> words_of(parse_search("(refund OR 退款) -scam"))
    ('refund', '退款')
    """
    if isinstance(search, Word):
        return (search.text,)
    if isinstance(search, All | Any):
        return tuple(dict.fromkeys(w for part in search.parts for w in words_of(part)))
    return ()


def hits(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where words stand in a text, as start and end, those that touch made one.

    Examples
    --------
    >>> hits("Refund! No refund?", ["refund"]), hits("要求退款未果", ["退款"])
    ([(0, 6), (11, 17)], [(2, 4)])
    >>> hits("等了３天", ["3天"])
    [(2, 4)]
    """
    found = []
    plain = narrowed(text)
    for word in words:
        sought = re.escape(narrowed(word))
        found += [m.span() for m in re.finditer(sought, plain, re.IGNORECASE)]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


Tokens = Sequence[tuple[str, str]]


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield kind (word, operator, bracket) and text of every part, from left to right."""
    at = 0
    while at < len(text):
        here = text[at]
        if here.isspace():
            at += 1
        elif here in _QUOTES:
            end = text.find(_QUOTES[here], at + 1)
            if end < 0:
                raise UsageProblem(
                    msg("The quote {quote} in the search is not closed", quote=here),
                    msg("Close the phrase with {quote}", quote=_QUOTES[here]),
                )
            phrase = " ".join(text[at + 1 : end].split()).lower()
            at = end + 1
            if phrase:
                yield "word", phrase
        elif here == "-" and re.match(r"-[^\s\-]", text[at:]):
            yield "operator", "NOT"
            at += 1
        else:
            token = _TOKEN.match(text, at)
            part = token[0] if token else here
            at += len(part)
            if part in _OPERATORS:
                yield "operator", _OPERATORS[part]
            elif part in _OPEN or part in _CLOSE:
                yield "bracket", "(" if part in _OPEN else ")"
            else:
                yield "word", part.lower()


def _any(tokens: Tokens) -> tuple[Search, Tokens]:
    part, tokens = _all(tokens)
    parts = [part]
    while tokens and tokens[0] == ("operator", "OR"):
        part, tokens = _all(tokens[1:])
        parts.append(part)
    return (parts[0] if len(parts) == 1 else Any(tuple(parts))), tokens


def _all(tokens: Tokens) -> tuple[Search, Tokens]:
    part, tokens = _one(tokens)
    parts = [part]
    while tokens and tokens[0] not in (("operator", "OR"), ("bracket", ")")):
        if tokens[0] == ("operator", "AND"):
            tokens = tokens[1:]
        part, tokens = _one(tokens)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else All(tuple(parts))), tokens


def _one(tokens: Tokens) -> tuple[Search, Tokens]:
    if not tokens:
        raise _unexpected("")
    (kind, text), rest = tokens[0], tokens[1:]
    if kind == "word":
        return Word(text), rest
    if (kind, text) == ("operator", "NOT"):
        part, rest = _one(rest)
        return Not(part), rest
    if (kind, text) == ("bracket", "("):
        part, rest = _any(rest)
        if not rest or rest[0] != ("bracket", ")"):
            raise UsageProblem(msg("A bracket in the search is not closed"), msg("Add the ')'"))
        return part, rest[1:]
    raise _unexpected(text)


def _unexpected(text: str) -> UsageProblem:
    if not text:
        return UsageProblem(
            msg("The search ends where a word is missing"),
            msg("Add the word, or put AND, OR or NOT in quotes to search for them"),
        )
    return UsageProblem(
        msg("'{text}' in the search stands where a word should", text=text),
        msg("Add the word, or put AND, OR or NOT in quotes to search for them"),
    )
