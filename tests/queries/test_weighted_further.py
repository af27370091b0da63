"""Weighted questions, series and groups, against sums made by hand from the respondents."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy import stats

from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.preset import preset
from csat.model.filters import Filters
from csat.model.period import Period
from csat.model.problem import UsageProblem
from csat.model.scale import Scale
from csat.queries.dimensions import dimensions
from csat.queries.weighted import weighted
from csat.queries.weighted_dimensions import weighted_dimensions
from csat.queries.weighted_groups import weighted_groups
from csat.queries.weighted_series import weighted_series
from csat.store.store import Store

HEADER = ["id", "when", "branch", "channel", "w", "stratum", "psu", "csat"]
ASKED = {"p1": ("perception", "care"), "p2": ("perception", "care"), "p3": ("perception", "speed")}
QUESTIONS = ["p1", "p2", "p3", "d1", "d2", "d3"]
Rows = list[dict[str, Any]]
Add = Callable[..., None]


def reading(*, weights: bool = True, design: bool = True) -> Mapping:
    """Return the reading of a survey that asks what is desired and what is perceived."""
    csat = Item("csat", "Overall", Scale.of(1, 5), measures=("csat",))
    items = [
        Column(f"{side}{k}", "item", item=Item(f"{side}{k}", f"{side}{k}", Scale.of(1, 7), *view))
        for side, name in (("p", "perception"), ("d", "desired"))
        for k in (1, 2, 3)
        for view in [(name, ASKED[f"p{k}"][1], f"pair{k}")]
    ]
    columns = [
        Column("id", "response_id"),
        Column("when", "submitted_at"),
        Column("branch", "branch"),
        Column("channel", "channel"),
        *([Column("w", "weight")] if weights else []),
        *([Column("stratum", "stratum"), Column("psu", "cluster")] if design else []),
        Column("csat", "item", item=csat),
        *items,
    ]
    return Mapping("asked", "survey", "Asked", tuple(columns), survey_key="asked")


def draw(n: int = 300, seed: int = 8, months: int = 3) -> Rows:
    """Draw answers of three branches; the phone's are fewer and worse, some are left out."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        phone, stratum = rng.random() < 0.3, "urban" if i % 3 else "rural"
        branch = str(rng.choice(["East", "North", "South"]))
        top = 4 if phone else 6
        row: dict[str, Any] = {
            "id": f"r{i}",
            "when": f"2026-{1 + i % months:02d}-{1 + i % 28:02d}",
            "branch": branch,
            "channel": "Phone" if phone else "Web",
            "w": round(float(rng.uniform(0.5, 2.0)), 3),
            "stratum": stratum,
            "psu": f"{stratum}{rng.integers(0, 12)}",
            "csat": int(rng.integers(1, 4 if phone else 6)),
        }
        for name in QUESTIONS:
            rated = int(rng.integers(4, 8)) if name[0] == "d" else int(rng.integers(1, top + 1))
            row[name] = "" if rng.random() < 0.1 else rated
        rows.append(row)
    return rows


@pytest.fixture
def answers(load: Any, write_csv: Any) -> Add:
    def add(rows: Rows, **parts: bool) -> None:
        names = [*HEADER, *QUESTIONS]
        load(write_csv([names, *([r[c] for c in names] for r in rows)], "a.csv"), reading(**parts))

    return add


@pytest.fixture
def population(load: Any, write_csv: Any) -> Add:
    def add(rows: list[list[Any]]) -> None:
        filled = [[*row, *[""] * (5 - len(row))] for row in rows]
        header = ["group_kind", "group", "served", "invited", "month"]
        load(write_csv([header, *filled], "m.csv"), preset("population-margins"))

    return add


def taylor(u: np.ndarray, rows: Rows) -> float:
    """Return the variance of a sum of influences: clusters drawn with strata, by hand."""
    total = 0.0
    for stratum in {r["stratum"] for r in rows}:
        own = {r["psu"] for r in rows if r["stratum"] == stratum}
        sums = [sum(x for x, r in zip(u, rows, strict=True) if r["psu"] == psu) for psu in own]
        mean = sum(sums) / len(sums)
        total += len(sums) / (len(sums) - 1) * sum((s - mean) ** 2 for s in sums)
    return total


def influence(values: np.ndarray, w: np.ndarray) -> tuple[float, np.ndarray]:
    """Return a weighted mean and what each respondent moves it by; NaN is not asked about."""
    inside = ~np.isnan(values)
    w = np.where(inside, w, 0.0)
    x = np.where(inside, values, 0.0)
    mean = float(w @ x / w.sum())
    return mean, w * (x - mean) / w.sum()


