"""The command that prints a funnel, as the page on trends draws it."""

from __future__ import annotations

import argparse

from csat.charts.funnel import place_words
from csat.cli.choosing import chosen_filters, filters_json
from csat.cli.exits import FINE
from csat.cli.printing import counted, headline, print_unweighted
from csat.cli.session import configuration, opened, reader
from csat.cli.text import number, plain, print_json, table
from csat.model.metrics import metric
from csat.model.vocabulary import STAFF
from csat.queries.facts import facts
from csat.queries.funnels import FunnelAnswer, funnel_of


def funnel(args: argparse.Namespace) -> int:
    """Print groups of different size with the limits of their size; staff if the role may."""
    config = configuration(args)
    with opened(config) as store:
        filters = chosen_filters(store, args)
        user = reader(config)
        found = funnel_of(store, filters, args.metric, args.by, user, config.thresholds)
        noted = facts(store, filters.program).unweighted
    of_answers = metric(args.metric).subject == "survey"
    if args.json:
        told = counted(weighted=False if of_answers else None)
        print_json({"filters": filters_json(filters), **told, **found.to_json()})
    else:
        print(headline(filters))
        _print(found)
        print_unweighted(noted if of_answers else None)
    return FINE


def _print(found: FunnelAnswer) -> None:
    plot = found.plot
    if plot is None:
        print(found.note)
    else:
        scale, unit = (1000, "per_1000") if plot.rate else (100, "percent")
        rows = [
            [
                plain(name or "not stated"),
                f"{p.n:,d}",
                number(scale * p.share, unit),
                f"{number(scale * p.low, unit)} to {number(scale * p.high, unit)}",
                place_words(p, plot.share),
            ]
            for name, p in sorted(plot.points.items())
        ]
        print(f"all: {number(scale * plot.share, unit)}; limits widened {plot.sigma_z:.1f} times")
        print(table([found.by, "n", "value", "95% by chance", "where it lies"], rows, right={1, 2}))
    if found.by == STAFF and found.withheld:
        print(f"withheld: {found.withheld} staff (fewer than {found.least}, or would tell them)")
