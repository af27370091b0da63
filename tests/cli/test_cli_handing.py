"""Command lines are handed on to the process that owns the store, and say what they always say."""

from __future__ import annotations

import getpass
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from csat.cli import _COMMANDS
from csat.cli.carrying import MOST_CASES, carry
from csat.cli.handing import HANDED_ON
from csat.cli.streams import own_output
from csat.model.people import User
from csat.model.problem import NotAllowed, StoreBusy, UsageProblem
from csat.model.settings import Config
from csat.store.store import Store
from csat.upkeep import asking
from csat.upkeep.answering import answer
from csat.upkeep.desk import COMMAND_LINE, claim, make_folder, read_whole, write_whole

BANK = ("--program", "bank", "--json")
LINES = (
    ("actions", *BANK),
    ("ageing", *BANK),
    ("agreement", *BANK),
    ("ahp", *BANK),
    ("answers", *BANK),
    ("batches", "--json"),
    ("batches",),
    ("breaks", *BANK, "--metric", "csat_top_box"),
    ("changes", *BANK),
    ("check", "--json"),
    ("complaints", *BANK),
    ("complaints", "--program", "bank"),
    ("conformance", *BANK),
    ("control", *BANK, "--metric", "csat_top_box"),
    ("definitions", *BANK),
    ("dimensions", *BANK),
    ("drivers", *BANK),
    ("findings", *BANK),
    ("funnel", *BANK, "--metric", "csat_top_box", "--by", "branch"),
    ("gaps", *BANK),
    ("groups", *BANK, "--metric", "csat_top_box", "--by", "branch"),
    ("health", *BANK),
    ("importance", *BANK),
    ("index", *BANK),
    ("iso10002", *BANK),
    ("kano", *BANK),
    ("margins", *BANK),
    ("metrics", *BANK, "--metric", "csat_top_box", "--by", "branch"),
    ("metrics", *BANK, "--metric", "nonsense"),
    ("penalty-reward", *BANK),
    ("presets", "--export", "no-such-mapping"),
    ("raters", *BANK),
    ("register", "standards", *BANK),
    ("resolution", *BANK),
    ("returns", *BANK),
    ("compensation", *BANK),
    ("signals", *BANK),
    ("sla", *BANK),
    ("soundness", *BANK),
    ("stages", *BANK),
    ("touchpoints", *BANK),
    ("weighting", *BANK),
    ("weights", *BANK),
    ("weights", "--program", "nobody"),
    ("zones", *BANK),
)
EVE = User("eve", ("analyst",))
STANDARD = '[[target]]\nkey = "solve"\ntitle = "Solved"\nevent = "resolution"\nwithin = "30 h"\n'


@pytest.fixture
def carried(store_path: Path, tmp_path: Path) -> Any:
    """Carry a command line out on a store that is open already."""

    def go(*argv: object, store: Store) -> tuple[int, str, str]:
        told = {"argv": [str(a) for a in argv], "store": str(store_path)}
        done = carry(store, told, User(getpass.getuser(), ("analyst",)), tmp_path / "none.file")
        return done["code"], done["out"], done["err"]

    return go


def test_every_command_says_the_same_as_on_a_free_store(
    run: Any, loaded: Any, store_path: Path, carried: Any
) -> None:
    assert {line[0] for line in LINES} == HANDED_ON - {"sample"}
    free = {line: run(*line) for line in LINES}
    store = Store(store_path)
    try:
        for line, alone in free.items():
            assert carried(*line, store=store) == (alone.code, alone.out, alone.err), line
    finally:
        store.close()
    assert {alone.code for alone in free.values()} == {0, 2}


def test_of_every_command_it_is_said_who_carries_it_out() -> None:
    requests, alone = {"import", "undo", "backup", "restore"}, {"serve", "rebuild", "instruments"}
    assert set(_COMMANDS) == HANDED_ON | requests | alone


def test_the_simulated_program_is_taken_out_there(store: Store, carried: Any) -> None:
    code, out, err = carried("sample", "--remove", store=store)
    assert (code, out, err) == (0, "Removed 0 batches of the simulated program\n", "")


