"""The panel on raters: drawn when asked, in both languages, names for those who may see them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from csat.locale.catalogue import translator
from csat.queries.expert_weights import read_experts
from csat.sample.raters import CRITICAL_BRANCH, MUDDLED, SHOPPERS
from csat.store.store import Store
from csat.ui.quality.rater_panel import PARTS

EVERY = {"period": "all"}


def texts(at: Any) -> str:
    return "\n".join(str(m.value) for m in [*at.markdown, *at.caption, *at.info, *at.warning])


def frames(at: Any) -> str:
    return "\n".join(d.value.to_csv() for d in at.dataframe)


def opened(open_page: Any, store: Path, part: str, **more: Any) -> Any:
    return open_page("gaps", store, {**EVERY, "view": "raters", "raters": part}, **more)


def test_nothing_of_raters_is_drawn_before_it_is_asked_for(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("gaps", sample_store, EVERY)
    assert "never averaged" not in texts(at)
    at.button_group(key="view").set_value("raters").run()
    assert not at.exception
    assert "never averaged" in texts(at)
    assert len(at.get("plotly_chart")) == 1
    assert at.query_params["view"] == "raters"


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "any_store", ["sample_store", "empty_store", "survey_store", "complaint_store"], indirect=True
)
def test_every_part_draws_in_both_languages(
    any_store: Path, part: str, locale: str, open_page: Any
) -> None:
    at = opened(open_page, any_store, part, locale=locale)
    assert not at.exception
    assert not at.error
    say = translator("zh_CN" if locale == "zh-CN" else "en")
    assert say("Scores of visits") in at.button_group(key="raters").options


def test_scores_name_the_branch_where_critical_criteria_fail(
    sample_store: Path, open_page: Any
) -> None:
    said = texts(opened(open_page, sample_store, "scores"))
    assert f"of them at {CRITICAL_BRANCH}" in said
    assert "Northline Institute" in said


def test_the_difference_from_customers_is_told_in_words(sample_store: Path, open_page: Any) -> None:
    at = opened(open_page, sample_store, "beside")
    assert "clearly higher than customers do; raters see Responsiveness clearly lower" in texts(at)
    assert "raters see it lower" in frames(at)


def test_an_empty_part_hands_out_its_form(survey_store: Path, open_page: Any) -> None:
    forms = {"scores": 3, "agreement": 3, "findings": 1, "experts": 1}
    for part, n in forms.items():
        at = opened(open_page, survey_store, part)
        assert at.info
        assert len(at.get("download_button")) == 2 * n


@pytest.mark.parametrize(("role", "named"), [("executive", False), ("quality", True)])
def test_names_are_for_those_who_may_see_them(
    role: str,
    named: bool,
    sample_store: Path,
    open_page: Any,
    told: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CSAT_ROLES", role)
    for part, name in (
        ("agreement", SHOPPERS[0]),
        ("scores", SHOPPERS[0]),
        ("findings", f"Manager {CRITICAL_BRANCH}"),
        ("experts", MUDDLED),
    ):
        assert (name in told(opened(open_page, sample_store, part))) is named


def test_a_finding_is_closed_on_the_page_and_its_history_kept(
    own_sample_store: Path, open_page: Any
) -> None:
    at = opened(open_page, own_sample_store, "findings")
    at.session_state["finding-edit"] = True
    at.run()
    at.selectbox(key="finding-chosen").set_value("F01").run()
    closed = next(d for d in at.date_input if d.label == "Closed on")
    closed.set_value("2026-10-01")
    next(b for b in at.button if b.label == "Keep").click().run()
    assert not at.exception
    assert not at.error
    store = Store(own_sample_store)
    [row] = store.rows("SELECT owner, closed_on FROM finding WHERE finding_no = 'F01'")
    before = store.rows("SELECT closed_on FROM superseded_finding WHERE finding_no = 'F01'")
    store.close()
    assert (row["owner"], str(row["closed_on"])) == (f"Manager {CRITICAL_BRANCH}", "2026-10-01")
    assert before == [{"closed_on": None}]


def test_an_expert_compares_on_the_page(own_sample_store: Path, open_page: Any) -> None:
    at = opened(open_page, own_sample_store, "experts")
    assert f"{MUDDLED} does not count" in texts(at)
    at.session_state["expert-edit"] = True
    at.run()
    next(i for i in at.text_input if i.label == "Expert").set_value("Zoe")
    assert len(at.select_slider) == 10
    at.select_slider[0].set_value(-1)
    next(b for b in at.button if b.label == "Keep").click().run()
    assert not at.exception
    assert not at.error
    store = Store(own_sample_store)
    found = read_experts(store, "sample", named=True)
    store.close()
    zoe = next(e for e in found.experts if e.name == "Zoe")
    assert zoe.counts
    assert found.counted == 4
