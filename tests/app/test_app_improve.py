"""The ledger of actions on its page: verdicts shown, actions kept, changed and taken back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.queries.actions import actions
from csat.store.store import Store


def kept(path: Path, program: str = "sample") -> dict[str, tuple[str, str]]:
    store = Store(path)
    try:
        return {a.plan.title: (a.plan.stage, a.plan.owner) for a in actions(store, program)}
    finally:
        store.close()


def words(at: Any) -> str:
    return "\n".join(e.value for e in (*at.markdown, *at.caption))


def field(at: Any, kind: str, label: str) -> Any:
    return next(w for w in getattr(at, kind) if w.label == label)


def test_the_sample_shows_one_of_each_verdict(sample_store: Path, open_page: Any) -> None:
    at = open_page("improve", sample_store)
    assert not at.exception
    said = words(at)
    assert "**1** worked · **1** did not work · **1** too early" in said
    assert "A photo with every meter reading** :blue-badge[✔ worked]" in said
    assert "Improved more than the comparison group: −50%, 95% interval" in said


def test_an_action_is_put_on_record_and_taken_back(own_sample_store: Path, open_page: Any) -> None:
    at = open_page("improve", own_sample_store)
    field(at, "text_input", "What will be done").input("Signs in *two* languages")
    field(at, "text_input", "Its name").input("Finding the way")
    field(at, "text_input", "Owner").input("Reception")
    field(at, "selectbox", "Over").select("branch=Old Town")
    next(b for b in at.button if b.label == "Put on record").click().run()
    assert not at.exception
    assert not at.error
    assert "Signs in \\*two\\* languages** :gray-badge[○ too early]" in words(at)
    undo = next(b for b in at.button if b.label == "Take back")
    undo.click().run()
    assert "Signs in" not in words(at)
    assert len(kept(own_sample_store)) == 3


def test_an_action_that_says_too_little_is_refused_in_words(
    own_sample_store: Path, open_page: Any
) -> None:
    at = open_page("improve", own_sample_store)
    next(b for b in at.button if b.label == "Put on record").click().run()
    assert not at.exception
    assert len(at.error) == 1
    assert len(kept(own_sample_store)) == 3


def test_who_only_reads_is_offered_nothing_to_change(
    sample_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", "executive")
    at = open_page("improve", sample_store)
    assert not at.exception
    assert "✔ worked" in words(at)
    assert not at.button
    assert not at.text_input


def test_a_program_without_actions_says_what_to_do(survey_store: Path, open_page: Any) -> None:
    at = open_page("improve", survey_store)
    assert not at.exception
    assert ["before it begins" in i.value for i in at.info] == [True]


def test_a_dimension_that_an_action_is_about_is_named_in_the_readers_language(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("improve", sample_store, locale="zh-CN")
    said = "\n".join(c.value for c in at.caption)
    assert "响应性" in said
    assert "Responsiveness" not in said


def test_a_reason_that_is_a_sentence_ends_in_one_full_stop(
    own_sample_store: Path, open_page: Any
) -> None:
    with closing(Store(own_sample_store)) as store:
        undo(store, 1, LOCAL_USER)
    said = [m.value for m in open_page("improve", own_sample_store).markdown]
    assert any("Load a survey file" in text for text in said)
    assert not any(".." in text for text in said)
