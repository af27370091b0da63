"""Questionnaires for managers, staff and auditors: known by their columns when they come back."""

from __future__ import annotations

import pytest

from csat.ingest.columns import LANGUAGES
from csat.ingest.instruments import instrument
from csat.ingest.instruments.company import cause_names
from csat.ingest.library import fitting
from csat.model.gap_causes import CAUSES
from csat.reports.templates import template_bytes
from csat.sample.company import CAUSES as PLANTED
from csat.store.store import Store

NAMES = ("managers", "staff", "audit")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_filled_template_finds_its_own_mapping_first(
    store: Store, name: str, language: str
) -> None:
    made = instrument(name, language)
    header = template_bytes(made, "csv").decode("utf-8-sig").strip()
    found = fitting(store, [a.header for a in made.asked])
    assert found[0].name == made.preset_name
    assert len(header.splitlines()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_ask_the_same(name: str) -> None:
    one, other = (instrument(name, language) for language in LANGUAGES)

    def meaning(made: object) -> list[tuple[object, ...]]:
        return [
            (c.role, c.item and (c.item.key, c.item.viewpoint, c.item.pair, c.item.scale))
            for c in made.mapping().columns
        ]

    assert meaning(one) == meaning(other)
    assert one.mapping().survey_key == other.mapping().survey_key


def test_causes_are_those_of_the_model() -> None:
    assert cause_names() == {key: cause.gap for key, cause in CAUSES.items()}


def test_the_sample_answers_the_causes_that_are_asked() -> None:
    asked = {
        name: [
            (c.item.key, bool(c.item.scale.labels))
            for c in instrument(name).mapping().columns
            if c.item and c.item.viewpoint == "cause"
        ]
        for name in PLANTED
    }
    planted = {
        name: [(f"{k}.{i}", r) for k, f in own.items() for i, r in enumerate(f.reversed, 1)]
        for name, own in PLANTED.items()
    }
    assert planted == asked
