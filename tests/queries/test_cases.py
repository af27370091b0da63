"""Complaint records: pages of cases, one case, counts per value, and who may read the text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from csat.ingest.mapping import Column, Mapping
from csat.model.filters import Filters
from csat.model.people import User
from csat.model.period import Period
from csat.model.problem import NotAllowed, UsageProblem
from csat.queries import complaints
from csat.queries.health import health
from csat.store.store import Store

EXECUTIVE, QUALITY = User("eve", ("executive",)), User("quinn", ("quality",))


@pytest.fixture
def cases(store: Store, add_rows, queries_complaints: Mapping) -> Store:
    more = (
        Column("id", "complaint_id"),
        Column("text", "narrative"),
        Column("sub", "category_2"),
        Column("who", "respondent_id"),
    )
    mapping = replace(queries_complaints, columns=(*queries_complaints.columns, *more))
    rows = [
        (f"2026-01-{1 + i:02d} 23:30:00", "", "", category, branch, "", f"C{i}", text, sub, f"p{i}")
        for i, (category, sub, branch, text) in enumerate(
            [
                ("Fees", "Late", "North", "The LATE fee is 100% wrong"),
                ("Fees", "", "South", "fee again"),
                ("Fees", "Late", "", "no comment"),
                ("Staff", "Rude", "North", "rude"),
                ("", "", "North", ""),
            ]
        )
    ]
    add_rows(mapping, rows, timezone="Asia/Shanghai", as_of=date(2026, 1, 31))
    return store


ALL = Filters.of("demo")


def numbers(listing: complaints.Listing) -> list[str]:
    return [row["case_no"] for row in listing.rows]


def test_cases_come_newest_first_page_by_page(cases: Store) -> None:
    first = complaints.listing(cases, ALL, user=QUALITY, limit=2)
    second = complaints.listing(cases, ALL, user=QUALITY, limit=2, offset=2)
    last = complaints.listing(cases, ALL, user=QUALITY, limit=2, offset=4)
    assert [numbers(page) for page in (first, second, last)] == [["C4", "C3"], ["C2", "C1"], ["C0"]]
    assert [(page.total, page.shown) for page in (first, last)] == [(5, 2), (5, 1)]


def test_moments_are_local_ones(cases: Store) -> None:
    [row] = complaints.listing(cases, ALL, user=QUALITY, limit=1).rows
    assert row["received_at"] == datetime(2026, 1, 5, 23, 30)
    one = complaints.case(cases, "demo", "C4", user=QUALITY)
    assert one["received_at"] == datetime(2026, 1, 5, 23, 30)
    late = Filters.of("demo", period=Period(date(2026, 1, 5), date(2026, 1, 5)))
    assert complaints.count(cases, late) == 1


def test_texts_and_people_are_read_by_those_who_may(cases: Store) -> None:
    for user, may in ((QUALITY, True), (EXECUTIVE, False)):
        row = complaints.listing(cases, ALL, user=user).rows[-1]
        one = complaints.case(cases, "demo", "C0", user=user)
        for record in (row, one):
            assert ("narrative" in record, "respondent_id" in record) == (may, may)


def test_a_search_asks_for_the_same_permission(cases: Store) -> None:
    found = complaints.listing(cases, ALL.with_(search="late FEE"), user=QUALITY)
    assert numbers(found) == ["C0"]
    assert numbers(complaints.listing(cases, ALL.with_(search="c3"), user=QUALITY)) == ["C3"]
    with pytest.raises(NotAllowed):
        complaints.listing(cases, ALL.with_(search="late"), user=EXECUTIVE)


def test_a_case_that_is_not_there_is_said_to_be_missing(cases: Store) -> None:
    with pytest.raises(UsageProblem, match="no case 'C9'"):
        complaints.case(cases, "demo", "C9", user=QUALITY)


def test_categories_stand_as_a_tree_with_counts(cases: Store) -> None:
    tree = complaints.category_tree(cases, ALL.with_(branches=["North", "South", ""]))
    found = {(n.path, n.count): [(c.path, c.count) for c in n.children] for n in tree}
    assert found == {
        ("Fees", 3): [("Fees > Late", 2)],
        ("", 1): [],
        ("Staff", 1): [("Staff > Rude", 1)],
    }
    assert sum(n.count for n in tree) == complaints.count(cases, ALL)
    north = complaints.category_tree(cases, ALL.with_(branches=["North"], categories=["Fees"]))
    assert [(n.path, n.count) for n in north] == [("", 1), ("Fees", 1), ("Staff", 1)]
    for node in tree:
        assert complaints.count(cases, ALL.with_(categories=[node.path])) == node.count
        for child in node.children:
            assert complaints.count(cases, ALL.with_(categories=[child.path])) == child.count


def test_cases_are_counted_per_value_with_the_unstated(cases: Store) -> None:
    assert complaints.facet(cases, ALL, "branch") == [("North", 3), ("", 1), ("South", 1)]
    for label, n in complaints.facet(cases, ALL, "branch"):
        assert complaints.count(cases, ALL.with_(branches=[label])) == n
    with pytest.raises(UsageProblem, match="Cases are not counted by 'narrative'"):
        complaints.facet(cases, ALL, "narrative")


def test_the_health_of_the_data_names_gaps_and_refusals(
    store: Store, add_rows, queries_survey: Mapping
) -> None:
    rows = [("2025-11-05", "North", 5, 9, 7), ("2026-02-05", "North", None, None, 7)]
    add_rows(queries_survey, [*rows, ("never", "North", 5, 9, 7)])
    found = health(store, "demo")
    assert found.last_day == date(2026, 2, 5)
    assert (found.responses, found.complaints, found.batches) == (2, 0, 1)
    assert (found.rows_read, found.rows_refused) == (3, 1)
    assert found.empty_months == (202512, 202601)
    assert found.unanswered_share == 0.5
