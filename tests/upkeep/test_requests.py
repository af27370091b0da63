"""What the command line asks of the process that owns the store, and who may ask."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.library import save
from csat.ingest.mapping import Mapping
from csat.model.message import Message, msg
from csat.model.people import LOCAL_USER, User
from csat.model.problem import (
    AlreadyLoaded,
    Cancelled,
    NotAllowed,
    Problem,
    StoreBusy,
    UsageProblem,
)
from csat.store.store import Store
from csat.upkeep import answering
from csat.upkeep.answering import sweep_leftovers
from csat.upkeep.asking import ask
from csat.upkeep.desk import claim, make_folder, served
from csat.upkeep.orders import ImportOrder
from csat.upkeep.sweeper import Sweeper

CSV = "id,when,branch,csat,nps,ces,comment\n1,2026-01-05,North,4,9,6,\n"
BUSY = StoreBusy(msg("The store is in use by process 1"), msg("Stop it"))
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def asked(store: Store, inbox: Path, told: list[str]) -> Ask:
    def go(command: str, arguments: dict[str, Any], **options: Any) -> dict[str, Any]:
        return ask(
            inbox,
            store.path,
            command,
            arguments,
            lambda m: told.append(str(m)),
            busy=BUSY,
            **options,
        )

    return go


@pytest.fixture
def owner(sweeper: Sweeper, inbox: Path, until: Any) -> Iterator[Sweeper]:
    """Serve the inbox by its thread, as the serving process does."""
    sweeper.start()
    until(lambda: served(inbox))
    yield sweeper
    sweeper.stop()


@pytest.fixture
def order(store: Store, survey_mapping: Mapping, tmp_path: Path) -> dict[str, Any]:
    save(store, replace(survey_mapping, name="ours"), LOCAL_USER)
    (tmp_path / "a.csv").write_text(CSV)
    return {**ImportOrder("", "a.csv", "bank", mapping="ours").to_json(), "path": ""}


def papers(inbox: Path) -> list[str]:
    return sorted(p.name for p in (inbox / ".requests").iterdir())


def test_an_import_is_done_by_the_owner_in_the_name_of_the_asker(
    store: Store, owner: Sweeper, asked: Ask, order: dict[str, Any], inbox: Path, tmp_path: Path,
    told: list[str],
) -> None:  # fmt: skip
    done = asked("import", order, file=tmp_path / "a.csv")
    assert (done["batch"], done["counts"]["rows_accepted"], done["file"]) == (1, 1, "a.csv")
    [batch] = store.rows("SELECT file_name, loaded_by FROM batch")
    assert batch["file_name"] == "a.csv"
    if os.name == "posix":
        import pwd

        assert batch["loaded_by"] == pwd.getpwuid(os.geteuid()).pw_name
    assert told[0] == f"Handing the request to process {os.getpid()}, which owns the store"
    assert papers(inbox) == ["owner"]


def test_a_problem_arrives_as_what_it_is(
    owner: Sweeper, asked: Ask, order: dict[str, Any], tmp_path: Path
) -> None:
    asked("import", order, file=tmp_path / "a.csv")
    with pytest.raises(AlreadyLoaded, match=r"a\.csv is already loaded as batch 1"):
        asked("import", order, file=tmp_path / "a.csv")
    with pytest.raises(UsageProblem, match="There is no batch 9"):
        asked("undo", {"batch": 9})


def test_a_backup_is_written_undone_and_put_back_by_the_owner(
    store: Store, owner: Sweeper, asked: Ask, order: dict[str, Any], tmp_path: Path
) -> None:
    asked("import", order, file=tmp_path / "a.csv")
    target = str(tmp_path / "copies" / "copy.duckdb")
    assert asked("backup", {"target": target})["copied"] == 1
    assert asked("undo", {"batch": 1})["rows"] == 1
    assert store.rows("SELECT COUNT(*) AS n FROM response") == [{"n": 0}]
    before = store.data_version()
    assert asked("restore", {"source": target})["data_version"] > before
    assert store.rows("SELECT COUNT(*) AS n FROM response") == [{"n": 1}]
    assert [r["action"] for r in store.rows("SELECT action FROM audit ORDER BY happened_at")] == [
        "import",
        "restore",
    ]


def test_nobody_serves_an_inbox_and_it_is_said_at_once(asked: Ask, inbox: Path) -> None:
    with pytest.raises(StoreBusy, match="in use by process 1"):
        asked("undo", {"batch": 1})
    make_folder(inbox)
    with pytest.raises(StoreBusy, match="in use by process 1"):
        asked("undo", {"batch": 1})


def test_an_inbox_served_for_another_store_is_not_asked(
    asked: Ask, inbox: Path, tmp_path: Path
) -> None:
    held = claim(inbox, tmp_path / "other.duckdb")
    assert held is not None
    with pytest.raises(StoreBusy, match="in use by process 1"):
        asked("undo", {"batch": 1})
    held.release()


def test_a_request_that_nobody_takes_up_is_withdrawn(store: Store, asked: Ask, inbox: Path) -> None:
    held = claim(inbox, store.path)
    assert held is not None
    with pytest.raises(StoreBusy, match="did not take up the request in 0 s"):
        asked("undo", {"batch": 1}, within=0.2)
    held.release()
    assert papers(inbox) == ["owner"]


def test_an_owner_that_ends_before_it_answers_is_noticed(
    store: Store, asked: Ask, inbox: Path, until: Any
) -> None:
    held = claim(inbox, store.path)
    assert held is not None

    def end() -> None:
        until(lambda: any(p.endswith(".request") for p in papers(inbox)))
        held.release()

    ending = threading.Thread(target=end)
    ending.start()
    with pytest.raises(StoreBusy, match="ended before it answered"):
        asked("undo", {"batch": 1})
    ending.join()


def test_a_load_that_is_called_off_leaves_nothing(
    store: Store, owner: Sweeper, order: dict[str, Any], inbox: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, asked: Ask, until: Any,
) -> None:  # fmt: skip
    monkeypatch.setattr("csat.upkeep.asking._wait", once_interrupted(until))
    begun, go = threading.Event(), threading.Event()
    real = answering.read_source

    def slowly(*args: Any) -> Any:
        begun.set()
        assert go.wait(300)
        return real(*args)

    monkeypatch.setattr(answering, "read_source", slowly)

    def release() -> None:
        assert begun.wait(300)
        until(lambda: any(p.endswith(".cancel") for p in papers(inbox)))
        go.set()

    helper = threading.Thread(target=release)
    helper.start()
    with pytest.raises(Cancelled, match="Stopped; nothing was written") as caught:
        asked("import", order, file=tmp_path / "a.csv")
    helper.join()
    assert caught.value.exit_code == 130
    assert store.rows("SELECT COUNT(*) AS n FROM batch") == [{"n": 0}]


def once_interrupted(until: Any) -> Callable[..., Any]:
    """Return the wait of an asker who presses Ctrl-C once the request has been taken up."""
    from csat.upkeep import asking

    real, pressed = asking._wait, []

    def wait(inbox: Path, name: str, *rest: Any) -> dict[str, Any]:
        if not pressed:
            pressed.append(1)
            until(lambda: any(p.endswith(".taken") for p in papers(inbox)))
            raise KeyboardInterrupt
        return real(inbox, name, *rest)

    return wait


@pytest.mark.skipif(os.name != "posix", reason="needs modes of files")
def test_a_folder_that_others_may_enter_is_neither_served_nor_asked(
    store: Store, sweeper: Sweeper, asked: Ask, inbox: Path
) -> None:
    folder = make_folder(inbox)
    assert folder.stat().st_mode & 0o777 == 0o700
    held = claim(inbox, store.path)
    assert held is not None
    folder.chmod(0o770)
    with pytest.raises(UsageProblem, match="is open to others"):
        asked("undo", {"batch": 1})
    held.release()
    with pytest.raises(UsageProblem, match="is open to others"):
        sweeper.answer_requests()


def test_a_folder_of_requests_that_is_a_link_is_refused(inbox: Path, tmp_path: Path) -> None:
    inbox.mkdir()
    (tmp_path / "theirs").mkdir(mode=0o700)
    (inbox / ".requests").symlink_to(tmp_path / "theirs")
    with pytest.raises(UsageProblem, match="is open to others"):
        make_folder(inbox)


def test_who_may_not_undo_is_told_so_where_it_is_done(
    owner: Sweeper, asked: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "_asker", lambda path: User("eve", ("executive",)))
    for command, arguments in (
        ("undo", {"batch": 1}),
        ("restore", {"source": "x"}),
        ("backup", {"target": "x"}),
    ):
        with pytest.raises(NotAllowed, match="eve may not"):
            asked(command, arguments)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"command": "drop"}', '{"command": "undo", "arguments": 1}']
)
def test_a_request_that_is_none_is_answered_and_stops_nothing(
    store: Store, owner: Sweeper, inbox: Path, until: Any, content: str
) -> None:
    request = inbox / ".requests" / "x.request"
    if content.startswith('{"'):
        content = json.dumps({**json.loads(content), "store": str(store.path.resolve())})
    elif content == "{}":
        content = json.dumps({"store": str(store.path.resolve())})
    request.with_suffix(".new").write_text(content)
    request.with_suffix(".new").rename(request)
    answer = inbox / ".requests" / "x.answer"
    until(answer.exists)
    assert json.loads(answer.read_text())["problem"]["kind"] == "UsageProblem"


def test_what_is_unexpected_is_answered_too(
    owner: Sweeper, asked: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> dict[str, Any]:
        raise RuntimeError("flat tyre")

    monkeypatch.setitem(answering._COMMANDS, "undo", fail)
    with pytest.raises(Problem, match="RuntimeError: flat tyre"):
        asked("undo", {"batch": 1})


def test_what_askers_left_behind_is_cleared_by_and_by(inbox: Path) -> None:
    folder = make_folder(inbox)
    for name in ("a.answer", "a.file", "b.request", "owner"):
        (folder / name).touch()
        os.utime(folder / name, (1000, 1000))
    (folder / "c.answer").touch()
    sweep_leftovers(folder, 2000)
    assert papers(inbox) == ["b.request", "c.answer", "owner"]


def test_words_with_braces_arrive_as_they_are() -> None:
    from csat.upkeep.desk import heard, said

    problem = Problem(Message("{name} is odd", {"name": "{x}"}), Message("Use {braces}"))
    again = heard(said(problem))
    assert (str(again.title), str(again.remedy)) == ("{x} is odd", "Use {braces}")
