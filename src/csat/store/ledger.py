"""Actions as the store keeps them: rows of versions, and the plans they hold."""

from __future__ import annotations

import json
from typing import Any

from csat.model.action import ActionPlan
from csat.model.ledger import Action, Version
from csat.model.period import Period
from csat.store.remembered import until_changed
from csat.store.store import Store


@until_changed
def every_action(store: Store, program: str) -> tuple[Action, ...]:
    """Return all actions of a program, those taken back included, in the order of recording."""
    rows = store.rows(
        "SELECT a.action_id, a.key, v.* EXCLUDE (action_id) FROM action a "
        "JOIN action_version v USING (action_id) JOIN program p USING (program_id) "
        "WHERE p.key = $program ORDER BY a.action_id, v.version",
        {"program": program},
    )
    found: dict[int, list[Version]] = {}
    for row in rows:
        found.setdefault(row["action_id"], []).append(_version(row))
    return tuple(Action(number, tuple(history)) for number, history in found.items())


def _version(row: dict[str, Any]) -> Version:
    first, last = row["baseline_first"], row["baseline_last"]
    plan = ActionPlan(
        key=row["key"],
        title=row["title"],
        addresses=row["addresses"],
        addressed=row["addressed"],
        metric=row["metric"],
        where=tuple(json.loads(row["chosen"])),
        against=tuple(json.loads(row["against"])),
        start=row["start_day"],
        due=row["due_day"],
        owner=row["owner"],
        stage=row["stage"],
        note=row["note"],
        baseline=None if first is None or last is None else Period(first, last),
    )
    return Version(
        row["version"], plan, row["made_at"], row["made_by"], row["removed_at"], row["removed_by"]
    )


def columns_of(plan: ActionPlan) -> dict[str, object]:
    """Return what a version's columns hold of a plan."""
    return {
        "title": plan.title,
        "addresses": plan.addresses,
        "addressed": plan.addressed,
        "metric": plan.metric,
        "chosen": json.dumps(plan.where, ensure_ascii=False),
        "against": json.dumps(plan.against, ensure_ascii=False),
        "baseline_first": None if plan.baseline is None else plan.baseline.first,
        "baseline_last": None if plan.baseline is None else plan.baseline.last,
        "start_day": plan.start,
        "due_day": plan.due,
        "owner": plan.owner,
        "stage": plan.stage,
        "note": plan.note,
    }
