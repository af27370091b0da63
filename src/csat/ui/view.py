"""What every page is about: the filters, the reader and the thresholds of this run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.people import Permission, User
from csat.model.problem import NotAllowed, Problem
from csat.model.settings import Thresholds
from csat.queries.catalogue import Program
from csat.ui.language import t

_KEY: Final = "_view"
_PAGES: Final = "_pages"


@dataclass(frozen=True, slots=True)
class View:
    """The choices that the shell made before the page runs.

    ``filters`` and ``program`` are None while the store is empty.
    """

    user: User
    limits: Thresholds
    filters: Filters | None = None
    program: Program | None = None


def set_view(view: View) -> None:
    """Hand the view to the page of this run."""
    st.session_state[_KEY] = view


def current_view(permission: Permission) -> View:
    """Return the view, after checking that the reader may see the page.

    Raises
    ------
    NotAllowed
        When a page script runs without the shell, or the reader lacks the permission.
    """
    view = st.session_state.get(_KEY)
    if not isinstance(view, View):
        raise NotAllowed(
            msg("This page was opened past the sign-in"), msg("Open the start page instead")
        )
    view.user.require(permission)
    return view


def know_pages(pages: dict[str, Any]) -> None:
    """Remember the pages this reader may open, for links between them."""
    st.session_state[_PAGES] = pages


def page_link(
    name: str, text: str, icon: str, query: dict[str, str | list[str]] | None = None
) -> None:
    """Draw a link to a page, where the reader may open it."""
    page = st.session_state.get(_PAGES, {}).get(name)
    if page is not None:
        st.page_link(page, label=text, icon=icon, query_params=query)


def page_head(title: str, view: View, sentence: str = "") -> None:
    """Draw the page's title, what the figures are about, and the mark of simulated data."""
    st.title(title, anchor=False)
    badge = ""
    if view.program is not None and view.program.simulated:
        badge = f":violet-badge[:material/science: {t('Simulated data, no real customers')}] "
    if badge or sentence:
        st.caption(badge + sentence)


def show_problem(problem: Problem) -> None:
    """Say what went wrong and what to do about it."""
    st.error(f"**{t(problem.title)}**\n\n{t(problem.remedy)}", icon=":material/error:")
