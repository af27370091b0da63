"""The command on a program's own weights of its dimensions."""

from __future__ import annotations

import argparse
from datetime import date

from csat.cli.exits import FINE
from csat.cli.session import configuration, opened, writer
from csat.cli.text import NOTHING, plain, print_json, shorten, table
from csat.ingest.weighing import set_weights, take_weights_back
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.queries.catalogue import require_program
from csat.queries.own_weights import OwnWeights, in_force, own_weights


def weights(args: argparse.Namespace) -> int:
    """Put weights into force or take them back where asked, then list all of the program."""
    points = _points(args.points) if args.points else {}
    if points and not (args.valid_from and args.reason):
        raise UsageProblem(
            msg("Weights need a day and a reason"),
            msg('Add --from 2026-01-01 --reason "agreed by the board"'),
        )
    day = _day(args.valid_from) if args.valid_from else None
    config = configuration(args)
    with opened(config) as store:
        require_program(store, args.program)
        if args.take_back is not None:
            take_weights_back(store, args.program, args.take_back, writer())
        if points and day is not None:
            set_weights(store, args.program, points, day, args.reason, writer())
        known = own_weights(store, args.program)
        version = store.data_version()
    now = in_force(known, None)
    if args.json:
        rows = [{**w.to_json(), "in_force": w is now} for w in known]
        print_json({"program": args.program, "data_version": version, "rows": rows})
    elif not known:
        print(f"{plain(args.program)} has no weights of its own")
    else:
        head = ["set", "from", "points", "reason", "by", "state"]
        print(table(head, [_line(w, now) for w in known], right={0}))
    return FINE


def _line(one: OwnWeights, now: OwnWeights | None) -> list[str]:
    state = "in force" if one is now else NOTHING
    if one.removed_at is not None:
        state = f"taken back by {one.removed_by} on {one.removed_at:%Y-%m-%d}"
    return [
        str(one.number),
        one.valid_from.isoformat(),
        ", ".join(f"{name} {value:g}" for name, value in one.points.items()),
        shorten(one.reason, 40),
        f"{one.made_by} on {one.made_at:%Y-%m-%d}",
        state,
    ]


def _points(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError as error:
            raise UsageProblem(
                msg("'{text}' says no weight", text=part.strip()),
                msg("Write --set reliability=40,empathy=60"),
            ) from error
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageProblem(
            msg("'{text}' is no day", text=text), msg("Write it as 2026-01-01")
        ) from error
