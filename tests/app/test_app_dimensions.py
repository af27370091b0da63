"""The page on dimensions: the weakest in words first, and every section when it is asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.mapping import Column, Item, Mapping
from csat.model.filters import Filters
from csat.model.scale import Scale
from csat.model.settings import Thresholds
from csat.queries.dimensions import dimensions
from csat.store.store import Store

SECTIONS = (
    "questions", "importance", "zone", "answers", "groups", "time", "drivers", "sound", "forms",
)  # fmt: skip
CHARTS = {
    "questions": 2, "importance": 2, "zone": 2, "answers": 2, "groups": 2, "time": 2,
    "drivers": 4, "sound": 1, "forms": 1,
}  # fmt: skip


@pytest.fixture
def kano_store(store: Store, load: Callable[..., Any], write_csv: Callable[..., Path]) -> Path:
    """Return a store with one survey that asks about two features both ways."""
    columns = [Column("when", "submitted_at")]
    for name in ("Lights", "Music"):
        for letter, view in (("f", "functional"), ("d", "dysfunctional")):
            item = Item(f"{name}.{letter}", name, Scale.of(1, 5), view, pair=name)
            columns.append(Column(f"{name} {letter}", "item", item=item))
    rows = "\n".join(f"2026-01-{1 + i % 28:02d},2,5,1,{3 + i % 2}" for i in range(60))
    file = write_csv(f"{','.join(c.source for c in columns)}\n{rows}\n", "kano.csv")
    load(file, Mapping("kano", "survey", "Kano", tuple(columns), survey_key="kano"))
    store.close()
    return store.path


def charts(at: Any) -> list[dict[str, Any]]:
    assert not at.exception
    assert not at.error
    return [json.loads(c.proto.spec) for c in at.get("plotly_chart")]


def words(at: Any) -> str:
    return "\n".join(m.value for m in (*at.markdown, *at.caption))


def test_the_first_sentence_says_what_is_weakest_and_by_how_much(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", sample_store, {"period": "all"})
    store = Store(sample_store)
    worst = dimensions(store, Filters("sample"), Thresholds()).dimensions[0]
    store.close()
    first = at.header[0].value
    assert "Reliability is weakest" in first
    assert f"{worst.expectation:.2f}" in first
    assert f"{-(worst.gap.value or 0):.2f} short" in first
    assert "All 5 dimensions fall short" in words(at)


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_is_drawn_when_it_is_asked_for(
    section: str, locale: str, sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", sample_store, {"section": section}, locale=locale)
    assert len(charts(at)) == CHARTS[section]
    assert all(c.proto.alt for c in at.get("plotly_chart"))
    assert at.query_params.get("section", "questions") == section
    if section == "forms":
        assert len(at.get("download_button")) == 2


def test_what_punishes_and_rewards_stands_below_the_drivers(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", sample_store, {"section": "drivers", "period": "all"})
    told = words(at)
    assert "low ratings cost satisfaction, high ones add to it" in told
    assert "Association, not cause" in told
    assert "present, it wins nothing**: The repair team comes at the hour agreed" in told


def test_features_asked_both_ways_are_told_by_their_class(open_page: Any, kano_store: Path) -> None:
    at = open_page("dimensions", kano_store, {"section": "drivers"})
    told = words(at)
    assert "**Taken for granted – missing, it annoys; present, it wins nothing**: Lights" in told
    assert "**A delight when it is there, not missed when it is not**: Music" in told
    table = next(d.value for d in at.dataframe if "Class" in d.value.columns)
    assert list(table["Feature"]) == ["Lights", "Music"]
    assert list(table["Class"]) == ["Must-be", "Delight"]


def test_the_ladder_shows_all_five_levels_and_the_place_of_the_perception(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", sample_store, {"section": "zone", "period": "all"})
    ladder = next(d.value for d in at.dataframe if "Place on the ladder" in d.value.columns)
    for _, row in ladder.iterrows():
        levels = [float(row[k]) for k in ("Worst possible", "Minimum", "Predicted", "Desired")]
        assert levels == sorted(levels)
        assert levels[-1] < float(row["Ideal"])
        assert "of the way from" in row["Place on the ladder"]


def test_dumbbells_stand_by_gap_times_weight(sample_store: Path, open_page: Any) -> None:
    at = open_page("dimensions", sample_store, {"weights": "equal"})
    names = [row[0] for row in charts(at)[0]["data"][1]["customdata"]]
    assert names == ["reliability", "responsiveness", "assurance", "empathy", "tangibles"]
    own = "tangibles=90,reliability=10"
    at = open_page("dimensions", sample_store, {"weights": own})
    names = [row[0] for row in charts(at)[0]["data"][1]["customdata"]]
    assert names[0] == "tangibles"
    assert own in str(at.query_params["weights"])


def test_from_a_dimension_to_its_questions_to_their_comments(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", sample_store, {"dimension": "empathy", "item": "P18"})
    assert "Questions of Empathy" in words(at)
    assert any("Comment" in d.value.columns for d in at.dataframe)
    frame = next(d.value for d in at.dataframe if "Comment" in d.value.columns)
    assert list(frame["Rating"]) == sorted(frame["Rating"])
    assert "respondent" not in " ".join(frame.columns).lower()


def test_executives_read_no_comments(
    sample_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", "executive")
    at = open_page("dimensions", sample_store, {"item": "P18"})
    assert not at.exception
    assert not any("Comment" in d.value.columns for d in at.dataframe)


def test_filters_that_set_people_apart_show_the_reason_and_no_figure(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", sample_store, {"branch": "Lighthouse Point", "period": "m1"})
    assert not at.get("plotly_chart")
    assert any("fewer than 5 people" in i.value for i in at.info)


def test_a_program_without_dimensions_offers_questionnaires(
    survey_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", survey_store)
    assert len(at.info) == 1
    assert len(at.get("download_button")) == 2


def test_own_weights_are_given_on_the_page_and_used_at_once(
    own_sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", own_sample_store, {"period": "all"})
    at.session_state["own-weights"] = True
    at.run()
    points = {n.label: n for n in at.number_input}
    assert sum(n.value for n in points.values()) == 100
    points["Reliability"].set_value(0)
    at.run()
    assert at.button(key="own-keep").disabled
    assert any("to go" in c.value for c in at.caption)
    for n in at.number_input:
        n.set_value(100 if n.label == "Tangibles" else 0)
    at.text_input(key="own-reason").set_value("agreed by *the board*")
    at.run()
    at.button(key="own-keep").click().run()
    assert not at.exception
    assert at.selectbox(key="weights").value == "own"
    assert "the program's own weights, in force from" in words(at)
    assert "agreed by \\*the board\\*" in words(at)
    names = [row[0] for row in charts(at)[0]["data"][1]["customdata"]]
    assert names[0] == "tangibles"
    at.button(key="own-undo-1").click().run()
    assert at.selectbox(key="weights").value == "points"
    assert "taken back by" in words(at)


def test_who_may_not_import_reads_the_weights_and_gives_none(
    own_sample_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", "quality")
    at = open_page("dimensions", own_sample_store)
    at.session_state["own-weights"] = True
    at.run()
    assert not at.number_input
    assert "no weights of its own yet" in words(at)


def test_the_share_of_dissatisfied_customers_shows_interval_and_base(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", sample_store, {"section": "answers"})
    said = [c.value for c in at.caption]
    assert sum(bool(re.fullmatch(r"[\d.]+% to [\d.]+%  \nn [\d,]+", text)) for text in said) == 5
