"""Paths through a tree of categories, as links and the command line write them.

A path names a category with all that lies below it: ``Billing > Meter reading``. A ``>`` within
a category's own name is doubled, so that every path leads to one category only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

PATH_SEPARATOR: Final = " > "


def category_path(names: Iterable[str]) -> str:
    """Return the path of category names, outermost first.

    Examples
    --------
    >>> category_path(["Billing", "Meter reading"]), category_path(["Fees > 10", "Late"])
    ('Billing > Meter reading', 'Fees >> 10 > Late')
    """
    return PATH_SEPARATOR.join(name.replace(">", ">>") for name in names)


def category_names(path: str) -> tuple[str, ...]:
    """Return the names that a path is made of, outermost first.

    Examples
    --------
    >>> category_names("Fees >> 10 > Late")
    ('Fees > 10', 'Late')
    """
    return tuple(part.replace(">>", ">") for part in path.split(PATH_SEPARATOR))
