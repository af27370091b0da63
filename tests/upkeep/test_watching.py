"""Somebody who waits for a load is told what it does and how long it still takes."""

from __future__ import annotations

import re
from collections.abc import Callable
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
    with Watch(told.append, lambda: -1.0, quiet=3600) as watch:
        watch(msg("Reading"))
    assert told == []


def test_a_long_load_is_told_with_the_time_left(until: Callable[..., None]) -> None:
    told: list[Message] = []
    steps = iter(range(10, 70, 10))
    with Watch(told.append, lambda: float(next(steps, 60)), rows=1000, quiet=0.2) as watch:
        watch(msg("Reading"))
        until(lambda: any(" s left" in str(said) for said in told))
        watch(msg("Writing {n} rows", n=900))
        until(lambda: str(told[-1]).startswith("Writing 900 rows: "))
    assert str(told[0]).startswith("Reading, about 1000 rows: ")
    assert re.fullmatch(r"Writing 900 rows: \d+ s, about \d+ s left", str(told[-1]))


def test_where_nothing_is_known_no_time_is_promised(until: Callable[..., None]) -> None:
    told: list[Message] = []
    with Watch(told.append, lambda: -1.0, quiet=0.1) as watch:
        watch(msg("Reading"))
        until(lambda: told)
    assert re.fullmatch(r"Reading: \d+ s", str(told[0]))
