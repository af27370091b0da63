"""Questions of one dimension on different scales count by their place on their own scale."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from csat.ingest.mapping import Column, Item, Mapping
from csat.model.filters import Filters
from csat.model.scale import Scale
from csat.queries.drivers import drivers
from csat.queries.importance import importance
from csat.queries.penalty_reward import penalty_reward
from csat.queries.zones import zones
from csat.stats import penalty_reward as formula
from csat.stats.relative_importance import shares_of
from csat.store.store import Store

SERVICE = (("fast", "service", (1, 5)), ("fair", "service", (0, 10)), ("firm", "trust", (1, 7)))
"""Question, its dimension and its scale: the two of service are rated on different scales."""
Scales = tuple[tuple[str, str, tuple[int, int]], ...]
Rows = list[list[Any]]


def survey(asked: Scales = SERVICE, view: str = "perception", key: str = "m") -> Mapping:
    """Return a survey with these questions and overall satisfaction from 1 to 5."""
    columns = [Column("when", "submitted_at")]
    for name, dimension, (low, high) in asked:
        pair = name if view != "perception" else ""
        item = Item(name, name, Scale.of(low, high), view, dimension, pair)
        columns.append(Column(name, "item", item=item))
    overall = Item("csat", "Overall", Scale.of(1, 5), measures=("csat",))
    columns.append(Column("csat", "item", item=overall))
    return Mapping(key, "survey", key, tuple(columns), survey_key=key)


def answered(asked: Scales = SERVICE, count: int = 400, seed: int = 3) -> Rows:
    """Draw answers that go together, some of them left out."""
    chance = random.Random(seed)
    rows: Rows = []
    for _ in range(count):
        mood = chance.random()
        row: list[Any] = ["2026-01-05"]
        for _, _, (low, high) in asked:
            place = min(1.0, max(0.0, mood + chance.gauss(0, 0.3)))
            row.append(None if chance.random() < 0.1 else round(low + place * (high - low)))
        rows.append([*row, 1 + round(4 * min(1.0, max(0.0, mood + chance.gauss(0, 0.2))))])
    return rows


def complete(rows: Rows, asked: Scales = SERVICE) -> np.ndarray:
    """Return the mean place on the scale by dimension, and satisfaction, of who answered all."""
    out = []
    for row in rows:
        places: dict[str, list[float]] = {}
        for value, (_, dimension, (low, high)) in zip(row[1:-1], asked, strict=True):
            places.setdefault(dimension, [])
            if value is not None:
                places[dimension].append((value - low) / (high - low))
        if all(places.values()):
            out.append([*(float(np.mean(p)) for p in places.values()), row[-1]])
    return np.array(out)


@pytest.mark.parametrize("view", ["perception", "satisfaction"])
def test_drivers_are_those_of_the_places_on_each_scale(
    store: Store, add_rows: Any, view: str
) -> None:
    rows = answered()
    add_rows(survey(view=view), rows)
    answer = drivers(store, Filters("demo"))
    values = complete(rows)
    wanted = shares_of(np.cov(values.T)[None])[0]
    found = {row.driver: row.importance for row in answer.rows}
    assert answer.n == len(values)
    assert answer.predictors == view
    assert found == {
        "service": pytest.approx(wanted[0], abs=1e-4),
        "trust": pytest.approx(wanted[1], abs=1e-4),
    }
    [note] = answer.notes
    assert "Service" in str(note)
    assert "place" in str(note)


def test_a_scale_ten_times_as_wide_gives_the_same_drivers(store: Store, add_rows: Any) -> None:
    rows = answered()
    add_rows(survey(), rows)
    before = {r.driver: r.importance for r in drivers(store, Filters("demo")).rows}
    wider = (SERVICE[0], ("fair", "service", (0, 100)), SERVICE[2])
    told = [[r[0], r[1], None if r[2] is None else 10 * r[2], *r[3:]] for r in rows]
    add_rows(survey(wider), told, program="other")
    after = {r.driver: r.importance for r in drivers(store, Filters("other")).rows}
    assert after == {name: pytest.approx(share, abs=1e-4) for name, share in before.items()}


def test_penalty_and_reward_have_their_bands_on_the_same_places(
    store: Store, add_rows: Any
) -> None:
    rows = answered()
    add_rows(survey(), rows)
    answer = penalty_reward(store, Filters("demo"))
    values = complete(rows)
    values[:, 1] = 1 + 6 * values[:, 1]
    assert answer.bands == {"service": pytest.approx((0.5, 5 / 6)), "trust": pytest.approx((4, 6))}
    assert answer.rescaled == ("service",)
    scaled = np.column_stack((values[:, 0], (values[:, 1] - 1) / 6))
    wanted = formula.penalty_reward(
        np.round(scaled, 9), values[:, 2], ["service", "trust"], 0.5, round(5 / 6, 9)
    )
    by_name = {row.name: row for row in answer.rows}
    for told in wanted.attributes:
        for side in ("penalty", "reward"):
            one, other = getattr(by_name[told.name], side), getattr(told, side)
            assert (one.n, one.points, one.p_value) == pytest.approx(
                (other.n, other.points, other.p_value)
            )


def test_a_dimension_on_other_scales_in_another_survey_is_left_out_and_named(
    store: Store, add_rows: Any
) -> None:
    one: Scales = (("fast", "service", (1, 5)), ("firm", "trust", (1, 7)))
    other: Scales = (("swift", "service", (0, 10)), ("firm", "trust", (1, 7)))
    add_rows(survey(one), answered(one))
    add_rows(survey(other, key="n"), answered(other, seed=4))
    for answer in (drivers(store, Filters("demo")), penalty_reward(store, Filters("demo"))):
        assert [getattr(r, "driver", getattr(r, "name", "")) for r in answer.rows] == ["trust"]
        [note] = answer.notes
        assert "Service" in str(note)
        assert "choose one survey" in str(note)
    alone = drivers(store, Filters.of("demo", surveys=["n"]))
    assert {r.driver for r in alone.rows} == {"service", "trust"}
    assert not alone.notes


def test_where_every_dimension_is_on_other_scales_the_reason_is_told(
    store: Store, add_rows: Any
) -> None:
    one: Scales = (("fast", "service", (1, 5)),)
    other: Scales = (("swift", "service", (0, 10)),)
    add_rows(survey(one), answered(one))
    add_rows(survey(other, key="n"), answered(other, seed=4))
    answer = drivers(store, Filters("demo"))
    assert not answer.rows
    assert "different scales (0-10, 1-5); choose one survey" in str(answer.note)


def gapped(asked: Scales) -> Mapping:
    """Return a survey that asks every question as it is and as it is desired."""
    columns = [Column("when", "submitted_at")]
    for name, dimension, (low, high) in asked:
        for letter, view in (("p", "perception"), ("d", "desired")):
            key = f"{letter}_{name}"
            item = Item(key, key, Scale.of(low, high), view, dimension, name)
            columns.append(Column(key, "item", item=item))
    overall = Item("csat", "Overall", Scale.of(1, 5), measures=("csat",))
    columns.append(Column("csat", "item", item=overall))
    return Mapping("g", "survey", "g", tuple(columns), survey_key="g")


def with_desires(rows: Rows, asked: Scales) -> Rows:
    """Add the top of the scale as the level that everybody desires."""
    out: Rows = []
    for row in rows:
        told: list[Any] = [row[0]]
        for value, (_, _, (_, high)) in zip(row[1:-1], asked, strict=True):
            told += [value, high]
        out.append([*told, row[-1]])
    return out


def test_a_mixed_dimension_has_no_gap_and_no_priority(store: Store, add_rows: Any) -> None:
    add_rows(gapped(SERVICE), with_desires(answered(), SERVICE))
    rows = {r.driver: r for r in drivers(store, Filters("demo")).rows}
    assert (rows["service"].gap, rows["service"].affected, rows["service"].priority) == (None,) * 3
    assert rows["trust"].gap is not None
    assert rows["trust"].priority is not None


def test_priorities_compare_gaps_as_parts_of_their_scales(store: Store, add_rows: Any) -> None:
    asked: Scales = (("fast", "service", (1, 5)), ("firm", "trust", (0, 100)))
    rows = answered(asked)
    add_rows(gapped(asked), with_desires(rows, asked))
    wide = {r.driver: r for r in drivers(store, Filters("demo")).rows}
    service, trust = wide["service"], wide["trust"]
    for row, width in ((service, 4), (trust, 100)):
        assert row.gap is not None
        assert row.affected is not None
        assert row.priority is not None
        assert row.priority.value == pytest.approx(
            row.percent / 100 * -row.gap / width * row.affected
        )


def test_what_is_on_other_scales_than_most_is_not_placed_by_importance(
    store: Store, add_rows: Any
) -> None:
    asked = (("fast", (1, 5)), ("fair", (0, 10)), ("firm", (1, 5)))
    columns = [Column("when", "submitted_at")]
    for name, (low, high) in asked:
        for view in ("importance", "satisfaction"):
            key = f"{view}_{name}"
            item = Item(key, key, Scale.of(low, high), view, "service", name)
            columns.append(Column(key, "item", item=item))
    chance = random.Random(2)
    rows = [
        ["2026-01-05", *(chance.randint(*scale) for _, scale in asked for _ in range(2))]
        for _ in range(200)
    ]
    add_rows(Mapping("i", "survey", "i", tuple(columns), survey_key="i"), rows)
    answer = importance(store, Filters("demo"))
    assert answer.other_scales == ("satisfaction_fair",)
    assert answer.grid is not None
    means = np.mean(np.array([r[1:] for r in rows], dtype=float), axis=0)
    assert answer.grid.cross_importance == pytest.approx((means[0] + means[4]) / 2)


def test_a_dimension_of_mixed_scales_is_not_placed_by_its_points(
    store: Store, add_rows: Any
) -> None:
    made = survey()
    points = [
        Column(f"w_{key}", "item", item=Item(f"w_{key}", key, Scale.of(0, 100), "importance", key))
        for key in ("service", "trust")
    ]
    mapping = Mapping("p", "survey", "p", (*made.columns, *points), survey_key="p")
    add_rows(mapping, [[*row, 60, 40] for row in answered()])
    answer = importance(store, Filters("demo"))
    assert answer.other_scales == ("service",)


def three_columns(asked: Scales, key: str = "z") -> Mapping:
    """Return a survey that asks every question for the minimum, the desired level and what is."""
    columns = [Column("when", "submitted_at")]
    for name, dimension, (low, high) in asked:
        for letter, view in (("p", "perception"), ("a", "adequate"), ("d", "desired")):
            item = Item(f"{letter}_{name}", name, Scale.of(low, high), view, dimension, name)
            columns.append(Column(f"{letter}_{name}", "item", item=item))
    return Mapping(key, "survey", key, tuple(columns), survey_key=key)


def with_levels(rows: Rows, asked: Scales) -> Rows:
    """Add the ends of the scale as the minimum and as what everybody desires."""
    return [
        [
            row[0],
            *(x for v, (_, _, scale) in zip(row[1:-1], asked, strict=True) for x in (v, *scale)),
        ]
        for row in rows
    ]


def test_a_dimension_of_mixed_scales_has_no_zone_and_it_is_said(
    store: Store, add_rows: Any
) -> None:
    add_rows(three_columns(SERVICE), with_levels(answered(), SERVICE))
    answer = zones(store, Filters("demo"))
    assert [z.dimension for z in answer.rows] == ["trust"]
    assert answer.note is None
    [note] = answer.notes
    assert str(note).startswith("Service has no zone of tolerance")
    assert "(0-10, 1-5)" in str(note)
    assert "choose one survey" not in str(note)


def test_two_surveys_on_different_scales_have_no_zone_until_one_is_chosen(
    store: Store, add_rows: Any
) -> None:
    one: Scales = (("fast", "service", (1, 5)),)
    other: Scales = (("swift", "service", (0, 10)),)
    add_rows(three_columns(one), with_levels(answered(one), one))
    add_rows(three_columns(other, "y"), with_levels(answered(other, seed=4), other))
    answer = zones(store, Filters("demo"))
    assert not answer.rows
    assert "(0-10, 1-5); choose one survey" in str(answer.note)
    assert [z.dimension for z in zones(store, Filters.of("demo", surveys=["y"])).rows] == [
        "service"
    ]
