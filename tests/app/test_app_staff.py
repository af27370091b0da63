"""Staff on the page on trends: offered and drawn for those allowed, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.queries.funnels import FunnelAnswer, funnel_of
from csat.sample.staff import OUTLIER
from csat.store.store import Store

FUNNEL = {"section": "funnel", "period": "all"}


@pytest.fixture(scope="module")
def found(sample_store: Path) -> FunnelAnswer:
    store = Store(sample_store)
    answer = funnel_of(store, Filters.of("sample"), "csat_top_box", "staff", LOCAL_USER)
    store.close()
    return answer


def test_the_planted_code_is_found_below_the_limits(found: FunnelAnswer) -> None:
    assert found.plot is not None
    outside = {n: p for n, p in found.plot.points.items() if p.place == "beyond_998"}
    assert list(outside) == [OUTLIER]
    assert outside[OUTLIER].share < outside[OUTLIER].outer_low
    assert found.withheld == 2


def test_the_page_draws_what_the_query_says(
    found: FunnelAnswer, sample_store: Path, open_page: Any, told: Any
) -> None:
    at = open_page("trends", sample_store, {**FUNNEL, "cut": "staff"})
    assert not at.exception
    assert "staff" not in at.get_by_key("cut").label.lower()
    text = told(at)
    assert OUTLIER in text
    assert "below the 99.8% limits" in text
    assert "Withheld: 2 staff" in text
    assert found.plot is not None
    assert f"{100 * found.plot.points[OUTLIER].share:.1f}" in text


@pytest.mark.parametrize("role", ["executive", "quality", "analyst"])
def test_staff_are_offered_to_those_alone_who_may_see_them(
    role: str, sample_store: Path, open_page: Any, told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", role)
    at = open_page("trends", sample_store, {**FUNNEL, "cut": "staff"})
    assert not at.exception
    assert not at.error
    assert ("Staff" in at.get_by_key("cut").options) == (role != "executive")
    assert (OUTLIER in told(at)) == (role != "executive")


def test_a_split_of_the_page_still_offers_staff(sample_store: Path, open_page: Any) -> None:
    at = open_page("trends", sample_store, {**FUNNEL, "split": "channel"})
    assert at.get_by_key("cut").options == ["Channel", "Staff"]


@pytest.mark.parametrize("page", ["overview", "complaints", "data"])
def test_no_other_page_shows_a_code_of_staff(
    page: str, sample_store: Path, open_page: Any, told: Any
) -> None:
    at = open_page(page, sample_store)
    assert not at.exception
    assert OUTLIER not in told(at)
