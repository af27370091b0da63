"""Rating scales: range, direction, the top-box cut, labels and special codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.model.vocabulary import SPECIAL_KINDS


def default_top_from(minimum: int, maximum: int) -> int:
    """Return the lowest code that counts as a top box: top 2 of 5, top 3 of 7 or 10, 1 of 2.

    Examples
    --------
    >>> default_top_from(1, 5), default_top_from(1, 7), default_top_from(1, 10)
    (4, 5, 8)
    """
    points = maximum - minimum + 1
    if points == 2:
        return maximum
    return maximum - (1 if points <= 5 else 2)


LOWEST: Final = -1_000
HIGHEST: Final = 1_000
"""Ratings are stored as small integers, whose sums over one respondent's items stay exact."""


@dataclass(frozen=True, slots=True)
class Scale:
    """One rating scale.

    Parameters
    ----------
    minimum, maximum
        Lowest and highest valid code.
    top_from
        Lowest code counted as satisfied (top-box cut).
    labels
        Answer text to code, for files that hold words ("Likely" -> 4).
    special
        Raw value to the reason why it is no rating, e.g. ``{"6": "never_used"}``.

    Examples
    --------
    >>> Scale.of(1, 5, special={"6": "never_used"}).top_from
    4
    """

    minimum: int
    maximum: int
    top_from: int
    labels: Mapping[str, int] = field(default_factory=dict)
    special: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        minimum: int,
        maximum: int,
        top_from: int | None = None,
        labels: Mapping[str, int] | None = None,
        special: Mapping[str, str] | None = None,
    ) -> Scale:
        """Build a scale and refuse one that contradicts itself.

        Raises
        ------
        ImportProblem
            When the range is empty or too wide, the cut lies outside it, a label maps
            outside it, or a special code has an unknown reason.
        """
        if minimum >= maximum:
            raise ImportProblem(
                msg("A scale from {low} to {high} is empty", low=minimum, high=maximum),
                msg("Give a lowest value below the highest"),
            )
        if minimum < LOWEST or maximum > HIGHEST:
            raise ImportProblem(
                msg("A scale from {low} to {high} is too wide", low=minimum, high=maximum),
                msg("A rating lies between {low} and {high}", low=LOWEST, high=HIGHEST),
            )
        cut = default_top_from(minimum, maximum) if top_from is None else top_from
        if not minimum < cut <= maximum:
            raise ImportProblem(
                msg("The top-box cut {cut} lies outside the scale", cut=cut),
                msg("Choose a cut above {low} and up to {high}", low=minimum, high=maximum),
            )
        for text, code in (labels or {}).items():
            if not minimum <= code <= maximum:
                raise ImportProblem(
                    msg("Label '{text}' maps to {code}, outside the scale", text=text, code=code),
                    msg("Map it between {low} and {high}", low=minimum, high=maximum),
                )
        for raw, kind in (special or {}).items():
            if kind not in SPECIAL_KINDS:
                raise ImportProblem(
                    msg("Special code '{raw}' has the unknown reason '{kind}'", raw=raw, kind=kind),
                    msg("Use one of: {kinds}", kinds=", ".join(SPECIAL_KINDS)),
                )
        return cls(minimum, maximum, cut, dict(labels or {}), dict(special or {}))

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Scale:
        """Read a scale from its JSON form (keys min, max, top_from, labels, special)."""
        cut = raw.get("top_from")
        return cls.of(
            _code(raw["min"]),
            _code(raw["max"]),
            None if cut is None else _code(cut),
            {str(k): _code(v) for k, v in raw.get("labels", {}).items()},
            {str(k): str(v) for k, v in raw.get("special", {}).items()},
        )

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form that `from_json` reads back to an equal scale."""
        return {
            "min": self.minimum,
            "max": self.maximum,
            "top_from": self.top_from,
            "labels": dict(self.labels),
            "special": dict(self.special),
        }

    @property
    def ends(self) -> tuple[int, int]:
        """Lowest and highest valid code."""
        return (self.minimum, self.maximum)

    @property
    def range(self) -> tuple[int, int, int]:
        """What must agree before two questions may be pooled: min, max and top-box cut."""
        return (self.minimum, self.maximum, self.top_from)


def _code(value: Any) -> int:
    code = int(value)
    if isinstance(value, float) and code != value:
        raise ValueError(f"{value} is not a whole number")
    return code
