"""Where names stand beside their marks, so that none covers another on the narrowest screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from csat.charts import theme
from csat.charts.words import markup, shorten, width, wrap

PLOT: Final = (255.0, 350.0)
"""Pixels of a plot on a phone. On a wider screen marks only move apart, so what is free of
others there is free of them everywhere."""
_LETTER: Final = 6.0
_LINE: Final = 14.0
_LONGEST: Final = 32
_NARROW: Final = 18
_MARK: Final = (7.0, 14.0)
"""Pixels beside and above the middle of a mark that names keep free, so that none seems to
belong to a mark that is not its own."""
_STEPS: Final = (9.0, 24.0, 39.0, 54.0, 69.0)
_ROUNDS: Final = 4
"""How often each name is placed anew beside the places of the others."""
_CORNER: Final = (120.0, 32.0)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on a chart and its name; one without a name only has to stay visible."""

    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels from the lower left corner of the plot."""

    left: float
    bottom: float
    right: float
    top: float

    def shared(self, other: Box) -> float:
        """Return how many square pixels two rectangles share."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(0.0, wide) * max(0.0, high)


def names_beside(
    marks: Sequence[Mark],
    x: tuple[float, float],
    y: tuple[float, float],
    *,
    dark: bool,
    corners: bool = True,
) -> list[dict[str, Any]]:
    """Return the names of marks as annotations, each where it covers least.

    A name that has to stand farther off is joined to its mark by a thin line.

    Parameters
    ----------
    x, y
        Ends of the axes.
    corners
        Whether the corners of the plot carry texts of their own.
    """
    spots = [(_across(m.x, x, PLOT[0]), _across(m.y, y, PLOT[1])) for m in marks]
    kept = [Box(a - _MARK[0], b - _MARK[1], a + _MARK[0], b + _MARK[1]) for a, b in spots]
    if corners:
        kept += _corner_boxes()
    lines = [wrap(shorten(m.name, _LONGEST), _NARROW) if m.name else [] for m in marks]
    free = {
        i: list(_places(spots[i], _LETTER * max(map(width, said)), _LINE * len(said)))
        for i, said in enumerate(lines)
        if said
    }
    by_height = sorted(free, key=lambda i: spots[i][1])
    by_side = sorted(free, key=lambda i: spots[i][0])
    orders = (by_height[::-1], by_height, by_side, by_side[::-1])
    chosen = min((_settled(order, free, kept) for order in orders), key=lambda s: _total(s, kept))
    return [_annotation(marks[i], lines[i], chosen[i], dark=dark) for i in sorted(chosen)]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name may stand: pixels off its mark (right and up), and to which side it runs."""

    right: float
    up: float
    anchor: str
    box: Box


def _places(spot: tuple[float, float], wide: float, high: float) -> Iterator[_Place]:
    """Yield the places of a name, those nearest to its mark first."""
    for step in _STEPS:
        for up in (step, -step):
            bottom = spot[1] + up - (0 if up > 0 else high)
            for anchor, right in (("left", 6.0), ("right", -6.0), ("center", 0.0)):
                left = spot[0] + right - {"left": 0.0, "right": wide, "center": wide / 2}[anchor]
                yield _Place(right, up, anchor, Box(left, bottom, left + wide, bottom + high))


def _settled(
    order: Sequence[int], free: Mapping[int, Sequence[_Place]], kept: Sequence[Box]
) -> dict[int, _Place]:
    """Place names one after the other, and some times anew beside the places of the others."""
    chosen: dict[int, _Place] = {}
    for _ in range(_ROUNDS):
        for i in order:
            others = [place.box for j, place in chosen.items() if j != i]
            chosen[i] = min(free[i], key=lambda place: _cost(place, others, kept))
    return chosen


def _total(chosen: Mapping[int, _Place], kept: Sequence[Box]) -> float:
    return sum(
        _cost(place, [p.box for j, p in chosen.items() if j != i], kept)
        for i, place in chosen.items()
    )


def _cost(place: _Place, names: Sequence[Box], kept: Sequence[Box]) -> float:
    """Return how bad a place is: what it covers, what is cut off, and how far off it is."""
    covered = sum(place.box.shared(box) for box in names)
    beneath = sum(place.box.shared(box) for box in kept)
    seen = place.box.shared(Box(0, 0, *PLOT))
    whole = (place.box.right - place.box.left) * (place.box.top - place.box.bottom)
    centred = 4.0 if place.anchor == "center" else 0.0
    return 10 * (covered + whole - seen) + beneath + abs(place.up) + centred


def _annotation(mark: Mark, lines: list[str], place: _Place, *, dark: bool) -> dict[str, Any]:
    colours = theme.palette(dark=dark)
    far = abs(place.up) > _STEPS[0]
    note: dict[str, Any] = {
        "text": markup(lines),
        "x": mark.x,
        "y": mark.y,
        "xanchor": place.anchor,
        "yanchor": "bottom" if place.up > 0 else "top",
        "align": place.anchor,
        "font": {"size": theme.SMALL, "color": colours.text},
        "borderpad": 0,
    }
    if not far:
        return note | {"showarrow": False, "xshift": place.right, "yshift": place.up}
    line = {"arrowhead": 0, "arrowwidth": 0.8, "arrowcolor": colours.neutral, "standoff": 5}
    return note | line | {"showarrow": True, "ax": place.right, "ay": -place.up}


def _across(value: float, ends: tuple[float, float], size: float) -> float:
    return size * (value - ends[0]) / (ends[1] - ends[0])


def _corner_boxes() -> list[Box]:
    (wide, high), (right, top) = _CORNER, PLOT
    return [
        Box(0, 0, wide, high),
        Box(right - wide, 0, right, high),
        Box(0, top - high, wide, top),
        Box(right - wide, top - high, right, top),
    ]
