"""The words of ratings by others than customers, and the grades of a visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from csat.model.message import N_

METHODS: Final[dict[str, str]] = {
    "mystery_shopper": N_("Mystery shopper"),
    "expert": N_("Expert"),
    "third_party": N_("Third party"),
}
"""Who rates -> what it is called."""


@dataclass(frozen=True, slots=True)
class Grades:
    """The grades of a program, best first, and the highest score after a critical fail.

    ``bands`` holds the lowest score and the name of each grade; ``own`` says whether the program
    stated them itself.
    """

    bands: tuple[tuple[float, str], ...]
    cap: float
    own: bool = True


USUAL_GRADES: Final = Grades(
    ((90.0, "excellent"), (75.0, "good"), (60.0, "fair"), (0.0, "poor")), 59.0, own=False
)
"""What holds until a program states its own: a critical fail makes the visit a poor one."""
GRADE_LABELS: Final[dict[str, str]] = {
    "excellent": N_("excellent"),
    "good": N_("good"),
    "fair": N_("fair"),
    "poor": N_("poor"),
}
"""The usual grades by name; a program's own are shown as it wrote them."""
