"""Command on what closed cases were paid: compensation."""

from __future__ import annotations

import argparse
from typing import Final

from csat.cli.choosing import chosen_filters, filters_json
from csat.cli.exits import FINE
from csat.cli.session import configuration, opened
from csat.cli.text import NOTHING, number, plain, print_json, table
from csat.queries.compensation import Paid, compensation

_HEAD: Final = (
    *("group", "closed", "compensated", "currency", "in all", "per closed"),
    *("95% interval", "per compensated"),
)


def compensated(args: argparse.Namespace) -> int:
    """Show what closed cases were paid, exactly as the page shows it."""
    config = configuration(args)
    with opened(config) as store:
        filters = chosen_filters(store, args)
        found = compensation(store, filters, args.by, config.thresholds)
    if args.json:
        print_json(
            {
                "filters": filters_json(filters),
                "data_version": found.provenance.data_version,
                "by": found.by,
                "rows": [row.to_json() for row in found.rows],
                "open_and_paid": found.still_open,
                "groups_left_out": found.left_out,
                "needs": None if found.needs is None else str(found.needs),
            }
        )
        return FINE
    print(plain("; ".join([filters.program, *(str(p) for p in filters.sentence())])))
    if found.needs is not None:
        print(f"not measured: {found.needs}")
        return FINE
    print(table(_HEAD, [_line(row) for row in found.rows], right={1, 2, 4, 5, 7}))
    if found.still_open:
        print(f"{found.still_open} open cases were paid already; they are left out")
    if found.left_out:
        print(f"{found.left_out} smaller groups are not listed")
    return FINE


def _line(row: Paid) -> list[str]:
    currency = NOTHING if row.currency is None else row.currency or "(not stated)"
    interval = NOTHING if row.low is None else f"{row.low:,.2f} to {row.high:,.2f}"
    return [
        "all" if row.group is None else row.group or "(not stated)",
        f"{row.closed:,d}",
        "withheld" if row.withheld else f"{row.compensated or 0:,d}",
        currency,
        _amount(row, row.total),
        _amount(row, row.mean),
        interval,
        _amount(row, row.each),
    ]


def _amount(row: Paid, value: float | None) -> str:
    return "withheld" if row.withheld else number(value, "rating")
