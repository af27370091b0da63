"""The benchmark of the complaints page runs, and its searches find what a plain scan finds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

RUN = Path(__file__).resolve().parents[2] / "bench" / "complaints.py"


def test_a_small_run_writes_its_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    command = [sys.executable, str(RUN), "--cases", "2000", "--repeats", "1", "--out", str(page)]
    done = subprocess.run(
        [*command, "--folder", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^\| (.+?) \| [\d,]+ \| [\d,]+ \| (.*?) \|$", page.read_text(), re.MULTILINE)
    found = dict(rows)
    pairs = [name for name in found if name.startswith("the same with ILIKE: a ")]
    words = [name for name in pairs if "case number" not in name]
    assert len(words) == 5
    for name in words:
        assert found[name] == found[name.replace("the same with ILIKE", "first page")]
    assert found["first page: a case number"] == "1 found"