def column(rows: Rows, name: str) -> np.ndarray:
    return np.array([np.nan if r[name] == "" else float(r[name]) for r in rows])


def test_a_question_s_gap_is_that_of_the_respondents_with_their_weights(
    store: Store, answers: Add
) -> None:
    rows = draw()
    answers(rows)
    found = {r.item: r for r in weighted_dimensions(store, Filters("demo")).rows}
    plain = {r.item: r for r in dimensions(store, Filters("demo")).rows}
    w = column(rows, "w")
    for k in (1, 2, 3):
        p, d = column(rows, f"p{k}"), column(rows, f"d{k}")
        gap, moved = influence(p - d, w)
        row = found[f"p{k}"]
        assert row.gap.value == pytest.approx(gap, abs=1e-9)
        error = np.sqrt(taylor(moved, rows))
        # The interval is made on the logit of the place between -6 and 6.
        assert row.gap.low is not None
        assert row.gap.high is not None
        place = (gap + 6) / 12
        reach = (logit((row.gap.high + 6) / 12) - logit((row.gap.low + 6) / 12)) / 2
        t = reach * place * (1 - place) * 12 / error
        assert stats.t.ppf(0.975, 22) - 1e-6 <= t < stats.t.ppf(0.975, 8)
        both = np.where(np.isnan(p), np.nan, d)
        assert row.expectation == pytest.approx(influence(both, w)[0], abs=1e-9)
        assert row.perception == pytest.approx(row.expectation + gap, abs=1e-9)
        assert row.performance.value == pytest.approx(influence(p, w)[0], abs=1e-9)
        kept = w[~np.isnan(p - d)]
        assert row.effective_n == pytest.approx(kept.sum() ** 2 / (kept @ kept))
        assert row.gap.n == plain[f"p{k}"].gap.n
        assert row.plain is not None
        assert row.plain.gap == plain[f"p{k}"].gap


def logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


def test_questions_alike_for_everybody_keep_their_unweighted_values(
    store: Store, answers: Add
) -> None:
    answers(draw(), weights=False, design=False)
    for row in weighted_dimensions(store, Filters("demo")).rows:
        assert row.plain is not None
        assert row.gap.value == pytest.approx(row.plain.gap.value)
        assert row.expectation == pytest.approx(row.plain.expectation)
        assert row.performance.value == pytest.approx(row.plain.performance.value)
        assert row.effective_n == pytest.approx(row.plain.gap.n)


def test_questions_of_one_dimension_are_those_of_all(store: Store, answers: Add) -> None:
    answers(draw())
    every = {r.item: r for r in weighted_dimensions(store, Filters("demo")).rows}
    for row in weighted_dimensions(store, Filters("demo"), items_of="care").items("care"):
        assert row.gap.value == every[row.item].gap.value
    assert not any(r.item for r in weighted_dimensions(store, Filters("demo"), items_of=None).rows)


def test_a_question_withheld_unweighted_is_withheld_weighted(store: Store, answers: Add) -> None:
    rows = draw()
    for row in rows[3:]:
        row["p2"] = ""
    answers(rows)
    [row] = [r for r in weighted_dimensions(store, Filters("demo")).rows if r.item == "p2"]
    assert row.gap.withheld
    assert row.performance.withheld
    assert {row.gap.value, row.expectation, row.perception, row.effective_n} == {None}


def test_few_answers_to_a_question_in_one_group_of_a_margin_withhold_it_with_the_next(
    store: Store, answers: Add, population: Add
) -> None:
    rows = draw()
    phone = [r for r in rows if r["channel"] == "Phone"]
    for row in phone[3:]:
        row["p2"] = ""
    answers(rows, weights=False, design=False)
    population([["channel", "Phone", 50], ["channel", "Web", 50]])
    found = {r.item: r for r in weighted_dimensions(store, Filters("demo")).rows if r.item}
    assert found["p2"].gap.withheld
    assert found["p2"].gap.note is not None
    assert found["p2"].plain is not None
    assert not found["p2"].plain.gap.withheld
    hidden = [k for k, r in found.items() if r.gap.withheld]
    assert len(hidden) == 2


def test_a_single_question_can_be_weighted_as_a_card_is(store: Store, answers: Add) -> None:
    rows = draw()
    answers(rows)
    figure = weighted(store, Filters("demo"), ("mean:p1",)).one("mean:p1")
    mean, moved = influence(column(rows, "p1"), column(rows, "w"))
    assert figure is not None
    assert figure.weighted.value == pytest.approx(mean, abs=1e-9)
    assert figure.standard_error == pytest.approx(np.sqrt(taylor(moved, rows)), abs=1e-9)


