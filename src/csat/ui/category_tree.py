"""Filters that are trees with counts, whose parents are half ticked where a part is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from csat.model.category import PATH_SEPARATOR, category_path
from csat.model.cause_tree import Theme
from csat.model.message import msg
from csat.queries.complaints import Branch, every_branch
from csat.ui import url
from csat.ui.language import formats, t

MOST_SHOWN: Final = 20
_OPENED: Final = "_tree_opened"
_ALL: Final = "_tree_all"
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
    _draw(_Drawn("category", tuple(tree), known, {}))


def cause_branches(themes: Sequence[Theme], counts: Mapping[str, int]) -> tuple[Branch, ...]:
    """Return causes below their themes, then those of no theme, each with its cases.

    Examples
    --------
    >>> found = cause_branches([Theme("a", "A", "x", ("late",))], {"late": 3, "other": 1})
    >>> [(b.label, b.count, [c.label for c in b.children]) for b in found]
    [('A', 3, ['late']), ('other', 1, [])]
    """
    placed: set[str] = set()
    found = []
    for theme in themes:
        below = tuple(
            Branch(category_path([theme.title, c]), c, counts[c])
            for c in theme.causes
            if c in counts
        )
        placed |= {b.label for b in below}
        if below:
            path = category_path([theme.title])
            found.append(Branch(path, theme.title, sum(b.count for b in below), below))
    rest = [Branch(category_path([c]), c, n) for c, n in counts.items() if c not in placed]
    return (*found, *rest)


def cause_tree(
    themes: Sequence[Theme], known: Mapping[str, int], counts: Mapping[str, int]
) -> None:
    """Draw causes below the themes of the program; the state and the URL hold causes alone.

    Parameters
    ----------
    known, counts
        Causes with their cases: all of them, and under the filters in force.
    """
    tree = cause_branches(themes, known)
    causes = {
        branch.path: tuple(leaf.label for leaf in (branch.children or (branch,)))
        for branch in every_branch(tree)
    }
    shown = {path: sum(counts.get(c, 0) for c in own) for path, own in causes.items()}
    _draw(_Drawn("cause", tree, shown, causes))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A tree on the screen: its key of the state, its counts, and what its paths stand for.

    ``values`` is empty where the state holds the paths themselves.
    """

    key: str
    tree: tuple[Branch, ...]
    counts: Mapping[str, int]
    values: Mapping[str, tuple[str, ...]]

    def chosen(self) -> list[str]:
        """Return the paths that are chosen."""
        held = list(st.session_state.get(self.key, []))
        if not self.values:
            return held
        return [path for path, own in self.values.items() if set(own) <= set(held)]

    def toggle(self, path: str) -> None:
        """Choose a branch, or let it go."""
        after = toggled(self.tree, self.chosen(), path)
        if self.values:
            after = sorted({value for p in after for value in self.values[p]})
        st.session_state[self.key] = after

    def name(self, prefix: str, path: str) -> str:
        """Return the key of a button."""
        return f"{prefix}-{path}" if self.key == "category" else f"{prefix}-{self.key}-{path}"


def _draw(drawn: _Drawn) -> None:
    opened: set[str] = st.session_state.setdefault(f"{_OPENED}_{drawn.key}", set())
    chosen = drawn.chosen()
    shown = list(drawn.tree)
    everything = f"{_ALL}_{drawn.key}"
    if len(shown) > MOST_SHOWN and not st.session_state.get(everything):
        shown = [b for i, b in enumerate(drawn.tree) if i < MOST_SHOWN or ticked(b, chosen) != "no"]
    for branch in shown:
        _node(drawn, branch, chosen, opened, 0)
    rest = len(drawn.tree) - len(shown)
    if rest:
        st.button(
            t(msg("{n} more", n=rest)),
            key=f"{drawn.key}-more",
            type="tertiary",
            on_click=st.session_state.__setitem__,
            args=(everything, True),
        )


def _node(drawn: _Drawn, branch: Branch, chosen: list[str], opened: set[str], depth: int) -> None:
    ours = bool(drawn.values and branch.children)  # a theme, not what a file calls a category
    name = (t(branch.label) if ours else branch.label) or t("not stated")
    label = f"{name} ({formats().count(drawn.counts.get(branch.path, 0))})"
    with st.container(horizontal=True, gap="xxsmall", wrap=False):
        if depth:
            st.space(size=20 * depth)
        st.button(
            _escaped(label),
            icon=_BOX[ticked(branch, chosen)],
            key=drawn.name("tick", branch.path),
            type="tertiary",
            on_click=drawn.toggle,
            args=(branch.path,),
        )
        if branch.children:
            here = branch.path in opened
            st.button(
                "",
                icon=":material/expand_less:" if here else ":material/expand_more:",
                key=drawn.name("open", branch.path),
                type="tertiary",
                help=t("Show what lies below") if not here else t("Hide what lies below"),
                on_click=_open,
                args=(drawn.key, branch.path),
            )
    if branch.path in opened:
        for child in branch.children:
            _node(drawn, child, chosen, opened, depth + 1)


def _escaped(label: str) -> str:
    """Return a label in which nothing is taken for Markdown."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-.!|~$:" else c for c in label)


def _open(key: str, path: str) -> None:
    opened: set[str] = st.session_state.setdefault(f"{_OPENED}_{key}", set())
    opened.symmetric_difference_update({path})


def settle_categories(tree: Sequence[Branch]) -> list[str]:
    """Keep only categories that exist, note them for the URL, and return them."""
    url.settle_list("category", [b.path for b in every_branch(tree)])
    chosen = list(st.session_state["category"])
    url.note("category", chosen)
    return chosen
