"""One series over time as Plotly traces: segments, band or whiskers, points, crosses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from csat.charts import theme
from csat.charts.scales import Scale
from csat.charts.wording import NumberFormat, PeriodFormat, Translate, hover, shown_name, symbol
from csat.charts.words import markup, shorten
from csat.model.answer import Figure


@dataclass(frozen=True, slots=True)
class Line:
    """One series as it is drawn.

    Parameters
    ----------
    figures
        Position on the axis -> figure.
    offset
        Shift along the axis that keeps the whiskers of several series apart.
    alone
        The only series: its interval is a band.
    whiskers
        Whether each point shows its interval.
    rest
        Beyond the coloured series: thin and grey.
    """

    name: str
    colour: str
    figures: Mapping[int, Figure]
    offset: float = 0.0
    alone: bool = False
    whiskers: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What all lines of a chart share; no line crosses into the positions in `cuts`."""

    labels: Sequence[str]
    scale: Scale
    cuts: frozenset[int]
    direction: str
    dark: bool
    t: Translate
    fmt: NumberFormat
    fmt_period: PeriodFormat


def traces(line: Line, frame: Frame) -> Iterator[dict[str, Any]]:
    """Yield what Plotly draws of one series, from the back to the front."""
    drawn = {i: f for i, f in sorted(line.figures.items()) if f.value is not None}
    if line.alone:
        yield _band(line, drawn, frame)
    shared = {
        "type": "scatter",
        "mode": "lines",
        "legendgroup": line.name,
        "hoverinfo": "skip",
    }
    stroke = {"color": line.colour, "width": 1.2 if line.rest else 2.2}
    solid = list(_segments(line, drawn, frame, finished=True))
    yield shared | {
        "name": markup([shorten(shown_name(line.name, t=frame.t), 28)]),
        "x": [x for x, _ in solid] or [None],
        "y": [y for _, y in solid] or [None],
        "line": stroke,
        "showlegend": not line.alone and not line.rest,
    }
    dotted = list(_segments(line, drawn, frame, finished=False))
    if dotted:
        yield shared | {
            "x": [x for x, _ in dotted],
            "y": [y for _, y in dotted],
            "line": stroke | {"dash": "dot"},
            "showlegend": False,
        }
    yield _points(line, drawn, frame)
    hidden = [(i, f) for i, f in sorted(line.figures.items()) if f.withheld]
    if hidden:
        yield _crosses(line, hidden, frame)


def _segments(
    line: Line, drawn: Mapping[int, Figure], frame: Frame, *, finished: bool
) -> Iterator[tuple[float | None, float | None]]:
    """Yield the line piece by piece, so that gaps, breaks and unfinished ends stay apart."""
    for i, figure in drawn.items():
        before = drawn.get(i - 1)
        if before is None or i in frame.cuts:
            continue
        if (figure.finished and before.finished) == finished:
            yield i - 1 + line.offset, before.value
            yield i + line.offset, figure.value
            yield None, None


def _runs(drawn: Mapping[int, Figure], cuts: frozenset[int]) -> Iterator[list[int]]:
    """Yield stretches of finished periods that a band may span."""
    run: list[int] = []
    for i, figure in drawn.items():
        if figure.low is None or not figure.finished:
            continue
        if run and (i != run[-1] + 1 or i in cuts):
            yield run
            run = []
        run.append(i)
    if run:
        yield run


def _banded(drawn: Mapping[int, Figure], cuts: frozenset[int]) -> frozenset[int]:
    return frozenset(i for run in _runs(drawn, cuts) if len(run) > 1 for i in run)


def _band(line: Line, drawn: Mapping[int, Figure], frame: Frame) -> dict[str, Any]:
    x: list[int | None] = []
    y: list[float | None] = []
    for run in _runs(drawn, frame.cuts):
        if len(run) > 1:
            highs = [drawn[i].high for i in run]
            x += [*run, *run[::-1], None]
            y += [frame.scale.high if h is None else h for h in highs]
            y += [*(drawn[i].low for i in run[::-1]), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "fill": "toself",
        "fillcolor": theme.faded(line.colour, 0.18),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _points(line: Line, drawn: Mapping[int, Figure], frame: Frame) -> dict[str, Any]:
    surface = theme.palette(dark=frame.dark).surface
    fills, edges, edge_widths, symbols, sizes = [], [], [], [], []
    usual = 1.0 if line.alone or line.rest else 1.5
    plain = 4 if line.rest else (7 if len(frame.labels) <= 30 else 5)
    for figure in drawn.values():
        clear = None if line.rest else theme.signal(figure.verdict, dark=frame.dark)
        fills.append(clear or (line.colour if figure.finished else surface))
        edges.append(surface if clear and line.alone else line.colour)
        edge_widths.append(usual if figure.finished else 1.8)
        symbols.append(symbol(figure, frame.direction) if clear else "circle")
        sizes.append(plain + 4 if clear else plain)
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "name": markup([shown_name(line.name, t=frame.t)]),
        "legendgroup": line.name,
        "showlegend": False,
        "x": [i + line.offset for i in drawn],
        "y": [f.value for f in drawn.values()],
        "marker": {
            "color": fills,
            "symbol": symbols,
            "size": sizes,
            "opacity": 1,
            "line": {"color": edges, "width": edge_widths},
        },
        "cliponaxis": False,
        "customdata": [[f.by, line.name] for f in drawn.values()],
        "hovertext": _hovers(line, drawn.values(), frame),
        "hoverinfo": "text",
    }
    if line.alone or line.whiskers:
        trace["error_y"] = _whiskers(line, drawn, frame)
    return trace


def _whiskers(line: Line, drawn: Mapping[int, Figure], frame: Frame) -> dict[str, Any]:
    """Return the intervals that no band shows."""
    banded = _banded(drawn, frame.cuts) if line.alone else frozenset()
    up: list[float] = []
    down: list[float] = []
    for i, f in drawn.items():
        if f.value is None or f.low is None or i in banded:
            up.append(0.0)
            down.append(0.0)
            continue
        up.append((frame.scale.high if f.high is None else f.high) - f.value)
        down.append(f.value - f.low)
    return {
        "type": "data",
        "symmetric": False,
        "array": up,
        "arrayminus": down,
        "color": theme.faded(line.colour, 0.45),
        "thickness": 1.3,
        "width": 0,
    }


def _crosses(line: Line, hidden: Sequence[tuple[int, Figure]], frame: Frame) -> dict[str, Any]:
    figures = [f for _, f in hidden]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": markup([shown_name(line.name, t=frame.t)]),
        "legendgroup": line.name,
        "showlegend": False,
        "x": [i + line.offset for i, _ in hidden],
        "y": [frame.scale.low] * len(hidden),
        "marker": {"symbol": "x-thin", "size": 7, "line": {"color": line.colour, "width": 1.5}},
        "cliponaxis": False,
        "customdata": [[f.by, line.name] for f in figures],
        "hovertext": _hovers(line, figures, frame),
        "hoverinfo": "text",
    }


def _hovers(line: Line, figures: Iterable[Figure], frame: Frame) -> list[str]:
    named = "" if line.alone else f" · {shown_name(line.name, t=frame.t)}"
    return [
        hover(
            f,
            f"{frame.fmt_period(f.by)}{named}",
            t=frame.t,
            fmt=frame.fmt,
            direction=frame.direction,
        )
        for f in figures
    ]