def test_open_signals_keep_their_exit_code(
    run: Any, loaded: Any, run_process: Any, owner: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csat.cli.signals.signals", lambda args: print("one") or 10)
    done = run_process("signals", "--program", "bank")
    assert (done.code, done.out, done.err) == (10, "one\n", "")


def test_a_problem_arrives_with_its_code_and_words(run_process: Any, owner: Store) -> None:
    done = run_process("metrics", "--program", "nobody", "--metric", "nps")
    assert (done.code, done.out) == (2, "")
    assert "nobody" in done.err
    assert "Traceback" not in done.err


def test_two_commands_at_once_get_each_its_own_answer(
    loaded: Any, run_process: Any, owner: Store
) -> None:
    with ThreadPoolExecutor(2) as both:
        listed = both.submit(run_process, "batches", "--json")
        counted = both.submit(run_process, "complaints", *BANK)
    assert (listed.result().code, counted.result().code) == (0, 0)
    assert len(listed.result().json["batches"]) == 2
    assert counted.result().json["total"] == 3


def test_a_file_is_read_from_where_the_command_is_given(
    loaded: Any, run_process: Any, owner: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    Path("ours.toml").write_text(STANDARD, encoding="utf-8")
    done = run_process("sla", "--program", "bank", "--set", "ours.toml", "--json")
    assert done.code == 0, done.err
    [standard] = owner.rows("SELECT set_by FROM service_standard")
    if os.name == "posix":
        import pwd

        assert standard["set_by"] == pwd.getpwuid(os.geteuid()).pw_name
    Path("wrong.toml").write_text("[[target", encoding="utf-8")
    refused = run_process("sla", "--program", "bank", "--set", "wrong.toml")
    absent = run_process("sla", "--program", "bank", "--set", "absent.toml")
    assert refused.code != 0
    assert absent.code == 2
    assert "There is no file absent.toml" in absent.err
    unknown = run_process("register", "standards", "--program", "bank", "--load", "absent.csv")
    assert (unknown.code, "absent.csv" in unknown.err) == (3, True)
    assert "csat-line-" not in refused.err + absent.err + unknown.err
    assert sorted(p.name for p in here.iterdir()) == ["ours.toml", "wrong.toml"]
    assert [p.name for p in (owner.path.parent / "inbox" / ".requests").iterdir()] == ["owner"]


def test_a_file_is_written_where_the_command_is_given(
    loaded: Any, run_process: Any, owner: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    ask = ("register", "standards", "--program", "bank", "--template")
    assert run_process(*ask, "ours.csv", "--json").json["path"] == "ours.csv"
    usual = run_process(*ask)
    assert usual.code == 0, usual.err
    assert len(list(here.iterdir())) == 2
    before = Path("ours.csv").read_bytes()
    assert run_process(*ask, "ours.csv").code == 2
    assert (before != b"", Path("ours.csv").read_bytes()) == (True, before)
    nowhere = run_process(*ask, "nowhere/ours.csv")
    assert (nowhere.code, "There is no folder nowhere" in nowhere.err) == (2, True)


def test_a_ready_made_definition_is_no_file(loaded: Any, run_process: Any, owner: Store) -> None:
    done = run_process("index", "--program", "bank", "--define", "five-facet", "--year", "2090")
    assert "no such file" not in done.err.lower()
    assert owner.rows("SELECT COUNT(*) AS n FROM index_definition") == [{"n": 1}]


@pytest.mark.parametrize(
    "argv",
    [
        ("serve",),
        ("import", "a.csv", "--program", "bank"),
        ("margins", "a.csv", "--program", "bank"),
        ("undo", "1"),
        ("backup", "a.duckdb"),
        ("restore", "a.duckdb"),
        ("rebuild", "a.duckdb"),
        ("instruments",),
    ],
)
def test_other_commands_are_refused_by_the_owner(store: Store, carried: Any, argv: Any) -> None:
    with pytest.raises(NotAllowed, match=f"'csat {argv[0]}' is not carried out for others"):
        carried(*argv, store=store)


@pytest.mark.parametrize("told", [{}, {"argv": 3, "store": ""}, {"argv": ["--help"], "store": ""}])
def test_a_line_that_is_none_is_not_understood(store: Store, tmp_path: Path, told: Any) -> None:
    with pytest.raises(UsageProblem, match="cannot be understood"):
        carry(store, told, EVE, tmp_path / "none")


def test_a_list_has_an_upper_limit_there(store: Store, carried: Any) -> None:
    with pytest.raises(UsageProblem, match="too many at once"):
        carried("complaints", "--program", "bank", "--limit", MOST_CASES + 1, store=store)


def test_what_other_threads_print_meanwhile_stays_theirs(capsys: Any) -> None:
    with own_output() as (out, err):
        other = threading.Thread(target=lambda: print("of the server"))
        other.start()
        other.join()
        print("of the command")
        print("oh", file=sys.stderr)
    print("later")
    assert (out.getvalue(), err.getvalue()) == ("of the command\n", "oh\n")
    assert capsys.readouterr().out == "of the server\nlater\n"


def test_an_owner_that_ends_before_it_answers_is_named(
    loaded: Any, run_process: Any, store_path: Path
) -> None:
    store = Store(store_path)
    held = claim(store_path.parent / "inbox", store_path)
    assert held is not None
    with ThreadPoolExecutor(1) as one:
        asked = one.submit(run_process, "batches")
        while not list(held.folder.glob("*.request")):
            assert not asked.done(), asked.result()
            time.sleep(0.01)
        held.release()
        done = asked.result()
    store.close()
    assert (done.code, done.out) == (5, "")
    assert f"Process {os.getpid()} ended before it answered" in done.err
    assert run_process("batches").code == 0


def test_nothing_is_left_for_an_asker_who_left(store: Store, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "inbox")

    def carrier(store: Store, told: Any, user: User, file: Path) -> dict[str, Any]:
        (folder / "a.taken").unlink()
        file.write_text("made")
        return {"code": 0, "out": "", "err": ""}

    write_whole(
        folder / "a.request",
        {"command": COMMAND_LINE, "store": str(store.path.resolve()), "arguments": {}},
    )
    answer(folder / "a.request", store, Config.from_environment(), carrier)
    assert list(folder.iterdir()) == []


def test_a_server_without_a_carrier_says_that_versions_differ(store: Store, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "inbox")
    write_whole(
        folder / "a.request",
        {"command": COMMAND_LINE, "store": str(store.path.resolve()), "arguments": {}},
    )
    answer(folder / "a.request", store, Config.from_environment())
    assert "of the same version" in read_whole(folder / "a.answer")["problem"]["remedy"]


def test_ctrl_c_leaves_at_once(
    run: Any, loaded: Any, store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = claim(store_path.parent / "inbox", store_path)
    assert held is not None

    def busy(*args: Any, **options: Any) -> Store:
        raise StoreBusy("in use", "stop it")  # type: ignore[arg-type]

    def pressed(*args: Any) -> dict[str, Any]:
        raise KeyboardInterrupt

    monkeypatch.setattr("csat.store.store.Store.__init__", busy)
    monkeypatch.setattr(asking, "_wait", pressed)
    done = run("batches")
    assert (done.code, done.out, done.err) == (130, "", "")
    assert [p.name for p in held.folder.iterdir()] == ["owner"]
    held.release()
