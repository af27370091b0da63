"""The actions of a program that are in force."""

from __future__ import annotations

from csat.model.ledger import Action
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.store.ledger import every_action
from csat.store.store import Store


def actions(store: Store, program: str) -> tuple[Action, ...]:
    """Return the actions of a program that are in force, the latest start first."""
    known = [a for a in every_action(store, program) if a.stands]
    return tuple(sorted(known, key=lambda a: (a.plan.start, a.number), reverse=True))


def require_action(store: Store, program: str, key: str) -> Action:
    """Return the action in force of this name.

    Raises
    ------
    UsageProblem
        When there is none.
    """
    for action in actions(store, program):
        if action.plan.key == key:
            return action
    raise UsageProblem(
        msg("There is no action '{key}'", key=key), msg("List them with 'csat actions'")
    )
