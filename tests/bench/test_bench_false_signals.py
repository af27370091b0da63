"""The bench of control charts runs, and its exact run lengths are those of the literature."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


def test_a_small_run_writes_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    command = [sys.executable, str(BENCH / "false_signals.py"), "--series", "8", "--seeds", "0"]
    done = subprocess.run(
        [*command, "--out", str(page)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    written = page.read_text(encoding="utf-8")
    for name in ("share (p)", "count (u)", "net promoter score", "152.7 points"):
        assert name in written


def test_run_lengths_are_those_of_champ_and_woodall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule 1 with the run of eight: 152.73 points in control."""
    monkeypatch.syspath_prepend(str(BENCH))
    from false_signals import run_length

    from csat.queries.charted import FALSE_PER_100

    assert run_length(0.0) == pytest.approx(152.73, abs=0.01)
    assert pytest.approx(100 / run_length(0.0), abs=0.01) == FALSE_PER_100
    assert run_length(3.0) < run_length(2.0) < run_length(1.0) < run_length(0.0)
