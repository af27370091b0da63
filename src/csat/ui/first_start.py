"""Fill an empty store with the simulated program, in a thread that no closed tab can stop."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import streamlit as st

from csat.ingest.batches import Progress
from csat.model.message import Message
from csat.model.people import User
from csat.model.settings import Config
from csat.sample_program import load_sample
from csat.store.store import Store
from csat.ui.cached import kept
from csat.ui.language import language, t


@dataclass
class Filling:
    """The progress of a load that runs beside the sessions that watch it."""

    messages: list[Message] = field(default_factory=list)
    failure: Exception | None = None
    thread: threading.Thread | None = None

    def start(self, store: Store, user: User, words: str) -> None:
        """Start loading, once, with names and texts in a language."""
        progress: Progress = self.messages.append

        def work() -> None:
            try:
                load_sample(store, user, progress, language=words)
            except Exception as failure:
                self.failure = failure

        self.thread = threading.Thread(target=work, name="sample", daemon=True)
        self.thread.start()


def fill_with_sample(store: Store) -> bool:
    """Load the simulated program and show how far it is.

    Returns
    -------
    bool
        Whether it was loaded; False where a failure was told before, so that the pages of
        the empty store, which say how to load by hand, can be reached.
    """
    filling: Filling = kept(f"filling {store.path}", Filling)
    if filling.failure is not None:
        return False
    if filling.thread is None:
        words = Config.from_environment().sample_language(language())
        filling.start(store, User("first start", ("analyst",)), words)
    with st.status(t("Preparing the simulated program"), expanded=True) as status:
        shown = 0
        while filling.thread is not None and filling.thread.is_alive():
            for message in filling.messages[shown:]:
                st.write(t(message))
            shown = len(filling.messages)
            time.sleep(0.05)
        if filling.failure is not None:
            status.update(label=t("The simulated program could not be loaded"), state="error")
            raise filling.failure
        status.update(label=t("The simulated program is ready"), state="complete")
    return True
