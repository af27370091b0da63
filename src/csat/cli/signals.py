"""The command that lists special causes, for people and for cron."""

from __future__ import annotations

import argparse
from typing import Any

from csat.charts.control_words import signal_words
from csat.cli.exits import FINE, SIGNALS
from csat.cli.printing import counted, print_unweighted
from csat.cli.session import configuration, opened, writer
from csat.cli.text import NOTHING, number, plain, print_json, shorten, table
from csat.ingest.marking import add_mark
from csat.model.message import msg
from csat.model.metrics import metric
from csat.model.problem import UsageProblem
from csat.queries.actions import require_action
from csat.queries.facts import facts
from csat.queries.signals import ListedSignal, SignalList
from csat.queries.signals import signals as list_signals


def signals(args: argparse.Namespace) -> int:
    """List special causes; return 10 while nobody has acknowledged or explained one of them."""
    if args.latest < 0:
        raise UsageProblem(
            msg("'{n}' is no number of periods", n=args.latest),
            msg("Give a whole number from 0 up; 0 lists all"),
        )
    config = configuration(args)
    with opened(config) as store:

        def listed(latest: int) -> SignalList:
            return list_signals(
                store, args.program, args.by, latest, config.thresholds, config.week_start
            )

        def reply(key: str, reason: str = "", action: int | None = None) -> None:
            if key not in {s.signal.key for s in listed(0).signals}:
                raise UsageProblem(
                    msg("There is no signal '{key}'", key=key),
                    msg("List the keys with 'csat signals --json --latest 0'"),
                )
            add_mark(store, args.program, "signal", writer(), reason, subject=key, action=action)

        if args.acknowledge:
            reply(args.acknowledge)
        if args.explain:
            key, reason = args.explain
            if not reason.strip():
                raise UsageProblem(
                    msg("The explanation is empty"),
                    msg("Say what was behind it, or use --acknowledge"),
                )
            reply(key, reason)
        if args.link:
            key, named = args.link
            reply(key, action=require_action(store, args.program, named).number)
        found = listed(args.latest)
        noted = facts(store, args.program).unweighted
    if args.json:
        print_json(_json(args.program, args.by, found))
    else:
        _print(found)
        print_unweighted(noted)
    return SIGNALS if found.open else FINE


def _json(program: str, grain: str, found: SignalList) -> dict[str, Any]:
    return {
        "program": program,
        "grain": grain,
        "periods": list(found.periods),
        "data_version": found.data_version,
        **counted(weighted=False),
        "charts": found.charts,
        "points_tested": found.points,
        "expected_by_chance": round(found.expected_false, 2),
        "found": len(found.signals),
        "unexplained": found.unexplained,
        "open": found.open,
        "rows": [_row(s) for s in found.signals],
    }


def _row(listed: ListedSignal) -> dict[str, Any]:
    signal, explained, reply = listed.signal, listed.explained, listed.reply
    return {
        "key": signal.key,
        "metric": signal.metric,
        "scope": signal.scope,
        "rule": signal.rule,
        "first": signal.labels[0],
        "last": signal.labels[-1],
        "points": len(signal.labels),
        "side": None if signal.above is None else ("above" if signal.above else "below"),
        "good": signal.good,
        "value": listed.value,
        "centre": listed.centre,
        "n": listed.n,
        "unit": metric(signal.metric).unit,
        "explained": None if explained is None else explained.reason,
        "explained_by": None if explained is None else explained.made_by,
        "acknowledged_by": None if reply is None else reply.seen.made_by,
        "action": None if listed.action is None else listed.action.plan.key,
    }


def _print(found: SignalList) -> None:
    if found.periods:
        print(f"{found.periods[0]} to {found.periods[-1]}")
    print(
        f"{len(found.signals)} signals, {found.open} not acknowledged; "
        f"{found.points:,d} points of {found.charts:,d} charts tested, "
        f"about {found.expected_false:.1f} signals expected by chance alone"
    )
    if found.signals:
        head = ["metric", "group", "signal", "now", "usual", "explained", "action"]
        print(table(head, [_line(s) for s in found.signals], right={3, 4}))


def _line(listed: ListedSignal) -> list[str]:
    signal, unit = listed.signal, metric(listed.signal.metric).unit
    return [
        signal.metric,
        plain(signal.scope or "all"),
        signal_words(signal, t=str, fmt_period=str),
        number(listed.value, unit),
        number(listed.centre, unit),
        _said(listed),
        NOTHING if listed.action is None else plain(listed.action.plan.key),
    ]


def _said(listed: ListedSignal) -> str:
    if listed.reply is None:
        return NOTHING
    if listed.explained is None:
        return plain(f"seen by {listed.reply.seen.made_by}")
    return shorten(plain(listed.explained.reason), 40)
