"""The registry: every figure the product shows, defined once and completely."""

from __future__ import annotations

from typing import get_args

import pytest

from csat.model.metrics import HEADLINES, REGISTRY, Direction, Family, Metric, Subject, Unit, metric
from csat.model.problem import UsageProblem

ENTRIES = pytest.mark.parametrize("entry", REGISTRY.values(), ids=REGISTRY)


@ENTRIES
def test_an_entry_is_complete(entry: Metric) -> None:
    for text in (entry.label, entry.definition, entry.formula, entry.needs):
        assert text.strip()
    assert entry.definition.endswith(".")
    assert entry.formula.endswith(".")
    assert entry.needs.endswith(".")
    assert entry.interval
    assert entry.test
    assert entry.field
    assert entry.minimum_base >= 0


@ENTRIES
def test_an_entry_uses_known_words(entry: Metric) -> None:
    assert entry.unit in get_args(Unit)
    assert entry.direction in get_args(Direction)
    assert entry.family in get_args(Family)
    assert entry.subject in get_args(Subject)


def test_keys_and_labels_are_unique() -> None:
    labels = [m.label for m in REGISTRY.values()]
    assert len(set(labels)) == len(labels)
    assert [m.key for m in REGISTRY.values()] == list(REGISTRY)


def test_headlines_need_no_name_after_the_key() -> None:
    for key in HEADLINES:
        assert metric(key).key == key


def test_a_name_after_the_colon_becomes_the_argument() -> None:
    found = metric("mean:Q7: ALL")
    assert (found.key, found.argument, found.family) == ("mean:Q7: ALL", "Q7: ALL", "mean")


@pytest.mark.parametrize("key", ["", "npss", "mean", "mean:", "nps:Q7", ":x"])
def test_an_unknown_key_lists_the_known_ones(key: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        metric(key)
    assert f"'{key}'" in str(caught.value)
    for known in HEADLINES:
        assert known in str(caught.value)
    assert "mean:NAME" in str(caught.value)
