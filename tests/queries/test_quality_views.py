"""The five definitions of quality: which indicators stand for each, and where they disagree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.mapping import Mapping
from csat.ingest.marking import add_mark
from csat.ingest.registers import save_entries
from csat.model.filters import Filters
from csat.model.metrics import metric
from csat.model.people import LOCAL_USER
from csat.model.quality_views import QUALITY_VIEWS, SPECIAL_LABELS
from csat.model.registers import Promise, Standard
from csat.queries.figures import evaluate
from csat.queries.quality_views import QualityAnswer, quality_views
from csat.store.store import Store

ALL = Filters("demo", compare="none")


@pytest.fixture
def demo(
    store: Store, load: Callable[..., Any], write_csv: Callable[..., Path], survey_mapping: Mapping
) -> Store:
    """Return a store in which three customers of four are satisfied."""
    rows = "".join(
        f"r{i},2026-01-{1 + i % 28:02d},N,{(5, 4, 5, 1)[i % 4]},9,6,\n" for i in range(200)
    )
    load(write_csv("id,when,branch,csat,nps,ces,comment\n" + rows), survey_mapping)
    return store


def states(answer: QualityAnswer) -> dict[str, str]:
    return {v.view: v.state for v in answer.views}


def test_every_indicator_is_known() -> None:
    for view in QUALITY_VIEWS.values():
        for key in view.indicators:
            assert key in SPECIAL_LABELS or metric(key).key == key


def test_a_definition_without_data_is_not_measured(demo: Store) -> None:
    assert states(quality_views(demo, ALL)) == {
        "transcendent": "unclear",
        "product": "not_measured",
        "user": "unclear",
        "manufacturing": "not_measured",
        "value": "not_measured",
    }


def test_an_indicator_is_the_figure_of_its_metric(demo: Store) -> None:
    found = next(
        i for v in quality_views(demo, ALL).views for i in v.indicators if i.key == "csat_top_box"
    )
    figure = evaluate(demo, ALL, ["csat_top_box"]).one("csat_top_box")
    assert (found.value, found.low, found.n) == (figure.value, figure.low, figure.n)


@pytest.mark.parametrize(("target", "state"), [(60.0, "good"), (90.0, "poor"), (75.0, "unclear")])
def test_targets_come_from_marks_and_from_the_register(
    demo: Store, target: float, state: str
) -> None:
    add_mark(demo, "demo", "target", LOCAL_USER, "goal", metric="csat_top_box", value=50.0)
    standard = Standard("S1", "Satisfied", metric="csat_top_box", target=target)
    assert states(quality_views(demo, ALL))["user"] == "good"
    save_entries(demo, "demo", "standards", [standard], LOCAL_USER)
    assert states(quality_views(demo, ALL))["user"] == state


def test_a_good_and_a_poor_definition_disagree(demo: Store) -> None:
    """Customers are satisfied while promises are broken."""
    standard = Standard("S1", "Satisfied", metric="csat_top_box", target=60.0)
    save_entries(demo, "demo", "standards", [standard], LOCAL_USER)
    broken = [Promise(f"P{i}", "advert", "Soon", broken=i % 3 == 0) for i in range(60)]
    save_entries(demo, "demo", "promises", broken, LOCAL_USER)
    answer = quality_views(demo, ALL)
    assert (states(answer)["user"], states(answer)["manufacturing"]) == ("good", "mixed")
    assert ("user", "csat_top_box", "manufacturing", "promises-kept") in answer.disagreements
