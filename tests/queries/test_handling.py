"""Ageing, places and the indicators of ISO 10002, against counting case by case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from csat.ingest.mapping import Column, Mapping
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER, User
from csat.model.period import Period
from csat.model.problem import NotAllowed
from csat.model.settings import Thresholds
from csat.queries import complaints
from csat.queries.case_facets import filter_panel
from csat.queries.case_figures import case_figures
from csat.queries.handling import AGE_BANDS, ageing, crossed
from csat.queries.iso10002 import indicators
from csat.store.store import Store

DEMO = Filters.of("demo")
OPEN_UNTIL = datetime(2026, 7, 1)


def test_open_cases_are_aged_and_closed_ones_timed(demo: Store, raw: Any) -> None:
    still_open: Counter[int] = Counter()
    closed: Counter[int] = Counter()
    for case in raw.cases:
        took = (case.resolved or OPEN_UNTIL) - case.received
        band = sum(took >= timedelta(days=d) for d in AGE_BANDS)
        (closed if case.resolved else still_open)[band] += 1
    found = ageing(demo, DEMO)
    assert [b.still_open for b in found] == [still_open[i] for i in range(len(found))]
    assert [b.closed for b in found] == [closed[i] for i in range(len(found))]
    assert [(b.low, b.high) for b in found][-2:] == [(30, 90), (90, None)]


CASES = Mapping(
    "cases",
    "complaints",
    "Cases",
    tuple(
        Column(role, role)
        for role in (
            "complaint_id",
            "received_at",
            "acknowledged_at",
            "resolved_at",
            "reopened_at",
            "respondent_id",
            "category",
            "touchpoint",
            "upheld",
            "narrative",
        )
    ),
)
ROWS = [
    # id, received, acknowledged, resolved, reopened, who, category, touchpoint, upheld, text
    (
        "K1",
        "2026-01-01",
        "2026-01-01",
        "2026-01-05",
        "2026-01-20",
        "ann",
        "Bill",
        "Desk",
        "yes",
        "=a",
    ),
    ("K2", "2026-01-02", "", "2026-01-06", "", "bob", "Bill", "Phone", "no", ""),
    ("K3", "2026-02-20", "2026-02-21", "2026-02-25", "2026-04-10", "ann", "Bill", "Desk", "", ""),
    ("K4", "2026-03-01", "2026-03-02", "", "", "ann", "Staff", "", "", ""),
    ("K5", "2026-06-30", "", "", "", "bob", "Bill", "Desk", "", ""),
    ("K6", "2026-06-01", "2026-06-01", "2026-06-20", "2026-06-21", "", "Staff", "Phone", "yes", ""),
]
ALL = Thresholds(withhold_under=1)


@pytest.fixture
def cases(store: Store, add_rows: Callable[..., None]) -> Store:
    add_rows(CASES, ROWS)
    return store


def shares(store: Store, filters: Filters = DEMO, limits: Thresholds = ALL) -> dict[str, Any]:
    return {i.label: i for i in indicators(store, filters, limits)}


@pytest.mark.parametrize(
    ("label", "part", "n"),
    [
        ("Acknowledged", 4, 6),
        ("Upheld", 2, 3),
        # closed 30 days before the end of June: K1, K2, K3; K1 came back within 30 days
        ("Reopened within 30 days", 1, 3),
        # ann's K3 follows K1 by 50 days; bob's K5 follows K2 by 179; K4 is of another category
        ("Repeated by the same customer in the category within 90 days", 1, 5),
    ],
)
def test_indicators_are_those_of_counting(label: str, part: int, n: int, cases: Store) -> None:
    figure = shares(cases)[label].figure
    assert (figure.value, figure.n) == (pytest.approx(100 * part / n), n)
    assert figure.low < figure.value < figure.high


def test_a_repeat_counts_where_it_is_received_though_the_first_was_before(cases: Store) -> None:
    spring = DEMO.with_(period=Period(date(2026, 2, 1), date(2026, 3, 31)))
    label = "Repeated by the same customer in the category within 90 days"
    assert shares(cases, spring)[label].figure.value == 50


def test_what_is_not_recorded_is_said_to_be_missing(cases: Store, demo: Store) -> None:
    found = shares(cases)
    assert found["Complaints received"].value == 6
    assert found["Resolved late or overdue"].missing == "a target for resolution (csat sla --set)"
    for store in (cases, demo):
        for entry in shares(store).values():
            assert bool(entry.missing) == (entry.value is None and entry.figure is None)
    assert "acknowledgement" in shares(demo)["Acknowledged"].missing


def test_shares_of_few_cases_are_withheld(cases: Store) -> None:
    found = shares(cases, limits=Thresholds(withhold_under=5))
    assert found["Upheld"].figure.withheld
    assert found["Upheld"].figure.n is None
    assert not found["Acknowledged"].figure.withheld


def test_cases_are_crossed_by_category_and_touchpoint(cases: Store, demo: Store) -> None:
    assert crossed(cases, DEMO) == (
        ("Bill", "Desk", 3),
        ("Bill", "Phone", 1),
        ("Staff", "", 1),
        ("Staff", "Phone", 1),
    )
    assert crossed(demo, DEMO) == ()


def exported(store: Store, filters: Filters, user: User) -> pa.Table:
    columns, batches = complaints.export(store, filters, user=user)
    table = pa.Table.from_batches(batches)
    assert table.column_names == list(columns)
    return table


@pytest.mark.parametrize(
    "filters", [DEMO, DEMO.with_(categories=["Bill"]), DEMO.with_(search="k3 OR =a")]
)
def test_an_export_is_the_list_row_for_row(filters: Filters, cases: Store) -> None:
    table = exported(cases, filters, LOCAL_USER)
    listed = complaints.listing(cases, filters, user=LOCAL_USER, limit=100).rows
    assert table["case_no"].to_pylist() == [r["case_no"] for r in listed]
    assert table["narrative"].to_pylist() == [r["narrative"] for r in listed]
    assert table.num_rows == complaints.count(cases, filters)


def test_an_export_holds_texts_and_ids_for_those_who_may_read_them(cases: Store) -> None:
    executive = User("ann", ("executive",))
    table = exported(cases, DEMO, executive)
    assert not {"narrative", "respondent_id", "search_text"} & set(table.column_names)
    with pytest.raises(NotAllowed):
        complaints.export(cases, DEMO.with_(search="x"), user=executive)


def test_the_figures_of_the_page_agree_with_its_parts(demo: Store, raw: Any) -> None:
    found = case_figures(demo, DEMO, ALL)
    names = Counter(c.category for c in raw.cases)
    assert found.count == len(raw.cases)
    assert found.pareto_by == "category"
    assert [(r.name, r.count) for r in found.pareto] == sorted(
        names.items(), key=lambda kv: (-kv[1], kv[0])
    )
    assert found.pareto[-1].reached == pytest.approx(100)
    assert sum(r.share for r in found.pareto) == pytest.approx(100)


@pytest.mark.parametrize("search", ["", "a", "zzz"])
def test_counts_beside_the_filters_are_those_asked_one_by_one(search: str, cases: Store) -> None:
    filters = DEMO.with_(search=search)
    found = filter_panel(cases, filters)
    assert found.tree == complaints.category_tree(cases, filters)
    assert list(found.causes.items()) == complaints.facet(cases, filters, "cause")
    assert list(found.severities.items()) == complaints.facet(cases, filters, "severity")
    assert list(found.statuses.items()) == complaints.facet(cases, filters, "status")
    assert (found.total, found.only_counted) == complaints.counts(cases, filters)


def test_each_choice_is_counted_under_all_other_filters(cases: Store) -> None:
    filters = DEMO.with_(categories=["Bill"], severities=["high"])
    found = filter_panel(cases, filters)
    assert found.total == complaints.count(cases, filters)
    wide = filters.with_(severities=[])
    assert list(found.severities.items()) == complaints.facet(cases, wide, "severity")
    assert list(found.statuses.items()) == complaints.facet(cases, filters, "status")
    assert found.tree == complaints.category_tree(cases, filters)
