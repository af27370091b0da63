"""The way of cases through stages: who reached which, and how long each stage held them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from csat.stats.business_time import Seconds

Flags = NDArray[np.bool_]
ABSENT: Final = -1
"""The moment of a stage that a case has not reached."""
_NEVER: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Stay:
    """One stage, per case: reached, passed over on the way further, or still to come.

    ``start`` and ``end`` bound the time in the stage of the cases that reached it, in their
    order; ``left`` says whether they have gone on, else the end is the moment up to which they
    are known. The last stage has no end of its own: nobody stays in it.
    """

    reached: Flags
    skipped: Flags
    start: Seconds
    end: Seconds
    left: Flags


def stays(entered: Sequence[ArrayLike], known: ArrayLike) -> list[Stay]:
    """Return how cases went through stages (methods 2.13).

    A case leaves a stage when it first reaches any later one; one that was beyond a stage before
    it entered it spends no time there. A case with no sign of a stage or of any later one may
    still come to it, and counts neither as having reached it nor as having done without.

    Parameters
    ----------
    entered
        Per stage, in order: the moment at which each case first entered it, in seconds, or
        ``ABSENT``.
    known
        Per case, the moment up to which is known what happened.

    Examples
    --------
    Of three cases received at 0, one was answered after 10 and closed after 30, one closed
    without an answer, one is open after 50:

    >>> way = stays([[0, 0, 0], [10, -1, -1], [30, 20, -1]], [50, 50, 50])
    >>> [(int(s.reached.sum()), int(s.skipped.sum())) for s in way]
    [(3, 0), (1, 1), (2, 0)]
    >>> (way[0].end - way[0].start).tolist(), way[0].left.tolist()
    ([10, 20, 50], [True, True, False])
    """
    until = np.asarray(known, dtype=np.int64)
    onward = np.full(until.shape, _NEVER)  # the first moment of any later stage
    out = []
    for moments in reversed(entered):
        own = np.asarray(moments, dtype=np.int64)
        reached, gone = own != ABSENT, onward < _NEVER
        start = own[reached]
        end = np.maximum(np.where(gone, onward, until)[reached], start)
        out.append(Stay(reached, gone & ~reached, start, end, gone[reached]))
        onward = np.minimum(onward, np.where(reached, own, _NEVER))
    return out[::-1]
