"""A file of one row per response and question, recognised by its three telling columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import duckdb

from csat.ingest.suggest.facts import Facts, facts_of, staged_answers, staged_facts
from csat.ingest.suggest.header import ANSWER_WORDS, QUESTION_WORDS, RESPONSE_WORDS

_COLUMNS: Final = 15
_QUESTIONS: Final = 300


@dataclass(frozen=True, slots=True)
class Places:
    """The columns of a long file that name the response, the question and the answer."""

    response: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file: of each column, and of each question where the file is long."""

    columns: Mapping[str, Facts]
    long: Places | None = None
    questions: Mapping[str, Facts] = field(default_factory=dict)


def facts_of_rows(columns: Sequence[str], rows: Sequence[Sequence[str | None]]) -> FileFacts:
    """Return what some rows of a file tell."""
    known = {c: facts_of([row[i] for row in rows]) for i, c in enumerate(columns)}
    long = places(columns, known)
    if long is None:
        return FileFacts(known)
    question, answer = columns.index(long.question), columns.index(long.answer)
    said: dict[str, list[str | None]] = {}
    for row in rows:
        if row[question]:
            said.setdefault(str(row[question]), []).append(row[answer])
    return FileFacts(known, long, {q: facts_of(values) for q, values in said.items()})


def facts_of_staged(cursor: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> FileFacts:
    """Return what the whole staged file tells."""
    known = staged_facts(cursor, columns)
    long = places(columns, known)
    if long is None:
        return FileFacts(known)
    question, answer = columns.index(long.question), columns.index(long.answer)
    return FileFacts(known, long, staged_answers(cursor, question, answer))


def places(columns: Sequence[str], facts: Mapping[str, Facts]) -> Places | None:
    """Find the three columns that make a file a long one, or None where it is wide.

    Examples
    --------
    >>> told = {"response": Facts({"1": 2, "2": 2}, 4, 4, 2)}
    >>> told["question"] = Facts({"Q1": 2, "Q2": 2}, 4, 4, 2)
    >>> told["answer"] = Facts({"5": 4}, 4, 4, 1)
    >>> places(list(told), told)
    Places(response='response', question='question', answer='answer')
    """
    if not 3 <= len(columns) <= _COLUMNS:
        return None
    question = _first(columns, facts, QUESTION_WORDS, _repeats)
    response = _first([c for c in columns if c != question], facts, RESPONSE_WORDS, _repeated)
    rest = [c for c in columns if c not in (question, response)]
    answer = _first(rest, facts, ANSWER_WORDS, _filled)
    if not question or not answer or not response:
        return None
    cells = facts[response].distinct * facts[question].distinct
    return Places(response, question, answer) if facts[question].filled <= 1.1 * cells else None


def _first(
    columns: Sequence[str],
    facts: Mapping[str, Facts],
    words: re.Pattern[str],
    fits: Callable[[Facts], bool],
) -> str:
    return next((c for c in columns if words.search(c) and fits(facts[c])), "")


def _repeats(facts: Facts) -> bool:
    return 1 < facts.distinct <= min(_QUESTIONS, facts.rows / 2) and facts.filled == facts.rows


def _repeated(facts: Facts) -> bool:
    return 0 < facts.distinct <= facts.rows / 1.5 and facts.filled == facts.rows


def _filled(facts: Facts) -> bool:
    return facts.filled > facts.rows / 2
