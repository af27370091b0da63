from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from csat.locale.formats import Formats
from csat.model.answer import Figure
from csat.model.period import bucket_label, shift_month

Make = Callable[..., Figure]


def make(by: str, value: float | None, **changes: Any) -> Figure:
    given: dict[str, Any] = {
        "metric": "csat_top_box",
        "by": by,
        "value": value,
        "unit": "percent",
        "n": 200,
        "low": None if value is None else value - 3,
        "high": None if value is None else value + 3,
        "verdict": "no_clear_change",
    }
    if value is None:
        given |= {"n": 0, "state": "no_data", "verdict": "not_compared"}
    return Figure(**(given | changes))


def withhold(by: str) -> Figure:
    return make(by, None, n=None, state="withheld", verdict="too_few")


@pytest.fixture
def figure() -> Make:
    return make


@pytest.fixture
def withheld() -> Callable[[str], Figure]:
    return withhold


@pytest.fixture
def months() -> Callable[[int], list[str]]:
    def labels(count: int) -> list[str]:
        return [bucket_label(shift_month(202101, i), "month") for i in range(count)]

    return labels


@pytest.fixture
def words() -> dict[str, Any]:
    """Translator and writer of values; the source text itself is the translation."""
    return {"t": str, "fmt": Formats("en").value}


@pytest.fixture
def over_time(words: dict[str, Any]) -> dict[str, Any]:
    return words | {"fmt_period": Formats("en").period}
