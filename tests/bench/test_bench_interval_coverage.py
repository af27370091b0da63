"""The simulation of the intervals runs, and calls a miss a miss."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from csat.model.metrics import REGISTRY

RUN = Path(__file__).resolve().parents[2] / "bench" / "interval_coverage.py"


def test_a_quick_run_writes_a_row_for_every_situation(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    command = [sys.executable, str(RUN), "--quick", "--out", str(page)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    written = page.read_text(encoding="utf-8")
    for figure in ("share", "NPS", "mean rating", "gap", "Cronbach's alpha", "median waiting time"):
        assert f"| {figure} |" in written
    # A driver is not computed from 30 answers, and the page says so.
    assert "none given" in written


def test_a_share_is_called_a_miss_only_beyond_the_doubt_of_the_simulation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(RUN.parent))
    from interval_coverage import Cell

    assert Cell(1000, 1000, 935).outside == 0
    assert Cell(10_000, 10_000, 9300).outside == -1
    assert Cell(10_000, 10_000, 9700).outside == 1
    assert Cell(10, 0, 0).text() == "none given"
    assert Cell(1000, 500, 475).text() == "95.0 (50% given)"


def test_every_interval_of_the_product_has_its_rows_in_the_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(RUN.parent))
    from interval_coverage import every_situation
    from intervals_shown import SHOWN

    measured = {s.figure for s in every_situation()}
    named = {row for shown in SHOWN for row in shown.rows}
    assert named == measured
    intervals = {shown.interval for shown in SHOWN}
    assert {str(m.interval) for m in REGISTRY.values()} <= intervals


QUICK = {
    "weighted mean": "1 to 5, crowded at the top, weights 1 and 3",
    "weighted share": "weights 1 and 3, p = 0.77",
    "raked mean": "2 channels, 3 segments that rate differently",
    "priority of a dimension": "importance x gap x share affected",
    "mean time of a standard": "skewed (exponential)",
    "raters' score of visits": "10 criteria, some visits capped",
}
"""Intervals that were once off, or are made from several parts; few draws tell when they are."""


def test_a_hundred_answers_hold_the_truth_as_often_as_they_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(RUN.parent))
    from interval_coverage import every_situation, measure

    shares = {
        s.figure: measure(s, 100, 300).share
        for s in every_situation()
        if QUICK.get(s.figure) == s.population
    }
    assert set(shares) == set(QUICK)
    assert all(share is not None and 0.91 <= share <= 0.985 for share in shares.values()), shares
