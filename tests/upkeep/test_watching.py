"""Somebody who waits for a load is told what it does and how long it still takes."""

from __future__ import annotations

import time
from pathlib import Path

from csat.ingest.source import open_source
from csat.model.message import Message, msg
from csat.upkeep.watching import Watch, estimated_rows


def test_the_rows_of_a_file_are_estimated_from_its_first_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,when\n" + "".join(f"{i:06d},2026-01-01\n" for i in range(50_000)))
    rows = estimated_rows(open_source(path))
    assert rows is not None
    assert abs(rows - 50_000) < 500


def test_a_short_load_is_silent() -> None:
    told: list[Message] = []
    with Watch(told.append, lambda: -1.0) as watch:
        watch(msg("Reading"))
    assert told == []


def test_a_long_load_is_told_with_the_time_left() -> None:
    told: list[Message] = []
    done = [0.0]
    with Watch(told.append, lambda: done[0], rows=1000, quiet=0.2) as watch:
        watch(msg("Reading"))
        for step in range(1, 7):
            done[0] = step * 10.0
            time.sleep(0.1)
        watch(msg("Writing {n} rows", n=900))
        time.sleep(1.2)
    assert str(told[0]).startswith("Reading, about 1000 rows: ")
    assert " s left" in str(told[0])
    assert str(told[-1]).startswith("Writing 900 rows: ")


def test_where_nothing_is_known_no_time_is_promised() -> None:
    told: list[Message] = []
    with Watch(told.append, lambda: -1.0, quiet=0.1) as watch:
        watch(msg("Reading"))
        time.sleep(0.4)
    assert str(told[0]) == "Reading: 0 s"
