"""A question keeps what it says in each language, from whichever file says it first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.index_presets import index_presets
from csat.ingest.instruments import all_instruments, instrument
from csat.ingest.mapping import Mapping
from csat.model.problem import ImportProblem
from csat.queries.wordings import wordings
from csat.store.store import Store

ROWS = "id,when,branch,csat,nps,ces,comment\nr1,2026-01-05,North,5,10,7,\n"
LATER = "id,when,branch,csat,nps,ces,comment\nr2,2026-01-06,North,4,9,6,\n"


def worded(mapping: Mapping, **said: str) -> Mapping:
    """Return a mapping that says its satisfaction question in these languages."""
    columns = tuple(
        replace(c, item=replace(c.item, wordings=said))
        if c.item is not None and "csat" in c.item.measures
        else c
        for c in mapping.columns
    )
    return replace(mapping, columns=columns)


def test_a_mapping_keeps_its_wordings_when_it_is_saved(survey_mapping: Mapping) -> None:
    mapping = worded(survey_mapping, en="How was it?", zh_CN="怎么样？")
    assert Mapping.from_json(mapping.to_json()) == mapping
    assert "wordings" not in survey_mapping.to_json()


@pytest.mark.parametrize("wrong", ['{"fr": "Ca va ?"}', '"text"', '{"en": 3}'])
def test_wordings_that_cannot_be_read_are_refused(wrong: str, survey_mapping: Mapping) -> None:
    text = worded(survey_mapping, en="How was it?").to_json()
    broken = text.replace('{\n     "en": "How was it?"\n    }', wrong)
    assert broken != text
    with pytest.raises(ImportProblem):
        Mapping.from_json(broken)


def test_the_store_gives_back_every_language_and_a_later_file_adds_its_own(
    store: Store,
    load: Callable[..., Any],
    write_csv: Callable[..., Path],
    survey_mapping: Mapping,
) -> None:
    load(write_csv(ROWS, "a.csv"), worded(survey_mapping, en="How was it?"))
    plain = wordings(store, "demo")
    assert plain["csat"]["en"] == "How was it?"
    assert set(plain["nps"]) == {""}
    load(write_csv(LATER, "b.csv"), worded(survey_mapping, en="Another", zh_CN="怎么样？"))
    said = wordings(store, "demo")["csat"]
    assert (said["en"], said["zh_CN"]) == ("How was it?", "怎么样？")


def test_every_question_of_a_ready_made_form_is_worded_in_both_languages() -> None:
    for made in all_instruments():
        for _, item in made.mapping().items():
            assert set(item.wordings) == {"en", "zh_CN"}, (made.name, item.key)
            assert item.wordings[made.language] == item.wording


@pytest.mark.parametrize("name", ["five-facet", "five-content"])
def test_a_form_asks_all_that_the_index_of_its_name_is_made_of(name: str) -> None:
    made = next(p for p in index_presets() if p.name == name)
    items = [item for _, item in instrument(name).mapping().items()]
    measured = {f"perception:{i.dimension}" for i in items if i.dimension}
    measured |= {"csat_mean" for i in items if "csat" in i.measures}
    assert {i.metric for i in made.indicators.indicators} <= measured
