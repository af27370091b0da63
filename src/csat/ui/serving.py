"""What the serving process does beside answering browsers: it looks after the inbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from csat.model.problem import UsageProblem
from csat.model.settings import Config
from csat.upkeep.answering import Carrier
from csat.upkeep.sweeper import Sweeper


def serving(carrier: Carrier) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """Return what sweeps the inbox from the start of the server to its end, where there is one.

    Parameters
    ----------
    carrier
        What carries out the command lines that are handed on.
    """

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        del app
        sweeper = _sweeper(carrier)
        if sweeper is not None:
            sweeper.start()
        try:
            yield
        finally:
            if sweeper is not None:
                await asyncio.to_thread(sweeper.stop)

    return lifespan


def _sweeper(carrier: Carrier) -> Sweeper | None:
    try:
        config = Config.from_environment()
    except UsageProblem:  # every page says so, in the reader's language
        return None
    from csat.ui.cached import store  # its caches want a running server

    inbox = config.inbox_folder()
    return Sweeper(inbox, store, config, carrier=carrier) if inbox is not None else None