@pytest.mark.parametrize("key", ["csat_top_box", "csat_mean", "gap:care", "mean:p1"])
def test_a_month_of_the_series_is_the_card_of_that_month(
    store: Store, answers: Add, population: Add, key: str
) -> None:
    answers(draw(600))
    population(
        [["channel", "Phone", 6, "", f"2026-{m:02d}"] for m in (1, 2, 3)]
        + [["channel", "Web", m, "", f"2026-{m:02d}"] for m in (1, 2, 3)]
    )
    told = weighted_series(store, Filters("demo"), (key,))
    assert [f.plain.by for f in told.of(key)] == ["2026-01", "2026-02", "2026-03"]
    for month, figure in enumerate(told.of(key), start=1):
        period = Period(date(2026, month, 1), date(2026, month, 28))
        card = weighted(store, Filters("demo", period), (key,)).one(key)
        assert card is not None
        assert figure.weighted.value == pytest.approx(card.weighted.value)
        assert figure.standard_error == pytest.approx(card.standard_error)
        assert figure.weighted.low == pytest.approx(card.weighted.low)
        assert figure.weighted.high == pytest.approx(card.weighted.high)
        assert figure.effective_n == pytest.approx(card.effective_n)
        assert figure.weighted.n == card.weighted.n


def test_each_month_is_compared_with_the_one_before(store: Store, answers: Add) -> None:
    rows = draw(600)
    for row in rows:
        if row["when"] >= "2026-02":
            row["csat"] = 1 + row["csat"] % 2
    answers(rows)
    told = weighted_series(store, Filters("demo"), ("csat_mean", "csat_top_box")).of("csat_mean")
    assert told[0].weighted.reference_value is None
    assert told[1].weighted.reference_value == told[0].weighted.value
    assert [f.weighted.verdict for f in told[1:]] == ["worse", "unfinished"]
    alone = Filters("demo", compare="none")
    for figure in weighted_series(store, alone, ("csat_mean",)).figures:
        assert figure.weighted.reference_value is None


def test_a_quarter_has_weights_of_its_own_and_a_period_that_cuts_months_is_kept(
    store: Store, answers: Add, population: Add
) -> None:
    answers(draw(600))
    population([["channel", "Phone", 1], ["channel", "Web", 1]])
    period = Period(date(2026, 1, 10), date(2026, 3, 20))
    [figure] = weighted_series(
        store, Filters("demo", period, compare="none"), ("csat_mean",), "quarter"
    ).figures
    card = weighted(store, Filters("demo", period, compare="none"), ("csat_mean",)).one("csat_mean")
    assert card is not None
    assert figure.plain.by == "2026-Q1"
    assert figure.weighted.value == pytest.approx(card.weighted.value)
    assert figure.standard_error == pytest.approx(card.standard_error)


def test_a_month_of_few_in_one_group_of_a_margin_is_withheld_with_another(
    store: Store, answers: Add, population: Add
) -> None:
    rows = draw(600)
    phone = [r for r in rows if r["channel"] == "Phone" and r["when"] < "2026-02"]
    for row in phone[3:]:
        row["csat"] = ""
    answers(rows, weights=False, design=False)
    population([["channel", "Phone", 6], ["channel", "Web", 4]])
    told = weighted_series(store, Filters("demo"), ("csat_mean",)).figures
    assert not any(f.plain.withheld for f in told)
    assert told[0].weighted.withheld
    assert told[0].weighted.note is not None
    assert sum(f.weighted.withheld for f in told) == 2
    # No withheld month shows as what the next is compared with.
    for before, after in itertools.pairwise(told):
        if before.weighted.withheld:
            assert after.weighted.reference_value is None
            assert after.weighted.difference is None


def test_metrics_without_a_weighted_form_are_named(store: Store, answers: Add) -> None:
    answers(draw())
    told = weighted_series(store, Filters("demo"), ("csat_mean", "response_count"))
    assert told.unweighted == ("response_count",)
    assert {f.plain.metric for f in told.figures} == {"csat_mean"}


def test_days_are_not_weighted_and_the_refusal_says_what_is(store: Store, answers: Add) -> None:
    answers(draw())
    with pytest.raises(UsageProblem, match="month"):
        weighted_series(store, Filters("demo"), ("csat_mean",), "week")


