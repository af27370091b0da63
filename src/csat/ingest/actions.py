"""Actions kept, changed and taken back: each change is a version with who made it and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from csat.ingest.audit import record
from csat.ingest.catalogue import require_program
from csat.model.action import ActionPlan
from csat.model.ledger import Action
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.store.connection import Cursor
from csat.store.ledger import columns_of, every_action
from csat.store.migration import utc_now
from csat.store.store import Store

_COLUMNS: Final = (
    "title", "addresses", "addressed", "metric", "chosen", "against", "baseline_first",
    "baseline_last", "start_day", "due_day", "owner", "stage", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """How many actions were new, were changed, and were as they are in the store already."""

    new: int
    changed: int
    same: int


def keep_actions(
    store: Store,
    program: str,
    plans: Iterable[ActionPlan],
    user: User,
    *,
    made_at: datetime | None = None,
) -> Kept:
    """Keep actions: new ones, and changes of those that have the same key. All or none.

    Parameters
    ----------
    made_at
        When they were recorded, in UTC; now where it is None.

    Raises
    ------
    UsageProblem
        When there is no such program, a key comes twice, or what an action is judged by would
        change after it began.
    NotAllowed
        When the user may not act.
    """
    user.require("act")
    now, wanted = made_at or utc_now(), list(plans)
    _require_once(wanted)
    known = {a.history[0].plan.key: a for a in every_action(store, program)}
    new = changed = same = 0
    with store.write() as cursor:
        program_id, _ = require_program(cursor, program)
        for plan in wanted:
            before = known.get(plan.key)
            if before is None:
                _insert(cursor, _new(cursor, program_id, plan.key), 1, plan, now, user)
                new += 1
            elif before.stands and before.plan == plan:
                same += 1
            else:
                _require_open(before, plan, now)
                _insert(cursor, before.number, len(before.history) + 1, plan, now, user)
                new, changed = new + (not before.stands), changed + before.stands
    return Kept(new, changed, same)


def take_back(store: Store, program: str, number: int, user: User) -> None:
    """Take the latest version of an action back: the one before is in force again, or none.

    Raises
    ------
    UsageProblem
        When there is no such action in force.
    NotAllowed
        When the user may not act.
    """
    user.require("act")
    found = next((a for a in every_action(store, program) if a.number == number), None)
    if found is None or not found.stands:
        raise UsageProblem(
            msg("There is no action {number} in force", number=number), msg("List them first")
        )
    with store.write() as cursor:
        row = cursor.execute(
            "UPDATE action_version SET removed_at = $now, removed_by = $who "
            "WHERE action_id = $number AND version = $version AND removed_at IS NULL "
            "RETURNING version",
            {
                "now": utc_now(),
                "who": user.name,
                "number": number,
                "version": found.current.number,
            },
        ).fetchone()
        if row is None:
            raise UsageProblem(
                msg("Somebody else has just changed this action"), msg("Look at it again")
            )
        record(cursor, user, "action taken back", f"action {number} version {row[0]}")


def take_back_all(store: Store, program: str, user: User) -> None:
    """Take every action of a program back, as when its data go.

    Raises
    ------
    NotAllowed
        When the user may not act.
    """
    user.require("act")
    with store.write() as cursor:
        cursor.execute(
            "UPDATE action_version SET removed_at = $now, removed_by = $who "
            "WHERE removed_at IS NULL AND action_id IN (SELECT a.action_id FROM action a "
            "JOIN program p USING (program_id) WHERE p.key = $program)",
            {"now": utc_now(), "who": user.name, "program": program},
        )
        record(cursor, user, "actions taken back", f"program {program}")


def _require_once(plans: list[ActionPlan]) -> None:
    keys = [p.key for p in plans]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise UsageProblem(
            msg("The action '{key}' comes twice", key=twice), msg("Give each a key of its own")
        )


def _require_open(before: Action, plan: ActionPlan, now: datetime) -> None:
    """Refuse to change what an action is judged by once it has begun."""
    if not before.stands or plan.same_question(before.plan):
        return
    if before.plan.start <= now.date():
        raise UsageProblem(
            msg(
                "'{title}' began on {day}: figure, filters and days are fixed",
                title=before.plan.title,
                day=before.plan.start,
            ),
            msg("Record a new action, or take this one back"),
        )


def _new(cursor: Cursor, program_id: int, key: str) -> int:
    row = cursor.execute(
        "INSERT INTO action (program_id, key) SELECT $program, $key WHERE NOT EXISTS "
        "(SELECT 1 FROM action WHERE program_id = $program AND key = $key) RETURNING action_id",
        {"program": program_id, "key": key},
    ).fetchone()
    return int(_landed(row)[0])


def _insert(
    cursor: Cursor, number: int, version: int, plan: ActionPlan, now: datetime, user: User
) -> None:
    names = ", ".join(_COLUMNS)
    values = ", ".join(f"${name}" for name in _COLUMNS)
    row = cursor.execute(
        f"INSERT INTO action_version (action_id, version, {names}, made_at, made_by) "
        f"SELECT $number, $version, {values}, $now, $who WHERE NOT EXISTS (SELECT 1 FROM "
        "action_version WHERE action_id = $number AND version = $version) RETURNING version",
        {
            **columns_of(plan),
            "number": number,
            "version": version,
            "now": now,
            "who": user.name,
        },
    ).fetchone()
    record(cursor, user, "action kept", f"action {number} version {_landed(row)[0]}")


def _landed(row: tuple[object, ...] | None) -> tuple[int, ...]:
    """Return what was written; somebody else may have been quicker."""
    if row is None:
        raise UsageProblem(
            msg("Somebody else has just changed this action"), msg("Look at it again")
        )
    return tuple(int(str(value)) for value in row)
