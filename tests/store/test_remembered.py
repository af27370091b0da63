"""What no filter changes is asked of the store once for each state of its data."""

from pathlib import Path

import pytest

from csat.store.remembered import until_changed
from csat.store.store import Store


@pytest.fixture
def store(tmp_path: Path):
    opened = Store(tmp_path / "store.duckdb")
    yield opened
    opened.close()


def test_an_answer_is_asked_again_after_a_change_and_after_one_that_failed_it_is_not(store: Store):
    asked = []

    @until_changed
    def version(store: Store, name: str) -> tuple[str, int]:
        asked.append(name)
        return name, store.data_version()

    first = version(store, "a")
    assert version(store, "a") is first
    with pytest.raises(ZeroDivisionError), store.write():
        raise ZeroDivisionError
    assert version(store, "a") is first
    with store.write():
        pass
    assert version(store, "a") == ("a", first[1] + 1)
    assert asked == ["a", "a"]


def test_each_store_and_each_argument_has_its_own_answer(store: Store, tmp_path: Path):
    other = Store(tmp_path / "other.duckdb")

    @until_changed
    def told(store: Store, name: str) -> tuple[Store, str]:
        return store, name

    assert told(store, "a") == (store, "a")
    assert told(store, "b") == (store, "b")
    assert told(other, "a") == (other, "a")
    other.close()


def test_only_the_answers_asked_for_last_are_held(store: Store):
    asked = []

    @until_changed
    def told(store: Store, number: int) -> int:
        asked.append(number)
        return number

    for number in range(257):
        told(store, number)
    told(store, 256)
    told(store, 0)
    assert asked == [*range(257), 0]


def test_what_is_refused_is_asked_again(store: Store):
    asked = []

    @until_changed
    def refused(store: Store) -> None:
        asked.append(1)
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            refused(store)
    assert len(asked) == 2
