"""How long cases take and which promises are kept: parts of the complaints page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from csat.charts.curves import waiting_alt, waiting_curves
from csat.charts.grids import bands, bands_alt
from csat.model.case_states import age_code, age_words
from csat.model.category import category_path
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.vocabulary import CASE_CUTS, CUT_LABELS, SEVERITY_LABELS
from csat.queries.handling import AgeBand
from csat.queries.resolution import Passed, Resolution, Resolutions
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.charts import show_table
from csat.ui.drill import Choice, draw_to_open
from csat.ui.empty import not_recorded
from csat.ui.language import dark, formats, t, translate
from csat.ui.view import View
from csat.ui.words import group_name

_DAY: Final = 86_400
MOST_CURVES: Final = 5


def waits(filters: Filters, view: View) -> None:
    """Draw survival curves and percentiles of both clocks, by group where one is chosen."""
    names = {"none": t("all cases together"), **{c: _cut_name(c) for c in CASE_CUTS}}
    by = url.choose(t("Split by"), "split", list(names), "none", names.__getitem__, width=280)
    found: Resolutions = cached("resolution", filters, None if by == "none" else by, view.limits)
    if not any(r.n or r.withheld for r in found.rows):
        not_recorded(t("The files do not say when cases were answered or resolved."))
        return
    for clock, title in (
        ("response", t("Time to first response")),
        ("resolution", t("Time to resolution")),
    ):
        rows = [r for r in found.rows if r.clock == clock]
        st.header(title, anchor=False)
        if not rows[0].n:
            st.caption(t("The files do not say when this happened."))
            continue
        told = rows[:1] if by == "none" else rows[1:]
        _curves(told, by, clock)
        _percentiles(rows, by, title)
        _test(found, clock)
    st.caption(
        t(
            "Cases still open count with the time they have waited so far; figures marked "
            "'closed only' leave them out and are too low while slow cases are open."
        )
    )


def _cut_name(cut: str) -> str:
    known = {"cause": t("Cause"), "severity": t("Severity"), "status": t("Status")}
    return known.get(cut) or t(CUT_LABELS[cut])


def _curves(rows: Sequence[Resolution], by: str, clock: str) -> None:
    shown = [r for r in rows if r.curve][:MOST_CURVES]
    names = {id(r): t("all cases") if by == "none" else _group(by, r.group) for r in shown}
    reached = [q.seconds for r in shown for q in r.quantiles if q.q == 0.95 and q.seconds]
    until = 1.05 * max(reached) if len(reached) == len(shown) and reached else None
    medians = {names[id(r)]: r.quantiles[0].seconds for r in shown}
    draw_to_open(
        waiting_curves(
            {names[id(r)]: r.curve for r in shown},
            dark=dark(),
            until=until,
            t=translate(),
            fmt=formats().value,
        ),
        waiting_alt(medians, t=translate(), fmt=formats().value),
        {}
        if by == "none"
        else {
            names[id(r)]: (f"{names[id(r)]} ({formats().count(r.n)})", _cases_of(by, r), None)
            for r in shown
            if r.n and (r.group or by in ("category", "cause"))
        },
        key=f"waits-{clock}",
    )


def _cases_of(by: str, row: Resolution) -> Choice:
    group = row.group or ""
    return {by: [category_path([group]) if by == "category" else group]}


def _percentiles(rows: Sequence[Resolution], by: str, title: str) -> None:
    f = formats()
    listed = [*rows[:1], *(rows[1:] if by != "none" else ())]
    frame = pd.DataFrame(
        {
            t("Group"): [t("all cases") if r.group is None else _group(by, r.group)
                         for r in listed],
            "n": ["" if r.n is None else f.count(r.n) for r in listed],
            t("Open"): ["" if r.censored is None else f.count(r.censored) for r in listed],
            **{
                text: [_passed(r, i) for r in listed]
                for i, text in enumerate((t("Half done"), t("80% done"), t("90% done"),
                                          t("95% done")))
            },
            t("Half done, closed only (biased)"): [_closed(r) for r in listed],
            t("Done within 72 h"): [_within(r, 72) for r in listed],
            t("Against the rest"): [_p(r) for r in listed],
        }
    )  # fmt: skip
    empty = [c for c in frame.columns if not frame[c].astype(bool).any()]
    show_table(frame.drop(columns=empty), alt=title, faint=[t("Half done, closed only (biased)")])


def _passed(row: Resolution, place: int) -> str:
    if row.withheld:
        return t("withheld")
    if not row.quantiles:
        return formats().value(None, "days")
    return _seconds(row, row.quantiles[place])


def _seconds(row: Resolution, at: Passed) -> str:
    f = formats()
    if at.seconds is None:
        return f"> {f.value((row.followed or 0) / _DAY, 'days')}"
    return f.value(at.seconds / _DAY, "days")


def _closed(row: Resolution) -> str:
    if not row.quantiles or row.quantiles[0].closed_only is None:
        return ""
    return formats().value(row.quantiles[0].closed_only / _DAY, "days")


def _within(row: Resolution, hours: int) -> str:
    done = next((d for d in row.within if d.hours == hours), None)
    return "" if done is None else formats().value(done.share, "percent")


def _p(row: Resolution) -> str:
    if row.p_value is None:
        return ""
    return t("clearly different") if row.p_value < 0.05 else t("no clear difference")


def _test(found: Resolutions, clock: str) -> None:
    if clock in found.tests:
        _, p, _ = found.tests[clock]
        said = t("The groups differ beyond noise") if p < 0.05 else t("No clear difference")
        value = f"{p:.3f}" if p >= 0.001 else "< 0.001"
        st.caption(
            t(msg("{said} (log-rank over all groups, p {p}; each against the rest after Holm).",
                  said=said, p=value if p < 0.001 else f"= {value}"))
        )  # fmt: skip
    if found.left_out:
        st.caption(t(msg("{n} smaller groups are not listed.", n=found.left_out)))


def _group(by: str, group: str | None) -> str:
    if by == "severity":
        return t(SEVERITY_LABELS.get(group or "", group or "")) or t("not stated")
    return group_name(by, group or "")


def ages(filters: Filters) -> None:
    """Draw how old open cases are beside how long closed ones took."""
    found: tuple[AgeBand, ...] = cached("ageing", filters)
    if not found:
        not_recorded(t("The files do not say when cases were resolved."))
        return
    f = formats()
    names = [
        t(msg("over {low} d", low=b.low))
        if b.high is None
        else t(msg("{low}-{high} d", low=b.low, high=b.high))
        for b in found
    ]
    still_open, closed = [b.still_open for b in found], [b.closed for b in found]
    st.header(t("Open cases by age, closed cases by time taken"), anchor=False)
    codes = [(age_code("open", b.low, b.high), age_code("closed", b.low, b.high)) for b in found]
    draw_to_open(
        bands(
            names,
            still_open,
            closed,
            ends=[f"> {b.low}" if b.high is None else f"{b.low}–{b.high}" for b in found],
            dark=dark(),
            t=translate(),
            fmt=formats().value,
            codes=codes,
        ),
        bands_alt(names, still_open, closed, t=translate(), fmt=formats().value),
        {
            code: (f"{t(age_words(code))} ({f.count(n)})", {"age": [code]}, None)
            for place, counts in enumerate((still_open, closed))
            for code, n in zip((pair[place] for pair in codes), counts, strict=True)
            if n
        },
        key="ages",
    )
    frame = pd.DataFrame(
        {
            t("Days"): names,
            t("Open, by age"): [f.count(n) for n in still_open],
            t("Closed, by time taken"): [f.count(n) for n in closed],
        }
    )
    with st.expander(t("Table"), icon=":material/table:"):
        show_table(frame, alt=t("Open and closed cases by days"))
