"""Groups on the page on trends: small multiples, differences, and the mix of a change."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from csat.charts.control_words import multiples_alt
from csat.charts.multiples import multiples
from csat.model.answer import Figure
from csat.model.control import ControlAnswer
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.metrics import metric
from csat.model.vocabulary import CUT_LABELS, SURVEY_CUTS
from csat.queries.comparing import GroupsAnswer, PeriodChange
from csat.stats.mix import Part
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.card import label, shown, verdict_words
from csat.ui.charts import draw, show_table
from csat.ui.language import formats, t
from csat.ui.trends.chart import ink
from csat.ui.view import View
from csat.ui.words import group_name

MOST_PANELS: Final = 8
MOST_NAMED: Final = 10


def small_multiples(
    filters: Filters, key: str, grain: str, cut: str, view: View, week_start: int
) -> None:
    """Draw one small control chart per group, the largest groups first."""
    answers: tuple[ControlAnswer, ...] = cached(
        "control_split", filters, (key,), grain, cut, view.limits, week_start
    )
    drawn = [a for a in answers if any(p.figure.value is not None for p in a.points)]
    if not drawn:
        note = next((a.note for a in answers if a.note is not None), None)
        st.info(t(note) if note else t("No data in this selection"), icon=":material/info:")
        return
    st.header(t(msg("By {cut}, on one scale", cut=t(CUT_LABELS[cut]).lower())), anchor=False)
    first = _changing_first(drawn)[:MOST_PANELS]
    brush, f = ink(), formats()
    alt = multiples_alt(first, t=brush.t, fmt_period=f.period)
    expected = sum(a.expected_false for a in drawn)
    found = sum(len(a.signals) for a in drawn)
    st.markdown(
        t(
            msg(
                "**Groups that change now: {n} of {all}.** {found} signals in all; by chance "
                "alone about {expected} would be expected.",
                n=sum(a.variation in ("improving", "worsening", "shifting") for a in drawn),
                all=len(drawn),
                found=found,
                expected=f"{expected:.1f}",
            )
        )
    )
    draw(multiples(first, ink=brush), alt, key="groups")
    parts = [t("Whiskers: 95% intervals; thin lines: limits of common variation of each group")]
    rest = [group_name(cut, a.group) for a in drawn if a not in first]
    withheld = [group_name(cut, a.group) for a in answers if a not in drawn and a.note is None]
    if rest:
        parts.append(t(msg("not drawn: {list}", list=_first_few(rest))))
    if withheld:
        parts.append(t(msg("withheld: {list}", list=_first_few(withheld))))
    st.caption(" · ".join(parts))


def _first_few(names: list[str]) -> str:
    """Name some groups, and count the others: of hundreds nobody reads the names."""
    said = t(", ").join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return t(msg("{names}; and {n} more", names=said, n=more)) if more > 0 else said


def _changing_first(answers: list[ControlAnswer]) -> list[ControlAnswer]:
    """Put groups that change before the others; each in the order of their size."""
    return sorted(answers, key=lambda a: a.variation in ("stable", "unknown"))


def comparison(filters: Filters, key: str, cut: str, view: View) -> None:
    """Draw the change against the reference period, and each group against all others."""
    _periods(filters, key, cut, view)
    answer: GroupsAnswer = cached("groups_beside", filters, key, cut, view.limits)
    st.markdown(f"**{t('Each group against all others, in the period')}**")
    if answer.note is not None:
        st.info(t(answer.note), icon=":material/info:")
        return
    f = formats()
    show_table(
        pd.DataFrame(
            {
                t(CUT_LABELS[cut]): [group_name(cut, x.by) for x in answer.figures],
                t("Value"): [shown(x, view.limits) for x in answer.figures],
                "n": [f.count(x.n) if x.n is not None else "" for x in answer.figures],
                t("Difference"): [f.difference(x.difference, x.unit) for x in answer.figures],
                t("95% interval"): [
                    between(x.difference_low, x.difference_high, x.unit) for x in answer.figures
                ],
                t("Adjusted p"): [p_words(x.p_value) for x in answer.figures],
                t("Verdict"): [_beside(x) for x in answer.figures],
            }
        ),
        alt=label(metric(key)),
    )
    method = "Holm" if answer.correction == "holm" else "Benjamini-Hochberg"
    st.caption(
        t(
            msg(
                "In the order of names: neighbours in a ranking seldom differ. Corrected for the "
                "number of groups ({method}); intervals are not corrected.",
                method=method,
            )
        )
    )


def _periods(filters: Filters, key: str, cut: str, view: View) -> None:
    found: PeriodChange = cached("period_change", filters, key, cut, view.limits)
    figure, f = found.figure, formats()
    st.markdown(f"**{t('Against the period it is compared with')}**")
    if figure.difference is None:
        st.caption(t("Choose a period and what to compare it with in the sidebar."))
        return
    st.markdown(
        t(
            msg(
                "{verdict}: from {before} to {now}, 95% interval of the change {range}, p {p}.",
                verdict=verdict_words(figure),
                before=f.value(figure.reference_value, figure.unit),
                now=f.value(figure.value, figure.unit),
                range=between(figure.difference_low, figure.difference_high, figure.unit),
                p=p_words(figure.p_value),
            )
        )
    )
    if found.within is None or found.mix is None:
        return
    st.markdown(
        t(
            msg(
                "Of this, {within} is change within the groups of '{cut}', and {mix} comes from "
                "other shares of these groups among those who answered.",
                within=_part(found.within, figure.unit),
                mix=_part(found.mix, figure.unit),
                cut=t(CUT_LABELS[cut]),
            )
        )
    )


def _beside(figure: Figure) -> str:
    """Say whether a group differs from the others: between groups nothing changes."""
    if figure.verdict == "no_clear_change":
        return f"■ {t('no clear difference')}"
    return verdict_words(figure)


def _part(part: Part, unit: str) -> str:
    change = formats().difference(part.value, unit)
    if part.low is None:
        return change
    return f"{change} [{between(part.low, part.high, unit)}]"


def between(low: float | None, high: float | None, unit: str) -> str:
    """Write the interval of a difference, both ends with their signs."""
    f = formats()
    if low is None and high is None:
        return "—"
    return t(msg("{low} to {high}", low=f.difference(low, unit), high=f.difference(high, unit)))


def p_words(p: float | None) -> str:
    """Write a p-value: three decimals, or that it is smaller."""
    if p is None:
        return "—"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def choose_cut(filters: Filters, split: str) -> str:
    """Return the cut chosen for the comparison: that of the page, else asked for."""
    if split != "none":
        return split
    cuts = open_cuts(filters)
    return url.choose(t("Groups"), "cut", cuts, cuts[0], lambda c: t(CUT_LABELS[c]), width=320)


def open_cuts(filters: Filters) -> list[str]:
    """Return the cuts that the filters have not narrowed to one group."""
    alone = {"branch": filters.branches, "channel": filters.channels}
    alone |= {"segment": filters.segments, "touchpoint": filters.touchpoints}
    return [c for c in SURVEY_CUTS if len(alone[c]) != 1] or list(SURVEY_CUTS)
