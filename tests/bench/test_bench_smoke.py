"""The benchmark runs, and its three ways give the same figures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[2] / "bench" / "run.py"


def bench(*more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(RUN), "--quick", *map(str, more)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page that a quick run writes."""
    folder = tmp_path_factory.mktemp("bench")
    done = bench("--folder", folder, "--out", folder / "page.md")
    assert done.returncode == 0, done.stderr
    return (folder / "page.md").read_text(encoding="utf-8")


def test_the_three_ways_agree(written: str) -> None:
    """A run ends with an error where they do not; 9 cards twice, and 13 months of each."""
    assert "All three gave the same 135 values, to within 1e-9" in written


def test_the_page_says_what_was_measured(written: str) -> None:
    for name in ("**A**", "**B**", "**C**", "| **Both** |", "| A / B | C / A |", "rows a second"):
        assert name in written


def test_a_wrong_figure_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(RUN.parent))
    from overview import disagreements

    a = {("nps", "now"): 12.0, ("ces", "now"): 5.0}
    assert disagreements(a, dict(a)) == []
    assert disagreements(a, {**a, ("nps", "now"): 12.0 + 1e-8}) == ["nps now: 12.0 and 12.00000001"]
    assert disagreements(a, {("nps", "now"): 12.0}) == ["ces now: 5.0 and None"]
    assert disagreements({("nps", "now"): 12.0}, a) == ["ces now: None and 5.0"]


def test_the_import_benchmark_writes_its_part_of_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Benchmarks\n\nWhat stands there stays.\n", encoding="utf-8")
    sizes = ("--rows", "500", "--sheet-rows", "100", "--repeats", "1")
    script = RUN.with_name("import_speed.py")
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, str(script), *sizes, "--folder", str(tmp_path), "--out", str(page)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Benchmarks\n\nWhat stands there stays.\n")
    assert text.count("## Import") == 1
    for name in ("bare `read_csv`", "| pandas", "openpyxl", "500 rows", "of bare DuckDB's rate"):
        assert name in text
