"""Work with little memory: the limit is given back, and what needs more gets all."""

from __future__ import annotations

import duckdb
import pytest

from csat.store.sparing import LITTLE_MB, sparingly
from csat.store.store import Store


def limit(store: Store) -> float:
    [row] = store.rows("SELECT current_setting('memory_limit') AS said")
    number, unit = str(row["said"]).split()
    return round(float(number) * {"MiB": 1.048576, "GiB": 1073.741824}[unit])


def test_work_is_done_with_little_memory_and_the_limit_given_back(store: Store) -> None:
    assert sparingly(store, lambda: limit(store), 900) == LITTLE_MB
    assert limit(store) == 900


def test_a_limit_that_is_lower_still_holds(store: Store) -> None:
    assert sparingly(store, lambda: limit(store), 100) == 100


def test_work_that_needs_more_is_done_again_with_all(store: Store) -> None:
    seen: list[float] = []

    def work() -> str:
        seen.append(limit(store))
        if len(seen) == 1:
            raise duckdb.OutOfMemoryException("too little")
        return "done"

    assert sparingly(store, work, 900) == "done"
    assert seen == [LITTLE_MB, 900]


def test_other_failures_are_not_tried_again(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        sparingly(store, lambda: 1 / 0, 900)
    assert limit(store) == 900
