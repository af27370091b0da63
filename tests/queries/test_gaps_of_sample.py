"""The gaps planted in the simulated program are recovered and the largest one is named."""

from __future__ import annotations

import pytest

from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.queries.dimensions import dimensions
from csat.queries.gap_rows import GapAnswer
from csat.queries.gaps import gaps
from csat.sample import SAMPLE_AS_OF, truths
from csat.sample.company import COMPANY, largest_gap
from csat.store.store import Store

TRUTH = {truth.key: truth.size for truth in truths(SAMPLE_AS_OF)}
FELT = ("upward", "goals", "technology_fit", "horizontal")


@pytest.fixture(scope="module")
def answer(sample: Store) -> GapAnswer:
    return gaps(sample, Filters("sample"))


@pytest.mark.parametrize("dimension", COMPANY)
@pytest.mark.parametrize("gap", [1, 2, 3, 4])
def test_a_planted_gap_lies_within_its_interval(
    answer: GapAnswer, gap: int, dimension: str
) -> None:
    row = answer.row(gap, dimension)
    assert row is not None
    assert row.measured is not None
    assert row.form == "levels"
    assert row.measured.low <= TRUTH[f"gap{gap}_{dimension}"] <= row.measured.high


@pytest.mark.parametrize("dimension", COMPANY)
def test_the_planted_largest_gap_is_named(answer: GapAnswer, dimension: str) -> None:
    found = answer.largest(dimension)
    assert found is not None
    assert found.gap == largest_gap(dimension)


@pytest.mark.parametrize("dimension", COMPANY)
def test_gap_5_is_the_one_of_the_dimensions(
    sample: Store, answer: GapAnswer, dimension: str
) -> None:
    rows = {r.dimension: r.gap for r in dimensions(sample, Filters("sample")).dimensions}
    row = answer.row(5, dimension)
    assert row is not None
    assert row.measured is not None
    figure = rows[dimension]
    assert (row.measured.value, row.measured.low, row.measured.n) == (
        figure.value,
        figure.low,
        figure.n,
    )


@pytest.mark.parametrize("dimension", [None, *COMPANY])
def test_the_steps_of_the_way_add_up_to_gap_5(answer: GapAnswer, dimension: str | None) -> None:
    way = answer.way(dimension)
    row = answer.row(5, dimension)
    assert way is not None
    assert row is not None
    assert row.measured is not None
    assert [s.key for s in way.steps] == ["understanding", "standards", "delivery", "seeing"]
    assert sum(s.size for s in way.steps) == pytest.approx(row.measured.value, abs=1e-9)
    assert all(s.low <= s.size <= s.high for s in way.steps)


@pytest.mark.parametrize("cause", FELT)
def test_a_planted_cause_is_felt(answer: GapAnswer, cause: str) -> None:
    """Reversed statements are turned round as they are loaded: else two of them would not be."""
    found = next(c for c in answer.causes if c.cause == cause)
    assert found.value == pytest.approx(TRUTH[f"cause_{cause}"], abs=0.2)


@pytest.mark.parametrize("dimension", COMPANY)
def test_planted_misjudgements_of_importance_lie_within_their_intervals(
    answer: GapAnswer, dimension: str
) -> None:
    row = next(r for r in answer.importance.rows if r.dimension == dimension)
    assert row.difference.low <= TRUTH[f"believed_points_{dimension}"] <= row.difference.high


def test_the_sample_tells_what_managers_put_first_instead_of_reliability(
    answer: GapAnswer,
) -> None:
    assert answer.importance.managers_first == ("assurance",)
    assert answer.importance.customers_first == ("reliability",)


def test_records_tell_gap_3_beside_the_surveys(answer: GapAnswer) -> None:
    row = answer.row(3, None, "record")
    assert row is not None
    assert row.measured is not None
    assert row.unit == "percent"
    assert row.measured.high < 0


def test_everything_is_withheld_where_few_are_asked(sample: Store) -> None:
    answer = gaps(sample, Filters("sample"), Thresholds(withhold_under=141))
    for name in (None, *COMPANY):
        row = answer.row(1, name)
        assert row is not None
        assert row.withheld
        assert row.to_json()["value"] is row.to_json()["n"] is None
