"""Overview: the state of the service on one screen."""

import streamlit as st

from csat.charts import wording
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.metrics import metric
from csat.model.period import Period, month_end, month_key, month_start, shift_month
from csat.queries.movers import Mover
from csat.queries.weighted import HEADLINES, WeightedAnswer
from csat.ui.cached import cached
from csat.ui.card import label, number_card
from csat.ui.empty import empty_store
from csat.ui.filter_bar import sentence
from csat.ui.language import formats, t
from csat.ui.view import View, current_view, page_head, page_link
from csat.ui.weighting import choose_weighting
from csat.ui.words import is_good, mover_detail, mover_link, mover_sentence, mover_since

INDEX = "satisfaction_index"
CARDS = (
    INDEX,
    "csat_top_box",
    "nps",
    "ces",
    "recommend_share",
    "complaints_per_1000",
    "complaints_received",
    "timely_response_share",
    "median_days_to_response",
    "median_days_to_resolution",
    "response_count",
)
SPARE = ("response_count", "complaints_received")
"""Cards that give way where there are more than places."""
CARD_PLACES = 8
SPARK_MONTHS = 13


def sparkline(filters: Filters, view: View) -> dict[str, list[float]]:
    """Return each card's monthly values up to the end of the period, whole months only."""
    span = cached("extent", filters.program)
    last = filters.period.last if filters.period else span.last
    if last is None:
        return {}
    key = month_key(last)
    period = Period(month_start(shift_month(key, 1 - SPARK_MONTHS)), month_end(key))
    monthly = cached(
        "evaluate", filters.with_(period=period, compare="none"), CARDS, "month", view.limits
    )
    values: dict[str, list[float]] = {}
    redefined = {d.strftime("%Y-%m") for d in cached("index_breaks", filters.program)}
    for figure in monthly.figures:
        if figure.metric == INDEX and figure.by in redefined:
            values.pop(INDEX, None)  # what came before is made of something else
        if figure.state == "ok" and figure.value is not None and figure.finished:
            values.setdefault(figure.metric, []).append(figure.value)
    return values


def cards(filters: Filters, view: View) -> list[Figure]:
    """Draw the figures that have data; return those that have none."""
    answer = cached("evaluate", filters, CARDS, "total", view.limits)
    weighed = {}
    if choose_weighting(filters):
        beside: WeightedAnswer = cached("weighted", filters, HEADLINES, view.limits)
        weighed = {x.plain.metric: x for x in beside.figures}
    trends = sparkline(filters, view)
    filled = [f for f in answer.figures if f.state in ("ok", "withheld") or f.n]
    missing = [f for f in answer.figures if f not in filled]
    for spare in SPARE:
        if len(filled) > CARD_PLACES:
            filled = [f for f in filled if f.metric != spare]
    with st.grid(4, min_column_width=230):
        for figure in filled:
            own = weighed.get(figure.metric)
            shown = figure if own is None else own.weighted
            # The months before are not weighted: one line must not mix the two.
            trend = trends.get(figure.metric, []) if own is None else []
            number_card(shown, filters, trend, view.limits, own)
    if weighed:
        st.caption(t("Cards that name an effective n are weighted; all else here is unweighted."))
    return missing


def not_measured(missing: list[Figure]) -> None:
    """Say which figures have no data, and what to load for them."""
    if missing:
        with st.expander(
            t(msg("Not measured yet ({n}), and what to load for it", n=len(missing))),
            icon=":material/add_chart:",
        ):
            for figure in missing:
                m = metric(figure.metric)
                st.markdown(f"**{label(m)}** — {t(figure.note) if figure.note else t(m.needs)}")


def moved(filters: Filters, view: View) -> None:
    st.subheader(t("What changed"), anchor=False)
    if filters.comparison() is None:
        st.caption(t("Choose a period and what to compare it with to see what moved."))
        return
    found: tuple[Mover, ...] = cached("movers", filters, view.limits)
    if not found:
        st.markdown(t("Nothing changed beyond noise."))
        st.caption(
            t(
                "Branches, touchpoints, channels, segments, dimensions, complaint categories "
                "and causes were tested together, corrected for their number, and held against "
                "their control charts."
            )
        )
        return
    for mover in found:
        sign = wording.icon(mover.figure, metric(mover.figure.metric).direction)
        colour, word = ("blue", t("better")) if is_good(mover.figure) else ("orange", t("worse"))
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.markdown(
                f":{colour}[{sign} **{word}**] · {mover_sentence(mover)}  \n"
                f":gray[{mover_detail(mover)}{_since(mover)}]",
                width="stretch",
            )
            page_link("trends", t("Show trend"), ":material/show_chart:", mover_link(mover))


def _since(mover: Mover) -> str:
    said = mover_since(mover)
    return f"; {said}" if said else ""


def data_health(filters: Filters) -> None:
    st.subheader(t("The data behind this page"), anchor=False)
    state, f = cached("health", filters.program), formats()
    rows = [
        (t("Latest record"), f.day(state.last_day) if state.last_day else "—"),
        (t("Responses / complaints"), f"{f.count(state.responses)} / {f.count(state.complaints)}"),
        (
            t("Rows refused at import"),
            t(
                msg(
                    "{refused} of {read} in {n} batches",
                    refused=state.rows_refused,
                    read=state.rows_read,
                    n=state.batches,
                )
            ),
        ),
    ]
    if state.unanswered_share is not None:
        rows.append(
            (
                t("Responses without a headline answer"),
                f.value(100 * state.unanswered_share, "percent"),
            )
        )
    if state.empty_months:
        listed = ", ".join(f.period(f"{m // 100}-{m % 100:02d}") for m in state.empty_months[:4])
        more = "" if len(state.empty_months) <= 4 else " …"
        rows.append((t("Months without answers"), f"{len(state.empty_months)}: {listed}{more}"))
    for name, value in rows:
        st.caption(t(msg("{name}: **{value}**", name=name, value=value)))


view = current_view("read_figures")
if view.filters is None:
    page_head(t("Overview"), view)
    empty_store(view.user)
else:
    page_head(
        t("Overview"),
        view,
        t(msg("{filters}. Ranges are 95 % intervals.", filters=sentence(view.filters))),
    )
    missing = cards(view.filters, view)
    left, right = st.columns([3, 2], gap="large")
    with left:
        moved(view.filters, view)
    with right:
        data_health(view.filters)
    not_measured(missing)
