"""A file of counts adds its numbers to every figure, and its rows are never taken for cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from csat.ingest.batches import commit
from csat.ingest.mapping import Column, Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.model.problem import ImportProblem
from csat.queries import complaints, loads
from csat.queries.case_figures import pareto_rows
from csat.queries.extent import extent
from csat.queries.figures import evaluate
from csat.store.integrity import check_store
from csat.store.store import Store

COUNTS = Mapping(
    "counts",
    "complaints",
    "Counts",
    (
        Column("month", "received_at", formats=("%Y-%m",)),
        Column("place", "branch"),
        Column("topic", "category"),
        Column("in_time", "timely"),
        Column("n", "cases"),
    ),
)
ROWS = [
    ("2026-01", "North", "Bags", "yes", 70),
    ("2026-01", "North", "Bags", "no", 30),
    ("2026-01", "South", "Staff", "yes", 0),
    ("2026-02", "North", "Staff", "", 15),
    ("2026-02", "", "Bags", "yes", 5),
]
DEMO = Filters.of("demo")


@pytest.fixture
def counted(store: Store, add_rows: Callable[..., None]) -> Store:
    add_rows(COUNTS, ROWS)
    return store


def test_every_figure_adds_up_the_counts(counted: Store) -> None:
    def values(key: str, by: str = "total") -> dict[str, float | None]:
        return {f.by: f.value for f in evaluate(counted, DEMO, [key], by).figures}

    assert values("complaints_received") == {"total": 120}
    assert values("complaints_received", "month") == {"2026-01": 100, "2026-02": 20}
    assert values("complaints_received", "branch") == {"North": 115, "South": 0, "": 5}
    assert values("timely_response_share") == {"total": pytest.approx(100 * 75 / 105)}
    assert values("median_days_to_resolution") == {"total": None}
    assert complaints.count(counted, DEMO) == 120
    assert complaints.facet(counted, DEMO, "category") == [("Bags", 105), ("Staff", 15)]
    assert [(b.label, b.count) for b in complaints.category_tree(counted, DEMO)] == [
        ("Bags", 105),
        ("Staff", 15),
    ]
    assert extent(counted, "demo").complaints == 120


def test_customers_served_divide_the_counts(
    counted: Store, add_rows: Callable[..., None], queries_exposure: Mapping
) -> None:
    add_rows(queries_exposure, [("2026-01", "North", 4000), ("2026-01", "South", 1000)])
    figure = evaluate(counted, DEMO, ["complaints_per_1000"]).figures[0]
    assert (figure.value, figure.n) == (20.0, 5000)


def test_counts_are_not_listed_as_cases(counted: Store) -> None:
    page = complaints.listing(counted, DEMO, user=LOCAL_USER)
    assert (page.total, page.rows) == (0, [])
    assert complaints.counts(counted, DEMO) == (120, 120)
    assert complaints.counts(counted, DEMO.with_(branches=["North"])) == (115, 115)


def test_monthly_counts_reach_to_the_end_of_their_last_month(counted: Store) -> None:
    (batch,) = loads.batches(counted, "demo")
    assert batch["as_of"].isoformat() == "2026-02-28"
    last = evaluate(counted, DEMO, ["complaints_received"], "month").figures[-1]
    assert last.finished


def test_a_longer_file_adds_only_what_is_new(counted: Store, add_rows: Callable[..., None]) -> None:
    add_rows(COUNTS, [*ROWS, ("2026-03", "North", "Bags", "yes", 9)])
    assert complaints.count(counted, DEMO) == 129
    assert loads.batches(counted, "demo")[0]["rows_duplicate"] == 5


def test_another_number_for_what_is_counted_already_is_refused(
    counted: Store, add_rows: Callable[..., None]
) -> None:
    add_rows(COUNTS, [("2026-02", "North", "Staff", "", 16), ("2026-04", "North", "Staff", "", 1)])
    batch = loads.batches(counted, "demo")[0]
    assert (batch["rows_accepted"], batch["rows_refused"]) == (1, 1)
    (refused,) = loads.refused(counted, batch["batch_id"])
    assert (refused["row_no"], refused["column_name"], refused["value"]) == (2, "n", "16")
    assert "is not the count loaded before" in refused["reason"]
    assert check_store(counted) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("2026-05", "North", "Bags", "yes", -1), "whole number from 0 up"),
        (("2026-05", "North", "Bags", "yes", 1.5), "whole number from 0 up"),
        (("2026-05", "North", "Bags", "yes", ""), "is empty"),
        (("2026-06", "North", "Bags", "yes", 3), "an earlier row of this file"),
    ],
)
def test_what_is_no_count_is_refused(
    row: tuple[object, ...], reason: str, store: Store, add_rows: Callable[..., None]
) -> None:
    add_rows(COUNTS, [("2026-06", "North", "Bags", "yes", 2), row])
    (refused,) = loads.refused(store, 1)
    assert (refused["row_no"], refused["column_name"]) == (3, "n")
    assert reason in refused["reason"]


def test_undo_takes_the_counts_back(counted: Store) -> None:
    undo(counted, 1, LOCAL_USER)
    assert counted.rows("SELECT COUNT(*) AS n FROM complaint") == [{"n": 0}]
    assert check_store(counted) == []


def test_a_count_cannot_be_about_one_case(store: Store, write_csv: Callable[..., object]) -> None:
    both = Mapping("m", "complaints", "M", (*COUNTS.columns, Column("id", "complaint_id")))
    source = open_source(write_csv("month,n,id\n2026-01,3,K1\n"))  # type: ignore[arg-type]
    with pytest.raises(ImportProblem, match="'n' counts cases, but 'id' is about one case"):
        commit(store, source, both, program="demo", user=LOCAL_USER)


def test_the_published_pareto_comes_out_of_counts(
    store: Store, add_rows: Callable[..., None]
) -> None:
    """Reasons of the pareto.chart example of R's qcc."""
    counts = {"price code": 80, "schedule date": 27, "supplier code": 66, "contact num.": 94}
    rows = [("2026-01", "", topic, "", n) for topic, n in {**counts, "part num.": 33}.items()]
    add_rows(COUNTS, rows)
    by, found = pareto_rows(store, DEMO)
    assert by == "category"
    assert [r.name for r in found] == [
        "contact num.",
        "price code",
        "supplier code",
        "part num.",
        "schedule date",
    ]
    assert [r.reached for r in found] == pytest.approx([94 / 3, 58, 80, 91, 100])
