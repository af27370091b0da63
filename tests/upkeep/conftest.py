"""An inbox beside the store of the test, swept when the test says so or by its thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from csat.model.settings import Config
from csat.store.store import Store
from csat.upkeep.sweeper import Sweeper


@pytest.fixture
def inbox(store: Store) -> Path:
    return store.path.parent / "inbox"


@pytest.fixture
def sweeper(store: Store, inbox: Path) -> Iterator[Sweeper]:
    """Return a sweeper whose thread does not run yet."""
    config = replace(Config.from_environment(), store=store.path)
    made = Sweeper(inbox, lambda: store, config, every=0.02)
    yield made
    made.stop()


@pytest.fixture
def sweep(sweeper: Sweeper) -> Callable[[], None]:
    """Look at the inbox twice, as the thread does, so that files at rest are taken."""

    def look() -> None:
        sweeper.load_files()
        sweeper.load_files()

    return look


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    def wait(true: Callable[[], object], seconds: float = 300) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.01)

    return wait
