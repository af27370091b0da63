"""The command that says what changed, as the overview does."""

from __future__ import annotations

import argparse

from csat.cli.choosing import chosen_filters, compared, filters_json
from csat.cli.exits import FINE
from csat.cli.printing import counted, headline, print_unweighted
from csat.cli.session import configuration, opened
from csat.cli.text import NOTHING, number, plain, print_json, table
from csat.model.filters import Filters
from csat.model.period import Period
from csat.queries.extent import extent
from csat.queries.facts import facts
from csat.queries.health import latest_months
from csat.queries.movers import Mover, movers
from csat.store.store import Store

_MONTHS = 3
"""Latest whole months that are looked at where no days are given, as on the page."""


def changes(args: argparse.Namespace) -> int:
    """List what changed beyond noise; say so where nothing did."""
    config = configuration(args)
    with opened(config) as store:
        filters = compared(store, _chosen(store, args), args.compare)
        found = movers(store, filters, config.thresholds)
        noted = facts(store, filters.program).unweighted
    if args.json:
        rows = [mover.to_json() for mover in found]
        document = {"filters": filters_json(filters), **counted(weighted=False), "rows": rows}
        print_json(document)
        return FINE
    print(headline(filters))
    if not found:
        print("nothing changed beyond noise")
        print_unweighted(noted)
        return FINE
    head = ["", "group", "metric", "before", "now", "n", "verdict", "action"]
    print(table(head, [_line(mover) for mover in found], right={3, 4, 5}))
    print_unweighted(noted)
    return FINE


def _chosen(store: Store, args: argparse.Namespace) -> Filters:
    filters = chosen_filters(store, args)
    if filters.period is not None:
        return filters
    usual: Period | None = latest_months(extent(store, filters.program), _MONTHS)
    return filters.with_(period=usual)


def _line(mover: Mover) -> list[str]:
    figure = mover.figure
    return [
        mover.cut,
        plain(mover.group),
        figure.metric,
        number(figure.reference_value, figure.unit),
        number(figure.value, figure.unit),
        NOTHING if figure.n is None else f"{figure.n:,d}",
        figure.verdict,
        NOTHING if mover.action is None else plain(mover.action.plan.key),
    ]
