"""A first guess of what each column is, how sure it is, and what a person is asked."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass

from csat.ingest.mapping import Column, Mapping
from csat.model.message import Message


@dataclass(frozen=True, slots=True)
class Finding:
    """What one column seems to be.

    Parameters
    ----------
    column
        Its proposed mapping; None where it is proposed to be left out.
    confidence
        "high", "medium" or "low"; "" where nothing tells what it is.
    reason
        What tells so.
    personal
        What personal data it holds, a key of `csat.ingest.suggest.personal.KINDS`.
    """

    column: Column | None
    confidence: str
    reason: Message
    personal: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can tell: which of several forms the dates of a column have.

    Parameters
    ----------
    column
        The column's name.
    text
        The question in words.
    choices
        The alternatives, each the forms to try parted by "; ".
    example
        A value that each alternative reads differently.
    """

    column: str
    text: Message
    choices: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A guessed mapping with its doubts.

    Parameters
    ----------
    mapping
        Not yet checked: a required role may be missing, which the person is asked for.
    findings
        What each column of the file (each question, in a long file) seems to be.
    notes
        What holds for the file as a whole.
    questions
        What must be answered before the file can be checked.
    """

    mapping: Mapping
    findings: MappingABC[str, Finding]
    notes: tuple[Message, ...] = ()
    questions: tuple[Question, ...] = ()
