"""What the serving process does beside answering browsers: it looks after the inbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from csat.model.problem import UsageProblem
from csat.model.settings import Config
from csat.upkeep.sweeper import Sweeper


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[None]:
    """Sweep the inbox from the start of the server to its end, where there is one."""
    del app
    sweeper = _sweeper()
    if sweeper is not None:
        sweeper.start()
    try:
        yield
    finally:
        if sweeper is not None:
            await asyncio.to_thread(sweeper.stop)


def _sweeper() -> Sweeper | None:
    try:
        config = Config.from_environment()
    except UsageProblem:  # every page says so, in the reader's language
        return None
    from csat.ui.cached import store  # its caches want a running server

    inbox = config.inbox_folder()
    return Sweeper(inbox, store, config) if inbox is not None else None
