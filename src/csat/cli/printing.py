"""How a command gives its answer: one JSON document, or the choice it is about and its lines."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from csat.cli.choosing import chosen_filters, compared, filters_json
from csat.cli.exits import FINE
from csat.cli.session import configuration, opened
from csat.cli.text import NOTHING, number, plain, print_json
from csat.locale.formats import Formats
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import Message
from csat.model.settings import Thresholds
from csat.queries.facts import facts
from csat.stats.answering import Share
from csat.store.store import Store

A = TypeVar("A")
"""What a question of the pages answers with."""
VERDICTS: Final = {
    "better": "better",
    "worse": "worse",
    "changed": "changed",
    "no_clear_change": "no clear change",
    "too_few": "too few answers",
    "unfinished": "period not finished",
    "not_compared": "—",
}
"""Verdict of a figure -> what is printed."""


@dataclass(frozen=True, slots=True)
class Asked(Generic[A]):
    """What a question of the pages answered, and about which choice of which state of the store.

    ``unweighted`` says that answers count alike, where something weighs those of the program.
    """

    filters: Filters
    answer: A
    version: int
    limits: Thresholds
    unweighted: Message | None = None


def asked(
    args: argparse.Namespace, question: Callable[[Store, Filters, Thresholds], A]
) -> Asked[A]:
    """Ask a question of the pages about the records that the options of a command choose.

    Where the command has the option ``--compare``, the period is compared with what that names.

    Raises
    ------
    UsageProblem
        When the store, the program, a group or a day does not exist.
    """
    config = configuration(args)
    with opened(config) as store:
        filters = chosen_filters(store, args)
        if "compare" in args:
            filters = compared(store, filters, args.compare)
        answer = question(store, filters, config.thresholds)
        noted = facts(store, filters.program).unweighted
        return Asked(filters, answer, store.data_version(), config.thresholds, noted)


def told(
    args: argparse.Namespace,
    found: Asked[Any],
    document: Mapping[str, Any],
    lines: Iterable[str],
    *,
    weighted: bool | None = None,
) -> int:
    """Print an answer as the JSON document, or the choice and then line by line.

    Parameters
    ----------
    document
        What follows the filters and the data version; a dataclass stands for its fields.
    weighted
        Whether the answers are weighted; None for figures that surveys have no part in.
    """
    if args.json:
        head = {"filters": filters_json(found.filters), "data_version": found.version}
        print_json({**head, **counted(weighted=weighted), **document})
        return FINE
    print(headline(found.filters))
    for line in lines:
        print(line)
    if weighted is False:
        print_unweighted(found.unweighted)
    return FINE


def counted(*, weighted: bool | None) -> dict[str, str]:
    """Return what a document says of how its answers count.

    Examples
    --------
    >>> counted(weighted=False), counted(weighted=None)
    ({'answers': 'unweighted'}, {})
    """
    return {} if weighted is None else {"answers": "weighted" if weighted else "unweighted"}


def print_unweighted(note: Message | None) -> None:
    """Say that answers count alike, where something weighs those of the program."""
    if note is not None:
        print(f"{note} 'csat weighting' prints those that are.")


def headline(filters: Filters) -> str:
    """Return the line that says which records are meant.

    Examples
    --------
    >>> headline(Filters.of("bank", branches=("North",)))
    'bank; all dates; branch North'
    """
    return plain("; ".join([filters.program, *(str(p) for p in filters.sentence())]))


def between(low: float | None, high: float | None, unit: str) -> str:
    """Return an interval as people read it, nothing where there is none.

    Examples
    --------
    >>> between(1.25, 2.0, "rating"), between(None, None, "rating")
    ('1.25 to 2.00', '')
    """
    return "" if low is None else f"{number(low, unit)} to {number(high, unit)}"


def difference(value: float | None, unit: str) -> str:
    """Return a difference with its sign; between percentages it is in points.

    Examples
    --------
    >>> difference(2.5, "percent"), difference(-0.25, "rating")
    ('+2.5 pts', '−0.25')
    """
    return Formats("en").difference(value, unit)


def difference_between(low: float | None, high: float | None, unit: str) -> str:
    """Return the interval of a difference as people read it, nothing where there is none."""
    return "" if low is None else f"{difference(low, unit)} to {difference(high, unit)}"


def percent(share: Share | None) -> str:
    """Return a share, which runs from 0 to 1, in percent.

    Examples
    --------
    >>> percent(Share(1, 4, 0.25, 0.05, 0.7)), percent(None)
    ('25.0%', '—')
    """
    known = None if share is None or share.share is None else 100 * share.share
    return number(known, "percent")


def percent_between(share: Share | None) -> str:
    """Return the interval of a share in percent, nothing where there is none."""
    if share is None or share.low is None or share.high is None:
        return ""
    return between(100 * share.low, 100 * share.high, "percent")


def withheld(limits: Thresholds) -> str:
    """Return what stands in the place of a figure on too few people."""
    return f"withheld (n < {limits.withhold_under})"


def figure_words(figure: Figure, limits: Thresholds) -> str:
    """Return a figure as people read it, or that it is withheld."""
    return withheld(limits) if figure.withheld else number(figure.value, figure.unit)


def p_words(p: float | None) -> str:
    """Return a p-value as people read it.

    Examples
    --------
    >>> p_words(0.0312), p_words(0.00001), p_words(None)
    ('0.031', '< 0.001', '—')
    """
    if p is None:
        return NOTHING
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
