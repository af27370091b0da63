"""The matrix of conformance on the page: standard met or missed, customer satisfied or not."""

from __future__ import annotations

from typing import Final

import streamlit as st

from csat.model.conformance import LINK_DAYS, cell_name
from csat.model.filters import Filters
from csat.model.message import msg
from csat.queries.conformance import Conformance, Matrix
from csat.queries.extent import Extent
from csat.queries.health import latest_months
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.filter_bar import PERIODS
from csat.ui.language import formats, t
from csat.ui.view import View, page_link

_TELLING: Final = "met-dissatisfied"
_LONGER: Final = {"m12": 12, "all": 0}
"""Usual periods that are longer, as the filters call them, and their months; 0 is all dates."""


def conformance_section(view: View) -> None:
    """Draw the matrix of a chosen standard, and lead to the cases of the telling cell."""
    if view.filters is None:
        st.info(
            t("Load complaints, and satisfaction answers of the same customers."),
            icon=":material/upload_file:",
        )
        page_link("data", t("Go to the Data page"), ":material/arrow_forward:")
        return
    found: Conformance = cached("conformance", view.filters, view.limits)
    if found.needs is not None:
        st.info(t(msg("Not measured: {needs}", needs=found.needs)), icon=":material/info:")
        _longer(view.filters, view)
        page_link("data", t("Go to the Data page"), ":material/arrow_forward:")
        return
    names = {m.standard.basis.code: _named(m) for m in found.matrices}
    first = max(found.matrices, key=_tells).standard.basis.code
    chosen = url.choose(t("Standard"), "item", list(names), first, names.__getitem__, width=480)
    matrix = next(m for m in found.matrices if m.standard.basis.code == chosen)
    st.header(_sentence(matrix), anchor=False)
    if matrix.difference is None:
        _longer(view.filters, view)
    _cells(matrix)
    _how(matrix)


def _tells(matrix: Matrix) -> int:
    """Return how much a matrix says: 2 with its difference, 1 with its cells, 0 if withheld."""
    return 2 if matrix.difference is not None else int(matrix.linked is not None)


def _longer(filters: Filters, view: View) -> None:
    """Offer the shortest usual period that has answers enough, where one has."""
    span: Extent = cached("extent", filters.program)
    for code, months in _LONGER.items():
        period = latest_months(span, months) if months else None
        if period == filters.period:
            continue
        wider = filters.with_(period=period, compare="none")
        answer: Conformance = cached("conformance", wider, view.limits)
        if any(_tells(m) == 2 for m in answer.matrices):
            st.button(
                t(msg("Show instead: {period}", period=t(PERIODS[code]))),
                icon=":material/date_range:",
                key="longer-period",
                on_click=url.later,
                args=("period", code),
            )
            return


def _named(matrix: Matrix) -> str:
    code = matrix.standard.code
    short = code if len(code) <= 40 else f"{code[:38]}…"
    words = t(matrix.standard.words)
    return f"{words} ({short})" if short else words


def _sentence(matrix: Matrix) -> str:
    """Say whether meeting the standard goes with satisfied customers."""
    f = formats()
    if matrix.linked is None:
        return t("Withheld: too few answers to tell these four groups apart.")
    d = matrix.difference
    if d is None or matrix.met.value is None:
        return t("Too few answers to say whether meeting the standard satisfies customers.")
    told = {
        "size": f.difference(d.difference, "percent"),
        "low": f.difference(d.low, "percent"),
        "high": f.difference(d.high, "percent"),
    }
    if d.low > 0:
        return t(
            msg("Where the standard is met, more customers are satisfied: {size} "
                "({low} to {high}).", **told)
        )  # fmt: skip
    if d.high < 0:
        return t(
            msg("Where the standard is met, fewer customers are satisfied: {size} "
                "({low} to {high}).", **told)
        )  # fmt: skip
    return t(
        msg(
            "Meeting this standard makes no clear difference to customers: {size} "
            "({low} to {high}). It may not be what they look for.",
            **told,
        )
    )


def _cells(matrix: Matrix) -> None:
    """Draw the four cells as boxes; the telling one opens its cases."""
    rows = ((True, t("Standard met")), (False, t("Standard missed")))
    columns = ((True, t("satisfied")), (False, t("dissatisfied")))
    for met, standing in rows:
        share = matrix.met if met else matrix.missed
        for place, (satisfied, feeling) in zip(st.columns(2, gap="small"), columns, strict=True):
            name = cell_name(met=met, satisfied=satisfied)
            with (
                place,
                st.container(border=True, height="stretch", gap="xsmall", key=f"cell-{name}"),
            ):
                _cell(matrix, name, t(", ").join((standing, feeling)))
                if satisfied and share.value is not None:
                    f = formats()
                    told = msg(
                        "{share} of them satisfied ({interval}), n {n}",
                        share=f.value(share.value, "percent"),
                        interval=f.interval(share.low, share.high, "percent"),
                        n=f.count(share.n or 0),
                    )
                    st.caption(t(told))


def _cell(matrix: Matrix, name: str, title: str) -> None:
    n = matrix.cells[name]
    f = formats()
    st.metric(title, t("withheld") if n is None else t(msg("{n} cases", n=n)))
    if n is not None and matrix.linked:
        share = f.value(100 * n / matrix.linked, "percent")
        st.caption(t(msg("{share} of the linked cases", share=share)))
    if name != _TELLING:
        return
    st.caption(
        t("We kept our standard, yet the customer is dissatisfied: customers want something else.")
    )
    if n:
        query = {**url.noted(), **_conditions(matrix, name)}
        for key in ("view", "item", "section", "dimension"):
            query.pop(key, None)
        page_link("complaints", t("Open these cases"), ":material/forum:", query)


def _conditions(matrix: Matrix, name: str) -> dict[str, str | list[str]]:
    """Return what narrows the complaints page down to the cases of a cell."""
    wanted = matrix.link(name).to_query()
    kept = ("conformance", "touchpoint", "severity")
    return {key: wanted[key] for key in kept if key in wanted}


def _how(matrix: Matrix) -> None:
    if matrix.linked is None:
        st.caption(t("A longer period has more answers in every cell."))
    else:
        told = msg(
            "{linked} of {cases} decided cases are linked with an answer: the first overall "
            "satisfaction that the same customer stated within {days} days of the complaint. "
            "Complainants who answered need not speak for all.",
            linked=matrix.linked,
            cases=matrix.cases,
            days=LINK_DAYS,
        )
        st.caption(t(told))
    places = matrix.standard.touchpoints
    if places:
        st.caption(t(msg("This standard holds only at: {names}", names=t(", ").join(places))))
