"""The first start fills the store; what can go wrong before a page is said in words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from csat.locale.catalogue import translator
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.queries import catalogue
from csat.store.store import Store
from csat.ui import first_start

say = translator("en")


@pytest.fixture
def _auto(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSAT_SAMPLE", "auto")


@pytest.mark.usefixtures("_auto")
def test_first_start_fills_the_store_and_shows_the_overview(tmp_path: Path, open_page: Any) -> None:
    path = tmp_path / "new" / "csat.duckdb"
    at = open_page("overview", path)
    assert not at.exception
    assert not at.error
    assert at.title[0].value == say("Overview")
    assert len(at.metric) >= 8
    store = Store(path)
    assert [p.key for p in catalogue.programs(store)] == ["sample"]
    version = store.data_version()
    store.close()
    at.run()
    store = Store(path)
    assert store.data_version() == version
    store.close()


@pytest.mark.usefixtures("_auto")
def test_store_with_other_data_gets_no_sample(survey_store: Path, open_page: Any) -> None:
    at = open_page("overview", survey_store)
    assert not at.exception
    assert at.get_by_key("program").options == ["demo"]


@pytest.mark.usefixtures("_auto")
def test_removed_sample_stays_away_and_says_what_to_do(
    own_sample_store: Path, open_page: Any
) -> None:
    at = open_page("data", own_sample_store, {"tab": "sample"})
    remove = next(b for b in at.button if b.label == say("Remove the simulated program"))
    remove.click().run()
    assert not at.exception
    assert len(at.toast) == 1
    assert [b.label for b in at.main.button] == [say("Load the simulated program")]
    for page in ("executive/overview", "executive/trends", "quality/complaints"):
        at.switch_page(f"../pages/{page}.py").run()
        assert not at.exception
        assert len(at.info) == 1
        assert [link.proto.page for link in at.page_link] == ["data"]
        assert not at.metric
        assert at.query_params == {}


def test_sample_can_be_loaded_by_hand(empty_store: Path, open_page: Any) -> None:
    at = open_page("data", empty_store, {"tab": "sample"})
    next(b for b in at.main.button if b.label == say("Load the simulated program")).click().run()
    assert not at.exception
    assert not at.error
    at.switch_page("../pages/executive/overview.py").run()
    assert len(at.metric) >= 8


@pytest.mark.parametrize(
    ("locale", "setting", "language"),
    [("zh-CN", "auto", "zh-CN"), ("en-US", "auto", "en"), ("en-US", "zh-CN", "zh-CN")],
)
def test_the_sample_is_written_in_the_language_of_who_opens_the_empty_store(
    locale: str,
    setting: str,
    language: str,
    tmp_path: Path,
    open_page: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def load_sample(*_: object, language: str) -> None:
        asked.append(language)
        raise UsageProblem(msg("No room"), msg("Make some"))

    monkeypatch.setattr(first_start, "load_sample", load_sample)
    monkeypatch.setenv("CSAT_SAMPLE", setting)
    open_page("overview", tmp_path / "new.duckdb", locale=locale)
    assert asked == [language]


def test_a_chinese_reader_loads_the_chinese_sample_by_hand(
    empty_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def load_sample(*_: object, language: str) -> None:
        asked.append(language)
        raise UsageProblem(msg("No room"), msg("Make some"))

    monkeypatch.setattr("csat.sample_program.load_sample", load_sample)
    at = open_page("data", empty_store, {"tab": "sample"}, locale="zh-CN")
    wanted = translator("zh_CN")("Load the simulated program")
    next(b for b in at.main.button if b.label == wanted).click().run()
    assert asked == ["zh-CN"]


HOLD = """
import sys
import duckdb
con = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def test_store_of_another_process_is_said(empty_store: Path, open_page: Any) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(empty_store)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        at = open_page("overview", empty_store)
        assert not at.exception
        assert len(at.error) == 1
        assert str(holder.pid) in at.error[0].value
        assert not at.title
    finally:
        holder.kill()
        holder.communicate()
    at.run()
    assert not at.error
    assert at.title


def test_file_that_is_no_store_is_said(tmp_path: Path, open_page: Any) -> None:
    path = tmp_path / "letter.duckdb"
    path.write_text("Dear Sirs", encoding="utf-8")
    at = open_page("overview", path)
    assert not at.exception
    assert "letter.duckdb" in at.error[0].value


def test_wrong_setting_is_said(
    empty_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_WITHHOLD_UNDER", "few")
    at = open_page("overview", empty_store)
    assert not at.exception
    assert "CSAT_WITHHOLD_UNDER" in at.error[0].value


@pytest.mark.usefixtures("_auto")
@pytest.mark.parametrize(
    "failure",
    [RuntimeError("the disk is full"), UsageProblem(msg("No room"), msg("Make some"))],
    ids=["unexpected", "problem"],
)
def test_failure_of_the_first_load_is_told_once(
    failure: Exception, tmp_path: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def fail(*_: object, **__: object) -> None:
        calls.append(1)
        raise failure

    monkeypatch.setattr(first_start, "load_sample", fail)
    at = open_page("overview", tmp_path / "csat.duckdb")
    assert len(at.exception) + len(at.error) == 1
    assert [s.state for s in at.status] == ["error"]
    assert not at.metric
    at.run()
    assert not at.exception
    assert not at.error
    assert len(at.info) == 1
    at.switch_page("../pages/analyst/data.py").run()
    assert not at.exception
    assert len(at.file_uploader) == 1
    assert len(calls) == 1
