"""Phases, events, targets and explained signals: said by a person, with a reason, on record."""

from __future__ import annotations

from datetime import date
from typing import Final

from csat.ingest.audit import record
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.store.ledger import every_action
from csat.store.migration import utc_now
from csat.store.store import Store

MOST_LETTERS: Final = 500
"""Longest reason that is kept."""


def add_mark(
    store: Store,
    program: str,
    kind: str,
    user: User,
    reason: str,
    *,
    metric: str = "",
    day: date | None = None,
    value: float | None = None,
    subject: str = "",
    action: int | None = None,
) -> int:
    """Keep what a person says about a series, and return its number.

    Parameters
    ----------
    kind
        "phase" (new limits from a day on), "event" (something that happened on a day),
        "target" (the value to meet) or "signal" (a signal seen; with a reason, explained).
    metric
        Registry key; "" for every metric of the program.
    action
        The action that answers a signal.

    Raises
    ------
    UsageProblem
        For an action that is not in force, without a reason, or without the day, value or signal
        that the kind is about.
    NotAllowed
        When the user may not annotate.
    """
    user.require("annotate")
    said = reason.strip()
    if (not said and kind != "signal") or len(said) > MOST_LETTERS:
        raise UsageProblem(
            msg("A reason is missing, or longer than {n} characters", n=MOST_LETTERS),
            msg("Say in a sentence why: others will read it on the chart"),
        )
    needed = {"phase": day, "event": day, "target": value, "signal": subject or None}
    if needed.get(kind) is None:
        raise UsageProblem(
            msg("A mark of the kind '{kind}' says too little", kind=kind),
            msg("Give a day to a phase or an event, a value to a target"),
        )
    if action is not None and not any(
        a.number == action and a.stands for a in every_action(store, program)
    ):
        raise UsageProblem(
            msg("There is no action {number} in force", number=action), msg("List them first")
        )
    with store.write() as cursor:
        row = cursor.execute(
            "INSERT INTO chart_mark (program_id, kind, metric, day, value, subject, reason, "
            "made_at, made_by, action_id) SELECT program_id, $kind, $metric, $day, $value, "
            "$subject, $reason, $now, $who, $action FROM program WHERE key = $program "
            "RETURNING mark_id",
            {
                "kind": kind,
                "metric": metric,
                "day": day,
                "value": value,
                "subject": subject,
                "reason": said,
                "now": utc_now(),
                "who": user.name,
                "program": program,
                "action": action,
            },
        ).fetchone()
        if row is None:
            raise UsageProblem(
                msg("There is no program '{key}'", key=program), msg("List them first")
            )
        record(cursor, user, f"mark {kind}", f"mark {row[0]}")
    return int(row[0])


def remove_mark(store: Store, number: int, user: User) -> None:
    """Take a mark back; it stays on record with who took it back and when.

    Raises
    ------
    UsageProblem
        When there is no such mark, or it is taken back already.
    NotAllowed
        When the user may not annotate.
    """
    user.require("annotate")
    with store.write() as cursor:
        row = cursor.execute(
            "UPDATE chart_mark SET removed_at = $now, removed_by = $who "
            "WHERE mark_id = $number AND removed_at IS NULL RETURNING mark_id",
            {"now": utc_now(), "who": user.name, "number": number},
        ).fetchone()
        if row is None:
            raise UsageProblem(
                msg("There is no mark {number}", number=number), msg("List them first")
            )
        record(cursor, user, "mark removed", f"mark {number}")