@pytest.mark.parametrize("key", ["csat_mean", "csat_top_box", "gap:care", "mean:p1"])
def test_a_group_less_the_others_is_linearised_as_a_whole(
    store: Store, answers: Add, key: str
) -> None:
    """Clusters hold people of several branches: what they add to both sides cancels."""
    rows = draw()
    answers(rows)
    values = {
        "csat_mean": column(rows, "csat"),
        "csat_top_box": 100.0 * (column(rows, "csat") >= 4),
        "gap:care": np.array([score(r) for r in rows]),
        "mean:p1": column(rows, "p1"),
    }[key]
    w = column(rows, "w")
    told = weighted_groups(store, Filters("demo"), key, "branch")
    assert [f.plain.by for f in told.figures] == ["East", "North", "South"]
    for figure in told.figures:
        inside = np.array([r["branch"] == figure.plain.by for r in rows])
        one, here = influence(np.where(inside, values, np.nan), w)
        other, there = influence(np.where(inside, np.nan, values), w)
        error = np.sqrt(taylor(here - there, rows))
        found = figure.weighted
        assert found.value == pytest.approx(one, abs=1e-7)
        assert found.difference == pytest.approx(one - other, abs=1e-7)
        assert found.difference_low is not None
        assert found.difference_high is not None
        half = (found.difference_high - found.difference_low) / 2
        assert (found.difference_high + found.difference_low) / 2 == pytest.approx(
            one - other, abs=1e-7
        )
        assert stats.t.ppf(0.975, 22) - 1e-6 <= half / error < stats.t.ppf(0.975, 8)


def score(row: dict[str, Any]) -> float:
    """Return the mean gap of the questions on care, of those with at least half of them."""
    gaps = [row[f"p{k}"] - row[f"d{k}"] for k in (1, 2) if row[f"p{k}"] != "" != row[f"d{k}"]]
    return float(np.mean(gaps)) if gaps else np.nan


def test_one_weight_for_all_gives_welch_s_test_of_the_groups(store: Store, answers: Add) -> None:
    rows = draw(900)
    answers(rows, weights=False, design=False)
    for figure in weighted_groups(store, Filters("demo"), "csat_mean", "branch").figures:
        own = [r["csat"] for r in rows if r["branch"] == figure.plain.by]
        others = [r["csat"] for r in rows if r["branch"] != figure.plain.by]
        wanted = stats.ttest_ind(own, others, equal_var=False).confidence_interval(0.95)
        assert figure.weighted.difference == pytest.approx(np.mean(own) - np.mean(others))
        assert figure.weighted.difference_low == pytest.approx(wanted.low, abs=2e-3)
        assert figure.weighted.difference_high == pytest.approx(wanted.high, abs=2e-3)


def test_groups_of_a_margin_keep_what_it_explains_out_of_the_doubt(
    store: Store, answers: Add, population: Add
) -> None:
    """Raked to channels, the difference of two channels is in doubt by their own spread alone."""
    rows = draw()
    answers(rows, weights=False, design=False)
    population([["channel", "Phone", 700], ["channel", "Web", 300]])
    told = weighted_groups(store, Filters("demo"), "csat_mean", "channel")
    n, variance = len(rows), 0.0
    for name in ("Phone", "Web"):
        own = np.array([r["csat"] for r in rows if r["channel"] == name])
        variance += float(((own - own.mean()) ** 2).sum()) / (len(own) - 1) ** 2
    error = np.sqrt(n / (n - 1) * variance)
    for figure in told.figures:
        found = figure.weighted
        assert found.difference_low is not None
        assert found.difference_high is not None
        half = (found.difference_high - found.difference_low) / 2
        assert stats.t.ppf(0.975, n - 1) - 1e-6 <= half / error < stats.t.ppf(0.975, 50)


def test_a_group_of_few_in_one_group_of_a_margin_is_withheld_with_the_next(
    store: Store, answers: Add, population: Add
) -> None:
    rows = draw()
    for row in [r for r in rows if r["channel"] == "Phone" and r["branch"] == "East"][3:]:
        row["csat"] = ""
    answers(rows, weights=False, design=False)
    population([["channel", "Phone", 50], ["channel", "Web", 50]])
    told = weighted_groups(store, Filters("demo"), "csat_mean", "branch")
    east = told.figures[0].weighted
    assert east.withheld
    assert east.note is not None
    assert {east.value, east.difference, east.p_value, told.figures[0].effective_n} == {None}
    assert sum(f.weighted.withheld for f in told.figures) == 2
    # All others hold the few of the branch: nobody is shown less than a group with them.
    assert all(f.weighted.difference is not None for f in told.figures if not f.weighted.withheld)


def test_what_is_no_answer_has_no_weighted_groups_and_says_so(store: Store, answers: Add) -> None:
    answers(draw())
    for key in ("complaints_received", "response_count", "satisfaction_index"):
        told = weighted_groups(store, Filters("demo"), key, "branch")
        assert told.figures == ()
        assert told.note is not None


def test_a_grouping_of_cases_is_refused(store: Store, answers: Add) -> None:
    answers(draw())
    with pytest.raises(UsageProblem, match="branch"):
        weighted_groups(store, Filters("demo"), "csat_mean", "category")
