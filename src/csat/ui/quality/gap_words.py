"""What the figures on the five gaps say, in plain words."""

from __future__ import annotations

from typing import Final

from csat.charts.waterfall import Fall
from csat.charts.wording import sentences
from csat.model.message import N_, msg
from csat.model.settings import Thresholds
from csat.queries.gap_rows import GAP_LABELS, GapAnswer, GapRow, Measured, Way
from csat.ui.language import formats, t, translate
from csat.ui.quality.words import dimension_name

VERDICTS: Final[dict[str, tuple[str, str, str]]] = {
    "worse": ("▼", N_("falls short"), "orange"),
    "better": ("▲", N_("exceeds"), "blue"),
    "no_clear_change": ("■", N_("no clear gap"), "gray"),
    "too_few": ("□", N_("too few answers"), "gray"),
    "not_compared": ("–", N_("not tested"), "gray"),
}
"""Verdict on a gap -> icon, words, colour."""
_STEPS: Final[dict[str, str]] = {
    "understanding": GAP_LABELS[1],
    "standards": GAP_LABELS[2],
    "delivery": GAP_LABELS[3],
    "seeing": N_("How it is perceived"),
}


def place_name(dimension: str | None) -> str:
    """Return the name of a dimension, or of all together."""
    return t("All dimensions") if dimension is None else dimension_name(dimension)


def verdict_of(found: Measured) -> str:
    """Return icon and words of a verdict."""
    icon, words, _ = VERDICTS[found.verdict]
    return f"{icon} {t(words)}"


def size(found: Measured, unit: str) -> str:
    """Return the size of a gap; shares in percentage points."""
    f = formats()
    if unit == "percent":
        return f.difference(found.value, "percent")
    return f.value(found.value, "rating")


def base(found: Measured) -> str:
    """Return the interval and the n on both sides."""
    f = formats()
    n = f.count(found.n or 0)
    both = n if found.n_reference is None else f"{n} / {f.count(found.n_reference)}"
    told = f"n {both}"
    if found.low is None:
        return told
    return f"{f.interval(found.low, found.high, 'rating')} · {told}"


def cell(row: GapRow | None, limits: Thresholds) -> str:
    """Return a gap as one cell of the table: sign and size, or why not."""
    if row is None or (row.measured is None and not row.withheld):
        return "—"
    if row.withheld or row.measured is None:
        return t(msg("withheld (n < {n})", n=limits.withhold_under))
    icon = VERDICTS[row.measured.verdict][0]
    f = formats()
    if row.measured.low is None:
        return f"{icon} {size(row.measured, row.unit)}"
    if row.unit == "percent":
        ends = f.interval(row.measured.low, row.measured.high, "index")
        return f"{icon} {size(row.measured, row.unit)} ({ends})"
    interval = f.interval(row.measured.low, row.measured.high, "rating")
    return f"{icon} {size(row.measured, row.unit)} ({interval})"


def largest_sentence(answer: GapAnswer, dimension: str | None) -> str:
    """Name the largest internal gap of a dimension."""
    found, name = answer.largest(dimension), place_name(dimension)
    if found is None or found.measured is None:
        known = any(
            (r := answer.row(g, dimension)) is not None and r.measured is not None
            for g in (1, 2, 3, 4)
        )
        text = (
            msg("{name}: no gap inside the organisation clearly falls short.", name=name)
            if known
            else msg(
                "{name}: no gap inside the organisation is measured by surveys yet.", name=name
            )
        )
        return t(text)
    said = {"gap": t(GAP_LABELS[found.gap]), "size": size(found.measured, found.unit)}
    told = (
        t(msg("All dimensions together lose most in **{gap}**: {size}.", **said))
        if dimension is None
        else t(msg("**{name}** loses most in **{gap}**: {size}.", name=name, **said))
    )
    close = [
        f"{t(GAP_LABELS[r.gap])} ({size(r.measured, r.unit)})"
        for r in answer.close_to_largest(dimension)
        if r.measured is not None
    ]
    if not close:
        return told
    also = t(msg("Not clearly less: {gaps}.", gaps=t(", ").join(close)))
    return sentences([told, also], t=translate())


def falls(way: Way) -> list[Fall]:
    """Return the rows of the waterfall of a way."""
    f = formats()
    rows = [Fall(t("Customers expect"), way.expectation or 0.0)]
    for s in way.steps:
        n = f.count(s.n) if s.n_reference is None else f"{f.count(s.n)} / {f.count(s.n_reference)}"
        rows.append(Fall(t(_STEPS[s.key]), s.end, s.start, s.low, s.high, f"n {n}"))
    rows.append(Fall(t("Customers perceive"), way.perception or 0.0))
    return rows
