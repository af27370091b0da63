"""From the marks of a chart to their cases, and the states by which cases are chosen."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.standards import set_standard
from csat.locale.catalogue import translator
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.people import LOCAL_USER
from csat.model.period import Period
from csat.queries import complaints
from csat.queries.agreement import agreement
from csat.queries.case_figures import pareto_rows
from csat.queries.handling import ageing, crossed
from csat.queries.returning import returns
from csat.queries.sla import service_levels
from csat.sample.themes import THEMES
from csat.store.store import Store

ALL = {"period": "all"}
MAY = {"period": "custom", "from": "2026-05-01", "to": "2026-05-31"}
EVERYTHING = Filters.of("sample", compare="none")
STANDARD = """
[[target]]
key = "solve"
event = "resolution"
within = "10 d"
"""


def ask(path: Path, question: Any, *args: Any, **named: Any) -> Any:
    store = Store(path)
    try:
        return question(store, *args, **named)
    finally:
        store.close()


def assert_shows(at: Any, n: int) -> None:
    assert not at.exception
    said = translator("en")(msg("Showing **{n}** of **{total}** complaints", n=n, total=8_000))
    assert said in [m.value for m in at.markdown]


def choose(at: Any, key: str, index: int = 0) -> Any:
    """Choose among the marks of a chart, as the keyboard does."""
    return at.get_by_key(key).select_index(index).run()


def test_a_bar_of_the_pareto_opens_its_cases_and_keeps_the_other_filters(
    sample_store: Path, open_page: Any
) -> None:
    north = EVERYTHING.with_(branches=["North Gate"])
    _, rows = ask(sample_store, pareto_rows, north)
    at = open_page("complaints", sample_store, {**ALL, "view": "causes", "branch": "North Gate"})
    choose(at, "open-pareto")
    assert_shows(at, rows[0].count)
    assert "view" not in at.query_params
    assert at.query_params["cause"] == rows[0].name
    assert at.query_params["branch"] == "North Gate"
    assert len(at.dataframe[0].value) == min(25, rows[0].count)
    at.get_by_key("view").set_value("causes").run()
    assert at.query_params["cause"] == rows[0].name
    at.get_by_key(f"drop-cause-{rows[0].name}").click().run()
    assert at.query_params["branch"] == "North Gate"


def test_urgent_causes_open_urgent_cases(sample_store: Path, open_page: Any) -> None:
    _, rows = ask(sample_store, pareto_rows, EVERYTHING, "urgent")
    at = open_page("complaints", sample_store, {**ALL, "view": "causes", "weighed": "urgent"})
    choose(at, "open-pareto")
    assert_shows(at, rows[0].count)
    assert at.query_params["urgency"] == "urgent"


def test_a_cell_of_the_heat_map_opens_its_cases(sample_store: Path, open_page: Any) -> None:
    category, touchpoint, n = ask(sample_store, crossed, EVERYTHING)[0]
    at = open_page("complaints", sample_store, {**ALL, "view": "places"})
    choose(at, "open-places")
    assert_shows(at, n)
    assert at.query_params["category"] == category
    assert at.query_params["touchpoint"] == touchpoint


def test_a_band_of_age_opens_its_open_cases(sample_store: Path, open_page: Any) -> None:
    band = next(b for b in ask(sample_store, ageing, EVERYTHING) if b.still_open)
    at = open_page("complaints", sample_store, {**ALL, "view": "ages"})
    choose(at, "open-ages")
    assert_shows(at, band.still_open)
    assert at.query_params["age"] == f"open:{band.low}-{band.high or ''}"


def test_a_month_opens_the_cases_received_in_it(sample_store: Path, open_page: Any) -> None:
    at = open_page("complaints", sample_store, {**ALL, "view": "volume"})
    choose(at, "open-volume", 1)
    assert at.query_params["period"] == "custom"
    first, last = (date.fromisoformat(at.query_params[k]) for k in ("from", "to"))
    assert (first.day, (last - first).days >= 27) == (1, True)
    assert not at.exception


def test_a_group_of_the_waiting_curves_opens_its_cases(sample_store: Path, open_page: Any) -> None:
    n = ask(sample_store, complaints.count, EVERYTHING.with_(severities=["medium"]))
    at = open_page("complaints", sample_store, {**ALL, "view": "times", "split": "severity"})
    choose(at, "open-waits-response")
    assert_shows(at, n)
    assert at.query_params["severity"] == "medium"


@pytest.mark.parametrize("by", ["outcome", "cause"])
def test_a_group_that_comes_back_opens_the_cases_that_did(
    by: str, sample_store: Path, open_page: Any
) -> None:
    rows = ask(sample_store, returns, EVERYTHING, by).of("recontacted", 90)[1:]
    most = max(rows, key=lambda r: r.came_back or 0)
    query = {**ALL, "view": "closed", "within": "90", "closing": by}
    at = open_page("complaints", sample_store, query)
    choose(at, "open-returns")
    assert_shows(at, most.came_back)
    assert at.query_params["return"] == "recontacted:90"
    assert at.query_params[by] == most.group


def test_a_theme_opens_its_complaints(sample_store: Path, open_page: Any) -> None:
    row = ask(sample_store, agreement, EVERYTHING).rows[0]
    at = open_page("complaints", sample_store, {**ALL, "view": "scores"})
    choose(at, "open-agreement")
    assert_shows(at, row.complaints.count)
    assert sorted(at.query_params["cause"]) == sorted(row.theme.causes)


def test_the_table_of_targets_opens_how_cases_stand(own_sample_store: Path, open_page: Any) -> None:
    ask(own_sample_store, set_standard, "sample", STANDARD, LOCAL_USER)
    at = open_page("complaints", own_sample_store, {**ALL, "view": "sla"})
    n = ask(own_sample_store, service_levels, EVERYTHING).levels[0].met
    choose(at, "open-levels")
    assert_shows(at, n)
    assert at.query_params["due"] == "met:solve"
    at.get_by_key("drop-due-met:solve").click().run()
    assert_shows(at, 8_000)


@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_number_of_a_period_opens_as_many_cases_though_others_came_in_then(
    own_sample_store: Path, open_page: Any, place: int
) -> None:
    ask(own_sample_store, set_standard, "sample", STANDARD, LOCAL_USER)
    at = open_page("complaints", own_sample_store, {**MAY, "view": "sla"})
    choice = at.get_by_key("open-levels")
    n = int(re.search(r"\(([\d,]+)\)$", choice.options[place]).group(1).replace(",", ""))
    choose(at, "open-levels", place)
    assert_shows(at, n)
    assert at.query_params["period"] == "all"
    assert at.query_params["due"].endswith(":2026-05-01:2026-05-31")


def test_what_falls_due_next_opens_its_cases(own_sample_store: Path, open_page: Any) -> None:
    ask(own_sample_store, set_standard, "sample", STANDARD, LOCAL_USER)
    ahead = ask(own_sample_store, service_levels, EVERYTHING).forecast
    at = open_page("complaints", own_sample_store, {**ALL, "view": "sla"})
    choose(at, "open-levels", len(at.get_by_key("open-levels").options) - 1)
    assert_shows(at, ahead[-1].due)


def test_without_targets_the_marks_of_the_file_open_by_the_day_received(
    sample_store: Path, open_page: Any
) -> None:
    may = EVERYTHING.with_(period=Period(date(2026, 5, 1), date(2026, 5, 31)))
    level = ask(sample_store, service_levels, may).levels[0]
    at = open_page("complaints", sample_store, {**MAY, "view": "sla"})
    choose(at, "open-levels")
    assert_shows(at, level.met)
    assert at.query_params["sla"] == "met"


def test_overdue_and_urgent_are_one_click_each(own_sample_store: Path, open_page: Any) -> None:
    ask(own_sample_store, set_standard, "sample", STANDARD, LOCAL_USER)
    wanted = EVERYTHING.with_(standings=["overdue"], urgencies=["urgent"])
    n = ask(own_sample_store, complaints.count, wanted)
    at = open_page("complaints", own_sample_store, ALL)
    at.get_by_key("quick").set_value(["overdue"]).run()
    at.get_by_key("quick").set_value(["overdue", "urgent"]).run()
    assert 0 < n < 8_000
    assert_shows(at, n)
    assert at.query_params["sla"] == "overdue"
    at.get_by_key("sla").set_value(["overdue", "late"]).run()
    assert at.get_by_key("quick").value == ["overdue", "urgent"]
    at.get_by_key("drop-sla-late").click().run()
    assert_shows(at, n)
    at.get_by_key("quick").set_value([]).run()
    assert_shows(at, 8_000)


def test_causes_stand_below_their_themes_and_a_theme_is_half_ticked_for_a_part(
    sample_store: Path, open_page: Any
) -> None:
    bills, cause = THEMES[0], THEMES[0].causes[1]
    at = open_page("complaints", sample_store, ALL)
    at.get_by_key(f"tick-cause-{bills.title}").click().run()
    assert_shows(at, ask(sample_store, complaints.count, EVERYTHING.with_(causes=bills.causes)))
    assert sorted(at.query_params["cause"]) == sorted(bills.causes)
    at.get_by_key(f"open-cause-{bills.title}").click().run()
    at.get_by_key(f"tick-cause-{bills.title} > {cause}").click().run()
    rest = [c for c in bills.causes if c != cause]
    assert_shows(at, ask(sample_store, complaints.count, EVERYTHING.with_(causes=rest)))
    assert "indeterminate" in at.get_by_key(f"tick-cause-{bills.title}").icon


@pytest.mark.parametrize(
    "query",
    [
        {"sla": "sleepy"},
        {"urgency": "very"},
        {"age": "old"},
        {"return": "reopened:31"},
        {"due": "late"},
        {"due": "late:solve"},
    ],
)
def test_states_that_do_not_exist_are_left_out(
    query: dict[str, str], sample_store: Path, open_page: Any
) -> None:
    at = open_page("complaints", sample_store, {**ALL, **query})
    assert_shows(at, 8_000)
    assert at.query_params == {"program": "sample", **ALL}


def test_a_program_without_a_tree_is_told_what_to_do(complaint_store: Path, open_page: Any) -> None:
    at = open_page("complaints", complaint_store, {**ALL, "view": "scores"})
    assert not at.exception
    assert "same theme" in at.info[0].value
    assert any("has none yet" in c.value for c in at.caption), "nothing to hold complaints against"
    assert "data" in [link.proto.page for link in at.page_link]
    tree = "[[theme]]\nkey = 'a'\ndimension = 'x'\ncategories = ['Billing']\n"
    at.file_uploader(key="cause-tree").upload("tree.toml", tree.encode()).run()
    at.get_by_key("set-tree").click().run()
    assert not at.exception
    assert not at.get_by_key("open-agreement").value


def test_a_tree_that_makes_no_sense_is_said_to_be_that(
    own_sample_store: Path, open_page: Any
) -> None:
    at = open_page("complaints", own_sample_store, {**ALL, "view": "scores"})
    at.file_uploader(key="cause-tree").upload("tree.toml", b"[[theme]]\nkey = 1").run()
    at.get_by_key("set-tree").click().run()
    assert at.error
    assert ask(own_sample_store, agreement, EVERYTHING).rows
