"""The life of a case on the page: its stages, conduct cases, and what people say about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.queries import complaints
from csat.queries.stages import stages
from csat.store.store import Store

ALL = {"period": "all"}


def filters_of(**parts: Any) -> Filters:
    return Filters.of("sample", compare="none", **parts)


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("kind", ["complaint", "conduct"])
def test_stages_are_drawn_with_those_of_the_store(
    kind: str, locale: str, sample_store: Path, open_page: Any
) -> None:
    query = {**ALL, "view": "stages", **({"type": kind} if kind == "conduct" else {})}
    at = open_page("complaints", sample_store, query, locale=locale)
    assert not at.exception
    assert len(at.get("plotly_chart")) == (2 if kind == "conduct" else 4)
    store = Store(sample_store)
    found = stages(store, filters_of(types=[kind] if kind == "conduct" else []))
    store.close()
    drawn = json.loads(at.get("plotly_chart")[0].proto.spec)["data"]
    assert [trace["x"] for trace in drawn] == [
        [r.reached for r in found.rows],
        [r.skipped for r in found.rows],
        [r.ahead for r in found.rows],
    ]
    if kind == "complaint":
        again = json.loads(at.get("plotly_chart")[2].proto.spec)["data"]
        assert [trace["x"] for trace in again] == [
            [r.reached for r in found.again],
            [r.skipped for r in found.again],
            [r.ahead for r in found.again],
        ]
        assert [r.stage for r in found.again][:2] == ["again", "assessed_again"]
    assert at.query_params == {"program": "sample", **query}


def test_conduct_cases_are_listed_apart_with_violation_and_sanction(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("complaints", sample_store, {**ALL, "type": "conduct"})
    assert not at.exception
    assert any("of **240** conduct cases" in m.value for m in at.markdown)
    table = at.dataframe[0].value
    assert {"Violation", "Sanction", "Outcome of the appeal"} <= set(table.columns)
    assert all(number.startswith("V") for number in table["Case"])
    at = open_page("complaints", sample_store, {**ALL, "type": "conduct", "case": "V0000010"})
    assert not at.exception
    assert at.get_by_key("one-case").header[0].value == "Conduct case V0000010"


def test_a_case_is_annotated_classified_and_taken_back(
    own_sample_store: Path, open_page: Any
) -> None:
    at = open_page("complaints", own_sample_store, {**ALL, "case": "K0001234"})
    at.session_state["say-K0001234"] = True
    at.run()
    at.text_area(key="note-K0001234").set_value("Called back; *solved* by phone.")
    box = next(s for s in at.selectbox if s.key.startswith("set-severity-K0001234"))
    before = box.value
    new = next(v for v in ("critical", "low") if v != before)
    box.set_value(new)
    next(b for b in at.button if b.key and "say-form-K0001234" in b.key).click().run()
    assert not at.exception
    store = Store(own_sample_store)
    assert complaints.case(store, "sample", "K0001234", user=LOCAL_USER)["severity"] == new
    store.close()
    said = " ".join(m.value for m in at.get_by_key("one-case").markdown)
    assert "\\*solved\\*" in said
    takes = [b for b in at.button if b.key and b.key.startswith("take-back-")]
    assert len(takes) == 2
    for _ in takes:
        next(b for b in at.button if b.key and b.key.startswith("take-back-")).click().run()
        assert not at.exception
    store = Store(own_sample_store)
    assert complaints.case(store, "sample", "K0001234", user=LOCAL_USER)["severity"] == before
    store.close()
    assert not [b for b in at.button if b.key and b.key.startswith("take-back-")]
    said = " ".join(m.value for m in at.get_by_key("one-case").markdown)
    assert said.count("taken back by") == 2
