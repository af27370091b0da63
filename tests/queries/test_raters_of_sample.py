"""What is planted in the visits and experts of the simulated program is found again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.queries.expert_weights import expert_weights
from csat.queries.findings import findings
from csat.queries.raters import RaterAnswer, raters
from csat.sample import SAMPLE_AS_OF, SampleFiles, generate, truths
from csat.sample.instrument import DIMENSIONS
from csat.sample.organisation import BRANCHES, SMALL_BRANCH
from csat.sample.raters import (
    CHECKS,
    CRITICAL_BRANCH,
    EXPERTS,
    MUDDLED,
    OVERDUE,
    VISITS_PER_BRANCH,
)
from csat.sample_program import load_files
from csat.store.store import Store

TRUTH = {truth.key: truth.size for truth in truths(SAMPLE_AS_OF)}
ELSEWHERE = [b.name for b in BRANCHES if b.name not in (SMALL_BRANCH, CRITICAL_BRANCH)]
LINES = [f"C{k + 1:02d}" for k in range(len(CHECKS))]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    return generate(tmp_path_factory.mktemp("files"), responses=6_000, complaints=400)


@pytest.fixture(scope="module")
def sample(files: SampleFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("raters") / "sample.duckdb")
    load_files(store, LOCAL_USER, files)
    yield store
    store.close()


@pytest.fixture(scope="module")
def answer(sample: Store) -> RaterAnswer:
    return raters(sample, Filters("sample"), user=LOCAL_USER)


@pytest.fixture(scope="module")
def ticks(files: SampleFiles) -> pd.DataFrame:
    """Return the shoppers' file as a survey of its own: 1 passed, 0 failed."""
    path = dict(files.raters)["mystery-shopper"]
    table = pd.read_csv(Path(path))
    table[LINES] = (table[LINES] == "pass").astype(int)
    return table


def test_the_branch_with_critical_fails_is_found(answer: RaterAnswer) -> None:
    rows = {r.group: r for r in answer.rows("mystery_shopper", "branch")}
    worst = max(rows.values(), key=lambda r: r.critical or 0)
    assert worst.group == CRITICAL_BRANCH
    share = (worst.critical or 0) / worst.score.visits
    spread = (
        2.6 * (TRUTH["critical_fails"] * (1 - TRUTH["critical_fails"]) / VISITS_PER_BRANCH) ** 0.5
    )
    assert share == pytest.approx(TRUTH["critical_fails"], abs=spread)
    assert sum(rows[b].critical or 0 for b in ELSEWHERE) <= 0.05 * 10 * VISITS_PER_BRANCH
    assert min(rows, key=lambda b: rows[b].score.mean) == CRITICAL_BRANCH


@pytest.mark.parametrize("dimension", [d.key for d in DIMENSIONS])
def test_planted_scores_lie_within_their_intervals(sample: Store, dimension: str) -> None:
    told = raters(sample, Filters.of("sample", branches=ELSEWHERE))
    row = next(r for r in told.rows("mystery_shopper", "dimension") if r.group == dimension)
    margin = 1.3 * (row.score.high - row.score.low) / 2  # five intervals: 99% each
    assert row.score.mean == pytest.approx(TRUTH[f"visits_{dimension}"], abs=margin)


def test_planted_agreement_lies_within_its_interval(answer: RaterAnswer) -> None:
    [found] = answer.agreements
    assert found.method == "mystery_shopper"
    assert found.alpha is not None
    assert found.alpha.low < TRUTH["rater_agreement"] < found.alpha.high
    assert found.form == "one_way"


def test_raters_and_customers_differ_where_it_is_planted(answer: RaterAnswer) -> None:
    found = {
        b.dimension: b.verdict
        for b in answer.beside
        if (b.method, b.reference) == ("mystery_shopper", "customers")
    }
    assert found["tangibles"] == found["reliability"] == found["assurance"] == "higher"
    assert found["responsiveness"] == "lower"
    assert found["empathy"] == "no_clear_difference"


def test_scores_are_those_of_another_way_to_count(answer: RaterAnswer, ticks: pd.DataFrame) -> None:
    weights = np.array([c.weight for c in CHECKS])
    critical = np.array([c.critical for c in CHECKS])
    ticks = ticks.assign(
        score=100 * (ticks[LINES].to_numpy() @ weights) / weights.sum(),
        failed=(ticks[LINES].to_numpy()[:, critical] == 0).any(axis=1),
    )
    visits = ticks.groupby("visit").agg(
        score=("score", "mean"), failed=("failed", "any"), branch=("branch", "first")
    )
    visits["score"] = visits["score"].where(~visits["failed"], visits["score"].clip(upper=59))
    expected = visits.groupby("branch")["score"].agg(["mean", "sem"])
    for row in answer.rows("mystery_shopper", "branch"):
        assert row.score.mean == pytest.approx(expected.loc[row.group, "mean"])
        assert row.score.standard_error == pytest.approx(expected.loc[row.group, "sem"])


def test_kappas_are_those_of_statsmodels(answer: RaterAnswer, ticks: pd.DataFrame) -> None:
    [found] = answer.agreements
    twice = ticks[ticks.duplicated("visit", keep=False)].sort_values(["visit", "rater"])
    assert found.visits == twice["visit"].nunique()
    one, other = twice.iloc[0::2], twice.iloc[1::2]
    left, right = one[LINES].to_numpy(), other[LINES].to_numpy()
    passed = (left + right).ravel()
    table = np.column_stack([2 - passed, passed])
    assert found.fleiss == pytest.approx(fleiss_kappa(table))
    for pair in found.pairs:
        here = (one["rater"].to_numpy() == pair.raters[0]) & (
            other["rater"].to_numpy() == pair.raters[1]
        )
        crossed = pd.crosstab(left[here].ravel(), right[here].ravel()).to_numpy()
        assert pair.judgements == crossed.sum()
        assert pair.kappa == pytest.approx(cohens_kappa(crossed).kappa)


def test_experts_who_agree_with_themselves_give_the_planted_weights(sample: Store) -> None:
    told = expert_weights(sample, Filters("sample"), LOCAL_USER)
    counted = [e.name for e in told.experts if e.counts]
    assert counted == list(EXPERTS)
    assert MUDDLED in {e.name for e in told.experts}
    for key, weight in told.weights.items():
        assert weight == pytest.approx(TRUTH[f"expert_{key}"], abs=0.02)


def test_findings_overdue_on_the_last_day_are_those_planted(sample: Store) -> None:
    told = findings(sample, Filters("sample"), SAMPLE_AS_OF)
    assert [told.count(s) for s in ("overdue", "open", "closed")] == [OVERDUE, 3, 3]
    assert told.findings[0].severity == "critical"
    assert told.findings[0].branch == CRITICAL_BRANCH
