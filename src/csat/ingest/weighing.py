"""A program's own weights of its dimensions: given by a person, with a reason, on record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Final

from csat.ingest.audit import record
from csat.ingest.catalogue import dimension_slots, require_program
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.store.migration import utc_now
from csat.store.store import Store

POINTS: Final = 100
SLACK: Final = 0.01
"""How far thirds and the like may miss the 100 points."""
MOST_LETTERS: Final = 500


def set_weights(
    store: Store,
    program: str,
    points: Mapping[str, float],
    valid_from: date,
    reason: str,
    user: User,
) -> int:
    """Put weights of the dimensions into force from a day on, and return their number.

    Earlier ones stay on record and go on holding for the days before.

    Parameters
    ----------
    points
        By dimension, adding up to 100; a dimension left out has none.

    Raises
    ------
    UsageProblem
        For an unknown program or dimension, points below 0 or of another sum, or no reason.
    NotAllowed
        When the user may not import: weights change what the program's scores mean.
    """
    user.require("import")
    said = reason.strip()
    if not said or len(said) > MOST_LETTERS:
        raise UsageProblem(
            msg("A reason is missing, or longer than {n} characters", n=MOST_LETTERS),
            msg("Say in a sentence why: others will read it beside the weights"),
        )
    with store.write() as cursor:
        program_id, _ = require_program(cursor, program)
        slots = dimension_slots(cursor, program_id)
        given = _checked(points, sorted(slots, key=slots.__getitem__))
        made = cursor.execute(
            "INSERT INTO dimension_weights (program_id, points, valid_from, reason, made_at, "
            "made_by) VALUES ($program, $points, $day, $reason, $now, $who) RETURNING set_id",
            {
                "program": program_id,
                "points": json.dumps(given),
                "day": valid_from,
                "reason": said,
                "now": utc_now(),
                "who": user.name,
            },
        ).fetchone()
        number = int(made[0]) if made else 0
        record(cursor, user, "weights set", f"weights {number} of program {program}")
    return number


def _checked(points: Mapping[str, float], known: list[str]) -> dict[str, float]:
    for name, value in points.items():
        if name not in known:
            raise UsageProblem(
                msg("There is no dimension '{name}'", name=name),
                msg("Use one of: {names}", names=", ".join(known)),
            )
        if not isfinite(value) or value < 0:
            raise UsageProblem(
                msg("'{value}' is no weight", value=value), msg("Give a number from 0 up")
            )
    total = sum(points.values())
    if abs(total - POINTS) > SLACK:
        raise UsageProblem(
            msg("The points add up to {total}, not to 100", total=f"{total:g}"),
            msg("Spread exactly 100 points over the dimensions: {names}", names=", ".join(known)),
        )
    return {name: float(points.get(name, 0.0)) for name in known}


def take_weights_back(store: Store, program: str, number: int, user: User) -> None:
    """Take a set of weights back, so that those before it hold again; it stays on record.

    Raises
    ------
    UsageProblem
        When the program has no such set, or it is taken back already.
    NotAllowed
        When the user may not import.
    """
    user.require("import")
    with store.write() as cursor:
        row = cursor.execute(
            "UPDATE dimension_weights SET removed_at = $now, removed_by = $who "
            "WHERE set_id = $number AND removed_at IS NULL AND program_id = "
            "(SELECT program_id FROM program WHERE key = $program) RETURNING set_id",
            {"now": utc_now(), "who": user.name, "number": number, "program": program},
        ).fetchone()
        if row is None:
            raise UsageProblem(
                msg("There are no weights {number} to take back", number=number),
                msg("List them first"),
            )
        record(cursor, user, "weights taken back", f"weights {number} of program {program}")
