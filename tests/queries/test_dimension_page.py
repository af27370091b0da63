"""What the page on dimensions asks, against the same figures worked out from the rows."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from csat.ingest.mapping import Column, Item, Mapping
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER, User
from csat.model.problem import NotAllowed
from csat.model.scale import Scale
from csat.model.settings import Thresholds
from csat.queries.contrasts import contrasts
from csat.queries.dimensions import dimensions
from csat.queries.drivers import drivers
from csat.queries.importance import importance
from csat.queries.ratings import ratings
from csat.queries.remarks import remarks
from csat.queries.soundness import soundness
from csat.queries.zones import zones
from csat.stats.tolerance import zone_of_tolerance, zone_sums
from csat.store.store import Store

SEVEN = Scale.of(1, 7)
EVERYTHING = Filters("demo")
PAIRS = (("a", "empathy"), ("b", "empathy"), ("c", "reliability"))
VIEWS = ("adequate", "desired", "perception")
POINTS = ("empathy", "reliability")
NAMES = [f"{view[0]}{pair}" for pair, _ in PAIRS for view in VIEWS]


def form() -> Mapping:
    columns = [Column("when", "submitted_at"), Column("where", "branch"), Column("said", "comment")]
    for pair, dimension in PAIRS:
        for view in VIEWS:
            key = f"{view[0]}{pair}"
            columns.append(
                Column(key, "item", item=Item(key, f"{view} {pair}", SEVEN, view, dimension, pair))
            )
    for dimension in POINTS:
        item = Item(f"w_{dimension}", dimension, Scale.of(0, 100), "importance", dimension)
        columns.append(Column(f"w_{dimension}", "item", item=item))
    overall = Item("csat", "overall", Scale.of(1, 5), measures=("csat",))
    columns.append(Column("csat", "item", item=overall))
    return Mapping("form", "survey", "Form", tuple(columns), survey_key="form")


def draw(people: int = 120) -> list[dict[str, Any]]:
    chance = random.Random(7)
    rows = []
    for i in range(people):
        row: dict[str, Any] = {"when": f"2026-01-{1 + i % 28:02d}", "where": "NSE"[i % 3]}
        row["said"] = f"note {i}" if i % 4 == 0 else ""
        for key in NAMES:
            row[key] = chance.choice((None, 2, 3, 4, 5, 6, 7))
        share = chance.choice((10, 30, 55, 90))
        row |= {"w_empathy": share if i % 5 else None, "w_reliability": 100 - share}
        row["csat"] = chance.randint(1, 5)
        rows.append(row)
    return rows


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return draw()


@pytest.fixture
def filled(store: Store, add_rows: Any, rows: list[dict[str, Any]]) -> Store:
    mapping = form()
    add_rows(mapping, [[row[c.source] for c in mapping.columns] for row in rows])
    return store


def pairs_of(rows: list[dict[str, Any]], pair: str) -> list[tuple[int, int]]:
    both = [(r[f"d{pair}"], r[f"p{pair}"]) for r in rows]
    return [(d, p) for d, p in both if d is not None and p is not None]


def test_a_question_rests_on_those_who_gave_both_sides(
    filled: Store, rows: list[dict[str, Any]]
) -> None:
    answer = dimensions(filled, EVERYTHING)
    for pair, dimension in PAIRS:
        row = next(r for r in answer.items(dimension) if r.item == f"p{pair}")
        both = pairs_of(rows, pair)
        wanted = DescrStatsW([p - d for d, p in both])
        assert row.gap.n == len(both)
        assert row.expectation == pytest.approx(np.mean([d for d, _ in both]))
        assert row.perception == pytest.approx(np.mean([p for _, p in both]))
        told = (row.gap.value, row.gap.low, row.gap.high)
        assert told == pytest.approx((wanted.mean, *wanted.tconfint_mean()))
        alone = [r[f"p{pair}"] for r in rows if r[f"p{pair}"] is not None]
        assert (row.performance.value, row.performance.n) == (
            pytest.approx(np.mean(alone)),
            len(alone),
        )


def test_a_dimension_has_both_sides_of_the_same_people(
    filled: Store, rows: list[dict[str, Any]]
) -> None:
    row = next(r for r in dimensions(filled, EVERYTHING).dimensions if r.dimension == "empathy")
    wanted, got = [], []
    for r in rows:
        both = [
            (r[f"d{x}"], r[f"p{x}"])
            for x in "ab"
            if r[f"d{x}"] is not None and r[f"p{x}"] is not None
        ]
        if both:
            wanted.append(np.mean([d for d, _ in both]))
            got.append(np.mean([p for _, p in both]))
    assert row.gap.n == len(wanted)
    assert (row.expectation, row.perception) == pytest.approx((np.mean(wanted), np.mean(got)))
    assert row.perception - row.expectation == pytest.approx(row.gap.value)


def test_points_are_brought_to_a_hundred_for_each_respondent(
    filled: Store, rows: list[dict[str, Any]]
) -> None:
    answer = dimensions(filled, EVERYTHING)
    shares = [
        100 * (r["w_empathy"] or 0) / ((r["w_empathy"] or 0) + r["w_reliability"]) for r in rows
    ]
    assert answer.weights.n == len(rows)
    assert answer.weights.percent["empathy"] == pytest.approx(np.mean(shares), abs=1e-5)
    assert answer.weighted_low is not None
    assert answer.weighted_low < answer.weighted < answer.weighted_high


def test_the_zone_of_tolerance_is_that_of_the_rows(
    filled: Store, rows: list[dict[str, Any]]
) -> None:
    found = next(z for z in zones(filled, EVERYTHING).rows if z.dimension == "reliability")
    table = [[r["ac"], r["dc"], r["pc"]] for r in rows if None not in (r["ac"], r["dc"], r["pc"])]
    wanted = zone_of_tolerance(zone_sums(table))
    assert found.n == len(table)
    assert found.zone is not None
    assert found.zone.position == pytest.approx(wanted.position)
    for one, other in ((found.zone.msa, wanted.msa), (found.zone.mss, wanted.mss)):
        assert (one.mean, one.low, one.high) == pytest.approx((other.mean, other.low, other.high))
    for part in ("below", "within", "above", "inverted"):
        assert getattr(found.zone, part) == getattr(wanted, part)
    assert found.ladder is not None
    assert found.levels == pytest.approx(
        {"adequate": np.mean([t[0] for t in table]), "desired": np.mean([t[1] for t in table])}
    )


def test_a_group_stands_against_all_others(filled: Store, rows: list[dict[str, Any]]) -> None:
    answer = contrasts(filled, EVERYTHING, "gap:reliability", "branch")
    assert answer.correction == "holm"
    own = {
        b: [r["pc"] - r["dc"] for r in rows if r["where"] == b and r["pc"] and r["dc"]]
        for b in "NSE"
    }
    for figure in answer.figures:
        rest = [g for b, gaps in own.items() if b != figure.by for g in gaps]
        test = CompareMeans(DescrStatsW(own[figure.by]), DescrStatsW(rest))
        low, high = test.tconfint_diff(usevar="unequal")
        assert figure.value == pytest.approx(np.mean(own[figure.by]))
        assert (figure.difference_low, figure.difference_high) == pytest.approx((low, high))


def test_ratings_spread_and_the_dissatisfied_are_counted(
    filled: Store, rows: list[dict[str, Any]]
) -> None:
    answer = ratings(filled, EVERYTHING, "reliability")
    given = [r["pc"] for r in rows if r["pc"] is not None]
    assert answer.spreads[0].counts == {code: given.count(code) for code in range(1, 8)}
    share = answer.dissatisfied["reliability"]
    assert share is not None
    assert (share.count, share.n) == (sum(g < 4 for g in given), len(given))


def test_comments_are_those_of_people_who_answered(
    filled: Store, rows: list[dict[str, Any]]
) -> None:
    found = remarks(filled, EVERYTHING, "pc", user=LOCAL_USER, limit=200)
    said = [r["said"] for r in rows if r["said"] and r["pc"] is not None]
    assert found.total == len(said)
    assert sorted(r["body"] for r in found.rows) == sorted(said)
    assert set(found.rows[0]) == {"rating", "body"}
    few = Thresholds(comments_under=len(said) + 1)
    assert remarks(filled, EVERYTHING, "pc", user=LOCAL_USER, thresholds=few).total is None
    with pytest.raises(NotAllowed):
        remarks(filled, EVERYTHING, "pc", user=User("eva", ("executive",)))


def test_importance_places_dimensions_by_their_points(filled: Store) -> None:
    answer = importance(filled, EVERYTHING)
    assert answer.of == "dimensions"
    assert answer.grid is not None
    assert sum(p.importance for p in answer.grid.items) == pytest.approx(100, abs=1e-4)


def test_soundness_counts_who_left_a_question_out(
    filled: Store, rows: list[dict[str, Any]]
) -> None:
    survey = soundness(filled, EVERYTHING).surveys[0]
    shown = [r for r in rows if any(r[f"p{x}"] is not None for x in "abc")]
    assert survey.n == len(shown)
    items = {i.key: i for d in survey.dimensions for i in d.items}
    for x in "abc":
        missing = items[f"p{x}"].missing.missing
        assert (missing.count, missing.n) == (sum(r[f"p{x}"] is None for r in shown), len(shown))


def test_drivers_say_why_there_are_none(filled: Store) -> None:
    few = drivers(filled, Filters.of("demo", branches=["N"]))
    assert few.rows == ()
    assert "Too few people" in str(few.note)
    assert drivers(filled, EVERYTHING).rows


def test_an_empty_choice_has_no_figures_and_no_fault(filled: Store) -> None:
    from datetime import date

    from csat.model.period import Period

    nobody = replace(EVERYTHING, period=Period(date(2020, 1, 1), date(2020, 1, 31)))
    assert all(r.gap.state == "no_data" for r in dimensions(filled, nobody).rows)
    assert drivers(filled, nobody).rows == ()
    assert importance(filled, nobody).grid is None
    assert soundness(filled, nobody).surveys[0].n is None
    assert all(not z.n for z in zones(filled, nobody).rows)
    assert contrasts(filled, nobody, "gap:empathy", "branch").figures == ()
    assert remarks(filled, nobody, "pc", user=LOCAL_USER).total == 0
    ratings(filled, nobody, "empathy")
