"""Below the boxes: the way from expectation to perception, the table, causes and remedies."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csat.charts.waterfall import waterfall, waterfall_alt
from csat.model.gap_causes import CAUSES
from csat.model.settings import Thresholds
from csat.queries.gap_causes import CauseScore
from csat.queries.gap_rows import GAP_LABELS, GAP_MEANINGS, INTERNAL, GapAnswer, GapRow
from csat.ui.charts import draw, show_table
from csat.ui.language import dark, formats, t, translate
from csat.ui.origin import origin_of
from csat.ui.quality.gap_words import cell, falls, largest_sentence, place_name


def way_of(answer: GapAnswer, dimension: str | None) -> None:
    """Draw the waterfall, or say why the gaps are not added up."""
    st.header(t("Where quality is lost"), anchor=False)
    way = answer.way(dimension)
    if way is None or way.reason is not None or way.scale is None:
        if way is not None and way.reason is not None:
            st.info(t(way.reason), icon=":material/info:")
        return
    rows = falls(way)
    f = formats()
    picture = waterfall(rows, t=translate(), fmt=f.value, dark=dark(), scale=way.scale)
    draw(picture, waterfall_alt(rows, t=translate(), fmt=f.value), key="way")
    st.caption(
        t(
            "◆ level · ◀ lost · ▶ gained · ■ not clear · the whisker is the 95% interval of the "
            "step. Everybody rated the same statements on one scale, so the steps add up."
        )
    )


def matrix(answer: GapAnswer, limits: Thresholds) -> None:
    """Draw the gaps of all dimensions, and name the largest inside for each."""
    names = answer.dimensions
    surveyed = [r for r in answer.rows if r.source == "survey" and r.dimension is not None]
    if not any(r.measured is not None or r.withheld for r in surveyed):
        return
    st.header(t("By dimension"), anchor=False)
    told = [n for n in names if any(_known(answer.row(gap, n)) for gap in INTERNAL)]
    if told:
        st.markdown("\n".join(f"- {largest_sentence(answer, name)}" for name in told))
    frame = pd.DataFrame(
        {
            t("Dimension"): [place_name(name) for name in (None, *names)],
            **{
                t(label): [cell(answer.row(gap, name), limits) for name in (None, *names)]
                for gap, label in GAP_LABELS.items()
            },
        }
    )
    st.markdown(f"**{t('From surveys, in points of the scale')}**")
    show_table(frame, alt=t("The five gaps of every dimension"))
    st.caption(
        t(
            "▼ falls short · ▲ exceeds · ■ no clear gap · □ too few answers. Gaps rest on "
            "different people; they are added up only where the way above is drawn."
        )
    )


def _known(row: GapRow | None) -> bool:
    return row is not None and row.measured is not None


def causes(answer: GapAnswer) -> None:
    """Draw the usual causes of every internal gap, what was said of them, and what helps."""
    st.header(t("Causes and what helps"), anchor=False)
    asked = {c.cause: c for c in answer.causes}
    if not asked:
        st.caption(
            t("The questionnaires for managers and staff ask how far each cause is felt here.")
        )
    worst = answer.largest(None)
    for gap in INTERNAL:
        opened = worst is not None and worst.gap == gap
        with st.expander(t(GAP_LABELS[gap]), expanded=opened):
            st.caption(t(GAP_MEANINGS[gap]))
            own = [(key, c) for key, c in CAUSES.items() if c.gap == gap]
            own.sort(key=lambda pair: _score(asked.get(pair[0])))
            frame = pd.DataFrame(
                {
                    t("Cause"): [t(c.label) for _, c in own],
                    t("Felt (1 strongly - 7 not at all)"): [_felt(asked.get(k)) for k, _ in own],
                    t("What usually helps"): [t(c.remedy) for _, c in own],
                }
            )
            if not any(k in asked for k, _ in own):
                frame = frame.drop(columns=frame.columns[1])
            st.table(frame.set_index(frame.columns[0]))


def _score(found: CauseScore | None) -> float:
    return 99.0 if found is None or found.value is None else found.value


def _felt(found: CauseScore | None) -> str:
    if found is None:
        return "—"
    if found.value is None:
        return t("withheld")
    f = formats()
    interval = f.interval(found.low, found.high, "rating")
    return f"{f.value(found.value, 'rating')} ({interval}) · n {f.count(found.n or 0)}"


def method(answer: GapAnswer) -> None:
    """Draw how the gaps are computed and from what, made only when opened."""
    button = st.popover(
        t("Explain"), icon=":material/info:", type="tertiary", key="why-gaps", on_change="rerun"
    )
    if not button.open:
        return
    origin = answer.provenance
    with button:
        for gap, text in GAP_MEANINGS.items():
            st.markdown(f"**{t(GAP_LABELS[gap])}**: {t(text)}")
        st.markdown(
            t(
                "Levels are means of respondents' scores over the statements that both sides rated "
                "on one scale. Intervals are 95%: Welch for two groups of people, paired t for "
                "gap 5, Wilson for shares. Verdicts are corrected for the number of dimensions "
                "(Holm). Statements about a whole dimension are taken from the top of the scale."
            )
        )
        origin_of(origin)
