"""What closed cases were paid: in all and per case, a line for each currency."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csat.locale.formats import DASH
from csat.model.filters import Filters
from csat.model.message import msg
from csat.queries.compensation import Compensation, Paid
from csat.ui.cached import cached
from csat.ui.charts import show_table
from csat.ui.language import formats, t
from csat.ui.view import View
from csat.ui.words import group_name


def money_paid(filters: Filters, by: str, view: View) -> None:
    """Say what was paid, and list it by group; currencies are never added."""
    found: Compensation = cached("compensation", filters, by, view.limits)
    st.markdown(f"**{t('Compensation paid')}**")
    if found.needs is not None:
        st.caption(t(msg("Not measured: {needs}", needs=t(found.needs))))
        return
    told = [_told(row) for row in found.whole]
    st.markdown("\n".join(f"- {line}" for line in told) if len(told) > 1 else told[0])
    if any(r.compensated or r.withheld for r in found.whole):
        show_table(_table(found, by), alt=t("Compensation paid by group"))
    notes = [
        t(
            "Counted are closed cases of files that record compensation. The mean per closed case "
            "counts those paid nothing; its range is the 95% t interval."
        )
    ]
    if len(found.whole) > 1:
        notes.append(t("Different currencies are never added."))
    f = formats()
    if found.still_open:
        left = msg("{n} open cases were paid already; they are left out.",
                   n=f.count(found.still_open))  # fmt: skip
        notes.append(t(left))
    if found.left_out:
        notes.append(t(msg("{n} smaller groups are not listed.", n=found.left_out)))
    st.caption(" ".join(notes))


def _told(row: Paid) -> str:
    f = formats()
    if row.withheld:
        return t(msg("{currency}: withheld, too few cases were paid.", currency=_currency(row)))
    if not row.compensated:
        return t(msg("None of {n} closed cases was paid anything.", n=f.count(row.closed)))
    return t(
        msg(
            "**{total}** to {paid} of {n} closed cases: {mean} per closed case, {each} per case "
            "compensated.",
            total=f"{f.value(row.total, 'rating')} {_currency(row)}",
            paid=f.count(row.compensated),
            n=f.count(row.closed),
            mean=f.value(row.mean, "rating"),
            each=f.value(row.each, "rating"),
        )
    )


def _table(found: Compensation, by: str) -> pd.DataFrame:
    f = formats()
    rows = found.rows
    return pd.DataFrame(
        {
            t("Group"): [t("all cases") if r.group is None else group_name(by, r.group)
                         for r in rows],
            t("Paid in all"): [_amount(r, r.total) for r in rows],
            t("Currency"): [DASH if r.currency is None else _currency(r) for r in rows],
            t("Per closed case"): [_amount(r, r.mean) for r in rows],
            t("95% interval"): [DASH if r.low is None else f.interval(r.low, r.high, "rating")
                                 for r in rows],
            t("Per case compensated"): [_amount(r, r.each) for r in rows],
            t("Closed"): [f.count(r.closed) for r in rows],
            t("Compensated"): [t("withheld") if r.withheld else f.count(r.compensated or 0)
                               for r in rows],
        }
    )  # fmt: skip


def _amount(row: Paid, value: float | None) -> str:
    return t("withheld") if row.withheld else formats().value(value, "rating")


def _currency(row: Paid) -> str:
    return row.currency or t("(currency not stated)")
