from __future__ import annotations

import os
import sys
from pathlib import Path

import duckdb
import pytest

import csat.cli.care as care
import csat.cli.serving as serving
from csat.model.problem import UsageProblem
from csat.store.integrity import check_store
from csat.store.store import Store


def change(store_path: Path, *statements: str) -> None:
    store = Store(store_path)
    with store.write() as cursor:
        for sql in statements:
            cursor.execute(sql)
    store.close()


def test_check_finds_nothing_in_a_sound_store(run, loaded, store_path):
    assert run("undo", 2).code == 0
    done = run("check", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json == {"store": str(store_path), "ok": True, "contradictions": []}
    assert "no contradiction" in run("check").out


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("DELETE FROM complaint WHERE case_no = 'K1'", "Batch 2 loaded 3 rows"),
        ("DELETE FROM answers_1 WHERE response_id = 3", "34 responses and 33 rows of answers"),
        ("UPDATE answers_1 SET response_id = 999 WHERE response_id = 3", "1 responses have none"),
        ("DROP TABLE answers_1", "lost its table of answers"),
        ("UPDATE batch SET status = 'undone' WHERE batch_id = 2", "Batch 2 is undone, but 3"),
        ("UPDATE complaint SET batch_id = 9", "3 rows of complaint belong to no known batch"),
        ("UPDATE complaint SET program_id = 9", "3 rows of batch 2 are filed under another"),
        ("UPDATE batch SET rows_read = 99 WHERE batch_id = 1", "do not add up"),
        ("INSERT INTO rejected_row VALUES (1, 2, 'a', 'b', 'c')", "1 are listed with a reason"),
        ("UPDATE schema_migration SET name = 'other'", "0001_initial has not been applied"),
        ("DROP TABLE complaint", "cannot be read"),
    ],
)
def test_check_finds_a_planted_contradiction(run, loaded, store_path, planted, said):
    change(store_path, planted)
    done = run("check", "--json")
    assert done.code == 6
    assert done.json["ok"] is False
    assert any(said in line for line in done.json["contradictions"]), done.out
    assert len(done.err.splitlines()) == 2
    text = run("check")
    assert text.code == 6
    assert said in text.out


def test_check_compares_the_original_files(run, loaded, store_path):
    first, second = sorted((store_path.parent / "originals").iterdir())
    first.unlink()
    second.write_text("changed", encoding="utf-8")
    lines = run("check", "--json").json["contradictions"]
    assert len(lines) == 2
    assert any("is missing" in line for line in lines)
    assert any("was changed" in line for line in lines)


def test_check_of_a_file_that_is_no_store(run, store_path):
    assert run("check").code == 2
    store_path.parent.mkdir()
    store_path.write_bytes(b"not a store" * 1000)
    done = run("check", "--json")
    assert (done.code, done.out) == (2, "")
    assert "is no store" in done.err
    assert run("batches").code == 2


def test_check_leaves_another_products_database_alone(run, store_path):
    store_path.parent.mkdir()
    con = duckdb.connect(str(store_path))
    con.execute("CREATE TABLE theirs (a INTEGER)")
    con.close()
    before = store_path.read_bytes()
    assert run("check").code == 2
    assert store_path.read_bytes() == before


def test_check_of_a_store_that_was_damaged(run, loaded, store_path):
    content = store_path.read_bytes()
    store_path.write_bytes(content[:8192] + b"\x00" * (len(content) - 8192))
    done = run("check", "--json")
    assert done.code == 6
    assert len(done.json["contradictions"]) == 1


def test_check_store_reads_only(run, loaded, store_path):
    store = Store(store_path)
    before = store.data_version()
    assert check_store(store) == []
    assert store.data_version() == before
    store.close()


def test_backup_can_be_read_checked_and_loaded_into(run, loaded, store_path, tmp_path):
    target = tmp_path / "elsewhere" / "copy.duckdb"
    done = run("backup", target)
    assert (done.code, done.err) == (0, "")
    assert "2 original files" in done.out
    assert run("check", "--store", target).code == 0
    asked = ("metrics", "--program", "bank", "--metric", "nps,csat_mean", "--json")
    assert run("--store", target, *asked).json["rows"] == run(*asked).json["rows"]
    undone = run("--store", target, "undo", 1)
    assert undone.code == 0
    again = run(
        "--store", target, "import", loaded.answers, "--program", "bank",
        "--mapping", loaded.survey, "--json",
    )  # fmt: skip
    assert again.json["batch"] == 3
    assert run("check", "--store", target).code == 0
    assert run("backup", target).code == 2
    beside = run("backup", store_path.parent / "beside.duckdb")
    assert "0 original files" in beside.out


