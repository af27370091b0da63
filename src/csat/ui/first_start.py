"""Fill an empty store with the simulated program, in a thread that no closed tab can stop."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import streamlit as st

from csat.ingest.batches import Progress
from csat.model.message import Message
from csat.model.people import User
from csat.model.problem import Problem
from csat.sample_program import PROGRAM, load_sample
from csat.store.store import Store
from csat.ui.language import t

SAMPLE_FILES = 3


@dataclass
class Filling:
    """The progress of a load that runs beside the sessions that watch it."""

    messages: list[Message] = field(default_factory=list)
    problem: Problem | None = None
    thread: threading.Thread | None = None

    def start(self, store: Store, user: User) -> None:
        """Start loading, once."""
        progress: Progress = self.messages.append

        def work() -> None:
            try:
                load_sample(store, user, progress)
            except Problem as problem:
                self.problem = problem

        self.thread = threading.Thread(target=work, name="sample", daemon=True)
        self.thread.start()


@st.cache_resource(show_spinner=False)
def _filling(path: str) -> Filling:
    del path
    return Filling()


def needs_sample(store: Store) -> bool:
    """Say whether the store never held anything, or a first start was cut short."""
    rows = store.rows(
        "SELECT COUNT(*) AS n, COUNT(CASE WHEN p.key = $key AND b.status = 'active' THEN 1 END) "
        "AS sample, COUNT(CASE WHEN b.status = 'undone' THEN 1 END) AS undone "
        "FROM batch b JOIN program p USING (program_id)",
        {"key": PROGRAM},
    )
    row = rows[0]
    return bool(row["n"] == 0 or (0 < row["sample"] < SAMPLE_FILES and row["undone"] == 0))


def fill_with_sample(store: Store) -> None:
    """Load the simulated program and show how far it is."""
    filling = _filling(str(store.path))
    if filling.thread is None:
        filling.start(store, User("first start", ("analyst",)))
    with st.status(t("Preparing the simulated program"), expanded=True) as status:
        shown = 0
        while filling.thread is not None and filling.thread.is_alive():
            for message in filling.messages[shown:]:
                st.write(t(message))
            shown = len(filling.messages)
            time.sleep(0.05)
        status.update(label=t("The simulated program is ready"), state="complete")
    if filling.problem is not None:
        raise filling.problem
