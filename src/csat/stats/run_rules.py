"""Run rules: patterns in a series that chance alone rarely makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan
from typing import Literal, get_args

Rule = Literal[
    "beyond_limits",
    "nine_one_side",
    "six_steady",
    "fourteen_alternating",
    "two_of_three",
    "four_of_five",
    "fifteen_within",
    "eight_outside",
    "eight_one_side",
]
"""Nelson's eight rules (1984) in his order, and the Western Electric run of eight."""

RULES: tuple[Rule, ...] = get_args(Rule)
DEFAULT: tuple[Rule, ...] = ("beyond_limits", "eight_one_side")
ZONES: tuple[Rule, ...] = ("two_of_three", "four_of_five")
"""Only for single values that are not skewed: with them false signals come four times as often."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Points, by position from 0, that make one pattern; ``above`` is its side, if it has one."""

    rule: Rule
    points: tuple[int, ...]
    above: bool | None


def run_rules(
    z: Sequence[float], rules: Sequence[Rule] = DEFAULT, phases: Sequence[int] | None = None
) -> list[Signal]:
    """Return the signals in a series, in the order of the rules and then of the points.

    Parameters
    ----------
    z : Sequence of float
        Distances from the centre line in sigmas. NaN (an empty period) and a point on the
        centre line break a run.
    rules : Sequence of Rule
        By default single points beyond the limits and eight on one side, which together give a
        false signal about once in 150 points of a series in control.
    phases : Sequence of int, optional
        Phase of each point; no pattern reaches over a change of phase.

    Returns
    -------
    list of Signal
        Overlapping patterns of one rule and side are one signal. Of "two of three" only the
        points far out are named, likewise of "four of five".

    Raises
    ------
    ValueError
        For an unknown rule, or phases of another length.

    Examples
    --------
    >>> run_rules([0.2, -0.5, 3.4, 0.1])
    [Signal(rule='beyond_limits', points=(2,), above=True)]
    """
    if set(rules) - set(RULES):
        raise ValueError(f"rules must be some of {', '.join(RULES)}")
    marks = [0] * len(z) if phases is None else list(phases)
    if len(marks) != len(z):
        raise ValueError("each point belongs to one phase")
    found: list[Signal] = []
    for rule in rules:
        for start, end in _stretches(marks):
            found += _merged(rule, _patterns(rule, z[start:end]), start)
    return found


def _stretches(marks: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for i in range(1, len(marks) + 1):
        if i == len(marks) or marks[i] != marks[start]:
            yield start, i
            start = i


Pattern = tuple[tuple[int, ...], bool | None]


def _patterns(rule: Rule, z: Sequence[float]) -> Iterator[Pattern]:
    """Yield each window of a stretch that shows the rule's pattern: its points and side."""
    if rule == "six_steady":
        yield from _steady(z)
    elif rule == "fourteen_alternating":
        yield from _alternating(z)
    elif rule == "fifteen_within":
        yield from _windows(z, 15, 15, lambda v: abs(v) < 1, None)
    elif rule == "eight_outside":
        yield from _windows(z, 8, 8, lambda v: abs(v) > 1, None)
    else:
        window, needed, sigmas = _ONE_SIDED[rule]
        yield from _windows(z, window, needed, lambda v: v > sigmas, True)
        yield from _windows(z, window, needed, lambda v: v < -sigmas, False)


_ONE_SIDED: dict[Rule, tuple[int, int, float]] = {
    "beyond_limits": (1, 1, 3.0),
    "nine_one_side": (9, 9, 0.0),
    "two_of_three": (3, 2, 2.0),
    "four_of_five": (5, 4, 1.0),
    "eight_one_side": (8, 8, 0.0),
}
"""Window, points of it that must lie out, and how many sigmas out."""


def _windows(
    z: Sequence[float],
    window: int,
    needed: int,
    out: Callable[[float], bool],
    above: bool | None,
) -> Iterator[Pattern]:
    marks = [out(value) for value in z]  # NaN compares as False: it lies nowhere
    # The last points of a short series may already hold enough of a window.
    for end in range(needed, len(z) + 1):
        start = max(0, end - window)
        inside = tuple(i for i in range(start, end) if marks[i])
        if len(inside) >= needed and marks[end - 1]:
            yield inside, above


def _steady(z: Sequence[float]) -> Iterator[Pattern]:
    for start in range(len(z) - 5):
        steps = [z[i + 1] - z[i] for i in range(start, start + 5)]
        if all(step > 0 for step in steps) or all(step < 0 for step in steps):
            yield tuple(range(start, start + 6)), steps[0] > 0


def _alternating(z: Sequence[float]) -> Iterator[Pattern]:
    for start in range(len(z) - 13):
        steps = [z[i + 1] - z[i] for i in range(start, start + 13)]
        if any(isnan(step) for step in steps):
            continue
        if all(a * b < 0 for a, b in pairwise(steps)):
            yield tuple(range(start, start + 14)), None


def _merged(rule: Rule, patterns: Iterator[Pattern], offset: int) -> list[Signal]:
    found: list[Signal] = []
    for points, above in patterns:
        here = tuple(i + offset for i in points)
        last = found[-1] if found else None
        if last and last.above == above and set(last.points) & set(here):
            found[-1] = Signal(rule, tuple(sorted({*last.points, *here})), above)
        else:
            found.append(Signal(rule, here, above))
    return sorted(found, key=lambda signal: signal.points)
