"""The overview shows what the queries say, withholds what they withhold, and follows the URL."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.mapping import Mapping
from csat.locale.catalogue import translator
from csat.locale.formats import Formats
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.metrics import HEADLINES
from csat.model.period import Period
from csat.model.settings import Thresholds
from csat.queries.figures import evaluate
from csat.queries.movers import movers
from csat.store.store import Store

SUMMER = Period(date(2026, 7, 1), date(2026, 9, 30))
"""The latest three whole months of the simulated program."""
DEFAULT = Filters.of("sample", period=SUMMER, compare="last_year")


def cards(at: Any) -> dict[str, Any]:
    """Return the cards of the page by the key of their figure."""
    keys = [b.key for b in at.main if str(getattr(b, "key", "")).startswith("card-")]
    return {k.removeprefix("card-"): at.get_by_key(k) for k in keys}


def answers(path: Path, filters: Filters) -> dict[str, Figure]:
    store = Store(path)
    try:
        return {f.metric: f for f in evaluate(store, filters, HEADLINES).figures}
    finally:
        store.close()


def number(card: Any) -> str:
    return str(card.metric[0].value)


def base(card: Any) -> int:
    found = re.search(r"n ([\d,]+)", card.caption[0].value)
    assert found, card.caption[0].value
    return int(found[1].replace(",", ""))


def assert_cards_equal(at: Any, expected: dict[str, Figure], language: str = "en") -> None:
    assert not at.exception
    f = Formats(language)
    shown = cards(at)
    assert shown
    for key, card in shown.items():
        figure = expected[key]
        assert number(card) == f.value(figure.value, figure.unit), key
        assert base(card) == figure.n, key
        if figure.low is not None or figure.high is not None:
            assert f.interval(figure.low, figure.high, figure.unit) in card.caption[0].value, key


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("zh-CN", "zh_CN")])
def test_every_card_shows_the_figure_of_the_queries(
    locale: str, language: str, sample_store: Path, open_page: Any
) -> None:
    expected = answers(sample_store, DEFAULT)
    at = open_page("overview", sample_store, locale=locale)
    assert_cards_equal(at, expected, language)
    assert {"csat_top_box", "nps", "ces", "complaints_per_1000", "timely_response_share"} <= set(
        cards(at)
    )


def some_group(path: Path, cut: str) -> str:
    store = Store(path)
    try:
        return next(f.by for f in evaluate(store, DEFAULT, ("nps",), cut).figures if f.by)
    finally:
        store.close()


@pytest.mark.parametrize(
    ("query", "changes"),
    [
        ({"period": "m1"}, {"period": Period(date(2026, 9, 1), date(2026, 9, 30))}),
        ({"period": "m12"}, {"period": Period(date(2025, 10, 1), date(2026, 9, 30))}),
        ({"period": "all"}, {"period": None, "compare": "none"}),
        (
            {"period": "custom", "from": "2026-01-05", "to": "2026-02-14"},
            {"period": Period(date(2026, 1, 5), date(2026, 2, 14))},
        ),
        ({"compare": "previous"}, {"compare": "previous"}),
        ({"compare": "none"}, {"compare": "none"}),
        ({"survey": "customer-survey"}, {}),
    ],
    ids=lambda q: "-".join(map(str, q)) if isinstance(q, dict) else "",
)
def test_filters_of_the_link_choose_the_figures(
    query: dict[str, str], changes: dict[str, Any], sample_store: Path, open_page: Any
) -> None:
    expected = answers(sample_store, DEFAULT.with_(**changes))
    at = open_page("overview", sample_store, query)
    assert_cards_equal(at, expected)
    if "survey" not in query:  # a program with one survey offers no choice of surveys
        assert {k: at.query_params[k] for k in query} == query


@pytest.mark.parametrize(
    ("cut", "field"),
    [
        ("branch", "branches"),
        ("channel", "channels"),
        ("segment", "segments"),
        ("touchpoint", "touchpoints"),
    ],
)
def test_groups_of_the_link_choose_the_figures(
    cut: str, field: str, sample_store: Path, open_page: Any
) -> None:
    group = some_group(sample_store, cut)
    expected = answers(sample_store, DEFAULT.with_(**{field: [group]}))
    at = open_page("overview", sample_store, {cut: group})
    assert_cards_equal(at, expected)
    assert at.query_params[cut] == group
    assert group in " ".join(c.value for c in at.caption)


@pytest.mark.parametrize(
    "query",
    [
        {"program": "nobody"},
        {"period": "m99"},
        {"compare": "tomorrow"},
        {"branch": "Atlantis"},
        {"survey": "none-such"},
        {"period": "m3", "from": "yesterday", "to": "2026-13-40"},
        {"colour": "red"},
    ],
    ids=str,
)
def test_invalid_values_of_the_link_are_ignored(
    query: dict[str, str], sample_store: Path, open_page: Any
) -> None:
    expected = answers(sample_store, DEFAULT)
    at = open_page("overview", sample_store, query)
    assert_cards_equal(at, expected)
    assert at.query_params == {"program": "sample"}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("yesterday", "2026-13-40"),
        ("0001-01-01", "9999-12-31"),
        ("2026-05-01", "2026-04-01"),
        ("1999-01-01", "1999-01-31"),
        ("2014-01-01", "2014-12-31"),
    ],
)
def test_own_dates_of_the_link_never_break_the_page(
    first: str, last: str, sample_store: Path, open_page: Any
) -> None:
    at = open_page("overview", sample_store, {"period": "custom", "from": first, "to": last})
    assert not at.exception
    assert not at.error
    for box in at.date_input:
        assert date.fromisoformat(box.proto.min) <= box.value <= date.fromisoformat(box.proto.max)


def test_chosen_values_go_into_the_link(sample_store: Path, open_page: Any) -> None:
    at = open_page("overview", sample_store)
    assert at.query_params == {"program": "sample"}
    branch = at.get_by_key("branch").options[0]
    at.get_by_key("period").set_value("m12").run()
    at.get_by_key("branch").set_value([branch]).run()
    assert at.query_params == {"program": "sample", "period": "m12", "branch": branch}
    at.get_by_key("period").set_value("m3").run()
    assert at.query_params == {"program": "sample", "branch": branch}


def test_small_base_is_withheld_everywhere_on_the_page(
    survey_store: Path, open_page: Any, told: Any
) -> None:
    everyone = open_page("overview", survey_store, {"period": "all"})
    assert number(cards(everyone)["nps"]) not in told(
        open_page("overview", survey_store, {"period": "all", "branch": "Tiny"})
    )
    filters = Filters.of("demo", compare="none", branches=["Tiny"])
    store = Store(survey_store)
    open_answer = evaluate(store, filters, ("nps", "csat_top_box"), "total", Thresholds(1, 1))
    store.close()
    at = open_page("overview", survey_store, {"period": "all", "branch": "Tiny"})
    word = translator("en")("withheld (n < {n})").format(n=5)
    hidden = {k: c for k, c in cards(at).items() if number(c) == word}
    assert {"nps", "csat_top_box", "ces"} <= set(hidden)
    said = told(at)
    f = Formats("en")
    for figure in open_answer.figures:
        assert f.value(figure.value, figure.unit) not in said
        assert f"{figure.value:.4f}" not in said
    assert "n 3" not in said


def test_thresholds_come_from_the_settings(
    survey_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_WITHHOLD_UNDER", "3")
    at = open_page("overview", survey_store, {"period": "all", "branch": "Tiny"})
    assert base(cards(at)["nps"]) == 3
    assert "⚠" in cards(at)["nps"].caption[0].value


def test_explanation_carries_everything_a_figure_rests_on(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("overview", sample_store)
    assert not at.code
    at.session_state["explain-nps"] = True
    at.run()
    assert not at.exception
    said = "\n".join(x.value for x in at.text)
    assert "sample" in said or "survey" in said
    assert any("SELECT" in c.value and "nps" in c.value for c in at.code)
    assert any("csat 0." in x.value for x in at.text)


def test_movers_are_those_of_the_queries(sample_store: Path, open_page: Any) -> None:
    store = Store(sample_store)
    found = movers(store, DEFAULT, Thresholds())
    store.close()
    assert found
    at = open_page("overview", sample_store)
    links = [link.proto for link in at.page_link if link.proto.page == "trends"]
    assert len(links) == len(found)
    for mover, link in zip(found, links, strict=True):
        assert f"metric={mover.figure.metric}".replace(":", "%3A") in link.query_string.replace(
            ":", "%3A"
        )


def test_links_of_movers_follow_the_choice_just_made(sample_store: Path, open_page: Any) -> None:
    at = open_page("overview", sample_store)
    at.get_by_key("period").set_value("m12").run()
    links = [link.proto for link in at.page_link if link.proto.page == "trends"]
    assert links
    assert all("period=m12" in link.query_string for link in links)


def test_nothing_to_compare_with_asks_for_it(sample_store: Path, open_page: Any) -> None:
    at = open_page("overview", sample_store, {"compare": "none"})
    assert not [link for link in at.page_link if link.proto.page == "trends"]
    words = {"better", "worse"}
    assert not any(words & set(str(m.proto.delta).split()) for m in at.metric)


def test_a_card_with_a_target_says_whether_it_is_reliably_met(
    sample_store: Path, open_page: Any
) -> None:
    shown = cards(open_page("overview", sample_store))
    said = {key: card.caption[0].value for key, card in shown.items()}
    assert said["complaints_per_1000"].endswith("Target 5.00 · ? not reliably met")
    assert "Target 85.0% · " in said["timely_response_share"]
    assert "Target" not in said["nps"]


def test_what_changed_names_the_actions_and_the_ledger_stands_below(
    sample_store: Path, open_page: Any, told: Any
) -> None:
    at = open_page("overview", sample_store)
    said = [m.value for m in at.markdown]
    cured = next(s for s in said if "Meter reading error: Complaints received fell" in s)
    assert "action: A photo with every meter reading, ✔ worked" in cured
    assert "unusually high before, Aug 2025 to Nov 2025" in cured
    assert sum(":blue-badge[✔ worked]" in s for s in said) == 1
    assert any("lose most in **Gap 4: communication**" in s for s in said)


def test_a_change_of_counts_over_unlike_months_says_that_days_are_equal(
    store: Any, load: Any, write_csv: Any, complaint_mapping: Mapping, open_page: Any
) -> None:
    head = "id,received,answered,resolved,category,branch,timely,text\n"
    days = [f"2026-{2 + i % 3:02d}-{1 + i % 28:02d}" for i in range(90)]
    days += [*(f"2026-{5 + i % 3:02d}-{1 + i % 28:02d}" for i in range(240)), "2026-08-02"]
    rows = [f"C{i},{day},,,Billing,North,Yes,x\n" for i, day in enumerate(days)]
    load(write_csv(head + "".join(rows), "complaints.csv"), complaint_mapping)
    store.close()
    query = {"period": "custom", "from": "2026-05-01", "to": "2026-07-31", "compare": "previous"}
    card = cards(open_page("overview", store.path, query))["complaints_received"]
    assert card.metric[0].value == "240"
    assert "+147 on equal days" in card.metric[0].proto.delta, "90 in 89 days are 93 in 92"
