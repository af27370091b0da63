"""One tree for what customers complain about and what surveys ask them.

A theme belongs to a dimension; below it stand the causes or categories of complaints, and the
questions of surveys, that are about it. The tree comes from a TOML file, kept as JSON of the same
shape; the product ships none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from csat.model.document import KEY, as_json, require_only, texts, unfit
from csat.model.message import msg
from csat.model.problem import UsageProblem

_SHOWN: Final = msg("Write it as docs/guide/join-scores-and-complaints.md shows")
_ENTRIES: Final = ("key", "title", "dimension", "causes", "categories", "items")


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: the complaints and the questions that are about the same thing.

    Parameters
    ----------
    dimension
        Key of the dimension it belongs to.
    causes, categories
        Causes, or paths of categories, of complaints; one of the two at most.
    items
        Keys of survey questions; none stands for all questions of the dimension.
    """

    key: str
    title: str
    dimension: str
    causes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CauseTree:
    """The themes of a program, in the order of the file."""

    themes: tuple[Theme, ...]

    def theme(self, key: str) -> Theme | None:
        """Return the theme of a key, or None."""
        return next((x for x in self.themes if x.key == key), None)


def read_cause_tree(text: str) -> tuple[CauseTree, str]:
    """Read themes from a TOML text.

    Returns
    -------
    tuple
        The tree, and the JSON text that `stored_cause_tree` reads back to an equal one.

    Raises
    ------
    UsageProblem
        Naming the entry and what to write instead.

    Examples
    --------
    >>> tree, kept = read_cause_tree('''
    ... [[theme]]
    ... key = "bills"
    ... title = "Bills are right"
    ... dimension = "reliability"
    ... causes = ["Meter reading error", "Estimated bill too high"]
    ... items = ["P09"]
    ... ''')
    >>> tree.themes[0].items, tree == stored_cause_tree(kept)
    (('P09',), True)
    """
    kept = as_json(text, _SHOWN)
    return stored_cause_tree(kept), kept


def stored_cause_tree(text: str) -> CauseTree:
    """Return the tree that a JSON text holds; raises as `read_cause_tree` does."""
    raw = json.loads(text)
    listed = raw.get("theme") if isinstance(raw, Mapping) and set(raw) == {"theme"} else None
    if not isinstance(listed, list) or not listed:
        raise UsageProblem(
            msg("The file holds no theme, or something else beside themes"),
            msg("Write [[theme]] entries as docs/guide/join-scores-and-complaints.md shows"),
        )
    themes = tuple(_theme(entry) for entry in listed)
    _once(themes)
    return CauseTree(themes)


def _theme(raw: Any) -> Theme:
    require_only(raw, _ENTRIES, "theme", _SHOWN)
    key, dimension = str(raw.get("key", "")), str(raw.get("dimension", ""))
    if not KEY.fullmatch(key):
        raise unfit("key", key, _SHOWN)
    if not dimension:
        raise UsageProblem(
            msg("Theme '{key}' belongs to no dimension", key=key),
            msg("Add dimension, such as reliability"),
        )
    found = Theme(
        key,
        str(raw.get("title", "") or key),
        dimension,
        *(_texts(raw, name) for name in ("causes", "categories", "items")),
    )
    if bool(found.causes) == bool(found.categories):
        raise UsageProblem(
            msg("Theme '{key}' needs either causes or categories", key=key),
            msg("List the causes of complaints that belong to it, or paths of categories"),
        )
    return found


def _texts(raw: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = texts(raw, name, _SHOWN)
    if not all(found):
        raise unfit(name, found, _SHOWN)
    return tuple(found)


def _once(themes: tuple[Theme, ...]) -> None:
    """Refuse a key, a cause, a category or a question that two themes claim."""
    for name in ("key", "causes", "categories", "items"):
        seen: dict[str, str] = {}
        for theme in themes:
            values = (theme.key,) if name == "key" else getattr(theme, name)
            for value in values:
                if value in seen:
                    raise UsageProblem(
                        msg("'{value}' stands in the theme '{first}' and again in '{second}'",
                            value=value, first=seen[value], second=theme.key),
                        msg("Let every cause, category and question belong to one theme"),
                    )  # fmt: skip
                seen[value] = theme.key
