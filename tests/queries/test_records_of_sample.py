"""What is planted in the registers of the simulated program is recovered, beside the surveys."""

from __future__ import annotations

import numpy as np
import pytest

from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.queries import catalogue
from csat.queries.gap_rows import GapAnswer
from csat.queries.gaps import gaps
from csat.sample import SAMPLE_AS_OF, truths
from csat.sample.registers import REGISTERED
from csat.store.store import Store

TRUTH = {truth.key: truth.size for truth in truths(SAMPLE_AS_OF)}


@pytest.fixture(scope="module")
def answer(sample: Store) -> GapAnswer:
    return gaps(sample, Filters("sample"))


@pytest.mark.parametrize("dimension", REGISTERED)
def test_the_planted_coverage_is_gap_2(answer: GapAnswer, dimension: str) -> None:
    row = answer.row(2, dimension, "record")
    assert row.measured.value == pytest.approx(TRUTH[f"coverage_{dimension}"])
    assert (row.measured.low, row.measured.n) == (None, 10)


@pytest.mark.parametrize("dimension", REGISTERED)
def test_the_planted_share_of_kept_promises_is_gap_4(answer: GapAnswer, dimension: str) -> None:
    found = answer.row(4, dimension, "record").measured
    assert found.low <= TRUTH[f"kept_{dimension}"] <= found.high
    assert found.verdict == "worse"


@pytest.mark.parametrize("dimension", REGISTERED)
def test_standards_are_attained_or_missed_as_planted(answer: GapAnswer, dimension: str) -> None:
    own = [a for a in answer.records.attained if a.standard.dimension == dimension and not a.stale]
    wanted = "met" if TRUTH[f"attained_{dimension}"] else "missed"
    assert len(own) >= REGISTERED[dimension].formal
    assert {a.state for a in own} <= {wanted, "too_few"}
    assert sum(a.state == wanted for a in own) >= 3


def test_records_stand_beside_the_surveys_and_are_not_added(answer: GapAnswer) -> None:
    for gap in (2, 3, 4):
        row = answer.row(gap, None, "record")
        assert row.unit == "percent"
        assert answer.row(gap, None).unit == "rating"
    assert all(step.size == step.end - step.start for way in answer.ways for step in way.steps)


@pytest.mark.parametrize("dimension", [d for d, p in REGISTERED.items() if p.metric == "audit"])
def test_gap_3_is_the_share_of_audits_that_reached_their_standard(
    sample: Store, answer: GapAnswer, dimension: str
) -> None:
    """Against the ratings of the auditors one by one."""
    items = [i for i in catalogue.items(sample, "sample")
             if (i.viewpoint, i.dimension) == ("delivery", dimension) and i.pair]  # fmt: skip
    table = f"answers_{items[0].survey_id}"
    columns = ", ".join(f"i{i.item_no}" for i in items)
    audits = sample.rows(
        f"SELECT touchpoint, {columns} FROM {table} JOIN response USING (response_id)"
    )
    own = [a for a in answer.records.attained if a.standard.dimension == dimension and not a.stale]
    checked = reached = 0
    for a in own:
        for row in audits:
            rated = [row[f"i{i.item_no}"] for i in items if row[f"i{i.item_no}"] is not None]
            if row["touchpoint"] == a.standard.touchpoint and 2 * len(rated) >= len(items):
                checked += 1
                reached += float(np.mean(rated)) >= a.standard.target - 1e-9
    found = answer.row(3, dimension, "record").measured
    assert found.n == checked
    assert found.value == pytest.approx(100 * reached / checked - 100)
    assert found.low < found.value < found.high < 0


def test_clock_standards_are_those_of_the_cases(sample: Store, answer: GapAnswer) -> None:
    a = next(a for a in answer.records.attained if a.standard.metric == "response_time")
    waits = sample.rows(
        "SELECT response_s AS s, response_event AS e FROM complaint WHERE touchpoint = $t",
        {"t": a.standard.touchpoint},
    )
    within = sum(w["s"] <= a.standard.target * 3600 and w["e"] for w in waits)
    late = sum(w["s"] > a.standard.target * 3600 for w in waits)
    assert (a.reached, a.checked) == (within, within + late)
    ended = sorted(w["s"] for w in waits if w["e"])
    assert a.value == pytest.approx(ended[int(0.9 * len(waits))] / 3600, rel=0.02)
    assert a.low < a.value < a.high


def test_few_audits_are_withheld_with_the_next_ones(sample: Store) -> None:
    found = gaps(sample, Filters("sample"), Thresholds(withhold_under=30)).records
    hidden = {a.standard.touchpoint for a in found.attained if a.state == "withheld"}
    assert len(hidden) >= 2
    for a in found.attained:
        if a.state == "withheld":
            assert a.value is a.n is a.checked is a.reached is None
