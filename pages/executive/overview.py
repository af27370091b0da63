"""Overview: the state of the service on one screen, and on one printed page."""

import streamlit as st

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.metrics import metric
from csat.model.period import Period, month_end, month_key, month_start, shift_month
from csat.model.settings import Config
from csat.queries.weighted import HEADLINES, WeightedAnswer
from csat.queries.weighted_series import WeightedSeries
from csat.ui.cached import cached
from csat.ui.card import label, number_card
from csat.ui.empty import empty_store
from csat.ui.filter_bar import sentence
from csat.ui.language import t
from csat.ui.overview.aims import aims
from csat.ui.overview.changes import moved
from csat.ui.overview.health import data_health
from csat.ui.overview.lost import done, gap_strip
from csat.ui.paper import for_print
from csat.ui.view import View, current_view, page_head
from csat.ui.weighting import choose_weighting

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


def months_before(filters: Filters) -> Period | None:
    """Return the months of the sparklines: up to the end of the period; None without data."""
    last = filters.period.last if filters.period else cached("extent", filters.program).last
    if last is None:
        return None
    key = month_key(last)
    return Period(month_start(shift_month(key, 1 - SPARK_MONTHS)), month_end(key))


def sparkline(filters: Filters, period: Period | None, view: View) -> dict[str, list[float]]:
    """Return each card's monthly values, whole months only."""
    if period is None:
        return {}
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


def weighted_sparkline(
    filters: Filters, period: Period | None, view: View
) -> dict[str, list[float]]:
    """Return the monthly values of the cards that are weighted, each month by its own weights."""
    if period is None:
        return {}
    months = filters.with_(period=period, compare="none")
    monthly: WeightedSeries = cached("weighted_series", months, HEADLINES, "month", view.limits)
    return {
        key: [
            f.weighted.value
            for f in monthly.of(key)
            if f.weighted.value is not None and f.weighted.finished
        ]
        for key in HEADLINES
    }


def cards(filters: Filters, view: View) -> list[Figure]:
    """Draw the figures that have data; return those that have none."""
    months, reference = months_before(filters), filters.comparison()
    compared = reference.period if reference is not None else None
    if months is not None and compared is not None and compared.first < months.first:
        # The longer stretch is counted first: it holds the months of the other.
        cached("evaluate", filters, CARDS, "total", view.limits)
    trends = sparkline(filters, months, view)
    answer = cached("evaluate", filters, CARDS, "total", view.limits)
    weighed, lines = {}, {}
    weighted = choose_weighting(filters)
    if weighted:
        beside: WeightedAnswer = cached("weighted", filters, HEADLINES, view.limits)
        weighed = {x.plain.metric: x for x in beside.figures}
        lines = weighted_sparkline(filters, months, view)
    targets = aims(filters, CARDS, view, Config.from_environment().week_start)
    filled = [f for f in answer.figures if f.state in ("ok", "withheld") or f.n]
    missing = [f for f in answer.figures if f not in filled]
    for spare in SPARE:
        if len(filled) > CARD_PLACES:
            filled = [f for f in filled if f.metric != spare]
    with st.grid(4, min_column_width=230):
        for figure in filled:
            own = weighed.get(figure.metric)
            shown = figure if own is None else own.weighted
            trend = (trends if own is None else lines).get(figure.metric, [])
            aim = targets.get(figure.metric, "")
            number_card(shown, filters, trend, view.limits, weighted=own, aim=aim)
    if weighted:
        st.caption(
            t(
                "Cards that name an effective n are weighted, and so are their lines, each month "
                "by its own weights; all else here is unweighted."
            )
        )
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


view = current_view("read_figures")
if view.filters is None:
    page_head(t("Overview"), view)
    empty_store(view.user)
else:
    page_head(
        t("Overview"),
        view,
        t(msg("{filters}. Ranges are 95% intervals.", filters=sentence(view.filters))),
    )
    for_print()
    missing = cards(view.filters, view)
    moved(view.filters, view)
    left, right = st.columns([2, 1], gap="large")
    with right:
        done(view.filters, view)
    data_health(view.filters)
    not_measured(missing)
    with left:  # counted last, as it takes longest: all else can be read meanwhile
        gap_strip(view.filters, view)
