"""What each role sees, and what nobody without a role sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.queries import complaints
from csat.store.store import Store

SEEN = {
    "executive": {"overview", "trends"},
    "quality": {"overview", "trends", "complaints"},
    "analyst": {"overview", "trends", "complaints", "data"},
}
TITLES = {"overview": "Overview", "trends": "Trends", "complaints": "Complaints", "data": "Data"}


@pytest.fixture(scope="module")
def narratives(sample_store: Path) -> list[str]:
    store = Store(sample_store)
    found = complaints.listing(store, Filters.of("sample"), user=LOCAL_USER, limit=200)
    store.close()
    return [r["narrative"] for r in found.rows if r["narrative"]]


@pytest.mark.parametrize("page", TITLES)
@pytest.mark.parametrize("role", SEEN)
def test_role_sees_its_pages_and_no_other(
    role: str, page: str, sample_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", role)
    at = open_page(page, sample_store)
    assert not at.exception
    expected = page if page in SEEN[role] else "overview"
    assert [x.value for x in at.title] == [TITLES[expected]]


def test_page_of_another_role_cannot_be_switched_to(
    sample_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", "executive")
    at = open_page("overview", sample_store)
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        at.switch_page("../pages/quality/complaints.py")


@pytest.mark.parametrize("page", TITLES)
def test_executive_reads_no_narratives(
    page: str,
    narratives: list[str],
    sample_store: Path,
    open_page: Any,
    told: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(narratives) > 100
    monkeypatch.setenv("CSAT_ROLES", "executive")
    query = {"case": "K0007812", "search": "technician", "view": "cases", "tab": "batches"}
    at = open_page(page, sample_store, query)
    said = told(at)
    assert not any(text in said for text in narratives)
    assert not any("technician" in str(v) for v in at.query_params.values())


def test_quality_team_reads_narratives(
    narratives: list[str],
    sample_store: Path,
    open_page: Any,
    told: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CSAT_ROLES", "quality")
    said = told(open_page("complaints", sample_store))
    assert any(text in said for text in narratives)


@pytest.fixture
def _behind_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSAT_AUTH", "proxy")


@pytest.mark.usefixtures("_behind_proxy")
@pytest.mark.parametrize(
    "user",
    [
        {},
        {"email": "ann@example.org"},
        {"email": "ann@example.org", "role": "director"},
        {"role": "analyst"},
        {"email": "", "role": "analyst"},
    ],
    ids=str,
)
@pytest.mark.parametrize("page", ["overview", "data"])
def test_nobody_without_name_and_role_gets_in(
    page: str, user: dict[str, str], sample_store: Path, open_page: Any, told: Any
) -> None:
    at = open_page(page, sample_store, user=user)
    assert not at.exception
    assert len(at.error) == 1
    assert not at.metric
    assert not at.title
    assert not at.sidebar.selectbox
    assert "Harbour" not in told(at)


@pytest.mark.usefixtures("_behind_proxy")
@pytest.mark.parametrize(
    ("role", "page", "expected"),
    [
        ("executive", "data", "overview"),
        ("quality", "complaints", "complaints"),
        ("analyst", "data", "data"),
        ("executive, quality", "complaints", "complaints"),
    ],
)
def test_proxy_hands_over_name_and_role(
    role: str, page: str, expected: str, sample_store: Path, open_page: Any
) -> None:
    at = open_page(page, sample_store, user={"email": "ann@example.org", "role": role})
    assert not at.exception
    assert [x.value for x in at.title] == [TITLES[expected]]


@pytest.mark.parametrize("roles", ["boss", "executive,boss"])
def test_unknown_role_in_the_settings_is_said(
    roles: str, sample_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", roles)
    at = open_page("overview", sample_store)
    assert not at.exception
    assert "CSAT_ROLES" in at.error[0].value
