"""What follows a closed case: does it come back, and is the customer satisfied."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from csat.charts.alt import dots_alt
from csat.charts.dots import dots
from csat.model.answer import Figure
from csat.model.case_states import RETURN_DAYS
from csat.model.category import category_path
from csat.model.filters import Filters
from csat.model.message import N_, msg
from csat.queries.complainants import AFTER_CUTS, WITHIN_DAYS, After, Complainants
from csat.queries.returning import CameBack, Returns
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.case import yes_no
from csat.ui.case_money import money_paid
from csat.ui.charts import beneath, show_table
from csat.ui.drill import Choice, draw_to_open
from csat.ui.language import dark, formats, t, translate
from csat.ui.view import View
from csat.ui.words import group_name

MOST_ROWS: Final = 15
"""Groups that are drawn; the table lists more."""
_DIFFERENCES: Final = {
    "better": N_("better than the others"),
    "worse": N_("worse than the others"),
    "no_clear_change": N_("no clear difference"),
    "too_few": N_("too few to compare"),
    "not_compared": N_("too few to compare"),
}
_KINDS: Final = {
    "recontacted": N_("Same customer again"),
    "repeated": N_("Same customer, same category"),
    "reopened": N_("Reopened"),
}
_CUTS: Final = {
    "cause": N_("by cause"),
    "outcome": N_("by how the case was closed"),
    "category": N_("by category"),
    "branch": N_("by branch"),
    "channel": N_("by channel"),
}


def after_closing(filters: Filters, view: View) -> None:
    """Draw who comes back after a case was closed, what was paid, and who is satisfied then."""
    kind, days, by = _asked()
    found: Returns = cached("returns", filters, by, view.limits)
    rows = found.of(kind, days)
    whole, groups = rows[0], rows[1:]
    f = formats()
    st.markdown(f"**{t('Closed cases that came back')}**")
    if not whole.figure.n:
        st.caption(_nothing(whole))
    else:
        st.caption(
            t(
                msg(
                    "{share} of {n} closed cases came back within {days} days of closing. "
                    "{left} were closed too late for that to be known and are left out.",
                    share=f.value(whole.figure.value, "percent"),
                    n=f.count(whole.figure.n),
                    days=days,
                    left=f.count(whole.unfinished or 0),
                )
            )
        )
        _groups(groups, whole, found, kind, days, by)
    money_paid(filters, by, view)
    st.markdown(f"**{t('Satisfaction after a case was closed')}**")
    _satisfied(filters, view, by if by in AFTER_CUTS else "outcome")


def _asked() -> tuple[str, int, str]:
    """Draw the three choices of this part in one row."""
    with st.container(horizontal=True, gap="small"):
        kind = url.choose(
            t("Came back as"), "back", list(_KINDS), "recontacted", lambda c: t(_KINDS[c]),
            width=240,
        )  # fmt: skip
        days = url.choose(
            t("Within"), "within", [str(d) for d in RETURN_DAYS], "30",
            lambda d: t(msg("{n} days", n=d)), width=140,
        )  # fmt: skip
        by = url.choose(
            t("Compare"), "closing", list(_CUTS), "cause", lambda c: t(_CUTS[c]), width=240
        )
    return kind, int(days), by


def _nothing(whole: CameBack) -> str:
    if whole.figure.withheld:
        return t("withheld")
    if whole.unfinished:
        return t("No case was closed long enough ago for this to be known.")
    if whole.kind == "reopened":
        return t("The files do not say when cases were reopened.")
    return t("The files do not say when cases were closed, or whose they were.")


def _groups(
    groups: tuple[CameBack, ...], whole: CameBack, found: Returns, kind: str, days: int, by: str
) -> None:
    f = formats()
    figures = [r.figure for r in groups if r.figure.n or r.figure.withheld][:MOST_ROWS]
    words: dict[str, Any] = {"t": translate(), "fmt": f.value}
    code = f"{kind}:{days}"
    draw_to_open(
        dots(figures, dark=dark(), unit="percent", direction="down", overall=whole.figure, **words),
        dots_alt(figures, **words),
        {
            r.group: (f"{group_name(by, r.group)} ({f.count(r.came_back)})",
                      _chosen(by, r.group, code), None)
            for r in sorted(groups, key=lambda r: -(r.came_back or 0))
            if r.group is not None and r.came_back and (r.group or by in ("cause", "outcome"))
        },
        key="returns",
    )  # fmt: skip
    if found.left_out:
        st.caption(t(msg("{n} smaller groups are not listed.", n=found.left_out)))
    st.caption(
        t(
            "Counted from the day a case was closed, among customers whose id is known; each group "
            "is compared with all others together, corrected for the number of groups. Drawn are "
            "the groups with the most closed cases."
        )
    )
    with st.expander(t("Table"), icon=":material/table:"):
        show_table(_table(groups, by), alt=t("Closed cases that came back"))


def _chosen(by: str, group: str, code: str) -> Choice:
    return {by: [category_path([group]) if by == "category" else group], "return": [code]}


def _table(groups: tuple[CameBack, ...], by: str) -> pd.DataFrame:
    f = formats()
    return pd.DataFrame(
        {
            t("Group"): [group_name(by, r.group or "") for r in groups],
            t("Came back"): ["" if r.came_back is None else f.count(r.came_back) for r in groups],
            **_shares([r.figure for r in groups]),
            t("Left out, closed too late"): [
                "" if r.unfinished is None else f.count(r.unfinished) for r in groups
            ],
        }
    )


def _shares(figures: list[Figure]) -> dict[str, list[str]]:
    """Return the columns that every share has: base, value, interval and verdict."""
    f = formats()
    return {
        "n": [f.count(x.n) if x.n is not None else "" for x in figures],
        t("Share"): [t("withheld") if x.withheld else f.value(x.value, "percent") for x in figures],
        t("95% interval"): [f.interval(x.low, x.high, "percent") for x in figures],
        t("Against all others"): [t(_DIFFERENCES[x.verdict]) for x in figures],
    }


def _satisfied(filters: Filters, view: View, by: str) -> None:
    """Say how satisfied complainants are beside all others, and draw them by group."""
    found: Complainants = cached("complainants", filters, by, view.limits)
    if found.note is not None:
        st.caption(t(found.note))
        return
    f = formats()
    ours, others = (r.figure for r in found.rows)
    if ours.value is None or others.value is None:
        st.caption(t("withheld"))
        return
    st.caption(
        t(
            msg(
                "{ours} satisfied of {n} answers in the {days} days after a case, {others} of "
                "{m} other answers: {verdict}. Filters of cases do not apply here.",
                ours=f.value(ours.value, "percent"),
                n=f.count(ours.n or 0),
                days=WITHIN_DAYS,
                others=f.value(others.value, "percent"),
                m=f.count(others.n or 0),
                verdict=t(_DIFFERENCES[ours.verdict]),
            )
        )
    )
    figures = [r.figure for r in found.groups][:MOST_ROWS]
    if all(x.value is None for x in figures):
        st.caption(t("Too few answers to show them by group; a longer period has more."))
        return
    words: dict[str, Any] = {"t": translate(), "fmt": f.value}
    draw_to_open(
        dots(figures, dark=dark(), unit="percent", direction="up", overall=ours, **words),
        dots_alt(figures, **words),
        {},
        key="satisfied",
    )
    beneath(lambda: _after_table(found.groups, by), ours, found.provenance, key="satisfied-table")


def _after_table(rows: tuple[After, ...], by: str) -> pd.DataFrame:
    names = [
        yes_no(int(r.group)) if by in ("timely", "upheld") and r.group else group_name(by, r.group)
        for r in rows
    ]
    return pd.DataFrame({t("Group"): names, **_shares([r.figure for r in rows])})
