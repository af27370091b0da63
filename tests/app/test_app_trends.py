"""The trends page draws every figure, by every grain and every split."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from csat.model.filters import Filters
from csat.model.metrics import HEADLINES
from csat.model.vocabulary import CUTS, GRAINS, SURVEY_CUTS
from csat.queries.figures import evaluate
from csat.queries.marks import marks
from csat.queries.signals import signals
from csat.store.store import Store


def charts(at: Any) -> list[dict[str, Any]]:
    assert not at.exception
    assert not at.error
    return [json.loads(c.proto.spec) for c in at.get("plotly_chart")]


def months_drawn(chart: dict[str, Any]) -> set[str]:
    return {row[0] for t in chart["data"] for row in t.get("customdata") or []}


def offered(at: Any, key: str) -> int:
    return len(at.get_by_key(key).options)


@pytest.mark.parametrize(
    "metric",
    [
        "csat_top_box",
        "nps",
        "ces",
        "response_count",
        "complaints_received",
        "complaints_per_1000",
        "timely_response_share",
        "median_days_to_response",
        "median_days_to_resolution",
        "perception:reliability",
        "gap:empathy",
        "mean:P07",
        "mean:nps",
    ],
)
def test_metric_is_drawn_over_time(metric: str, sample_store: Path, open_page: Any) -> None:
    at = open_page("trends", sample_store, {"metric": metric})
    drawn = charts(at)
    assert len(drawn) == 1
    assert drawn[0]["data"]
    expected = {"program": "sample"} | ({} if metric == "csat_top_box" else {"metric": metric})
    assert at.query_params == expected


def test_every_headline_is_offered_and_none_breaks(survey_store: Path, open_page: Any) -> None:
    """Figures the program cannot have say so instead of drawing an empty chart."""
    at = open_page("trends", survey_store)
    assert offered(at, "metric") >= len(HEADLINES)
    for key in HEADLINES:
        at.get_by_key("metric").set_value(key).run()
        assert not at.exception, key
        assert not at.error, key
        assert at.get("plotly_chart") or at.info, key


@pytest.mark.parametrize("grain", GRAINS)
@pytest.mark.parametrize("metric", ["csat_top_box", "complaints_per_1000", "gap:reliability"])
def test_grain_is_drawn(metric: str, grain: str, sample_store: Path, open_page: Any) -> None:
    at = open_page("trends", sample_store, {"metric": metric, "by": grain})
    assert len(charts(at)) == 1


@pytest.mark.parametrize("split", SURVEY_CUTS)
def test_survey_figure_is_split(split: str, sample_store: Path, open_page: Any) -> None:
    at = open_page("trends", sample_store, {"metric": "nps", "split": split})
    assert len(charts(at)) == 2
    assert at.query_params["split"] == split


@pytest.mark.parametrize("split", CUTS)
@pytest.mark.parametrize("metric", ["complaints_received", "median_days_to_resolution"])
def test_complaint_figure_is_split(
    metric: str, split: str, sample_store: Path, open_page: Any
) -> None:
    at = open_page("trends", sample_store, {"metric": metric, "split": split, "by": "quarter"})
    assert len(charts(at)) == 2


def test_survey_figure_is_not_split_by_complaint_category(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("trends", sample_store, {"metric": "nps", "split": "category"})
    assert len(charts(at)) == 1
    assert "split" not in at.query_params


def test_split_that_the_next_figure_lacks_is_dropped(sample_store: Path, open_page: Any) -> None:
    at = open_page("trends", sample_store, {"metric": "complaints_received", "split": "category"})
    at.get_by_key("metric").set_value("nps").run()
    assert len(charts(at)) == 1
    assert "split" not in at.query_params


@pytest.mark.parametrize(
    "query", [{"metric": "happiness"}, {"metric": "mean:none"}, {"by": "decade"}, {"split": "sex"}]
)
def test_invalid_values_of_the_link_are_ignored(
    query: dict[str, str], sample_store: Path, open_page: Any
) -> None:
    at = open_page("trends", sample_store, query)
    assert len(charts(at)) == 1
    assert at.query_params == {"program": "sample"}


def test_table_behind_the_chart_equals_the_queries(sample_store: Path, open_page: Any) -> None:
    store = Store(sample_store)
    figures = evaluate(store, Filters.of("sample", compare="none"), ("nps",), "month").figures
    store.close()
    at = open_page("trends", sample_store, {"metric": "nps", "period": "all"})
    at.session_state["table-trend"] = True
    at.run()
    table = at.dataframe[0].value
    assert len(table) == len(figures)
    assert list(table["n"]) == [f"{f.n:,}" for f in figures]


def test_dates_can_follow_the_period(sample_store: Path, open_page: Any) -> None:
    whole = charts(open_page("trends", sample_store, {"metric": "nps"}))
    part = charts(open_page("trends", sample_store, {"metric": "nps", "dates": "period"}))
    assert len(months_drawn(whole[0])) > 20
    assert months_drawn(part[0]) == {"2026-07", "2026-08", "2026-09"}


def test_the_series_ends_with_the_period_and_keeps_its_history(
    sample_store: Path, open_page: Any
) -> None:
    own = {"period": "custom", "from": "2025-10-01", "to": "2025-12-31"}
    drawn = charts(open_page("trends", sample_store, own))[0]
    months = months_drawn(drawn)
    assert max(months) == "2025-12"
    assert min(months) == "2024-10"
    [band] = [s for s in drawn["layout"]["shapes"] if s["type"] == "rect"]
    assert band["x1"] - band["x0"] == 3


@pytest.mark.parametrize("grain", ["day", "week"])
def test_days_and_weeks_are_drawn(grain: str, sample_store: Path, open_page: Any) -> None:
    at = open_page("trends", sample_store, {"metric": "complaints_received", "by": grain})
    [drawn] = charts(at)
    assert len(months_drawn(drawn)) > 100


def test_the_words_come_first_and_name_the_sliding_branch(
    sample_store: Path, open_page: Any
) -> None:
    quiet = open_page("trends", sample_store, {"metric": "nps"})
    assert any("Nothing unusual" in m.value for m in quiet.markdown)
    query = {"metric": "perception:responsiveness", "branch": "Riverside"}
    at = open_page("trends", sample_store, query)
    assert any("Worse than usual" in m.value for m in at.markdown)
    names = {t.get("name") for t in charts(at)[0]["data"]}
    assert "Desired level" in names


@pytest.mark.parametrize("section", ["compare", "funnel", "signals", "marks"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_each_part_below_is_drawn_when_asked_for(
    section: str, locale: str, sample_store: Path, open_page: Any
) -> None:
    at = open_page("trends", sample_store, {"section": section}, locale=locale)
    assert len(charts(at)) == (2 if section == "funnel" else 1)
    assert at.query_params["section"] == section


def test_rates_have_a_funnel_by_branch(sample_store: Path, open_page: Any) -> None:
    query = {"section": "funnel", "metric": "complaints_per_1000", "split": "branch"}
    at = open_page("trends", sample_store, query)
    assert not at.exception
    spec = charts(at)[-1]
    titles = spec["layout"]["xaxis"]["title"]["text"]
    assert titles == "customers served"


def test_a_person_explains_a_signal_and_it_stays_so(own_sample_store: Path, open_page: Any) -> None:
    query = {"metric": "csat_top_box", "branch": "Riverside"}
    at = open_page("trends", own_sample_store, query)
    key = "csat_top_box|branch=Riverside|month|beyond_limits|2026-08"
    at.session_state[f"explain-chart-{key}"] = True
    at.run()
    at.text_input[0].set_value("Two *counters* closed")
    next(b for b in at.button if b.label == "Keep").click().run()
    assert not at.exception
    store = Store(own_sample_store)
    [mark] = [m for m in marks(store, "sample") if m.kind == "signal"]
    store.close()
    assert (mark.kind, mark.subject, mark.made_by) == ("signal", key, "local")
    assert mark.reason == "Two *counters* closed"
    again = open_page("trends", own_sample_store, query)
    assert any("Two \\*counters\\* closed" in m.value for m in again.markdown)


def test_a_signal_of_the_list_is_seen_and_linked_to_an_action(
    own_sample_store: Path, open_page: Any
) -> None:
    at = open_page("trends", own_sample_store, {"section": "signals"})
    store = Store(own_sample_store)
    key = signals(store, "sample").signals[0].signal.key
    store.close()
    at.session_state[f"explain-all-{key}"] = True
    at.run()
    next(b for b in at.button if b.label == "Seen, still looking into it").click().run()
    assert not at.exception
    assert any("seen by local" in m.value for m in at.markdown)
    at.session_state[f"explain-all-{key}"] = True
    at.run()
    next(s for s in at.selectbox if s.label == "Action that answers it").select("2")
    next(b for b in at.button if b.label == "Keep").click().run()
    assert any("action: A second counter" in m.value for m in at.markdown)
    for _ in range(2):
        at.session_state[f"explain-all-{key}"] = True
        at.run()
        next(b for b in at.button if b.label == "Take back").click().run()
    assert not any("seen by" in m.value for m in at.markdown)


def test_a_signal_may_stand_below_its_chart_and_in_the_list_of_all(
    own_sample_store: Path, open_page: Any
) -> None:
    store = Store(own_sample_store)
    [first, *_] = [s for s in signals(store, "sample").signals if not s.signal.scope]
    store.close()
    query = {"section": "signals", "metric": first.signal.metric}
    at = open_page("trends", own_sample_store, query)
    assert not at.exception
    assert sum("Feb 2026 to Sep 2026: 8 in a row" in m.value for m in at.markdown) > 1


def test_a_person_sets_a_target_and_takes_it_back(own_sample_store: Path, open_page: Any) -> None:
    at = open_page("trends", own_sample_store, {"section": "marks"})
    next(s for s in at.selectbox if s.label == "What is it?").set_value("target")
    at.number_input[0].set_value(90.0)
    at.text_input[0].set_value("Board decision")
    next(b for b in at.button if b.label == "Keep").click().run()
    assert not at.exception
    assert not at.error
    assert any("reliably misses the target" in m.value for m in at.markdown)
    next(b for b in at.button if b.label == "Take back").click().run()
    assert not any("the target" in m.value for m in at.markdown if "badge" in m.value)


def test_a_mark_without_a_reason_is_refused_in_words(
    own_sample_store: Path, open_page: Any
) -> None:
    at = open_page("trends", own_sample_store, {"section": "marks"})
    next(b for b in at.button if b.label == "Keep").click().run()
    assert not at.exception
    assert any("reason is missing" in e.value for e in at.error)


def test_an_executive_reads_marks_and_makes_none(
    sample_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", "executive")
    at = open_page("trends", sample_store, {"section": "marks"})
    assert not at.exception
    assert [b.label for b in at.button if b.label == "Keep"] == []


def test_withheld_months_are_not_in_the_chart_or_its_table(
    survey_store: Path, open_page: Any, told: Any
) -> None:
    query = {"metric": "nps", "split": "branch", "period": "all", "section": "compare"}
    at = open_page("trends", survey_store, query)
    assert not at.exception
    table = next(d.value for d in at.dataframe if "Tiny" in set(d.value.iloc[:, 0]))
    row = table[table.iloc[:, 0] == "Tiny"].iloc[0]
    assert "5" in row.iloc[1]
    assert row["n"] == ""
    for chart in charts(at):
        for trace in chart["data"]:
            # three answers, all promoters: +100
            assert 100 not in (trace.get("y") or [])
            assert "Tiny" not in str(trace.get("customdata") or "")
    assert "+100" not in told(at)


def test_alt_text_names_the_figure(sample_store: Path, open_page: Any) -> None:
    at = open_page("trends", sample_store, {"metric": "nps"})
    assert len(at.get("plotly_chart")[0].proto.alt) > 20


def test_last_year_stands_beside_where_it_is_asked_for(sample_store: Path, open_page: Any) -> None:
    at = open_page("trends", sample_store, {"dates": "last_year"})
    assert not at.exception
    names = {trace.get("name") for trace in charts(at)[0]["data"]}
    assert "A year earlier" in names
    daily = open_page("trends", sample_store, {"dates": "last_year", "by": "week"})
    assert "A year earlier" not in {trace.get("name") for trace in charts(daily)[0]["data"]}


def test_between_groups_there_is_a_difference_and_no_change(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("trends", sample_store, {"section": "compare", "cut": "branch"})
    table = next(d.value for d in at.dataframe if "Adjusted p" in d.value.columns)
    assert "■ no clear difference" in set(table["Verdict"])
    assert "■ no clear change" not in set(table["Verdict"])
