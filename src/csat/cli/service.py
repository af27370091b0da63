"""Commands on promises and waiting: sla and resolution."""

from __future__ import annotations

import argparse
from typing import Any, Final

from csat.cli.choosing import chosen_filters
from csat.cli.exits import FINE
from csat.cli.printing import headline
from csat.cli.reading import text_of
from csat.cli.session import configuration, opened, writer
from csat.cli.text import NOTHING, number, plain, print_json, table
from csat.queries.resolution import Passed, Resolution, Resolutions, resolution
from csat.queries.sla import Forecast, Level, ServiceLevels, service_levels

_DAY: Final = 86_400
_SLA_HEAD: Final = (
    "target",
    "clock",
    "severity",
    "due",
    "met",
    "late",
    "overdue",
    "not due",
    "share",
    "95% interval",
)


def sla(args: argparse.Namespace) -> int:
    """Show service levels, after setting the standards where a file is given."""
    config = configuration(args)
    with opened(config) as store:
        if args.file:
            from csat.ingest.standards import set_standard

            set_standard(store, args.program, text_of(args.file), writer())
        filters = chosen_filters(store, args)
        found = service_levels(store, filters, config.thresholds, max(0, args.days))
        version = store.data_version()
    if args.json:
        print_json({**_head(found, version), **_sla_json(found)})
        return FINE
    print(headline(filters))
    print(table(_SLA_HEAD, [_level_line(level) for level in found.levels], right=set(range(3, 9))))
    for ahead in found.forecast:
        expected = NOTHING if ahead.expected is None else f"{ahead.expected:.1f}"
        print(f"{ahead.day}  {ahead.target.key}: {ahead.due} due, {expected} expected late")
    for note in found.notes:
        print(plain(str(note)))
    return FINE


def _head(found: ServiceLevels | Resolutions, version: int) -> dict[str, Any]:
    return {"filters": found.provenance.filters.to_query(), "data_version": version}


def _sla_json(found: ServiceLevels) -> dict[str, Any]:
    return {
        "source": "targets" if found.standard else "timely flag of the file",
        "as_of": found.as_of,
        "timezone": found.standard.hours.timezone if found.standard else None,
        "rows": [_level_json(level) for level in found.levels],
        "forecast": [_forecast_json(ahead) for ahead in found.forecast],
        "notes": [str(note) for note in found.notes],
    }


def _level_json(level: Level) -> dict[str, Any]:
    target, figure = level.target, level.figure
    return {
        "target": target.key if target else "timely",
        "title": target.title if target else "in time by the file's own mark",
        "event": target.event if target else "response",
        "clock": target.clock if target else None,
        "within_seconds": target.seconds if target else None,
        "severity": "total" if level.severity is None else level.severity,
        "due": figure.n,
        "met": level.met,
        "late": level.late,
        "open_overdue": level.overdue,
        "not_yet_due": level.waiting,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "unit": figure.unit,
        "interval": "Wilson",
        "withheld": figure.withheld,
    }


def _forecast_json(ahead: Forecast) -> dict[str, Any]:
    return {
        "target": ahead.target.key,
        "day": ahead.day,
        "due": ahead.due,
        "expected_breaches": ahead.expected,
    }


def _level_line(level: Level) -> list[str]:
    figure, target = level.figure, level.target
    counts = (figure.n, level.met, level.late, level.overdue, level.waiting)
    ends = f"{number(figure.low, 'percent')} to {number(figure.high, 'percent')}"
    return [
        target.key if target else "timely",
        target.clock if target else NOTHING,
        "all" if level.severity is None else level.severity or "(not stated)",
        *("" if c is None else f"{c:,d}" for c in counts),
        "withheld" if figure.withheld else number(figure.value, "percent"),
        ends if figure.low is not None else "",
    ]


def resolution_times(args: argparse.Namespace) -> int:
    """Show how long cases take."""
    config = configuration(args)
    with opened(config) as store:
        filters = chosen_filters(store, args)
        found = resolution(store, filters, args.by, config.thresholds)
        version = store.data_version()
    if args.json:
        tests = {
            clock: {"chi_square": chi, "p_value": p, "df": df}
            for clock, (chi, p, df) in found.tests.items()
        }
        rows = [_row_json(row) for row in found.rows]
        print_json({**_head(found, version), "by": found.by, "rows": rows, "log_rank": tests,
                    "groups_left_out": found.left_out})  # fmt: skip
        return FINE
    print(headline(filters))
    head = ["clock", "group", "n", "open", "median", "80%", "90%", "95%", "p (Holm)"]
    print(table(head, [_row_line(row) for row in found.rows], right=set(range(2, 9))))
    for clock, (chi, p, df) in found.tests.items():
        print(f"{clock}: log-rank over all groups {chi:.2f} on {df} df, p = {p:.3g}")
    if found.left_out:
        print(f"{found.left_out} smaller groups are not listed")
    return FINE


def _row_json(row: Resolution) -> dict[str, Any]:
    return {
        "clock": row.clock,
        "group": "total" if row.group is None else row.group,
        "n": row.n,
        "events": row.events,
        "censored": row.censored,
        "withheld": row.withheld,
        "quantiles": [_quantile_json(row, at) for at in row.quantiles],
        "within": [
            {"hours": d.hours, "percent": d.share, "low": d.low, "high": d.high} for d in row.within
        ],
        "p_holm": row.p_value,
    }


def _quantile_json(row: Resolution, at: Passed) -> dict[str, Any]:
    beyond = f"> {row.followed:.0f}" if at.seconds is None and row.followed is not None else None
    return {
        "q": at.q,
        "seconds": at.seconds,
        "beyond": beyond,
        "low": at.low,
        "high": at.high,
        "closed_only_biased_low": at.closed_only,
    }


def _row_line(row: Resolution) -> list[str]:
    group = "all" if row.group is None else row.group or "(not stated)"
    if row.withheld:
        return [row.clock, group, "withheld", "", "", "", "", "", ""]
    times = []
    for at in row.quantiles or (None,) * 4:
        if at is None:
            times.append(NOTHING)
        elif at.seconds is None:
            times.append(f"> {number((row.followed or 0) / _DAY, 'days')}")
        else:
            times.append(number(at.seconds / _DAY, "days"))
    p = "" if row.p_value is None else f"{row.p_value:.3g}"
    return [row.clock, group, f"{row.n or 0:,d}", f"{row.censored or 0:,d}", *times, p]
