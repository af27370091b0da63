"""The ledger of actions: list with verdicts, add from a file, take back."""

from __future__ import annotations

import argparse
from pathlib import Path

from csat.cli.exits import FINE
from csat.cli.printing import print_unweighted
from csat.cli.session import configuration, opened, writer
from csat.cli.text import NOTHING, number, plain, print_json, shorten, table
from csat.ingest.action_file import read_action_file
from csat.ingest.actions import Kept, keep_actions, take_back
from csat.model.action import VERDICT_LABELS
from csat.model.metrics import metric
from csat.queries.actions import require_action
from csat.queries.effects import Judged, effects
from csat.queries.facts import facts


def actions(args: argparse.Namespace) -> int:
    """List the actions of a program with their verdicts; first add or take back, if asked to."""
    config = configuration(args)
    plans = read_action_file(Path(args.add).read_bytes(), args.add) if args.add else []
    kept: Kept | None = None
    with opened(config) as store:
        if plans:
            kept = keep_actions(store, args.program, plans, writer())
        if args.take_back:
            action = require_action(store, args.program, args.take_back)
            take_back(store, args.program, action.number, writer())
        found = effects(store, args.program, config.thresholds)
        survey = any(metric(j.action.plan.metric).subject == "survey" for j in found)
        noted = facts(store, args.program).unweighted if survey else None
    if args.json:
        counts = {} if kept is None else {"new": kept.new, "changed": kept.changed}
        rows = [judged.to_json() for judged in found]
        print_json({"program": args.program, **counts, "rows": rows})
    else:
        if kept is not None:
            print(f"{kept.new} new, {kept.changed} changed, {kept.same} as they were")
        _print(found)
        print_unweighted(noted)
    return FINE


def _print(found: tuple[Judged, ...]) -> None:
    if not found:
        print("no actions on record; add some with --add FILE")
        return
    head = ["action", "stage", "start", "judged", "owner", "verdict", "effect", "95%"]
    print(table(head, [_line(judged) for judged in found], right={6}))
    for judged in found:
        print(plain(f"{judged.action.plan.key}: {judged.reason}"))
        for caution in judged.cautions:
            print(f"  ! {plain(str(caution))}")


def _line(judged: Judged) -> list[str]:
    plan = judged.action.plan
    return [
        shorten(plain(f"{plan.key}: {plan.title}"), 48),
        plan.stage,
        plan.start.isoformat(),
        plan.due.isoformat(),
        shorten(plain(plan.owner), 24),
        VERDICT_LABELS[judged.outcome],
        _size(judged.effect, judged),
        NOTHING
        if judged.low is None
        else f"{_size(judged.low, judged)} to {_size(judged.high, judged)}",
    ]


def _size(value: float | None, judged: Judged) -> str:
    if value is None:
        return NOTHING
    if judged.relative:
        return f"{value:+.0f}%"
    unit = metric(judged.action.plan.metric).unit
    return f"{'+' if value > 0 else ''}{number(value, unit)}"
