"""Who answered: the page, and the choice between weighted and unweighted on the others."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.mapping import Mapping
from csat.ingest.preset import preset
from csat.model.filters import Filters
from csat.model.period import Period
from csat.queries.weighted import weighted
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


@pytest.mark.parametrize("page", ["overview", "dimensions"])
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


@pytest.mark.parametrize("page", ["overview", "weighting", "dimensions"])
def test_a_program_of_margins_alone_opens(
    page: str, store: Store, load: Any, write_csv: Any, open_page: Any
) -> None:
    content = "group_kind,group,served,invited,month\nsegment,Gold,10,,\n"
    load(write_csv(content, "m.csv"), preset("population-margins"))
    store.close()
    at = open_page(page, store.path)
    assert not at.exception
    assert not at.error
