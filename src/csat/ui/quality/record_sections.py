"""What records tell of the gaps, beside what people say: standards attained, promises kept."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from csat.charts.wording import sentences
from csat.model.message import N_, msg
from csat.model.registers import Standard
from csat.model.settings import Thresholds
from csat.queries.attained import Attained
from csat.queries.coverage import FORMALITY, Kept
from csat.queries.gap_rows import GAP_LABELS, GapAnswer
from csat.ui.charts import show_table
from csat.ui.language import formats, t, translate
from csat.ui.quality.gap_words import cell, place_name
from csat.ui.quality.register_words import direction_name, metric_name, statistic_name
from csat.ui.quality.registers import open_register

RECORDED: Final = (2, 3, 4)
_COUNTED: Final[dict[int, str]] = {
    2: N_("touchpoints"),
    3: N_("cases and audits"),
    4: N_("promises"),
}
"""What the base of each recorded gap counts."""
STATES: Final[dict[str, tuple[str, str]]] = {
    "met": ("▲", N_("attained")),
    "missed": ("▼", N_("missed")),
    "unclear": ("■", N_("not clear")),
    "too_few": ("□", N_("too few")),
    "withheld": ("–", N_("withheld")),
    "not_measured": ("–", N_("not measured")),
}
"""State of a standard -> sign and words."""


def recorded(answer: GapAnswer, limits: Thresholds) -> None:
    """Draw gaps 2 to 4 of every dimension as records tell them, below the table of surveys."""
    if not any(r.source == "record" and r.measured is not None for r in answer.rows):
        return  # the boxes say what is missing, and lead to the register
    st.markdown(f"**{t('From records, in percentage points below 100')}**")
    _recorded_table(answer, limits)
    st.caption(
        t(
            "Surveys tell what people say, in points of the scale; records count what happened. "
            "They stand side by side and are never added to each other."
        )
    )
    open_register("standards", key="records")


def _recorded_table(answer: GapAnswer, limits: Thresholds) -> None:
    names = (None, *answer.dimensions)
    f = formats()
    columns = {t("Dimension"): [place_name(name) for name in names]}
    for gap in RECORDED:
        rows = [answer.row(gap, name, "record") for name in names]
        columns[t(GAP_LABELS[gap])] = [cell(row, limits) for row in rows]
        columns[_COUNTED[gap]] = [
            "—"
            if row is None or row.measured is None or row.measured.n is None
            else f.count(row.measured.n)
            for row in rows
        ]
    frame = pd.DataFrame(columns).rename(columns={v: f"n ({t(v)})" for v in _COUNTED.values()})
    show_table(frame, alt=t("Gaps 2 to 4 from records"))


def behind_records(answer: GapAnswer) -> None:
    """Draw what stands behind the records: each standard, its coverage, promises."""
    found = answer.records
    if found is None:
        return
    f = formats()
    if found.attained:
        met = sum(a.state == "met" and not a.stale for a in found.attained)
        judged = sum(a.measured for a in found.attained)
        told = msg("Standards: {k} of {n} that can be judged are attained", k=met, n=judged)
        with st.expander(t(told), icon=":material/rule:"):
            show_table(attained_table(found.attained), alt=t("How far each standard is attained"))
            st.caption(
                t(
                    "Attained or missed only where the whole 95% interval lies on one side of the "
                    "target. Times are followed until done, cases still open included."
                )
            )
    if found.coverage:
        with st.expander(t("Coverage and formality of the standards"), icon=":material/grid_on:"):
            frame = pd.DataFrame(
                {
                    t("Dimension"): [place_name(c.dimension) for c in found.coverage],
                    t("Touchpoints"): [f.count(c.cells) for c in found.coverage],
                    t("No standard"): [f.count(c.none) for c in found.coverage],
                    **{
                        t(label): [f.count(c.steps[step]) for c in found.coverage]
                        for step, label in FORMALITY.items()
                    },
                }
            )
            show_table(frame, alt=t("Coverage and formality of the standards"))
            told = msg("In date on {day}.", day=f.day(found.day))
            every = t("Every column holds the one to its right.")
            st.caption(sentences([every, t(told)], t=translate()))
    if found.kept:
        with st.expander(t("Promises kept and broken"), icon=":material/handshake:"):
            show_table(
                _promises([*found.kept, *found.by_source], len(found.kept)),
                alt=t("Promises kept and broken"),
            )
            st.caption(
                t(
                    "A promise of a day counts from that day on; one not delivered by then is "
                    "broken."
                )
            )
    if found.no_standard:
        with st.expander(t("Who said that there is no standard"), icon=":material/do_not_disturb:"):
            frame = pd.DataFrame(
                {
                    t("Dimension"): [place_name(n.dimension) for n in found.no_standard],
                    t("Asked"): [
                        t("Managers") if n.gap == 2 else t("Staff") for n in found.no_standard
                    ],
                    t("Said no standard"): [
                        f"{f.value(n.value, 'percent')} ({f.interval(n.low, n.high, 'percent')})"
                        for n in found.no_standard
                    ],
                    "n": [f.count(n.n) for n in found.no_standard],
                }
            )
            show_table(frame, alt=t("Who said that there is no standard"))
            st.caption(t("Over all dates and groups. They are in no mean of the surveys."))


def _promises(rows: list[Kept], dimensions: int) -> pd.DataFrame:
    f = formats()
    names = [
        place_name(k.group) if i < dimensions else _sourced(k.group) for i, k in enumerate(rows)
    ]
    return pd.DataFrame(
        {
            t("Promises"): names,
            t("Kept"): [f.count(k.kept) for k in rows],
            t("Broken"): [f.count(k.broken) for k in rows],
            t("Open"): [f.count(k.open) for k in rows],
            t("Days late (mean)"): [
                "—" if k.days_late is None else f.difference(k.days_late, "rating") for k in rows
            ],
        }
    )


def _sourced(source: str | None) -> str:
    return t(msg("Source: {name}", name=source or t("not stated")))


def target_words(standard: Standard) -> str:
    """Return what a standard asks for."""
    if standard.target is None:
        return "—"
    f = formats()
    unit = t("h") if standard.metric in ("response_time", "resolution_time") else ""
    level = f"{direction_name(standard.direction)} {f.value(standard.target, '')} {unit}".strip()
    return f"{statistic_name(standard.statistic)} {level}".strip()


def attained_table(found: tuple[Attained, ...]) -> pd.DataFrame:
    """Return how far each standard is attained, missed ones first."""
    f = formats()
    order = {name: i for i, name in enumerate(("missed", "unclear", "met"))}
    rows = sorted(found, key=lambda a: (order.get(a.state, 9), a.standard.code))
    return pd.DataFrame(
        {
            t("State"): [_state(a) for a in rows],
            t("Code"): [a.standard.code for a in rows],
            t("Standard"): [a.standard.text for a in rows],
            t("Dimension"): [place_name(a.standard.dimension) if a.standard.dimension else ""
                             for a in rows],
            t("Touchpoint"): [a.standard.touchpoint or t("all") for a in rows],
            t("Metric"): [metric_name(a.standard.metric) for a in rows],
            t("Target"): [target_words(a.standard) for a in rows],
            t("Measured"): [_value(a) for a in rows],
            "n": ["" if a.n is None else f.count(a.n) for a in rows],
            t("Reached, case by case"): [
                "" if not a.checked else f.value(100 * (a.reached or 0) / a.checked, "percent")
                for a in rows
            ],
            t("Missing"): ["" if a.needs is None else t(a.needs) for a in rows],
        }
    )  # fmt: skip


def _state(found: Attained) -> str:
    sign, words = STATES[found.state]
    stale = f" · ⚠ {t('out of date')}" if found.stale else ""
    return f"{sign} {t(words)}{stale}"


def _value(found: Attained) -> str:
    if found.value is None:
        return "—"
    f = formats()
    unit = "" if found.unit == "hours" else found.unit
    mark = f" {t('h')}" if found.unit == "hours" else ""
    value = f"{f.value(found.value, unit)}{mark}"
    if found.low is None and found.high is None:
        return value
    return f"{value} ({f.interval(found.low, found.high, unit)})"