def test_serve_becomes_the_server(run, loaded, store_path, tmp_path, monkeypatch):
    app = tmp_path / "place" / "app.py"
    app.parent.mkdir()
    app.write_text("import csat\n", encoding="utf-8")
    seen = []
    monkeypatch.setattr(serving, "find_app", lambda package, here: app)
    monkeypatch.setattr(os, "execv", lambda path, argv: seen.append((path, argv)))
    monkeypatch.setattr(serving.subprocess, "call", lambda argv: 0)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CSAT_STORE", "store/csat.duckdb")
    assert run("serve", "--port", "8600", "--address", "0.0.0.0").code == 0
    assert Path.cwd() == app.parent
    assert os.environ["CSAT_STORE"] == str(store_path)
    path, argv = seen[0]
    assert path == sys.executable
    assert argv[1:5] == ["-m", "streamlit", "run", str(app)]
    assert argv[5:] == [
        "--server.address", "0.0.0.0", "--server.port", "8600", "--server.headless", "true",
        "--browser.gatherUsageStats", "false",
    ]  # fmt: skip


def test_serve_fills_an_empty_store_before_the_server_starts(run, tmp_path, monkeypatch):
    app = tmp_path / "app.py"
    app.write_text("import csat\n", encoding="utf-8")
    monkeypatch.setattr(serving, "find_app", lambda package, here: app)
    monkeypatch.setattr(os, "execv", lambda path, argv: None)
    monkeypatch.setattr(serving.subprocess, "call", lambda argv: 0)
    filled = []

    def load_sample(store, user, progress, *, language):
        filled.append((user.name, language))

    monkeypatch.setattr("csat.sample_program.load_sample", load_sample)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("CSAT_STORE", str(tmp_path / "new.duckdb"))
    monkeypatch.setenv("CSAT_SAMPLE", "auto")
    assert run("serve").code == 0
    assert filled == [("first start", "en")]
    monkeypatch.setenv("CSAT_SAMPLE", "none")
    assert run("serve").code == 0
    assert filled == [("first start", "en")]


@pytest.mark.parametrize(
    ("setting", "locale", "language"),
    [("auto", "zh_CN.UTF-8", "zh-CN"), ("zh-CN", "C", "zh-CN"), ("en", "zh_CN.UTF-8", "en")],
)
def test_serve_fills_in_the_language_of_the_setting_or_of_the_system(
    run, tmp_path, monkeypatch, setting, locale, language
):
    app = tmp_path / "app.py"
    app.write_text("import csat\n", encoding="utf-8")
    monkeypatch.setattr(serving, "find_app", lambda package, here: app)
    monkeypatch.setattr(os, "execv", lambda path, argv: None)
    monkeypatch.setattr(serving.subprocess, "call", lambda argv: 0)
    said = []

    def load_sample(store, user, progress, *, language):
        said.append(language)

    monkeypatch.setattr("csat.sample_program.load_sample", load_sample)
    monkeypatch.setenv("CSAT_STORE", str(tmp_path / "new.duckdb"))
    monkeypatch.setenv("CSAT_SAMPLE", setting)
    monkeypatch.setenv("LC_ALL", locale)
    assert run("serve").code == 0
    assert said == [language]


def test_the_app_is_found_beside_the_package_or_here(tmp_path):
    package = tmp_path / "a" / "src" / "csat" / "__init__.py"
    package.parent.mkdir(parents=True)
    here = tmp_path / "b"
    here.mkdir()
    with pytest.raises(UsageProblem, match=r"no app\.py"):
        serving.find_app(package, here)
    (here / "app.py").write_text("import csat", encoding="utf-8")
    assert serving.find_app(package, here) == here / "app.py"
    (tmp_path / "a" / "app.py").write_text("print('another program')", encoding="utf-8")
    assert serving.find_app(package, here) == here / "app.py"
    (tmp_path / "a" / "app.py").write_text("from csat import ui", encoding="utf-8")
    assert serving.find_app(package, here) == (tmp_path / "a" / "app.py").resolve()


def fail_with(monkeypatch, error):
    def boom(args):
        raise error

    monkeypatch.setattr(care, "check", boom)


def test_an_interrupt_is_quiet(run, monkeypatch):
    fail_with(monkeypatch, KeyboardInterrupt())
    done = run("check")
    assert (done.code, done.out, done.err) == (130, "", "")


def test_a_refusal_of_the_system_is_two_lines(run, monkeypatch):
    fail_with(monkeypatch, PermissionError(13, "Permission denied", "/store"))
    done = run("check")
    assert done.code == 1
    assert len(done.err.splitlines()) == 2
    assert "Permission denied" in done.err


def test_an_unexpected_error_keeps_its_traceback_for_the_report(run, monkeypatch):
    fail_with(monkeypatch, RuntimeError("flat tyre"))
    done = run("check")
    assert (done.code, done.out) == (1, "")
    assert "Traceback" in done.err
    assert done.err.splitlines()[-2] == "Unexpected problem: RuntimeError: flat tyre"


def test_no_login_name_is_no_obstacle(run, files, monkeypatch):
    def nobody() -> str:
        raise OSError("No username set in the environment")

    monkeypatch.setattr("getpass.getuser", nobody)
    run("import", files.answers, "--program", "bank", "--mapping", files.survey)
    assert run("batches", "--json").json["batches"][0]["loaded_by"] == "local"
