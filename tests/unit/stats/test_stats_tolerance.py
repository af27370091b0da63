from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from csat.stats.ladder import ladder_place
from csat.stats.moments import Moments
from csat.stats.tolerance import ZoneSums, zone_of_tolerance, zone_place, zone_sums

modest = settings(max_examples=60, deadline=None)
answers = arrays(np.int64, st.tuples(st.integers(2, 40), st.just(3)), elements=st.integers(1, 9))


# One place in the zone


@modest
@given(st.floats(1, 9), st.floats(1, 9), st.floats(1, 9))
def test_the_two_distances_differ_by_the_width(a: float, d: float, p: float) -> None:
    place = zone_place(a, d, p)
    assert place.msa - place.mss == pytest.approx(place.width)


@pytest.mark.parametrize(
    ("a", "d", "p", "band"),
    [
        (5, 7, 4.9, "below_adequate"),
        (5, 7, 5, "in_zone"),
        (5, 7, 7, "in_zone"),
        (5, 7, 7.1, "above_desired"),
        (6, 6, 6, "in_zone"),
        (6, 6, 5, "below_adequate"),
        (7, 5, 6, None),
    ],
)
def test_the_ends_of_the_zone_belong_to_it(a: float, d: float, p: float, band: str | None) -> None:
    assert zone_place(a, d, p).band == band


@pytest.mark.parametrize(("a", "d"), [(6, 6), (7, 5)])
def test_without_a_zone_there_is_no_position_in_it(a: float, d: float) -> None:
    assert zone_place(a, d, 6).position is None


# A group


@modest
@given(answers)
def test_a_group_counts_the_places_of_its_respondents(rows: Any) -> None:
    sums = zone_sums(rows)
    bands = [zone_place(*row).band for row in rows.tolist()]
    assert (sums.below, sums.within, sums.above, sums.inverted) == tuple(
        bands.count(band) for band in ("below_adequate", "in_zone", "above_desired", None)
    )
    assert sums.msa.mean == pytest.approx((rows[:, 2] - rows[:, 0]).mean())
    zone = zone_of_tolerance(sums)
    assert zone.inverted.n == len(rows)
    assert zone.below.count + zone.within.count + zone.above.count == zone.below.n


@modest
@given(answers)
def test_a_verdict_is_passed_only_where_the_intervals_leave_no_doubt(rows: Any) -> None:
    zone = zone_of_tolerance(zone_sums(rows))
    below = zone.msa.high is not None and zone.msa.high < 0
    assert (zone.verdict == "below_adequate") == below
    if zone.verdict == "in_zone":
        assert zone.msa.low is not None
        assert zone.mss.high is not None
        assert zone.msa.low > 0 > zone.mss.high


def test_inverted_levels_stay_in_the_distances_and_leave_the_position() -> None:
    upright, inverted = [[5, 7, 6]] * 3, [[8, 4, 5]]
    zone = zone_of_tolerance(zone_sums(upright + inverted))
    assert zone.msa.mean == 0
    assert zone.position == 0.5
    assert (zone.inverted.count, zone.within.n) == (1, 3)


def test_nobody_and_no_zone_have_no_position() -> None:
    nobody = zone_of_tolerance(zone_sums(np.empty((0, 3))))
    assert (nobody.position, nobody.verdict, nobody.below.share) == (None, None, None)
    assert zone_of_tolerance(zone_sums([[6, 6, 6]] * 5)).position is None


def test_respondents_with_a_missing_level_are_left_out() -> None:
    assert zone_sums([[5, 7, np.nan], [5, 7, 6]]).msa.n == 1


def test_perceptions_all_above_the_desired_level_are_called_so() -> None:
    rows = [[3, 5, 7], [3, 5, 8], [4, 5, 7], [3, 6, 8]] * 5
    assert zone_of_tolerance(zone_sums(rows)).verdict == "above_desired"


@pytest.mark.parametrize(
    ("rows", "message"), [([[1, 2]], "adequate, a desired"), ([[1, 2, 2.5]], "whole numbers")]
)
def test_what_are_no_three_levels_is_refused(rows: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        zone_sums(rows)


def test_sums_that_miss_a_respondent_are_refused() -> None:
    with pytest.raises(ValueError, match="each respondent once"):
        ZoneSums(Moments(2, 1, 1), Moments(2, 1, 1), 1, 0, 0, 0, 1, 1)


# The ladder


def test_a_perception_below_every_rung_reaches_none() -> None:
    place = ladder_place({"adequate": 4.0, "ideal": 6.5}, 3.0, low=2.8)
    assert (place.reached, place.surely_reached, place.next, place.way) == (
        None,
        None,
        "adequate",
        None,
    )


def test_a_perception_above_every_rung_has_none_to_reach() -> None:
    place = ladder_place({"adequate": 4.0, "ideal": 6.5}, 6.6, low=6.4)
    assert (place.reached, place.surely_reached, place.next) == ("ideal", "adequate", None)


def test_a_rung_may_be_reached_without_being_sure() -> None:
    place = ladder_place({"worst_possible": 1.2, "adequate": 4.0}, 4.1, low=3.9)
    assert (place.reached, place.surely_reached) == ("adequate", "worst_possible")
    assert ladder_place({"adequate": 4.0}, 4.1).surely_reached is None


def test_standards_told_apart_the_wrong_way_are_named_and_predictions_are_not() -> None:
    levels = {"adequate": 5.0, "should": 6.6, "ideal": 6.4, "predicted": 4.0}
    assert ladder_place(levels, 5.5).disordered == ("ideal",)


@pytest.mark.parametrize("levels", [{}, {"hoped": 3.0}], ids=["none", "unknown"])
def test_a_ladder_has_known_rungs(levels: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="levels must be some of"):
        ladder_place(levels, 3.0)


@modest
@given(
    st.dictionaries(st.sampled_from(["adequate", "should", "ideal"]), st.floats(1, 7), min_size=1),
    st.floats(1, 7),
)
def test_the_perception_stands_between_its_rungs(levels: dict[str, float], p: float) -> None:
    place = ladder_place(levels, p)
    assert place.reached is None or levels[place.reached] <= p
    assert place.next is None or levels[place.next] > p
    assert place.way is None or 0 <= place.way < 1 + 1e-9
