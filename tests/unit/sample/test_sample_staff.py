"""Staff of the sample: who is planted is found, and nobody is where nothing is planted."""

from __future__ import annotations

from typing import Any

from csat.sample.staff import OUTLIER, OUTLIER_BRANCH, OUTLIER_FACTOR, STAFFED
from csat.stats.funnel import Funnel, funnel


def of_staff(survey: Any) -> Funnel:
    rated = survey[survey["csat"].notna() & survey["staff"].notna()]
    units = {
        str(code): (int((part["csat"] >= 4).sum()), len(part))
        for code, part in rated.groupby("staff")
        if len(part) >= 30
    }
    found = funnel(units)
    assert found is not None
    return found


def test_the_planted_code_lies_below_the_outer_limits_and_no_other_outside(planted: Any) -> None:
    points = of_staff(planted.survey).points
    assert [n for n, p in points.items() if p.place == "beyond_998"] == [OUTLIER]
    assert points[OUTLIER].share < points[OUTLIER].outer_low


def test_without_planting_nobody_lies_beyond_the_outer_limits(noise: Any) -> None:
    assert {p.place for p in of_staff(noise.survey).points.values()} <= {"within", "beyond_95"}


def test_dissatisfied_customers_are_as_much_likelier_theirs_as_planted(planted: Any) -> None:
    own = planted.survey[planted.survey["branch"] == OUTLIER_BRANCH]
    own = own[own["csat"].notna() & own["staff"].notna()]
    theirs = own["staff"] == OUTLIER
    odds = [
        (theirs & (own["csat"].ge(4) == top)).sum() / (~theirs & (own["csat"].ge(4) == top)).sum()
        for top in (False, True)
    ]
    assert abs(odds[0] / odds[1] / OUTLIER_FACTOR - 1) < 0.25


def test_staff_are_named_where_a_person_serves_and_work_in_one_branch(either: Any) -> None:
    for frame in (either.survey, either.complaints):
        assert (frame["staff"].notna() == frame["channel"].isin(STAFFED)).all()
        assert frame.groupby("staff")["branch"].nunique().max() == 1
