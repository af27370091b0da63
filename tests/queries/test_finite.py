"""Whatever the data: no figure is infinite, or not a number, or outside its range."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, timedelta
from math import isfinite
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.metrics import HEADLINES, metric
from csat.model.period import Period
from csat.model.settings import Thresholds
from csat.queries.figures import evaluate
from csat.store.store import Store

START = datetime(2025, 12, 1)
MOMENTS = st.integers(0, 150 * 24).map(lambda h: START + timedelta(hours=h))
BRANCHES = st.sampled_from(["", "North", "South"])


def maybe(low: int, high: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(low, high) | st.just(high)


ANSWERS = st.lists(
    st.tuples(MOMENTS, BRANCHES, maybe(1, 5), maybe(0, 10), maybe(1, 7)), max_size=20
)
WAITS = st.none() | st.integers(0, 90).map(timedelta) | st.just(timedelta(0))
CASES = st.lists(
    st.tuples(MOMENTS, WAITS, WAITS, BRANCHES, st.sampled_from(["yes", "no", ""])), max_size=20
)
SERVED = st.dictionaries(
    st.tuples(st.integers(1, 4), st.sampled_from(["North", "South"])), st.integers(1, 5), max_size=6
)
PERIODS = st.sampled_from(
    [
        None,
        Period(date(2026, 2, 1), date(2026, 2, 28)),
        Period(date(2026, 1, 1), date(2026, 3, 31)),
        Period(date(2026, 3, 3), date(2026, 3, 9)),
        Period(date(2030, 1, 1), date(2030, 1, 31)),
    ]
)
RANGES = {"percent": (0, 100), "points": (-100, 100)}


@settings(max_examples=15)
@given(
    answers=ANSWERS,
    cases=CASES,
    served=SERVED,
    period=PERIODS,
    compare=st.sampled_from(["previous", "last_year", "none"]),
)
def test_every_number_is_a_number(
    store: Store, add_rows, queries_survey, queries_complaints, queries_exposure,
    answers: list[Any], cases: list[Any], served: dict[Any, int], period: Any, compare: str,
) -> None:  # fmt: skip
    program = f"p{store.data_version()}"
    if answers:
        add_rows(queries_survey, answers, program=program)
    if cases:
        rows = [
            (
                at,
                None if a is None else at + a,
                None if r is None else at + r,
                "Fees",
                branch,
                timely,
            )
            for at, a, r, branch, timely in cases
        ]
        add_rows(queries_complaints, rows, program=program)
    if served:
        rows = [(f"2026-{m:02d}", branch, n) for (m, branch), n in served.items()]
        add_rows(queries_exposure, rows, program=program)
    if not (answers or cases or served):
        return
    filters = Filters.of(program, period=period, compare=compare)
    open_ = Thresholds(withhold_under=1)
    for by in ("total", "month", "quarter", "year", "branch"):
        for figure in evaluate(store, filters, [*HEADLINES, "mean:ces"], by, open_).figures:
            require_numbers(figure)


def require_numbers(figure: Figure) -> None:
    for field in fields(figure):
        value = getattr(figure, field.name)
        assert not isinstance(value, float) or isfinite(value), (field.name, figure)
    if figure.value is None:
        assert figure.state != "ok"
        assert (figure.low, figure.high) == (None, None) or figure.state == "not_available"
        return
    assert figure.state == "ok"
    low, high = RANGES.get(figure.unit, figure.scale or (0, float("inf")))
    assert low <= figure.value <= high
    for limit in (figure.low, figure.high):
        assert limit is None or figure.scale or low <= limit <= high
    if None not in (figure.low, figure.high) and metric(figure.metric).family != "nps":
        assert figure.low <= figure.value + 1e-9
        assert figure.value <= figure.high + 1e-9
    if figure.p_value is not None:
        assert 0 <= figure.p_value <= 1
