"""What can go wrong, said to a person: a title, what to do about it, and an exit code."""

from __future__ import annotations

from csat.model.message import Message


class Problem(Exception):
    """An error for people: what happened and what to do, both translatable.

    Parameters
    ----------
    title
        What is wrong, naming file, row, column and value where they exist.
    remedy
        What the reader can do next.

    Examples
    --------
    >>> from csat.model.message import msg
    >>> str(Problem(msg("No column holds a date"), msg("Map one column as the date")))
    'No column holds a date. Map one column as the date'
    """

    exit_code = 1

    def __init__(self, title: Message, remedy: Message) -> None:
        super().__init__(f"{title}. {remedy}")
        self.title = title
        self.remedy = remedy


class UsageProblem(Problem):
    """What was asked for does not exist or does not fit: exit code 2."""

    exit_code = 2


class ImportProblem(Problem):
    """A file or its mapping cannot be loaded: exit code 3. Nothing was written."""

    exit_code = 3


class AlreadyLoaded(ImportProblem):
    """The same file is already in the store: exit code 4."""

    exit_code = 4


class StoreBusy(Problem):
    """Another process owns the store file: exit code 5."""

    exit_code = 5


class CheckFailed(Problem):
    """The store contradicts itself: exit code 6."""

    exit_code = 6


class NotAllowed(Problem):
    """The reader's role does not permit this: exit code 7."""

    exit_code = 7


class Cancelled(Problem):
    """The person who asked has changed their mind: exit code 130."""

    exit_code = 130
