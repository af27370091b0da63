"""The way from expectation to perception: where quality is lost, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from csat.model.message import Message, msg
from csat.queries.gap_rows import GapAnswer, Measured, Step, Way

STEPS: Final = ("understanding", "standards", "delivery", "seeing")
"""Gap 1, gap 2, gap 3, and how customers perceive what is delivered."""


def ways(
    answer: GapAnswer, shared: Mapping[str, bool], seen: Mapping[str | None, Measured]
) -> tuple[Way, ...]:
    """Return the way of every dimension and, first, over all.

    Parameters
    ----------
    shared
        Dimension -> whether all viewpoints rate the same statements on one scale.
    seen
        What customers perceive less what is delivered, by dimension.
    """
    everywhere = bool(shared) and all(shared.values())
    return tuple(
        _way(answer, name, everywhere if name is None else shared[name], seen.get(name))
        for name in (None, *shared)
    )


def _way(answer: GapAnswer, name: str | None, shared: bool, seen: Measured | None) -> Way:
    rows = [answer.row(g, name) for g in (1, 2, 3, 5)]
    if any(r is None or (r.measured is None and not r.withheld) for r in rows):
        return Way(name, reason=_missing(answer, name))
    found = [r.measured for r in rows if r is not None]
    if any(r is not None and r.withheld for r in rows):
        return Way(name, reason=msg("Not added up: one of the gaps rests on too few answers."))
    alike = all(r is not None and r.form == "levels" for r in rows)
    if not shared or not alike or seen is None:
        return Way(
            name,
            reason=msg(
                "Not added up: the gaps come from different statements or scales, and from "
                "different people. They stand side by side."
            ),
        )
    one, two, three, five = (m for m in found if m is not None)
    if one.reference is None or five.value is None:
        return Way(name, reason=_missing(answer, name))
    level, steps = one.reference, []
    for key, m in zip(STEPS, (one, two, three, seen), strict=True):
        end = level + (m.value or 0.0)
        steps.append(Step(key, level, end, m.low, m.high, m.n or 0, m.n_reference))
        level = end
    return Way(name, one.reference, one.reference + five.value, tuple(steps), one.scale)


def _missing(answer: GapAnswer, name: str | None) -> Message:
    lacking = [
        str(g) for g in (1, 2, 3, 5) if (r := answer.row(g, name)) is None or r.measured is None
    ]
    return msg(
        "Not measured yet: gap {gaps}. So the gaps are not added up; they stand side by side.",
        gaps=", ".join(lacking),
    )
