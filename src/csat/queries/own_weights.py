"""The weights a program gives its dimensions itself: which hold when, and who said so."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class OwnWeights:
    """One set of weights as a person has given it.

    Parameters
    ----------
    points
        By dimension, adding up to 100.
    valid_from
        First day on which they hold; a later set takes over from its own day.
    removed_at, removed_by
        When and by whom they were taken back; None while they hold.
    """

    number: int
    points: dict[str, float]
    valid_from: date
    reason: str
    made_at: datetime
    made_by: str
    removed_at: datetime | None = None
    removed_by: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints."""
        return {
            "set": self.number,
            "points": self.points,
            "valid_from": self.valid_from,
            "reason": self.reason,
            "made_at": self.made_at,
            "made_by": self.made_by,
            "taken_back_at": self.removed_at,
            "taken_back_by": self.removed_by,
        }


def own_weights(store: Store, program: str) -> tuple[OwnWeights, ...]:
    """Return every set of weights of a program, those taken back too, oldest first."""
    rows = store.rows(
        "SELECT w.set_id, w.points, w.valid_from, w.reason, w.made_at, w.made_by, w.removed_at, "
        "w.removed_by FROM dimension_weights w JOIN program p USING (program_id) "
        "WHERE p.key = $program ORDER BY w.set_id",
        {"program": program},
    )
    return tuple(
        OwnWeights(
            r["set_id"],
            json.loads(r["points"]),
            r["valid_from"],
            r["reason"],
            r["made_at"],
            r["made_by"],
            r["removed_at"],
            r["removed_by"],
        )
        for r in rows
    )


def in_force(known: Iterable[OwnWeights], day: date | None) -> OwnWeights | None:
    """Return the set that holds on a day, or the latest of all where there is no day.

    The set with the latest first day holds, of several with the same one that given last.

    Examples
    --------
    >>> first = OwnWeights(1, {"empathy": 100}, date(2026, 1, 1), "", datetime(2026, 1, 1), "ann")
    >>> later = OwnWeights(2, {"empathy": 100}, date(2026, 7, 1), "", datetime(2026, 1, 1), "ann")
    >>> found = in_force([first, later], date(2026, 6, 30))
    >>> found.number if found else None
    1
    """
    held = [w for w in known if w.removed_at is None and (day is None or w.valid_from <= day)]
    return max(held, key=lambda w: (w.valid_from, w.number), default=None)
