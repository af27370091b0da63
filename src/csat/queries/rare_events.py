"""Complaints too rare for counts per period: the time, or the cases, between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from csat.model.answer import Figure
from csat.model.control import ControlAnswer
from csat.model.filters import Filters
from csat.model.metrics import Metric
from csat.model.period import day_of
from csat.queries.chart_choice import Chosen, why
from csat.queries.charted import SeriesOf, chart_series
from csat.queries.reader import Reader
from csat.queries.standing import case_predicate
from csat.stats.control_charts import cases_between_chart, time_between_chart

MOST_EVENTS = 400
"""More events than this are not rare, whatever the grain."""


def between_events(
    reader: Reader, filters: Filters, m: Metric, answer: ControlAnswer
) -> ControlAnswer | None:
    """Return a g or t chart in place of counts that are too few for limits, or None.

    None for metrics that are neither counts, rates nor shares of cases, below three events,
    where events are many, and where a row is not one case, as in a file of counts: then nobody
    knows when each came. Case records are no opinions of few people: nothing is withheld.
    """
    counted = _counted(m, answer)
    if m.family in ("count", "rate"):
        found = _times(reader, filters, counted)
    elif m.family == "share":
        found = _gaps(reader, filters, m, counted)
    else:
        return None
    if found is None:
        return None
    about, days, values, chosen = found
    about = replace(about, scope=answer.scope, grain=answer.grain, metric=m.key)
    figures = [
        Figure(m.key, day_of(day).isoformat(), value, about.unit, None, None, None, "not_compared")
        for day, value in zip(days, values, strict=True)
    ]
    return chart_series(about, figures, [None] * len(figures), [], ready=chosen)


Series = tuple[SeriesOf, Sequence[int], Sequence[float], Chosen]


def _counted(m: Metric, answer: ControlAnswer) -> int:
    """Return how many cases the periods of a series count together."""
    figures = [p.figure for p in answer.points if p.figure.value is not None]
    if m.family == "rate":
        return sum(round((f.value or 0.0) * (f.n or 0) / 1000) for f in figures)
    return sum(f.n or 0 for f in figures)


def _times(reader: Reader, filters: Filters, counted: int) -> Series | None:
    where, params = case_predicate(reader.store, filters)
    rows = reader.rows(
        f"SELECT day_key, received_at FROM complaint WHERE {where} "
        f"ORDER BY received_at, complaint_id LIMIT {MOST_EVENTS + 1:d}",
        params,
    )
    if not 3 <= len(rows) <= MOST_EVENTS or len(rows) != counted:
        return None
    moments = [r["received_at"] for r in rows]
    days = [(b - a).total_seconds() / 86_400 for a, b in pairwise(moments)]
    chart = time_between_chart(days)
    if chart is None:
        return None
    about = SeriesOf("", "", "", "up", "days")  # the longer without a complaint, the better
    return about, [r["day_key"] for r in rows[1:]], days, Chosen(chart, why(chart))


def _gaps(reader: Reader, filters: Filters, m: Metric, counted: int) -> Series | None:
    """Return the decided cases between two of the rarer outcome of a share."""
    if m.field != "timely":
        return None
    where, params = case_predicate(reader.store, filters)
    total = reader.rows(
        f"SELECT SUM(timely) AS x, COUNT(timely) AS n FROM complaint WHERE {where}", params
    )[0]
    hits, size = int(total["x"] or 0), int(total["n"] or 0)
    rare = 1 if hits < size - hits else 0
    if not 3 <= (hits if rare else size - hits) <= MOST_EVENTS or size != counted:
        return None
    rows = reader.rows(
        "SELECT day_key, place FROM (SELECT day_key, timely, ROW_NUMBER() OVER "
        f"(ORDER BY received_at, complaint_id) AS place FROM complaint WHERE {where} "
        "AND timely IS NOT NULL) WHERE timely = $rare ORDER BY place",
        {**params, "rare": rare},
    )
    gaps = (np.diff([r["place"] for r in rows]) - 1).astype(float).tolist()
    chart = cases_between_chart(gaps)
    if chart is None:
        return None
    # Long gaps between the rare outcome are good where that outcome is the bad one.
    good = "up" if (m.direction == "up") == (rare == 0) else "down"
    about = SeriesOf("", "", "", good, "count")
    return about, [r["day_key"] for r in rows[1:]], gaps, Chosen(chart, why(chart))
