"""Penalty and reward of dimensions, and Kano of features, from the store."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from csat.ingest.mapping import Column, Item, Mapping
from csat.model.filters import Filters
from csat.model.period import Period
from csat.model.problem import ImportProblem
from csat.model.scale import Scale
from csat.queries.kano import KanoAnswer, kano_features
from csat.queries.penalty_reward import penalty_reward
from csat.stats import penalty_reward as formula
from csat.stats.kano import kano, kano_counts
from csat.store.store import Store

FIVE, SEVEN = Scale.of(1, 5), Scale.of(1, 7)
FEATURES = ("kiosk", "parking")


def kano_survey(scale: Scale = FIVE) -> Mapping:
    """Return a survey that asks about each feature both ways."""
    columns = [Column("when", "submitted_at"), Column("branch", "branch")]
    for name in FEATURES:
        for letter, view in (("f", "functional"), ("d", "dysfunctional")):
            item = Item(f"{name}.{letter}", f"There is {name}", scale, view, pair=name)
            columns.append(Column(f"{name} {letter}", "item", item=item))
    return Mapping("kano", "survey", "Kano", tuple(columns), survey_key="kano")


def ratings(count: int) -> list[list[object]]:
    chance = random.Random(5)
    return [
        ["2026-01-05", chance.choice(("N", "S")), *(chance.randint(1, 5) for _ in range(4))]
        for _ in range(count)
    ]


def features(store: Store, **filters: object) -> KanoAnswer:
    return kano_features(store, Filters.of("demo", **filters))


def test_features_are_counted_from_pairs_of_answers(store: Store, add_rows) -> None:
    rows = ratings(200)
    add_rows(kano_survey(), rows)
    found = {row.key: row.found for row in features(store).rows}
    for name, places in (("kiosk.f", (2, 3)), ("parking.f", (4, 5))):
        told = kano_counts((int(str(r[places[0]])), int(str(r[places[1]]))) for r in rows)
        assert found[name] == kano(told)


def test_whoever_leaves_one_side_out_does_not_count(store: Store, add_rows) -> None:
    rows = [["2026-01-05", "N", 1, None, 1, 5]] * 10
    add_rows(kano_survey(), rows)
    by_key = {row.key: row.found for row in features(store).rows}
    assert [found.n for found in by_key.values() if found] == [10, 0]


def test_the_feature_whose_absence_hurts_most_is_first(store: Store, add_rows) -> None:
    add_rows(kano_survey(), [["2026-01-05", "N", 1, 3, 2, 5]] * 40)
    assert [row.key for row in features(store).rows] == ["parking.f", "kiosk.f"]


def test_features_with_too_few_answers_are_withheld(store: Store, add_rows) -> None:
    rows: list[list[object]] = [["2026-01-05", "N", 1, 5, None, None]] * 36
    add_rows(kano_survey(), rows + [["2026-01-05", "N", 1, 5, 1, 5]] * 4)
    parking = features(store).rows[-1]
    assert parking.found is None
    told = parking.to_json()
    assert told["withheld"]
    assert {told[key] for key in ("n", "counts", "better", "worse_low", "class")} == {None}


def test_a_choice_that_sets_few_people_apart_is_refused(store: Store, add_rows) -> None:
    rows = ratings(60)
    for row in rows[3:]:
        row[1] = "N"
    for row in rows[:3]:
        row[1] = "S"
    add_rows(kano_survey(), rows)
    answer = features(store, branches=["N"])
    assert not answer.rows
    assert "fewer than 5 people" in str(answer.note)


def test_a_period_in_which_nobody_was_asked_says_so(store: Store, add_rows) -> None:
    add_rows(kano_survey(), ratings(60))
    answer = features(store, period=Period(date(2020, 1, 1), date(2020, 1, 31)))
    assert (answer.rows, answer.asked) == ((), True)
    assert "Nobody here answered" in str(answer.note)


def test_a_survey_without_such_pairs_says_what_is_missing(store: Store, add_rows) -> None:
    item = Item("p", "p", SEVEN, "perception", "empathy")
    columns = (Column("when", "submitted_at"), Column("p", "item", item=item))
    add_rows(Mapping("m", "survey", "M", columns, survey_key="m"), [["2026-01-05", 4]] * 9)
    answer = features(store)
    assert not answer.rows
    assert not answer.asked
    assert "both ways" in str(answer.note)


def test_a_pair_of_kano_questions_is_answered_from_one_to_five() -> None:
    kano_survey().check()
    with pytest.raises(ImportProblem, match="from 1 to 5"):
        kano_survey(SEVEN).check()


def test_a_feature_asked_one_way_only_has_no_class(store: Store, add_rows) -> None:
    mapping = kano_survey()
    add_rows(replace(mapping, columns=mapping.columns[:-1]), [r[:-1] for r in ratings(40)])
    assert [row.key for row in features(store).rows] == ["kiosk.f"]


# Penalty and reward


def rated_survey(low: int, high: int) -> Mapping:
    scale = Scale.of(low, high)
    columns = [Column("when", "submitted_at")]
    for name in ("reliability", "empathy"):
        item = Item(name, name, scale, "perception", name)
        columns.append(Column(name, "item", item=item))
    overall = Item("csat", "Overall", FIVE, measures=("csat",))
    columns.append(Column("csat", "item", item=overall))
    return Mapping("m", "survey", "M", tuple(columns), survey_key="m")


def answered(low: int, high: int, count: int = 400) -> list[list[object]]:
    chance = random.Random(8)
    rows: list[list[object]] = []
    for _ in range(count):
        first, second = chance.randint(low, high), chance.randint(low, high)
        overall = 4 - 2 * (2 * first <= low + high) + chance.choice((-1, 0, 1))
        rows.append(["2026-01-05", first, second, max(1, min(5, overall))])
    return rows


@pytest.mark.parametrize(
    ("low", "high", "band"), [(1, 7, (4, 6)), (1, 5, (3, 13 / 3)), (0, 10, (5, 25 / 3))]
)
def test_effects_are_those_of_the_regression_over_respondents(
    store: Store, add_rows, low: int, high: int, band: tuple[float, float]
) -> None:
    rows = answered(low, high)
    add_rows(rated_survey(low, high), rows)
    answer = penalty_reward(store, Filters("demo"))
    assert answer.bands == {name: pytest.approx(band) for name in ("reliability", "empathy")}
    values = np.array([r[1:] for r in rows], dtype=float)
    wanted = formula.penalty_reward(values[:, :2], values[:, 2], ["reliability", "empathy"], *band)
    assert (answer.n, answer.r_squared) == (400, pytest.approx(wanted.r_squared))
    by_name = {row.name: row for row in answer.rows}
    assert by_name["reliability"].role == "basic"
    for told in wanted.attributes:
        for side in ("penalty", "reward"):
            one, other = getattr(by_name[told.name], side), getattr(told, side)
            assert (one.n, one.points, one.low, one.high, one.p_value) == pytest.approx(
                (other.n, other.points, other.low, other.high, other.p_value)
            )


def test_too_few_complete_answers_give_no_effects(store: Store, add_rows) -> None:
    add_rows(rated_survey(1, 7), answered(1, 7, 49))
    answer = penalty_reward(store, Filters("demo"))
    assert (answer.rows, answer.n) == ((), 49)
    assert "Too few" in str(answer.note)


def test_a_band_under_the_minimum_tells_no_number(store: Store, add_rows) -> None:
    rows = [row for row in answered(1, 7, 900) if int(str(row[2])) > 4][:300]
    add_rows(rated_survey(1, 7), [*rows, *([["2026-01-05", 4, 1, 3]] * 3)])
    told = {row["dimension"]: row for row in penalty_reward(store, Filters("demo")).to_json()}
    assert told["empathy"]["penalty_n"] is None
    assert told["empathy"]["penalty"] is None
    assert told["reliability"]["penalty_n"] > 5


def test_without_overall_satisfaction_the_reason_is_told(
    store: Store, add_rows: Callable[..., None]
) -> None:
    mapping = rated_survey(1, 7)
    add_rows(replace(mapping, columns=mapping.columns[:-1]), [["2026-01-05", 4, 5]] * 60)
    assert penalty_reward(store, Filters("demo")).note is not None
