"""Shares of groups among those who answered and among those who were served: one row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from csat.model.message import Message

MARGINS: Final = "margins"
SERVED: Final = "customers served"


@dataclass(frozen=True, slots=True)
class GroupShare:
    """One group among those who answered and among those who were served.

    Shares, rates and their intervals are percentages. ``weight`` is how much an answer of the
    group counts on the mean, 1 for as much as it would unweighted. Everything about answers is
    None where it is withheld; the population is known anyway.
    """

    group: str
    n: int | None
    share: float | None
    served: float
    low: float | None = None
    high: float | None = None
    weight: float | None = None
    invited: int | None = None
    rate: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None
    withheld: bool = False

    @property
    def difference(self) -> float | None:
        """Share of the answers less share of those served, in percentage points."""
        return None if self.share is None else self.share - self.served

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        return {
            "group": self.group,
            "n": self.n,
            "share_of_answers": self.share,
            "share_of_served": self.served,
            "difference": self.difference,
            "low": None if self.low is None else self.low - self.served,
            "high": None if self.high is None else self.high - self.served,
            "weight": self.weight,
            "invited": self.invited,
            "response_rate": self.rate,
            "response_rate_low": self.rate_low,
            "response_rate_high": self.rate_high,
            "withheld": self.withheld,
        }


@dataclass(frozen=True, slots=True)
class KindShares:
    """All groups of one kind.

    Parameters
    ----------
    source
        `MARGINS`, to which answers are weighted, or `SERVED`, which is only compared with.
    distance
        Percentage of the answers that would have to come from another group (total variation).
    p_value
        Of Pearson's chi-square test that the answers are a random draw.
    r
        R-indicator of the response rates, 0 to 1; None without invitations.
    outside
        Answers of groups that the population does not name; None where they are too few.
    """

    kind: str
    rows: tuple[GroupShare, ...]
    source: str
    file: str
    months: tuple[int, ...]
    distance: float | None
    p_value: float | None
    r: float | None
    rate: float | None
    outside: int | None
    notes: tuple[Message, ...] = ()

    @property
    def farthest(self) -> GroupShare | None:
        """The group whose share of the answers is farthest from its share of those served."""
        known = [r for r in self.rows if r.difference is not None]
        return max(known, key=lambda r: abs(r.difference or 0.0), default=None)

    def to_json(self) -> dict[str, Any]:
        """Return the kind of group as the command line prints it."""
        return {
            "kind": self.kind,
            "source": self.source,
            "file": self.file or None,
            "months": list(self.months),
            "distance": self.distance,
            "p_value": self.p_value,
            "r_indicator": self.r,
            "response_rate": self.rate,
            "outside": self.outside,
            "notes": [str(note) for note in self.notes],
            "rows": [row.to_json() for row in self.rows],
        }
