"""The frame around every page: sign-in, first start, navigation by role, filters, problems."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import streamlit as st

from csat.charts.theme import palette
from csat.model.message import N_, msg
from csat.model.people import User
from csat.model.problem import Problem
from csat.model.settings import Config
from csat.sample_program import needs_sample
from csat.ui import url
from csat.ui.cached import cached, store
from csat.ui.filter_bar import filter_bar
from csat.ui.first_start import fill_with_sample
from csat.ui.language import dark, language_switch, t
from csat.ui.people import current_user
from csat.ui.view import View, know_pages, set_view, show_problem

_ICON: Final = Path(__file__).with_name("icon.png")
_START: Final = "start"
"""The start page lives at ``/``; its own name is left free for those who type it."""
_NO_PERIOD: Final = ("data", "improve")
"""Pages about a program as a whole, whatever period and groups are chosen on the others."""
_CHOSEN: Final = "[data-selected=true], [aria-pressed=true]"
_STYLE: Final = """<style>
.stButtonGroup [data-orientation] button[data-variant]:is({chosen}) {{
  color: inherit; border-color: currentColor;
  background-color: color-mix(in srgb, currentColor 14%, {surface});
}}
.stButtonGroup [data-orientation] button[data-variant]:is({chosen}) p {{ font-weight: 600; }}
.stMain .stButtonGroup [role=radiogroup] button[data-variant] {{ padding-inline: 0.7rem; }}
[class*=st-key-card-] .stHorizontalBlock {{ overflow: visible; }}
[data-testid=stCaptionContainer] {{ opacity: 0.8; }}
a:focus-visible {{ outline: 2px solid currentColor; outline-offset: 1px; }}
@media (max-width: 640px) {{
  .stMain .stButtonGroup [role=radiogroup] {{
    flex-wrap: nowrap; max-width: 100%; overflow-x: auto; scrollbar-width: none;
    padding-block: 4px;
  }}
  .stMain .stButtonGroup [role=radiogroup] button[data-variant] {{ flex: none; }}
  .stMain .stButtonGroup [role=radiogroup] button[data-variant][data-selected=true] {{
    position: sticky; left: 0; right: 0; z-index: 1;
  }}
}}
</style>"""
"""What is chosen is read as well as what is not, and on a phone a choice among many takes one
row to be pushed along, on which what is chosen stays in sight. The head of a card never scrolls.
The link that the keyboard is at has a frame. Captions hold bases and intervals, so they stand
out by 4.5:1 from either page."""
_EVERYONE: Final = ("executive", "quality", "analyst")
_PAGES: Final = (
    ("executive/overview.py", N_("Overview"), ":material/dashboard:", N_("Service"), _EVERYONE),
    ("executive/trends.py", N_("Trends"), ":material/show_chart:", N_("Service"), _EVERYONE),
    (
        "quality/dimensions.py",
        N_("Dimensions"),
        ":material/straighten:",
        N_("Service"),
        _EVERYONE,
    ),
    ("quality/gaps.py", N_("Gaps"), ":material/stairs:", N_("Service"), _EVERYONE),
    ("quality/improve.py", N_("Improve"), ":material/build:", N_("Service"), _EVERYONE),
    (
        "quality/weighting.py",
        N_("Who answered"),
        ":material/balance:",
        N_("Service"),
        _EVERYONE,
    ),
    (
        "quality/complaints.py",
        N_("Complaints"),
        ":material/forum:",
        N_("Quality"),
        ("quality", "analyst"),
    ),
    ("analyst/data.py", N_("Data"), ":material/upload_file:", N_("Analyst"), ("analyst",)),
)


def run(root: Path) -> None:
    """Draw one run of the app.

    Parameters
    ----------
    root
        The folder that holds ``pages/``.
    """
    st.set_page_config(page_title="csat", page_icon=str(_ICON), layout="wide")
    st.html(_STYLE.format(surface=palette(dark=dark()).surface, chosen=_CHOSEN))
    url.arrive()
    try:
        user = current_user()
        here = store()
    except Problem as problem:
        show_problem(problem)
        return
    page = _navigation(root, user)
    try:
        _page(page, user)
    except Problem as problem:
        show_problem(problem)
    with st.sidebar:
        language_switch()
    url.publish()
    del here


def _navigation(root: Path, user: User) -> Any:
    sections: dict[str, list[Any]] = {}
    pages: dict[str, Any] = {}
    for file, title, icon, section, roles in _PAGES:
        if not set(roles) & set(user.roles):
            continue
        name = Path(file).stem
        page = st.Page(
            root / "pages" / file,
            title=t(title),
            icon=icon,
            url_path=_START if name == "overview" else name,
            default=name == "overview",
        )
        sections.setdefault(t(section), []).append(page)
        pages[name] = page
    know_pages(pages)
    sections.setdefault(t("Service"), []).append(_typed_overview(pages["overview"]))
    return st.navigation(sections)


def _typed_overview(start: Any) -> Any:
    """Lead from ``/overview``, as somebody types it, to the start page with the same choices."""

    def lead() -> None:
        query = {key: st.query_params.get_all(key) for key in st.query_params}
        st.switch_page(start, query_params=query)

    return st.Page(lead, title=t("Overview"), url_path="overview", visibility="hidden")


def _page(page: Any, user: User) -> None:
    config = Config.from_environment()
    if config.sample != "none" and needs_sample(store()) and fill_with_sample(store()):
        st.rerun()
    known = cached("programs")
    filters = program = None
    if known:
        with st.sidebar:
            filters = filter_bar(known, program_only=page.url_path in _NO_PERIOD)
        left_out = url.dropped()
        if left_out:
            text = msg("Not known here and left out: {values}", values=", ".join(left_out))
            st.warning(t(text), icon=":material/filter_alt_off:")
        program = next(p for p in known if p.key == filters.program)
    set_view(View(user, config.thresholds, filters, program))
    page.run()
