"""Text alternatives: what a chart says, in one or two sentences computed from its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from csat.charts.ranking import ranked_figures, ranked_rows
from csat.charts.wording import (
    VERDICTS,
    NumberFormat,
    PeriodFormat,
    Translate,
    sentences,
    shown_name,
    why_empty,
)
from csat.model.answer import Figure
from csat.model.message import msg


def trend_alt(
    series: Mapping[str, Sequence[Figure]],
    *,
    t: Translate,
    fmt: NumberFormat,
    fmt_period: PeriodFormat,
) -> str:
    """Say in words what a trend shows: where it starts and ends, its extremes, what is hidden.

    Unfinished periods take no part where there are finished ones.
    """
    figures = [f for line in series.values() for f in line]
    known = {
        name: [f for f in sorted(line, key=lambda f: f.by) if f.value is not None]
        for name, line in series.items()
    }
    ends = {name: [f for f in line if f.finished] or line[-1:] for name, line in known.items()}
    ends = {name: line for name, line in ends.items() if line}
    if not ends:
        return why_empty(figures, t=t)
    if len(series) == 1:
        (line,) = ends.values()
        parts = _course(line, t=t, fmt=fmt, fmt_period=fmt_period)
    else:
        parts = _field(ends, t=t, fmt=fmt, fmt_period=fmt_period)
    return sentences([*parts, *_hidden(figures, t=t)], t=t)


def volume_alt(
    figures: Sequence[Figure], *, t: Translate, fmt: NumberFormat, fmt_period: PeriodFormat
) -> str:
    """Say in words how many there were per period, and when most and fewest.

    Unfinished periods take no part in most and fewest.
    """
    known = [f for f in sorted(figures, key=lambda f: f.by) if f.value is not None]
    if not known:
        return why_empty(figures, t=t)
    whole = [f for f in known if f.finished] or known
    parts = [
        t(
            msg(
                "{total} counted from {start} to {end}.",
                total=fmt(sum(f.value or 0.0 for f in known), known[0].unit),
                start=fmt_period(known[0].by),
                end=fmt_period(known[-1].by),
            )
        )
    ]
    if len(whole) > 1:
        parts.append(_extremes(whole, t=t, fmt=fmt, fmt_period=fmt_period))
    return sentences([*parts, *_hidden(figures, t=t)], t=t)


def pareto_alt(rows: Sequence[tuple[str, int]], *, t: Translate, fmt: NumberFormat) -> str:
    """Say in words which cause leads and how few make up four fifths."""
    ranked = ranked_rows(rows)
    if not ranked:
        return t("No data in this selection")
    total = sum(n for _, n in ranked)
    name, most = ranked[0]
    reached = needed = 0
    for _, n in ranked:
        reached, needed = reached + n, needed + 1
        if reached >= 0.8 * total:
            break
    lead = msg(
        "{name} leads with {count} of {total} ({share}).",
        name=shown_name(name, t=t),
        count=fmt(most, "count"),
        total=fmt(total, "count"),
        share=fmt(100 * most / total, "percent"),
    )
    few = msg(
        "The largest {n} of {all} together make up {share}.",
        n=needed,
        all=len(ranked),
        share=fmt(100 * reached / total, "percent"),
    )
    return sentences([t(lead), t(few)] if len(ranked) > 1 else [t(lead)], t=t)


def dots_alt(
    figures: Sequence[Figure], *, t: Translate, fmt: NumberFormat, overall: Figure | None = None
) -> str:
    """Say in words which groups are highest and lowest, and what they all are together."""
    ranked = ranked_figures(figures)
    if not ranked:
        return why_empty(figures, t=t)
    high, low = ranked[0], ranked[-1]
    if high is low:
        value, name = fmt(high.value, high.unit), shown_name(high.by, t=t)
        parts = [t(msg("{name}: {value}.", name=name, value=value))]
    else:
        parts = [
            t(
                msg(
                    "Of {n} groups {top} is highest with {high}, {bottom} lowest with {low}.",
                    n=len(ranked),
                    top=shown_name(high.by, t=t),
                    high=fmt(high.value, high.unit),
                    bottom=shown_name(low.by, t=t),
                    low=fmt(low.value, low.unit),
                )
            )
        ]
    if overall is not None and overall.value is not None:
        parts.append(t(msg("Overall {value}.", value=fmt(overall.value, overall.unit))))
    return sentences([*parts, *_hidden(figures, t=t)], t=t)


def _hidden(figures: Sequence[Figure], *, t: Translate) -> list[str]:
    withheld = sum(f.withheld for f in figures)
    return [t(msg("Figures withheld: {n}.", n=withheld))] if withheld else []


def _extremes(
    line: Sequence[Figure], *, t: Translate, fmt: NumberFormat, fmt_period: PeriodFormat
) -> str:
    low = min(line, key=lambda f: f.value or 0.0)
    high = max(line, key=lambda f: f.value or 0.0)
    return t(
        msg(
            "Highest {high} in {high_period}, lowest {low} in {low_period}.",
            high=fmt(high.value, high.unit),
            high_period=fmt_period(high.by),
            low=fmt(low.value, low.unit),
            low_period=fmt_period(low.by),
        )
    )


def _course(
    line: Sequence[Figure],
    *,
    t: Translate,
    fmt: NumberFormat,
    fmt_period: PeriodFormat,
) -> list[str]:
    first, last = line[0], line[-1]
    if first is last:
        value, period = fmt(last.value, last.unit), fmt_period(last.by)
        if last.finished:
            return [t(msg("{value} in {period}.", value=value, period=period))]
        state = t(VERDICTS["unfinished"][0])
        return [t(msg("{value} in {period} ({state}).", value=value, period=period, state=state))]
    change = msg(
        "From {first} in {start} to {last} in {end}, the last against the period before: "
        "{verdict}.",
        first=fmt(first.value, first.unit),
        start=fmt_period(first.by),
        last=fmt(last.value, last.unit),
        end=fmt_period(last.by),
        verdict=t(VERDICTS[last.verdict][0]),
    )
    return [t(change), _extremes(line, t=t, fmt=fmt, fmt_period=fmt_period)]


def _field(
    ends: Mapping[str, Sequence[Figure]],
    *,
    t: Translate,
    fmt: NumberFormat,
    fmt_period: PeriodFormat,
) -> list[str]:
    """Compare several series in the last period that any of them finished."""
    period = max(line[-1].by for line in ends.values())
    there = {name: line[-1] for name, line in ends.items() if line[-1].by == period}
    ranked = sorted(there, key=lambda name: (there[name].value or 0.0, name))
    low, high = ranked[0], ranked[-1]
    if len(there) == 1:
        alone = msg(
            "{n} series; in {period} only {top} has a figure: {high}.",
            n=len(ends),
            period=fmt_period(period),
            top=shown_name(high, t=t),
            high=fmt(there[high].value, there[high].unit),
        )
        return [t(alone)]
    return [
        t(
            msg(
                "{n} series; in {period} {top} is highest with {high} and {bottom} lowest "
                "with {low}.",
                n=len(ends),
                period=fmt_period(period),
                top=shown_name(high, t=t),
                high=fmt(there[high].value, there[high].unit),
                bottom=shown_name(low, t=t),
                low=fmt(there[low].value, there[low].unit),
            )
        )
    ]
