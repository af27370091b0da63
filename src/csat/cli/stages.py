"""The command on the stages of cases."""

from __future__ import annotations

import argparse
from typing import Any, Final

from csat.cli.choosing import chosen_filters
from csat.cli.exits import FINE
from csat.cli.printing import headline
from csat.cli.session import configuration, opened
from csat.cli.text import NOTHING, number, plain, print_json, table
from csat.locale.formats import Formats
from csat.model.case_stages import AGAIN, CONDUCT, EVENT_LABELS
from csat.queries.conduct import Conduct, conduct
from csat.queries.stage_figures import StageFigures
from csat.queries.stages import Stages
from csat.queries.stages import stages as stages_of

_DAY: Final = 86_400
_HEAD: Final = (
    "stage",
    "reached",
    "without it",
    "still to come",
    "in it now",
    "took it",
    "median",
    "80%",
    "90%",
)


def stages(args: argparse.Namespace) -> int:
    """Show which stages cases have reached, and how long each held them."""
    config = configuration(args)
    with opened(config) as store:
        found = stages_of(store, chosen_filters(store, args), args.clock, config.thresholds)
        told = None
        if found.type == CONDUCT:
            told = conduct(store, found.provenance.filters, config.thresholds)
        version = store.data_version()
    if args.json:
        print_json({**_json(found, version), **(_conduct_json(told) if told else {})})
        return FINE
    filters = found.provenance.filters
    print(headline(filters))
    print(table(_HEAD, [_line(row, found.clock) for row in found.rows], right=set(range(1, 9))))
    if found.again:
        print("second round, from when a case was reopened, escalated or appealed:")
        print(table(_HEAD, [_line(row, found.clock) for row in found.again],
                    right=set(range(1, 9))))  # fmt: skip
    for event, n in found.beside.items():
        print(f"{EVENT_LABELS[event]}: {n:,d} of {found.cases:,d} cases")
    for share in told.shares if told else ():
        if share.figure is not None:
            value = "withheld" if share.figure.withheld else number(share.figure.value, "percent")
            print(f"{share.label}: {value} (n {share.figure.n or 0:,d})")
    for note in found.notes:
        print(plain(str(note)))
    return FINE


def _conduct_json(told: Conduct) -> dict[str, Any]:
    return {
        "conduct": {s.key: s.figure.to_json() if s.figure else None for s in told.shares},
        "sanctions": dict(told.sanctions),
        "violations": dict(told.violations),
    }


def _json(found: Stages, version: int) -> dict[str, Any]:
    return {
        "filters": found.provenance.filters.to_query(),
        "data_version": version,
        "type": found.type,
        "clock": found.clock,
        "cases": found.cases,
        "stages": [_row_json(row) for row in found.rows],
        "second_round": [_row_json(row) for row in found.again],
        "beside": found.beside,
        "not_recorded": list(found.not_recorded),
        "notes": [str(note) for note in found.notes],
    }


def _row_json(row: StageFigures) -> dict[str, Any]:
    return {
        "stage": row.stage,
        "reached": row.reached,
        "without_it": row.skipped,
        "still_to_come": row.ahead,
        "in_it_now": row.waiting,
        "share": {
            "value": row.share.value,
            "n": row.share.n,
            "low": row.share.low,
            "high": row.share.high,
            "unit": row.share.unit,
            "interval": "Wilson",
            "withheld": row.share.withheld,
        },
        "seconds": [
            {"q": at.q, "value": at.seconds, "low": at.low, "high": at.high} for at in row.times
        ],
        "followed": row.followed,
        "withheld": row.withheld,
    }


def _line(row: StageFigures, clock: str) -> list[str]:
    times = [_time(row, place, clock) for place in range(3)]
    share = "withheld" if row.share.withheld else number(row.share.value, "percent")
    counts = (row.reached, row.skipped, row.ahead, row.waiting)
    name = AGAIN.get(row.stage) or EVENT_LABELS[row.stage]
    return [name, *(f"{n:,d}" for n in counts), share, *times]


def _time(row: StageFigures, place: int, clock: str) -> str:
    if row.withheld:
        return "withheld"
    if not row.times:
        return NOTHING
    at = row.times[place].seconds
    if at is None:
        return f"> {_written(row.followed or 0, clock)}"
    return _written(at, clock)


def _written(seconds: float, clock: str) -> str:
    """Write a time; working time in hours, since a day of it is none of 24 hours."""
    return Formats("en").worked(seconds) if clock == "business" else number(seconds / _DAY, "days")
