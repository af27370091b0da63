"""What changed in the simulated program: what is planted is named, what is not is not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from csat.model.filters import Compare, Filters
from csat.model.people import LOCAL_USER
from csat.model.period import Period
from csat.queries.movers import Mover, movers
from csat.sample.actions import DID_NOT, WORKED
from csat.sample.generate import generate
from csat.sample.organisation import IMPROVED_TOUCHPOINT, SLIDING_BRANCH, STABLE_BRANCH
from csat.sample.truths import SPIKING_CAUSE
from csat.sample_program import load_files
from csat.store.store import Store


def told(store: Store, first: date, last: date, compare: Compare) -> dict[tuple[str, str], Mover]:
    asked = Filters.of("sample", period=Period(first, last), compare=compare)
    found = movers(store, asked)
    assert len(found) <= 7
    return {(m.cut, m.group): m for m in found}


def test_the_sliding_branch_and_the_cured_cause_are_named(sample: Store) -> None:
    found = told(sample, date(2026, 7, 1), date(2026, 9, 30), "last_year")
    assert found["branch", SLIDING_BRANCH].figure.verdict == "worse"
    cured = found["cause", SPIKING_CAUSE]
    assert cured.figure.verdict == "better"
    assert cured.signal is not None
    assert (cured.signal.labels[0], cured.signal.labels[-1]) == ("2025-12", "2026-09")
    assert cured.before is not None, "the spike that was cured is named with it"
    assert (cured.before.labels[0], cured.before.labels[-1]) == ("2025-08", "2025-11")
    assert cured.action is not None, "and so is the action that cured it"
    assert cured.action.plan.key == WORKED
    assert found["branch", SLIDING_BRANCH].action is not None
    assert found["branch", SLIDING_BRANCH].action.plan.key == DID_NOT
    assert found["touchpoint", IMPROVED_TOUCHPOINT].action is None
    assert found["touchpoint", IMPROVED_TOUCHPOINT].figure.verdict == "better"
    assert ("branch", STABLE_BRANCH) not in found


def test_the_spiking_cause_is_named_while_it_spikes(sample: Store) -> None:
    found = told(sample, date(2025, 9, 1), date(2025, 11, 30), "previous")
    spike = found["cause", SPIKING_CAUSE]
    assert spike.figure.verdict == "worse"
    assert spike.signal is not None
    assert spike.signal.labels[0] == "2025-08"


def test_every_sentence_rests_on_a_special_cause_where_the_series_is_long(sample: Store) -> None:
    for mover in told(sample, date(2026, 7, 1), date(2026, 9, 30), "last_year").values():
        assert mover.signal is not None
        assert mover.signal.good == (mover.figure.verdict == "better")


def test_without_planted_effects_nothing_changed(tmp_path: Path) -> None:
    """One seed here; bench/false_signals.py asks a hundred."""
    store = Store(tmp_path / "noise.duckdb")
    files = generate(tmp_path / "files", seed=5, responses=8_000, complaints=2_000, planted=False)
    load_files(store, LOCAL_USER, files)
    assert told(store, date(2026, 7, 1), date(2026, 9, 30), "last_year") == {}
    store.close()
