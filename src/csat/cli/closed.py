"""Command on what follows a closed case: returns."""

from __future__ import annotations

import argparse
from typing import Any, Final

from csat.cli.choosing import chosen_filters, filters_json
from csat.cli.exits import FINE
from csat.cli.printing import headline
from csat.cli.session import configuration, opened
from csat.cli.text import number, plain, print_json, table
from csat.queries.complainants import AFTER_CUTS, After, Complainants, complainants
from csat.queries.returning import CameBack, Returns, returns

_HEAD: Final = ("way", "days", "group", "closed", "came back", "share", "95% interval", "left out")


def returned(args: argparse.Namespace) -> int:
    """Show which closed cases came back, and how satisfied complainants are."""
    config = configuration(args)
    with opened(config) as store:
        filters = chosen_filters(store, args)
        found = returns(store, filters, args.by, config.thresholds)
        by = args.by if args.by in AFTER_CUTS else None
        pleased = complainants(store, filters, by, config.thresholds)
        version = store.data_version()
    if args.json:
        print_json(
            {
                "filters": filters_json(filters),
                "data_version": version,
                "by": found.by,
                "rows": [_json(row) for row in found.rows],
                "groups_left_out": found.left_out,
                "satisfaction": _satisfaction_json(pleased),
            }
        )
        return FINE
    print(headline(filters))
    print(table(_HEAD, [_line(row) for row in found.rows], right={1, 3, 4, 5, 7}))
    _print_satisfaction(found, pleased)
    return FINE


def _json(row: CameBack) -> dict[str, Any]:
    figure = row.figure
    return {
        "kind": row.kind,
        "days": row.days,
        "group": "total" if row.group is None else row.group,
        "closed": figure.n,
        "came_back": row.came_back,
        "left_out": row.unfinished,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "unit": figure.unit,
        "interval": "Wilson",
        "verdict": figure.verdict,
        "p_value": figure.p_value,
        "withheld": figure.withheld,
    }


def _satisfaction_json(found: Complainants) -> dict[str, Any]:
    return {
        "by": found.by,
        "note": str(found.note) if found.note is not None else None,
        "rows": [{**row.figure.to_json(), "p_value": row.figure.p_value} for row in found.rows],
        "groups": [{**row.figure.to_json(), "p_value": row.figure.p_value} for row in found.groups],
    }


def _line(row: CameBack) -> list[str]:
    figure = row.figure
    group = "all" if row.group is None else row.group or "(not stated)"
    return [
        row.kind,
        str(row.days),
        group,
        "" if figure.n is None else f"{figure.n:,d}",
        "" if row.came_back is None else f"{row.came_back:,d}",
        "withheld" if figure.withheld else number(figure.value, "percent"),
        _ends(row.figure.low, row.figure.high),
        "" if row.unfinished is None else f"{row.unfinished:,d}",
    ]


def _ends(low: float | None, high: float | None) -> str:
    return "" if low is None else f"{number(low, 'percent')} to {number(high, 'percent')}"


def _print_satisfaction(found: Returns, pleased: Complainants) -> None:
    if found.left_out:
        print(f"{found.left_out} smaller groups are not listed")
    print()
    if pleased.note is not None:
        print(plain(str(pleased.note)))
        return
    print("satisfied in the 90 days after a closed case:")
    lines = [_after_line(row) for row in (*pleased.rows, *pleased.groups)]
    print(table(["group", "share", "answers", "95% interval"], lines, right={1, 2}))


def _after_line(row: After) -> list[str]:
    figure = row.figure
    return [
        row.group or "(not stated)",
        "withheld" if figure.withheld else number(figure.value, "percent"),
        "" if figure.n is None else f"{figure.n:,d}",
        _ends(figure.low, figure.high),
    ]
