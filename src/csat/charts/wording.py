"""The words and signs of charts: verdicts, hover texts, and what the marks mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from csat.charts.words import markup, wrap
from csat.model.answer import Figure
from csat.model.message import N_, Message, msg

Translate = Callable[[str | Message], str]
"""Says a source text in the reader's language."""
NumberFormat = Callable[[float | None, str], str]
"""Writes a value with its unit, as ``Formats.value`` does."""
PeriodFormat = Callable[[str], str]
"""Writes a bucket label such as 2026-05, as ``Formats.period`` does."""

VERDICTS: Final[dict[str, tuple[str, str]]] = {
    "better": (N_("better"), "▲"),
    "worse": (N_("worse"), "▼"),
    "changed": (N_("changed"), "◆"),
    "no_clear_change": (N_("no clear change"), "■"),
    "too_few": (N_("too few answers"), "□"),
    "unfinished": (N_("period not finished"), "○"),
    "not_compared": (N_("nothing to compare with"), "–"),
}
"""Verdict -> source text and icon; `icon` turns the triangle the way the figure moved."""

VERDICT_COLOURS: Final[dict[str, str]] = {
    "better": "improvement",
    "worse": "concern",
    "changed": "undirected",
    "no_clear_change": "neutral",
    "too_few": "neutral",
    "unfinished": "neutral",
    "not_compared": "neutral",
}
"""Verdict -> name of its colour in ``theme.Palette``."""

_SIGNALS: Final = ("better", "worse")


def rose(figure: Figure, direction: str = "none") -> bool:
    """Say whether a clearly changed figure went up.

    Parameters
    ----------
    direction
        Which way is good; decides where the difference itself is not known.
    """
    if figure.difference is not None:
        return figure.difference > 0
    return (figure.verdict == "better") == (direction != "down")


def icon(figure: Figure, direction: str = "none") -> str:
    """Return the sign beside a verdict: a triangle points the way the figure moved.

    Examples
    --------
    >>> fewer = Figure("x", "total", 3.0, "count", 3, None, None, "better", difference=-2.0)
    >>> icon(fewer)
    '▼'
    """
    if figure.verdict in _SIGNALS:
        return "▲" if rose(figure, direction) else "▼"
    return VERDICTS[figure.verdict][1]


def symbol(figure: Figure, direction: str = "none") -> str:
    """Return Plotly's name for the mark of a figure; a circle without a clear change."""
    if figure.verdict in _SIGNALS:
        return "triangle-up" if rose(figure, direction) else "triangle-down"
    return "diamond" if figure.verdict == "changed" else "circle"


def verdict_words(figure: Figure, *, t: Translate, direction: str = "none") -> str:
    """Return icon and words of a figure's verdict."""
    return f"{icon(figure, direction)} {t(VERDICTS[figure.verdict][0])}"


def shown_name(name: str, *, t: Translate) -> str:
    """Return the name of a group as people read it; records without one are "not stated"."""
    return name or t("not stated")


def hover(
    figure: Figure, heading: str, *, t: Translate, fmt: NumberFormat, direction: str = "none"
) -> str:
    """Return what a mark says when pointed at: value, base, interval and verdict.

    Parameters
    ----------
    heading
        Period or group, in the reader's language.
    """
    lines = []
    if figure.withheld:
        lines.append(t("withheld"))
    elif figure.value is None:
        lines.append(t("no data"))
    else:
        value = fmt(figure.value, figure.unit)
        if figure.n is None or figure.unit == "count":
            lines.append(value)
        else:
            lines.append(f"{value} · {t(msg('n {n}', n=figure.n))}")
        if figure.low is not None or figure.high is not None:
            low, high = fmt(figure.low, figure.unit), fmt(figure.high, figure.unit)
            lines.append(t(msg("95% interval: {low} to {high}", low=low, high=high)))
        lines.append(verdict_words(figure, t=t, direction=direction))
    if figure.note is not None:
        lines.append(t(figure.note))
    body = markup([part for line in lines for part in wrap(line, 40)])
    return f"<b>{markup(wrap(heading, 36))}</b><br>{body}"


def why_empty(figures: Iterable[Figure], *, t: Translate) -> str:
    """Return why there is nothing to draw: a note, the privacy minimum, or no data."""
    figures = list(figures)
    note = next((f.note for f in figures if f.note is not None), None)
    if note is not None:
        return t(note)
    if any(f.withheld for f in figures):
        return t("Withheld: too few answers")
    return t("No data in this selection")


def sentences(parts: Iterable[str], *, t: Translate) -> str:
    """Join sentences as the language does."""
    whole = ""
    for part in parts:
        whole = t(msg("{before} {next}", before=whole, next=part)) if whole else part
    return whole


def marks_key(figures: Iterable[Figure], *, t: Translate, caution_under: int = 0) -> str:
    """Return one line that explains the marks a chart of these figures uses, or "".

    Parameters
    ----------
    caution_under
        Base below which a chart of groups draws hollow; 0 for charts over time.
    """
    figures = list(figures)
    drawn = [f for f in figures if f.value is not None]
    verdicts = {f.verdict for f in drawn}
    parts = []
    if verdicts & set(_SIGNALS):
        parts.append(t("▲▼ clear change: blue is better, orange is worse"))
    if "changed" in verdicts:
        parts.append(t("◆ clear change"))
    if any(not f.finished for f in drawn):
        parts.append(t("○ period not finished"))
    if any(f.n is not None and f.n < caution_under for f in drawn):
        parts.append(t(msg("○ caution: n under {n}", n=caution_under)))
    if any(f.withheld for f in figures):
        parts.append(t("✕ withheld"))
    return " · ".join(parts)
