"""What control charts draw of one series: band, limits, line, points and crosses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from csat.charts import theme
from csat.charts.control_words import signal_words
from csat.charts.wording import NumberFormat, PeriodFormat, Translate
from csat.charts.words import markup, wrap
from csat.model.answer import Figure
from csat.model.control import ChartSignal, ControlAnswer, ControlPoint
from csat.model.message import msg
from csat.model.period import year_earlier


@dataclass(frozen=True, slots=True)
class Ink:
    """How a reader's language and theme write and colour a chart."""

    t: Translate
    fmt: NumberFormat
    fmt_period: PeriodFormat
    dark: bool

    @property
    def colours(self) -> theme.Palette:
        """The palette of the theme."""
        return theme.palette(dark=self.dark)


def limit_traces(
    answer: ControlAnswer, phase: int, ink: Ink, **place: Any
) -> Iterator[dict[str, Any]]:
    """Yield band, limits and centre line of one phase."""
    inside = [
        (i, p)
        for i, p in enumerate(answer.points)
        if p.phase == phase and p.low is not None and p.high is not None
    ]
    if not inside:
        return
    x = [v for i, _ in inside for v in (i - 0.5, i + 0.5)]
    rows = {
        name: [getattr(p, name) for _, p in inside for _ in (0, 1)]
        for name in ("low", "high", "centre")
    }
    grey = ink.colours.neutral
    plain = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False} | place
    yield plain | {
        "x": [*x, *x[::-1]],
        "y": [*rows["high"], *rows["low"][::-1]],
        "fill": "toself",
        "fillcolor": theme.faded(grey, 0.09),
        "line": {"width": 0},
    }
    dash = "dot" if answer.phases[phase].provisional else "solid"
    for name in ("low", "high"):
        yield plain | {"x": x, "y": rows[name], "line": {"color": grey, "width": 1, "dash": dash}}
    yield plain | {
        "x": x,
        "y": rows["centre"],
        "line": {"color": theme.faded(grey, 0.8), "width": 1.2, "dash": "dash"},
    }


def value_traces(
    answer: ControlAnswer, ink: Ink, *, low: float, whiskers: bool = False, **place: Any
) -> Iterator[dict[str, Any]]:
    """Yield line, points and crosses of the values."""
    grey, surface = ink.colours.neutral, ink.colours.surface
    shared = {"type": "scatter", "showlegend": False, "cliponaxis": False} | place
    known = [(i, p) for i, p in enumerate(answer.points) if p.figure.value is not None]
    x: list[float | None] = []
    y: list[float | None] = []
    for (i, p), (j, q) in pairwise(known):
        if j == i + 1 and p.phase == q.phase:
            x += [i, j, None]
            y += [p.figure.value, q.figure.value, None]
    yield shared | {
        "mode": "lines",
        "x": x or [None],
        "y": y or [None],
        "hoverinfo": "skip",
        "line": {"color": grey, "width": 1 if len(answer.points) > 120 else 1.8},
    }
    marked = signal_of(answer)
    look = [_look(p, marked.get(p.figure.by), ink) for _, p in known]
    size = 4 if len(answer.points) > 60 else 7
    trace: dict[str, Any] = {
        "mode": "markers",
        "x": [i for i, _ in known],
        "y": [p.figure.value for _, p in known],
        "marker": {
            "color": [
                colour if p.figure.finished else surface
                for (_, p), (colour, _) in zip(known, look, strict=True)
            ],
            "symbol": [symbol for _, symbol in look],
            "size": [size + (4 if symbol != "circle" else 0) for _, symbol in look],
            "line": {"color": [grey if s == "circle" else c for c, s in look], "width": 1.2},
            "opacity": 1,
        },
        "customdata": [[p.figure.by, answer.group] for _, p in known],
        "hovertext": [_hover(p, marked.get(p.figure.by), answer, ink) for _, p in known],
        "hoverinfo": "text",
    }
    if whiskers:
        trace["error_y"] = _whiskers([p for _, p in known], ink)
    yield shared | trace
    hidden = [(i, p) for i, p in enumerate(answer.points) if p.figure.withheld]
    if hidden:
        yield shared | {
            "mode": "markers",
            "x": [i for i, _ in hidden],
            "y": [low] * len(hidden),
            "marker": {"symbol": "x-thin", "size": 7, "line": {"color": grey, "width": 1.5}},
            "hovertext": [_hover(p, None, answer, ink) for _, p in hidden],
            "hoverinfo": "text",
        }


def signal_of(answer: ControlAnswer) -> dict[str, ChartSignal]:
    """Return the signal of each point that is part of one; beyond a limit counts first."""
    found: dict[str, ChartSignal] = {}
    for signal in reversed(answer.signals):
        found.update(dict.fromkeys(signal.labels, signal))
    return found


def _year_earlier(figure: Figure, answer: ControlAnswer) -> float | None:
    """Return the value of the same month, quarter or year one year earlier."""
    label = year_earlier(figure.by)
    return next((p.figure.value for p in answer.points if p.figure.by == label), None)


def _look(point: ControlPoint, signal: ChartSignal | None, ink: Ink) -> tuple[str, str]:
    if signal is None:
        return ink.colours.neutral, "circle"
    shape = {True: "triangle-up", False: "triangle-down", None: "diamond"}[signal.above]
    if signal.good is None:
        return ink.colours.undirected, shape
    return (ink.colours.improvement if signal.good else ink.colours.concern), shape


def _whiskers(points: Sequence[ControlPoint], ink: Ink) -> dict[str, Any]:
    ends = [(p.figure.value or 0.0, p.figure.low, p.figure.high) for p in points]
    return {
        "type": "data",
        "symmetric": False,
        "array": [0.0 if high is None else high - v for v, _, high in ends],
        "arrayminus": [0.0 if low is None else v - low for v, low, _ in ends],
        "color": theme.faded(ink.colours.neutral, 0.45),
        "thickness": 1,
        "width": 0,
    }


def _hover(point: ControlPoint, signal: ChartSignal | None, answer: ControlAnswer, ink: Ink) -> str:

    figure, t, fmt = point.figure, ink.t, ink.fmt
    lines = []
    if figure.withheld:
        lines.append(t("withheld"))
    else:
        value = fmt(figure.value, answer.unit)
        counted = figure.n is not None and answer.unit != "count"
        lines.append(f"{value} · {t(msg('n {n}', n=figure.n))}" if counted else value)
    if figure.low is not None or figure.high is not None:
        low, high = fmt(figure.low, answer.unit), fmt(figure.high, answer.unit)
        lines.append(t(msg("95% interval: {low} to {high}", low=low, high=high)))
    if point.low is not None and point.high is not None:
        low, high = fmt(point.low, answer.unit), fmt(point.high, answer.unit)
        lines.append(t(msg("Limits: {low} to {high}", low=low, high=high)))
    before = _year_earlier(figure, answer)
    if before is not None:
        lines.append(t(msg("A year earlier: {value}", value=fmt(before, answer.unit))))
    if not figure.finished:
        lines.append(t("period not finished"))
    if signal is not None:
        lines.append(signal_words(signal, t=t, fmt_period=ink.fmt_period))
    body = markup([part for line in lines for part in wrap(line, 40)])
    return f"<b>{markup(wrap(ink.fmt_period(figure.by), 36))}</b><br>{body}"
