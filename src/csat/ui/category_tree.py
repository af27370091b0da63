"""The category filter: a tree with counts whose parents are half ticked where a part is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import streamlit as st

from csat.model.category import PATH_SEPARATOR
from csat.model.message import msg
from csat.queries.complaints import Branch, every_branch
from csat.ui import url
from csat.ui.language import formats, t

MOST_SHOWN: Final = 20
_OPENED: Final = "_category_opened"
_ALL: Final = "_category_all"
_BOX: Final = {
    "yes": ":material/check_box:",
    "part": ":material/indeterminate_check_box:",
    "no": ":material/check_box_outline_blank:",
}


def ticked(branch: Branch, chosen: Iterable[str]) -> str:
    """Say whether a branch is chosen: yes, no, or in part.

    Examples
    --------
    >>> tree = Branch("A", "A", 3, (Branch("A > b", "b", 2), Branch("A > c", "c", 1)))
    >>> ticked(tree, []), ticked(tree, ["A > b"]), ticked(tree.children[0], ["A"])
    ('no', 'part', 'yes')
    """
    paths = set(chosen)
    if any(branch.path == p or branch.path.startswith(p + PATH_SEPARATOR) for p in paths):
        return "yes"
    below = any(p.startswith(branch.path + PATH_SEPARATOR) for p in paths)
    return "part" if below else "no"


def toggled(tree: Sequence[Branch], chosen: Sequence[str], path: str) -> list[str]:
    """Return what is chosen after a click on a branch.

    A branch chosen with its parent leaves the parent's other branches chosen; choosing the last
    branch that was missing chooses the parent.

    Examples
    --------
    >>> tree = [Branch("A", "A", 3, (Branch("A > b", "b", 2), Branch("A > c", "c", 1)))]
    >>> toggled(tree, ["A"], "A > b"), toggled(tree, ["A > c"], "A > b")
    (['A > c'], ['A'])
    """
    known = {b.path: b for b in every_branch(tree)}
    wanted = {leaf for b in tree for leaf in _leaves(b) if any(_within(leaf, p) for p in chosen)}
    if path not in known:
        return sorted(_gathered(tree, wanted))
    own = set(_leaves(known[path]))
    wanted = wanted - own if ticked(known[path], chosen) == "yes" else wanted | own
    return sorted(_gathered(tree, wanted))


def _leaves(branch: Branch) -> list[str]:
    """Return what a branch is made of: the lowest branches, and its cases in none of them."""
    if not branch.children:
        return [branch.path]
    found = [leaf for child in branch.children for leaf in _leaves(child)]
    if sum(child.count for child in branch.children) < branch.count:
        found.append(branch.path + PATH_SEPARATOR)
    return found


def _within(path: str, above: str) -> bool:
    return path == above or path.startswith(above + PATH_SEPARATOR)


def _gathered(tree: Sequence[Branch], wanted: set[str]) -> list[str]:
    """Return the fewest paths that stand for what is wanted."""
    found: list[str] = []
    for branch in tree:
        if wanted.issuperset(_leaves(branch)):
            found.append(branch.path)
        else:
            found += _gathered(branch.children, wanted)
    return found


def category_tree(tree: Sequence[Branch], counts: Sequence[Branch]) -> None:
    """Draw the tree; what it chooses stands under ``category`` in the state and the URL.

    Parameters
    ----------
    counts
        The same tree, or what is left of it, with the cases to write beside the names.
    """
    known = {b.path: b.count for b in every_branch(counts)}
    opened: set[str] = st.session_state.setdefault(_OPENED, set())
    chosen = list(st.session_state.get("category", []))
    shown = list(tree)
    if len(shown) > MOST_SHOWN and not st.session_state.get(_ALL):
        shown = [b for i, b in enumerate(tree) if i < MOST_SHOWN or ticked(b, chosen) != "no"]
    for branch in shown:
        _node(tree, branch, known, chosen, opened, 0)
    rest = len(tree) - len(shown)
    if rest:
        st.button(
            t(msg("{n} more", n=rest)), key="category-more", type="tertiary", on_click=_show_all
        )


def _node(
    tree: Sequence[Branch],
    branch: Branch,
    known: dict[str, int],
    chosen: list[str],
    opened: set[str],
    depth: int,
) -> None:
    label = f"{branch.label or t('not stated')} ({formats().count(known.get(branch.path, 0))})"
    with st.container(horizontal=True, gap="xxsmall", wrap=False):
        if depth:
            st.space(size=20 * depth)
        st.button(
            _escaped(label),
            icon=_BOX[ticked(branch, chosen)],
            key=f"tick-{branch.path}",
            type="tertiary",
            on_click=_toggle,
            args=(tree, branch.path),
        )
        if branch.children:
            here = branch.path in opened
            st.button(
                "",
                icon=":material/expand_less:" if here else ":material/expand_more:",
                key=f"open-{branch.path}",
                type="tertiary",
                help=t("Show what lies below") if not here else t("Hide what lies below"),
                on_click=_open,
                args=(branch.path,),
            )
    if branch.path in opened:
        for child in branch.children:
            _node(tree, child, known, chosen, opened, depth + 1)


def _escaped(label: str) -> str:
    """Return a label in which nothing is taken for Markdown."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-.!|~$:" else c for c in label)


def _toggle(tree: Sequence[Branch], path: str) -> None:
    chosen = st.session_state.get("category", [])
    st.session_state["category"] = toggled(tree, chosen, path)


def _open(path: str) -> None:
    opened: set[str] = st.session_state.setdefault(_OPENED, set())
    opened.symmetric_difference_update({path})


def _show_all() -> None:
    st.session_state[_ALL] = True


def settle_categories(tree: Sequence[Branch]) -> list[str]:
    """Keep only categories that exist, note them for the URL, and return them."""
    url.settle_list("category", [b.path for b in every_branch(tree)])
    chosen = list(st.session_state["category"])
    url.note("category", chosen)
    return chosen
