"""Which records a command is about: the filters it was given, refused where nothing has them."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from typing import Any, Final

from csat.cli.text import NOTHING
from csat.model.case_states import STATE_FILTERS, state_words
from csat.model.filters import Filters, parse_day, where_clause
from csat.model.message import msg
from csat.model.metrics import Metric
from csat.model.period import Period
from csat.model.problem import UsageProblem
from csat.queries import catalogue
from csat.queries import complaints as cases
from csat.queries.extent import extent
from csat.store.store import Store

_GROUPS: Final = ("branch", "channel", "segment", "touchpoint")
_LISTED: Final = 40


def chosen_filters(store: Store, args: argparse.Namespace, **more: Any) -> Filters:
    """Return the filters of a command.

    Raises
    ------
    UsageProblem
        When the program, a group or a day does not exist: a typing error must not read as no
        data.
    """
    catalogue.require_program(store, args.program)
    filters = Filters.of(
        args.program, period=_period(store, args), **where_clause(args.where), **more
    )
    _require_values(store, filters)
    return filters


def filters_json(filters: Filters) -> dict[str, Any]:
    """Return the filters as printed, naming the comparison wherever there is one."""
    named = {"compare": filters.compare} if filters.period is not None else {}
    return {**filters.to_query(), **named}


def compared(store: Store, filters: Filters, compare: str | None) -> Filters:
    """Return the filters with the comparison asked for, or the one the pages use."""
    usual = extent(store, filters.program).usual_comparison(filters.period)
    return filters.with_(compare=compare or usual)


def _period(store: Store, args: argparse.Namespace) -> Period | None:
    if not args.first and not args.last:
        return None
    first = parse_day(args.first) if args.first else None
    last = parse_day(args.last) if args.last else None
    if first is None or last is None:
        span = extent(store, args.program)
        first, last = first or span.first, last or span.last
    if first is None or last is None:
        raise UsageProblem(
            msg("Program '{program}' holds no dated records", program=args.program),
            msg("Give both --from and --to"),
        )
    if first > last:
        raise UsageProblem(
            msg("The period starts on {first}, after its end on {last}", first=first, last=last),
            msg("Without --from or --to, the first or last day with data is taken"),
        )
    return Period(first, last)


def _require_values(store: Store, filters: Filters) -> None:
    """Refuse a group that the data does not have: a typing error must not read as no data."""
    program = filters.program
    groups = catalogue.groups(store, program)
    wanted = dict(
        zip(
            _GROUPS,
            (filters.branches, filters.channels, filters.segments, filters.touchpoints),
            strict=True,
        )
    )
    for name, values in wanted.items():
        for value in values:
            require_known(value, name, groups[name], program)
    for value in filters.surveys:
        require_known(value, "survey", [k for k, _ in catalogue.surveys(store, program)], program)
    everything = Filters.of(program)
    for name, values in (
        ("cause", filters.causes),
        ("severity", filters.severities),
        ("status", filters.statuses),
        ("outcome", filters.outcomes),
    ):
        for value in values:
            known = [v for v, _ in cases.facet(store, everything, name)]
            require_known(value, name, known, program)
    for name, field in STATE_FILTERS.items():
        for value in getattr(filters, field):
            state_words(name, value)
    if filters.categories:
        tree = cases.category_tree(store, everything)
        paths = [b.path for b in cases.every_branch(tree)]
        for value in filters.categories:
            require_known(value, "category", paths, program)


def require_known(value: str, name: str, known: Collection[str], program: str) -> None:
    """Refuse a name that the program does not have, listing those it has."""
    if value in known or not value:
        return
    listed = [k for k in known if k]
    more = [] if len(listed) <= _LISTED else ["..."]
    raise UsageProblem(
        msg("Program '{program}' has no {name} '{value}'", program=program, name=name, value=value),
        msg("Use one of: {names}", names=", ".join([*listed[:_LISTED], *more]) or NOTHING),
    )


def require_measured(store: Store, program: str, metrics: Sequence[Metric]) -> None:
    """Refuse an item or dimension that no survey of the program has, listing those it has."""
    for entry in metrics:
        if entry.field == "item":
            known: Sequence[str] = [i.key for i in catalogue.items(store, program)]
            require_known(entry.argument, "item", known, program)
        elif entry.field == "dimension":
            known = catalogue.dimensions(store, program)
            require_known(entry.argument, "dimension", known, program)
