"""The view in the URL, as codes that mean the same in every language.

Streamlit's own binding writes the labels a reader sees, which differ by language and carry
counts; a link sent to a colleague must not depend on either. So the state is read from the
URL when a reader arrives or goes back, and written after every run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import streamlit as st

_WRITTEN: Final = "_url_written"
_NEXT: Final = "_url_next"
_LATER: Final = "_url_later"
_DROPPED: Final = "_url_dropped"

LISTS: Final = (
    "branch",
    "channel",
    "segment",
    "touchpoint",
    "survey",
    "category",
    "cause",
    "severity",
    "status",
    "outcome",
    "sla",
    "due",
    "urgency",
    "age",
    "return",
    "type",
)
SINGLES: Final = (
    "program",
    "period",
    "from",
    "to",
    "compare",
    "lang",
    "metric",
    "by",
    "split",
    "search",
    "conformance",
    "case",
    "view",
    "dates",
    "tab",
    "dimension",
    "weights",
    "section",
    "item",
    "cut",
    "side",
    "weighting",
    "kind",
    "raters",
    "weighed",
    "back",
    "within",
    "closing",
    "clock",
)


def arrive() -> None:
    """Take over the URL when it was not written by this session: a link, or going back."""
    st.session_state[_NEXT] = {}
    _adopt()
    for key, value in st.session_state.pop(_LATER, {}).items():
        st.session_state[key] = value


def later(key: str, value: str | list[str]) -> None:
    """Make a choice for the next run, when its widget is drawn in this one already."""
    st.session_state.setdefault(_LATER, {})[key] = value


def _adopt() -> None:
    query = {k: st.query_params.get_all(k) for k in st.query_params}
    known = {k: v for k, v in query.items() if k in (*LISTS, *SINGLES)}
    if known == st.session_state.get(_WRITTEN) or (not known and _WRITTEN in st.session_state):
        return
    for key in (*LISTS, *SINGLES):
        if key in known:
            st.session_state[key] = list(known[key]) if key in LISTS else known[key][-1]
        elif key in st.session_state and key != "lang":
            del st.session_state[key]


def note(key: str, value: str | Sequence[str]) -> None:
    """Say what a key of the URL should hold after this run; empty leaves it out."""
    if value:
        st.session_state[_NEXT][key] = [value] if isinstance(value, str) else list(value)


def noted() -> dict[str, list[str]]:
    """Return what this run has noted so far, for links to other pages."""
    return dict(st.session_state[_NEXT])


def publish() -> None:
    """Write what was noted during the run into the URL."""
    wanted = st.session_state[_NEXT]
    current = {k: st.query_params.get_all(k) for k in st.query_params}
    if wanted != current:
        st.query_params.from_dict(wanted)
    st.session_state[_WRITTEN] = wanted


def settle(key: str, options: Sequence[str], default: str) -> None:
    """Give a single choice a valid value before its widget is drawn."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = default


def settle_list(key: str, options: Sequence[str]) -> None:
    """Keep only valid values of a multiple choice before its widget is drawn."""
    chosen = st.session_state.get(key, [])
    st.session_state[key] = [v for v in chosen if v in options]
    st.session_state.setdefault(_DROPPED, []).extend(v for v in chosen if v not in options)


def dropped() -> list[str]:
    """Return, once, the values of the link that are not known here and were left out."""
    return list(st.session_state.pop(_DROPPED, []))


def choose(
    label: str,
    key: str,
    options: Sequence[str],
    default: str,
    say: Callable[[str], str],
    **widget: Any,
) -> str:
    """Draw a select box whose code is kept in the URL unless it is the default."""
    former = st.session_state.get(f"_default_{key}")
    if former != default and st.session_state.get(key) == former:
        st.session_state.pop(key, None)
    st.session_state[f"_default_{key}"] = default
    settle(key, options, default)
    value = st.selectbox(
        label, options, format_func=say, key=key, persist_state="session", **widget
    )
    chosen = default if value is None else str(value)
    note(key, "" if chosen == default else chosen)
    return chosen


def choose_in_row(
    label: str, key: str, names: Mapping[str, str], *, pills: bool = False, **widget: Any
) -> str:
    """Draw the choices side by side; the code is kept in the URL unless it is the first.

    Parameters
    ----------
    names
        Code -> name as the reader sees it.
    pills
        As separate pills, which take further rows where one is too narrow.
    """
    codes = list(names)
    settle(key, codes, codes[0])
    draw = st.pills if pills else st.segmented_control
    value = draw(
        label,
        codes,
        format_func=names.__getitem__,
        key=key,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
        **widget,
    )
    chosen = str(value or codes[0])
    note(key, "" if chosen == codes[0] else chosen)
    return chosen


def choose_many(
    label: str, key: str, options: Sequence[str], say: Callable[[str], str] = str, **widget: Any
) -> list[str]:
    """Draw a multiple choice whose codes are kept in the URL."""
    settle_list(key, options)
    value = st.multiselect(
        label, options, format_func=say, key=key, persist_state="session", **widget
    )
    note(key, [str(v) for v in value])
    return [str(v) for v in value]


def clear(*keys: str) -> None:
    """Forget choices; for callbacks of "clear" buttons."""
    for key in keys:
        if key in LISTS:
            st.session_state[key] = []
        else:
            st.session_state.pop(key, None)


def drop(key: str, value: str) -> None:
    """Take one value out of a multiple choice; for callbacks of pills."""
    st.session_state[key] = [v for v in st.session_state.get(key, []) if v != value]
