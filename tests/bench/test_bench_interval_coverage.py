"""The simulation of the intervals runs, and calls a miss a miss."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
