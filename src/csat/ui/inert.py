"""Text from files shown as text: nothing in it is read as Markdown."""

from __future__ import annotations


def inert(text: str) -> str:
    r"""Return a text in which no sign has a meaning to Markdown.

    Examples
    --------
    >>> inert("a*b_c")
    'a\\*b\\_c'
    """
    for sign in "\\`*_{}[]<>#$|~:":
        text = text.replace(sign, f"\\{sign}")
    return text
