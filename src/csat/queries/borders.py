"""Between which months or days a period may begin and end without telling about few people.

Two periods of one group differ by the months that one has and the other has not. So the months
of each group are joined into stretches of nobody or enough people, and a period of the group may
begin and end between two stretches only: whatever is added and subtracted then, it is about whole
stretches. Years are kept apart where that can be, then quarters, months, weeks and days.

Where a border is inside a stretch of some group, but is one for all groups together, the figure
for all less those for the other groups would tell of that group. So at each such border further
groups are hidden with it: the next smallest, until the hidden ones that have people on both
sides of the border are enough on both. Then no sum of figures of one direction, with whatever
signs and weights and over whatever periods, is about fewer people than the minimum
(docs/adr/0005).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Borders:
    """What may begin and end where, on a line of units of time.

    Parameters
    ----------
    starts
        First day of each unit that holds people, as a day key; a unit is a month or a day.
    usable
        Whether all groups together may begin or end before each unit, and after the last.
    joined
        For each group, the number of those that are shown together with it or not at all.
    hidden
        For each of these numbers, where they may not begin or end, unless with all the others.
    people
        For each group, how many people each unit holds.
    """

    starts: Counts
    usable: Flags
    joined: Counts
    hidden: Flags
    people: Counts

    @cached_property
    def open(self) -> bool:
        """Say whether every group may begin and end anywhere."""
        return bool(self.free_at.all())

    @cached_property
    def free_at(self) -> Flags:
        """For each border, whether every group may begin and end there."""
        apart = len(np.unique(self.joined)) == len(self.joined)
        return np.asarray(self.usable & ~self.hidden.any(axis=0) & apart, dtype=np.bool_)

    def place(self, day: int) -> int:
        """Return the border that comes before a day, as a number of units."""
        return int(np.searchsorted(self.starts, day))

    def bound_at(self, places: Sequence[int]) -> Flags:
        """Say of each group whether it may not begin and end at some borders on its own account."""
        several = len(np.unique(self.joined)) < len(self.joined)
        if several or not self.usable[places].all():
            return np.ones(len(self.joined), dtype=np.bool_)
        hidden: Flags = self.hidden[self.joined][:, places]
        return np.asarray(hidden.any(axis=1), dtype=np.bool_)

    def free(self, border: int) -> bool:
        """Say whether every group may begin and end at a border."""
        return bool(self.free_at[border])

    def allow(self, first: Counts, last: Counts, chosen: Flags) -> Flags:
        """Say whether some groups may be shown from each border to another.

        Groups without people in between count neither as chosen nor as left out.
        """
        present = self._held[:, last] > self._held[:, first]
        inside, outside = present & chosen[:, None], present & ~chosen[:, None]
        hidden = (self.hidden[:, first] | self.hidden[:, last])[self.joined]
        parted = np.zeros(len(first), dtype=np.bool_)
        for several in self._several:
            parted |= inside[several].any(axis=0) & outside[several].any(axis=0)
        alone = ~parted & ~(hidden & inside).any(axis=0)
        usable = self.usable[first] & self.usable[last]
        return np.asarray((first == last) | (usable & (alone | ~outside.any(axis=0))))

    @cached_property
    def _held(self) -> Counts:
        """For each group, how many units before each border hold any of its people."""
        held = np.zeros((len(self.people), self.people.shape[1] + 1), dtype=np.int64)
        np.cumsum(self.people > 0, axis=1, out=held[:, 1:])
        return held

    @cached_property
    def _several(self) -> list[Counts]:
        """Groups that are shown together or not at all."""
        numbers, n = np.unique(self.joined, return_counts=True)
        return [np.flatnonzero(self.joined == number) for number in numbers[n > 1]]


def borders(
    people: Counts, starts: Counts, levels: Counts, least: int, running: int = 0
) -> Borders:
    """Find the borders of all groups of one direction.

    Parameters
    ----------
    people
        For each group, the people of each unit; every unit holds somebody.
    starts
        First day of each unit.
    levels
        Of the border before each unit: 0 where a year begins, and more for lesser borders.
    running
        First day of the month that still runs, 0 for none.

    Examples
    --------
    The first group has 3 people in the second month, and 2 in the third. So it, and the other
    group that would tell it, can be shown for both months together only.

    >>> found = borders(
    ...     np.array([[9, 3, 2], [40, 50, 60]]), np.array([1, 2, 3]), np.array([0, 2, 2]), 5)
    >>> found.usable.tolist(), found.hidden.tolist()[0] == found.hidden.tolist()[1]
    ([True, True, True, True], True)
    >>> found.hidden[0].tolist()
    [False, False, True, False]
    """
    tail = int(np.searchsorted(starts, running)) if running else 0
    usable = safe_borders(people.sum(axis=0, keepdims=True), levels, least, tail)[0]
    joined = np.arange(people.shape[0])
    hidden = np.zeros((people.shape[0], people.shape[1] + 1), dtype=np.bool_)
    kept = np.flatnonzero(usable)
    if ((people == 0) | (people >= least)).all() or len(kept) < 2:
        return Borders(starts, usable, joined, hidden, people)
    stretches = np.add.reduceat(people[:, : kept[-1]], kept[:-1], axis=1)
    late = int(np.searchsorted(kept, tail)) if usable[tail] else 0
    while True:
        together = np.zeros((joined.max() + 1, stretches.shape[1]), dtype=np.int64)
        np.add.at(together, joined, stretches)
        found = _hidden(together, levels[kept[:-1]], least, late)
        if found.ndim == 2:
            hidden = np.zeros((len(together), people.shape[1] + 1), dtype=np.bool_)
            hidden[:, kept] = found
            return Borders(starts, usable, joined, hidden, people)
        joined = _join(joined, found)


def _join(joined: Counts, several: Flags) -> Counts:
    """Make one of several numbers."""
    number = np.cumsum(~several)
    number[several] = 0
    return np.asarray(np.unique(number[joined], return_inverse=True)[1], dtype=np.int64)


def _hidden(people: Counts, levels: Counts, least: int, tail: int) -> Flags:
    """Return where each group must be hidden, or one flag for each that must be joined first."""
    safe = safe_borders(people, levels, least, tail)
    hidden, size = np.zeros_like(safe), people.sum(axis=1)
    last = people.shape[1]
    for b in range(1, last + 1):
        unsafe = ~safe[:, b]
        if unsafe.any():
            before = people[:, b - 1]
            after = people[:, b] if b < last else before
            covered = _covered(unsafe, before, after, size, least)
            if covered is None:
                return _uncovered(unsafe, before, after, size)
            hidden[:, b] = covered
    return hidden


def _uncovered(unsafe: Flags, before: Counts, after: Counts, size: Counts) -> Flags:
    """Return the groups to join where too few have people on both sides of a border."""
    several: Flags = unsafe | ((before > 0) != (after > 0))
    for k in np.argsort(size, kind="stable"):
        if several.sum() > 1:
            break
        several[k] = True
    return several


def safe_borders(people: Counts, levels: Counts, least: int, tail: int = 0) -> Flags:
    """Return, for each line, the borders between stretches of nobody or enough people.

    The borders of each level are found in turn, so that years stay apart where they can, and
    quarters within what is then one stretch; from the last to the first, so that what is small
    is joined with what was before it.

    Parameters
    ----------
    tail
        The border from which on there may be too few yet; 0 for none.

    Examples
    --------
    >>> safe_borders(np.array([[3, 4, 20, 2]]), np.array([0, 2, 2, 2]), 5).tolist()
    [[True, False, True, False, True]]
    >>> safe_borders(np.array([[3, 4, 20, 2]]), np.array([0, 2, 2, 2]), 5, 3).tolist()
    [[True, False, True, True, False]]
    """
    many = people.shape[1]
    total = np.zeros((people.shape[0], many + 1), dtype=np.int64)
    np.cumsum(people, axis=1, out=total[:, 1:])
    safe: Flags = total == 0
    safe[:, many] = _enough(total[:, many], least)
    if 0 < tail < many:
        whole = _enough(total[:, tail], least)
        safe[:, tail] |= whole
        safe[:, many] = _enough(total[:, many] - np.where(whole, total[:, tail], 0), least)
    if _enough(people, least).all():
        safe[:] = True
        return safe
    for level in np.unique(levels[1:]):
        behind = np.zeros_like(total)
        for b in range(1, many + 1):
            behind[:, b] = np.where(safe[:, b - 1], total[:, b - 1], behind[:, b - 1])
        ahead = total[:, many]
        for b in range(many - 1, 0, -1):
            if levels[b] == level:
                inside = _enough(ahead - total[:, b], least)
                safe[:, b] |= inside & _enough(total[:, b] - behind[:, b], least)
            ahead = np.where(safe[:, b], total[:, b], ahead)
    return safe


def _enough(people: Counts, least: int) -> Flags:
    return np.asarray((people == 0) | (people >= least), dtype=np.bool_)


def _covered(
    unsafe: Flags, before: Counts, after: Counts, size: Counts, least: int
) -> Flags | None:
    """Add the next smallest groups until the hidden ones are enough on both sides of a border.

    Only those count that have people on both sides. None where there are too few of them.
    """
    hidden, both = unsafe.copy(), (before > 0) & (after > 0)

    def enough() -> bool:
        inside = hidden & both
        return bool(min(before[inside].sum(), after[inside].sum()) >= least)

    for k in np.argsort(size, kind="stable"):
        if enough() and hidden.sum() > 1:
            break
        hidden[k] |= both[k]
    return hidden if enough() else None


def kept_together(sizes: Counts, least: int) -> Flags:
    """Return the groups of too few people, and the next smallest ones that hide them.

    Examples
    --------
    >>> kept_together(np.array([3, 90, 40]), 5).tolist()
    [True, False, True]
    """
    kept: Flags = (sizes > 0) & (sizes < least)
    if not kept.any():
        return kept
    for k in np.argsort(sizes, kind="stable"):
        if kept.sum() > 1 and sizes[kept].sum() >= least:
            break
        if sizes[k] > 0:
            kept[k] = True
    return kept
