"""Who answered: the page, and the choice between weighted and unweighted on the others."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.mapping import Mapping
from csat.ingest.preset import preset
from csat.model.filters import Filters
from csat.model.period import Period
from csat.queries.weighted import weighted
from csat.queries.weighted_groups import weighted_groups
from csat.store.store import Store

SURVEY = "id,when,branch,csat,nps,ces,comment\n" + "".join(
    f"r{i},2026-01-{1 + i % 28:02d},{name},{1 + i % 5},{i % 11},{1 + i % 7},\n"
    for i, name in enumerate(["North"] * 40 + ["South"] * 50 + ["Tiny"] * 3)
)
QUARTER = {"program": "sample", "period": "custom", "from": "2026-07-01", "to": "2026-09-30"}


def test_first_sentence_names_who_is_missing(sample_store: Path, open_page: Any) -> None:
    at = open_page("weighting", sample_store, QUARTER)
    assert not at.exception
    assert at.header[0].value.startswith("Too few answers from Phone")
    assert "Effective n" in at.dataframe[-1].value.columns
    assert len(at.dataframe) == 2


def test_kind_of_group_is_kept_in_the_link(sample_store: Path, open_page: Any) -> None:
    at = open_page("weighting", sample_store, {**QUARTER, "kind": "segment"})
    assert "Senior" in at.dataframe[0].value.iloc[:, 0].tolist()
    assert at.query_params["kind"] == "segment"


def satisfied(at: Any) -> str:
    """Return what the card of satisfied customers says."""
    return str(next(m.value for m in at.metric if m.label == "Satisfied customers"))


def test_cards_are_unweighted_until_asked_and_say_so_then(
    sample_store: Path, open_page: Any
) -> None:
    store = Store(sample_store)
    filters = Filters("sample", Period(date(2026, 7, 1), date(2026, 9, 30)), compare="last_year")
    figure = weighted(store, filters, ("csat_top_box",)).one("csat_top_box")
    store.close()
    assert figure is not None
    plain = open_page("overview", sample_store, QUARTER)
    assert satisfied(plain) == f"{figure.plain.value:.1f}%"
    assert not any("effective n" in c.value for c in plain.caption)
    asked = open_page("overview", sample_store, {**QUARTER, "weighting": "weighted"})
    assert satisfied(asked) == f"{figure.weighted.value:.1f}%"
    assert any(f"effective n {figure.effective_n:,.0f}" in c.value for c in asked.caption)
    assert any(f"{figure.plain.value:.1f}% unweighted" in c.value for c in asked.caption)
    assert asked.query_params["weighting"] == "weighted"


def test_dimensions_are_weighted_on_request(sample_store: Path, open_page: Any) -> None:
    asked = open_page("dimensions", sample_store, {**QUARTER, "weighting": "weighted"})
    assert not asked.exception
    assert any(c.value.startswith("Effective n:") for c in asked.caption)
    plain = open_page("dimensions", sample_store, QUARTER)
    assert not any(c.value.startswith("Effective n:") for c in plain.caption)


WEIGHTED = {**QUARTER, "weighting": "weighted"}


def drawn(at: Any) -> list[dict[str, Any]]:
    assert not at.exception
    assert not at.error
    return [json.loads(c.proto.spec) for c in at.get("plotly_chart")]


def test_a_trend_is_weighted_beside_the_unweighted_above_its_control_chart(
    sample_store: Path, open_page: Any, told: Any
) -> None:
    at = open_page("trends", sample_store, WEIGHTED)
    weighted_one, control = drawn(at)
    names = {trace.get("name") for trace in weighted_one["data"]}
    assert {"Weighted", "Unweighted"} <= names
    assert any(m.value.startswith("**Weighted, Sep 2026") for m in at.markdown)
    assert any("every answer counts once in limits" in c.value for c in at.caption)
    plain = open_page("trends", sample_store, QUARTER)
    assert drawn(plain) == [control]
    assert "Weighted, Sep" not in told(plain)


def test_days_and_complaints_are_not_weighted_and_say_why(
    sample_store: Path, open_page: Any
) -> None:
    weeks = open_page("trends", sample_store, {**WEIGHTED, "by": "week"})
    assert len(drawn(weeks)) == 1
    assert any("by month, quarter or year" in i.value for i in weeks.info)
    index = open_page("trends", sample_store, {**WEIGHTED, "metric": "satisfaction_index"})
    assert any("index is not weighted" in i.value for i in index.info)
    cases = open_page("trends", sample_store, {**WEIGHTED, "metric": "complaints_received"})
    assert not [b for b in cases.button_group if b.key == "weighting"]
    assert len(drawn(cases)) == 1


def test_groups_and_the_change_are_weighted_on_trends(sample_store: Path, open_page: Any) -> None:
    at = open_page("trends", sample_store, {**WEIGHTED, "section": "compare", "cut": "channel"})
    drawn(at)
    table = at.dataframe[-1].value
    assert {"Weighted", "Unweighted", "Effective n", "Difference"} <= set(table.columns)
    store = Store(sample_store)
    filters = Filters("sample", Period(date(2026, 7, 1), date(2026, 9, 30)))
    answer = weighted_groups(store, filters, "csat_top_box", "channel")
    store.close()
    assert table["Weighted"].tolist() == [f"{f.weighted.value:.1f}%" for f in answer.figures]
    assert any("linearised together" in c.value for c in at.caption)


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ("questions", None),
        ("groups", "linearised together"),
        ("time", "each period has weights of its own"),
        ("importance", "Not weighted"),
        ("zone", "Not weighted"),
        ("answers", "Not weighted"),
        ("drivers", "Not weighted"),
        ("index", "Not weighted"),
        ("sound", "Not weighted"),
    ],
)
def test_each_section_on_dimensions_is_weighted_or_says_that_it_is_not(
    sample_store: Path, open_page: Any, section: str, says: str | None
) -> None:
    at = open_page("dimensions", sample_store, {**WEIGHTED, "section": section})
    drawn(at)
    unweighted = [c.value for c in at.caption if "Not weighted: every answer" in c.value]
    assert bool(unweighted) == (says == "Not weighted")
    assert says is None or any(says in c.value for c in at.caption)
    plain = open_page("dimensions", sample_store, {**QUARTER, "section": section})
    assert not any("Not weighted" in c.value for c in plain.caption)


def test_the_table_of_questions_has_both_figures(sample_store: Path, open_page: Any) -> None:
    at = open_page("dimensions", sample_store, {**WEIGHTED, "section": "questions"})
    at.session_state["table-items"] = True
    at.run()
    table = next(d.value for d in at.dataframe if "Effective n" in d.value.columns)
    assert {"Gap", "Gap, unweighted", "Perception alone, unweighted"} <= set(table.columns)
    assert (table["Gap"] != table["Gap, unweighted"]).any()


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("gaps", {}),
        ("gaps", {"view": "definitions"}),
        ("gaps", {"view": "raters"}),
        ("improve", {}),
    ],
)
def test_pages_that_are_never_weighted_say_so_where_something_weighs_answers(
    sample_store: Path, open_page: Any, page: str, query: dict[str, str]
) -> None:
    at = open_page(page, sample_store, {**QUARTER, **query})
    assert not at.exception
    assert any("Not weighted: every answer counts once" in c.value for c in at.caption)


@pytest.mark.parametrize("page", ["gaps", "improve"])
def test_where_nothing_weighs_answers_nobody_is_told(
    survey_store: Path, open_page: Any, page: str
) -> None:
    at = open_page(page, survey_store)
    assert not at.exception
    assert not any("Not weighted" in c.value for c in at.caption)


@pytest.mark.parametrize("page", ["overview", "dimensions", "trends"])
def test_nothing_is_offered_where_nothing_weighs_answers(
    page: str, survey_store: Path, open_page: Any
) -> None:
    at = open_page(page, survey_store, {"weighting": "weighted"})
    assert not at.exception
    assert not [b for b in at.button_group if b.key == "weighting"]
    assert "weighting" not in at.query_params


def test_without_margins_the_page_says_what_to_load(survey_store: Path, open_page: Any) -> None:
    at = open_page("weighting", survey_store)
    assert not at.exception
    assert any("population margins" in i.value for i in at.info)


@pytest.mark.parametrize("role", ["executive", "quality"])
def test_readers_see_the_page_but_cannot_load(
    role: str, sample_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", role)
    at = open_page("weighting", sample_store, QUARTER)
    assert not at.exception
    assert not any("Load population margins" in e.label for e in at.expander)


def test_few_people_are_withheld_in_the_table_and_the_chart(
    store: Store,
    load: Any,
    write_csv: Any,
    survey_mapping: Mapping,
    open_page: Any,
    told: Any,
) -> None:
    load(write_csv(SURVEY, "survey.csv"), survey_mapping)
    margins = "group_kind,group,served,invited,month\n" + "".join(
        f"branch,{name},100,,\n" for name in ("North", "South", "Tiny")
    )
    load(write_csv(margins, "m.csv"), preset("population-margins"))
    store.close()
    at = open_page("weighting", store.path, {"period": "all"})
    assert not at.exception
    table = at.dataframe[0].value.astype(str)
    assert table.iloc[:, 1].tolist().count("withheld (n < 5)") == 2
    assert "3.2%" not in told(at)


def test_margins_are_known_by_their_columns_when_they_are_uploaded(
    empty_store: Path, open_page: Any
) -> None:
    at = open_page("data", empty_store)
    content = b"variable,category,population\nsegment,Gold,10\nsegment,Silver,30\n"
    at.file_uploader[0].upload("ours.csv", content, "text/csv").run()
    at.get_by_key("new-program").set_value("Bank").run()
    assert not at.exception
    [kind] = [b for b in at.button_group if b.key.startswith("kind-")]
    assert kind.value == "margins"
    roles = at.data_editor[0].value.set_index("column")
    assert len(roles) == 3
    next(b for b in at.button if b.label.startswith("Check")).click().run()
    next(b for b in at.button if b.label.startswith("Load")).click().run()
    assert not at.exception
    assert any("2 rows of ours.csv are loaded" in s.value for s in at.success)


@pytest.mark.parametrize("page", ["overview", "weighting", "dimensions", "trends"])
def test_a_program_of_margins_alone_opens(
    page: str, store: Store, load: Any, write_csv: Any, open_page: Any
) -> None:
    content = "group_kind,group,served,invited,month\nsegment,Gold,10,,\n"
    load(write_csv(content, "m.csv"), preset("population-margins"))
    store.close()
    at = open_page(page, store.path)
    assert not at.exception
    assert not at.error
