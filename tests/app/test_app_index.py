"""The index on the page: figures of the command line, frozen years, roles, both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from csat.cli import main
from csat.model.people import LOCAL_USER
from csat.queries.index_versions import index_versions
from csat.store.store import Store

QUERY = {"section": "index", "period": "all"}


def words(at: Any) -> str:
    assert not at.exception
    return "\n".join(m.value for m in (*at.header, *at.markdown, *at.caption))


def versions(path: Path) -> Any:
    store = Store(path)
    found = index_versions(store, "sample")
    store.close()
    return found


def test_the_page_shows_what_the_command_line_prints(
    sample_store: Path, open_page: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    at = open_page("dimensions", sample_store, QUERY)
    said = words(at)
    assert main(["index", "--program", "sample", "--json", "--store", str(sample_store)]) == 0
    told = json.loads(capsys.readouterr().out)
    index = told["index"]
    assert f"The index stands at {index['value']:.1f} of 100" in said
    assert f"{index['low']:.1f} to {index['high']:.1f}" in said
    assert f"standard error {index['standard_error']:.2f} · n {index['n']:,d}" in said
    [change] = told["changes"]
    assert f"from {change['year_before']['value']:.1f} to {change['new']['value']:.1f}" in said
    assert f"The definition made {change['by_definition']:+.1f}" in said
    steps = next(d.value for d in at.dataframe if "Answers and definition" in d.value.columns)
    assert list(steps["Satisfaction index"]) == [
        f"{change[k]['value']:.1f}" for k in ("year_before", "old", "new")
    ]
    drawn = [json.loads(c.proto.spec) for c in at.get("plotly_chart")]
    bars = next(d for d in drawn if d["data"][0]["type"] == "bar")
    assert bars["data"][0]["x"] == pytest.approx([p["contribution"] for p in told["indicators"]])


@pytest.mark.parametrize(("locale", "said"), [("en-US", "The index stands"), ("zh-CN", "指数为")])
def test_the_section_speaks_the_readers_language(
    locale: str, said: str, sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", sample_store, QUERY, locale=locale)
    assert said in words(at)
    assert all(c.proto.alt for c in at.get("plotly_chart"))


def test_a_question_is_shown_in_the_readers_language(sample_store: Path, open_page: Any) -> None:
    for locale, said in (("en-US", "Agreed dates are kept."), ("zh-CN", "约定的日期都能遵守。")):
        at = open_page("dimensions", sample_store, {"dimension": "reliability"}, locale=locale)
        names = json.dumps([json.loads(c.proto.spec) for c in at.get("plotly_chart")])
        assert json.dumps(said)[1:-1] in names


def test_the_overview_has_a_card_of_the_index(sample_store: Path, open_page: Any) -> None:
    at = open_page("overview", sample_store, {"period": "all"})
    cards = {m.label: m.value for m in at.metric}
    assert next(iter(cards)) == "Satisfaction index"
    assert float(cards["Satisfaction index"]) > 0
    assert len(cards) == 8


def test_a_program_without_an_index_has_no_card_but_says_what_to_do(
    survey_store: Path, open_page: Any
) -> None:
    at = open_page("overview", survey_store)
    assert "Satisfaction index" not in {m.label for m in at.metric}
    assert any("Define the index of this program" in m.value for m in at.markdown)
    at = open_page("dimensions", survey_store)
    assert "has not defined its index yet" in words(at)
    assert not at.warning
    at.selectbox(key="index-start-0").select("preset-five-content").run()
    assert "No survey asks so far: Quality" in words(at)
    at.selectbox(key="index-start-0").select("blank").run()
    assert any("no indicator" in w.value for w in at.warning)
    assert at.button(key="index-keep").disabled


def test_a_ready_made_definition_is_kept_for_next_year(
    own_sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", own_sample_store, QUERY)
    at.selectbox(key="index-start-2").select("preset-five-facet").run()
    at.button(key="index-keep").click().run()
    assert any("is defined from" in s.value for s in at.success)
    newest = versions(own_sample_store)[0]
    assert newest.definition is not None
    assert {i.metric for i in newest.definition.indicators} >= {"perception:effect", "csat_mean"}
    assert newest.set_by == LOCAL_USER.name


def test_a_frozen_year_asks_for_a_reason_and_earlier_versions_can_be_used_again(
    own_sample_store: Path, open_page: Any
) -> None:
    before = versions(own_sample_store)
    first = next(v for v in before if v.year == 2024)
    at = open_page("dimensions", own_sample_store, QUERY)
    at.selectbox(key="index-start-2").select(f"version-{first.number}").run()
    at.number_input(key="index-year-sample").set_value(2026).run()
    at.button(key="index-keep").click().run()
    assert any("frozen" in e.value for e in at.error)
    assert versions(own_sample_store) == before
    reason = next(i for i in at.text_input if str(i.key).startswith("index-reason"))
    reason.set_value("Back to the published weights").run()
    at.button(key="index-keep").click().run()
    newest = versions(own_sample_store)[0]
    assert (newest.year, newest.reason) == (2026, "Back to the published weights")
    assert newest.definition == first.definition


def test_who_may_not_change_it_sees_the_definition_alone(
    sample_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", "executive")
    at = open_page("dimensions", sample_store, QUERY)
    assert "Definition" in "\n".join(e.label for e in at.expander)
    assert not [b for b in at.button if b.key == "index-keep"]
    assert not [s for s in at.selectbox if str(s.key).startswith("index-start")]
