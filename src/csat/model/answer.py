"""What a question of the store returns: rows with value, base, interval, verdict, and origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from csat.model.filters import Filters
from csat.model.message import Message

State = Literal["ok", "no_data", "withheld", "not_available"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One honest number.

    Parameters
    ----------
    metric, by
        Registry key, and the group or period the figure is about ("total" for all).
    value, low, high
        In the metric's unit, unrounded; None where there is no figure to show.
    unit
        Unit of value, low and high.
    group
        The group of a split over time; "" elsewhere.
    n
        Unweighted base; None where it is itself withheld.
    verdict
        better, worse, changed, no_clear_change, too_few, unfinished or not_compared.
    state
        ok, no_data, withheld (base under the privacy minimum) or not_available (with a note).
    difference
        Current less reference, in the metric's unit; None without a comparison.
    standard_error
        In the metric's unit, for figures that are shown with it; None for others.
    """

    metric: str
    by: str
    value: float | None
    unit: str
    n: int | None
    low: float | None
    high: float | None
    verdict: str
    state: State = "ok"
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    p_value: float | None = None
    reference_value: float | None = None
    reference_n: int | None = None
    finished: bool = True
    note: Message | None = None
    scale: tuple[int, int] | None = None
    group: str = ""
    standard_error: float | None = None

    @property
    def withheld(self) -> bool:
        """Whether the privacy minimum hides this figure."""
        return self.state == "withheld"

    @property
    def on_equal_days(self) -> bool:
        """Whether the difference of two counts is put on equal days: it is not their difference.

        Examples
        --------
        >>> longer = Figure("x", "total", 1167.0, "count", 1167, None, None, "worse",
        ...                 difference=138.5, reference_value=995.0)
        >>> longer.on_equal_days
        True
        """
        if self.unit != "count" or self.value is None:
            return False
        if self.difference is None or self.reference_value is None:
            return False
        return round(self.value - self.reference_value) != round(self.difference)

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        return {
            "metric": self.metric,
            "by": self.by,
            "value": self.value,
            "unit": self.unit,
            "n": self.n,
            "low": self.low,
            "high": self.high,
            "verdict": self.verdict,
            "withheld": self.withheld,
        }


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a figure comes from: enough to compute it again by hand.

    Parameters
    ----------
    reads
        Every SQL text with its parameters, in the order asked.
    filters, data_version, batches, exclusions
        What was asked, of which state of the store, resting on which files, and what was
        left out.
    """

    reads: tuple[tuple[str, Mapping[str, object]], ...]
    filters: Filters
    data_version: int
    batches: tuple[str, ...] = ()
    exclusions: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Figures with their provenance. The privacy gate has already been applied."""

    figures: tuple[Figure, ...]
    provenance: Provenance
    notes: tuple[Message, ...] = field(default=())

    def one(self, metric: str, by: str = "total") -> Figure:
        """Return the figure of a metric and group.

        Raises
        ------
        KeyError
            When the answer holds no such figure.
        """
        for figure in self.figures:
            if figure.metric == metric and figure.by == by:
                return figure
        raise KeyError((metric, by))
