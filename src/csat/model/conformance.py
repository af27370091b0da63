"""One cell of the matrix of conformance: standard met or not, customer satisfied or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from csat.model.message import N_, Message, msg
from csat.model.problem import UsageProblem

LINK_DAYS: Final = 90
"""An answer is a complainant's own where it is the first after the case came in, so many days."""
TIMELY: Final = "timely"
EVENTS: Final[dict[str, str]] = {
    "response": N_("first answer"),
    "resolution": N_("resolution"),
}
TARGET_MET: Final = "target_met"
TARGET_MISSED: Final = "target_missed"
"""Tables of cases that the condition on a cell of a target reads."""
_TARGET: Final = re.compile(r"target-([a-z0-9][a-z0-9-]*)")
_BASIS: Final = re.compile(r"(response|resolution)-([1-9]\d{0,9})")
_CELLS: Final[dict[str, tuple[bool, bool]]] = {
    "met-satisfied": (True, True),
    "met-dissatisfied": (True, False),
    "missed-satisfied": (False, True),
    "missed-dissatisfied": (False, False),
}
_SENTENCES: Final[dict[str, str]] = {
    "met-satisfied": N_("standard met ({basis}), customer satisfied"),
    "met-dissatisfied": N_("standard met ({basis}), customer dissatisfied"),
    "missed-satisfied": N_("standard missed ({basis}), customer satisfied"),
    "missed-dissatisfied": N_("standard missed ({basis}), customer dissatisfied"),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """What decides whether a case met its standard.

    ``event`` is "" for the file's own mark of timeliness; else the first answer or the
    resolution came within so many ``seconds`` of calendar time. Or the case met the ``target``
    of the service standards that has this key, by its own clock, calendar and pauses.

    Examples
    --------
    >>> Basis.of("response-86400").code, Basis.of("timely").event
    ('response-86400', '')
    >>> Basis.of("target-answer-urgent").target
    'answer-urgent'
    """

    event: str = ""
    seconds: int = 0
    target: str = ""

    @classmethod
    def of(cls, code: str) -> Basis:
        """Read a basis from its code; raises UsageProblem for another text."""
        found = _BASIS.fullmatch(code)
        if found:
            return cls(found[1], int(found[2]))
        named = _TARGET.fullmatch(code)
        if named:
            return cls(target=named[1])
        if code == TIMELY:
            return cls()
        raise UsageProblem(
            msg("'{code}' is no standard of cases", code=code),
            msg(
                "Use {timely}, or such as {example} or {target}",
                timely=TIMELY,
                example="response-86400",
                target="target-answer",
            ),
        )

    @property
    def code(self) -> str:
        """The text that `of` reads."""
        if self.target:
            return f"target-{self.target}"
        return f"{self.event}-{self.seconds}" if self.event else TIMELY

    @property
    def words(self) -> Message:
        """What it asks for."""
        if self.target:
            return msg("target {target}", target=self.target)
        if not self.event:
            return msg("marked as in time by the file")
        return msg("{event} within {hours} h", event=msg(EVENTS[self.event]), hours=self.hours)

    @property
    def hours(self) -> float:
        """The limit in hours, whole where it is whole."""
        hours = self.seconds / 3600
        return int(hours) if hours == int(hours) else hours


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix on one basis.

    Examples
    --------
    >>> Cell.of("met-dissatisfied:timely").satisfied
    False
    """

    name: str
    basis: Basis

    @classmethod
    def of(cls, code: str) -> Cell:
        """Read a cell such as ``met-dissatisfied:response-86400``; raises UsageProblem."""
        name, _, basis = code.partition(":")
        if name not in _CELLS:
            raise UsageProblem(
                msg("'{code}' is no cell of the matrix of conformance", code=code),
                msg("Use one of: {names}", names=", ".join(f"{c}:{TIMELY}" for c in _CELLS)),
            )
        return cls(name, Basis.of(basis))

    @property
    def code(self) -> str:
        """The text that `of` reads."""
        return f"{self.name}:{self.basis.code}"

    @property
    def met(self) -> bool:
        """Whether the cases met the standard."""
        return _CELLS[self.name][0]

    @property
    def satisfied(self) -> bool:
        """Whether the customers were satisfied."""
        return _CELLS[self.name][1]

    @property
    def words(self) -> Message:
        """What the cell holds."""
        return msg(_SENTENCES[self.name], basis=self.basis.words)


def cell_name(*, met: bool, satisfied: bool) -> str:
    """Return the name of a cell.

    Examples
    --------
    >>> cell_name(met=True, satisfied=False)
    'met-dissatisfied'
    """
    return next(name for name, sides in _CELLS.items() if sides == (met, satisfied))
