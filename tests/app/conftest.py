"""Prepared stores, and a way to open a page of the app on one of them without a browser."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from csat.ingest.mapping import Mapping
from csat.store.store import Store

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "overview": "../pages/executive/overview.py",
    "trends": "../pages/executive/trends.py",
    "dimensions": "../pages/quality/dimensions.py",
    "gaps": "../pages/quality/gaps.py",
    "weighting": "../pages/quality/weighting.py",
    "improve": "../pages/quality/improve.py",
    "complaints": "../pages/quality/complaints.py",
    "data": "../pages/analyst/data.py",
}
SURVEY_CSV = (
    "id,when,branch,csat,nps,ces,comment\n"
    + "".join(
        f"r{i},2026-{1 + i % 9:02d}-{1 + i % 28:02d},{('North', 'South')[i % 2]},"
        f"{1 + i % 5},{i % 11},{1 + i % 7},\n"
        for i in range(180)
    )
    + "few1,2026-09-02,Tiny,5,10,7,\nfew2,2026-09-03,Tiny,5,10,7,\nfew3,2026-09-04,Tiny,2,9,7,\n"
)
"""Nine whole months of two branches, and a third branch with three answers."""
COMPLAINTS_CSV = "id,received,answered,resolved,category,branch,timely,text\n" + "".join(
    f"C{i:04d},2026-{1 + i % 9:02d}-{1 + i % 28:02d},2026-10-05,2026-10-07,"
    f"{('Billing', 'Outage', 'Staff')[i % 3]},{('North', 'South')[i % 2]},"
    f"{('Yes', 'No')[i % 4 == 0]},{('wrong invoice', 'no power')[i % 2]}\n"
    for i in range(120)
)


@pytest.fixture(autouse=True, scope="module")
def _fresh_caches() -> Iterator[None]:
    """Give every file of tests its own caches: they outlive one run of the app by design.

    Their keys hold the path and the data version of the store, so tests on other stores and
    tests that only read the same one do not disturb each other.
    """
    logging.getLogger("streamlit").setLevel(logging.CRITICAL)
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def empty_store(tmp_path: Path) -> Path:
    path = tmp_path / "empty.duckdb"
    Store(path).close()
    return path


@pytest.fixture
def survey_store(
    store: Store, load: Callable[..., Any], write_csv: Callable[..., Path], survey_mapping: Mapping
) -> Path:
    load(write_csv(SURVEY_CSV, "survey.csv"), survey_mapping)
    store.close()
    return store.path


@pytest.fixture
def complaint_store(
    store: Store,
    load: Callable[..., Any],
    write_csv: Callable[..., Path],
    complaint_mapping: Mapping,
) -> Path:
    load(write_csv(COMPLAINTS_CSV, "complaints.csv"), complaint_mapping)
    store.close()
    return store.path


@pytest.fixture
def any_store(request: pytest.FixtureRequest) -> Path:
    """Return the store whose fixture the test names by an indirect parameter."""
    path: Path = request.getfixturevalue(request.param)
    return path


Open = Callable[..., AppTest]


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page on a store, the URL's query given by keywords, as a first request."""

    def open_it(
        page: str,
        store: Path,
        query: dict[str, Any] | None = None,
        *,
        locale: str = "en-US",
        user: dict[str, Any] | None = None,
    ) -> AppTest:
        monkeypatch.setenv("CSAT_STORE", str(store))
        at = AppTest.from_file(str(ROOT / "src" / "dashboard.py"), default_timeout=300)
        at.context["locale"] = locale
        for name, value in (query or {}).items():
            at.query_params[name] = value
        if user is not None:
            at.user = user
        if page != "overview":  # the start page, which is opened by its own name only to lead there
            at.switch_page(PAGES[page])
        return at.run()

    return open_it


@pytest.fixture
def told() -> Callable[[AppTest], str]:
    """Return a function that gives everything a page sends to the browser, as one text."""

    def tell(at: AppTest) -> str:
        parts: list[str] = []
        for part in (at.main, at.sidebar):
            for element in part:
                proto = getattr(element, "proto", None)
                if element.type == "dataframe":
                    parts.append(element.value.to_csv(index=False))
                elif proto is not None:
                    parts.append(f"{proto}".encode().decode("unicode_escape", "replace"))
                    for name in ("body", "spec", "label"):
                        parts.append(str(getattr(proto, name, "")))
        return "\n".join(parts)

    return tell
