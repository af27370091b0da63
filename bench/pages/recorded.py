"""The floor of a page: what the server once sent to the browser, sent again from memory.

``CSAT_BENCH_RECORD`` names the folder of the recording. While it is empty, the script draws the
dashboard as ever and keeps every message of every run; once the file of the recording is there,
run k of a visit is answered with the messages of run k. No page that shows these elements can
ask less of the server than to send them.
"""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ["CSAT_BENCH_RECORD"])
RECORDING = FOLDER / "runs.pickle"


@st.cache_resource
def recorded() -> list[list[ForwardMsg]]:
    """Return the messages of every recorded run."""
    runs = pickle.loads(RECORDING.read_bytes())
    return [[ForwardMsg.FromString(raw) for raw in run] for run in runs]


def record() -> None:
    """Draw the dashboard, and keep what its run sends."""
    sys.path.insert(0, str(ROOT / "src"))
    from csat.ui.shell import run

    context = get_script_run_ctx()
    send, sent = context.enqueue, []

    def keep(message: ForwardMsg) -> None:
        sent.append(message.SerializeToString())
        send(message)

    context.enqueue = keep
    try:
        run(ROOT)
    finally:
        context.enqueue = send
        number = len(list(FOLDER.glob("run-*.pickle")))
        (FOLDER / f"run-{number:03d}.pickle").write_bytes(pickle.dumps(sent))


def replay() -> None:
    """Send a recorded run again."""
    runs = recorded()
    number = st.session_state.get("run", 0)
    st.session_state["run"] = number + 1
    context = get_script_run_ctx()
    for message in runs[min(number, len(runs) - 1)]:
        copied = ForwardMsg()
        copied.CopyFrom(message)
        context.enqueue(copied)


if RECORDING.is_file():
    replay()
else:
    record()
