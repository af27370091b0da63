"""Texts that customers wrote, with the words of a search marked, and nothing in them obeyed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

Span = tuple[int, int]
_LIVE: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&:=\"'^@/])")
_MAGIC: Final = re.compile(r":(?=[a-z0-9_+\-/])|@|www(?=\.)", re.IGNORECASE)
_JOINER: Final = "\u2060"
"""Takes no room; keeps what stands before it from starting an emoji, an icon or a link."""


def as_markdown(text: str, spans: Sequence[Span] = ()) -> str:
    r"""Return a text as Markdown that shows it letter by letter, with some stretches marked.

    Every sign that Markdown could obey is escaped and every line break kept, so that links,
    pictures, formulas and colours in the text stay plain letters.

    Examples
    --------
    >>> as_markdown("*refund* now", [(1, 7)])
    '\\*:orange-background[refund]\\* now'
    """
    parts = []
    at = 0
    for start, end in spans:
        parts.append(_plain(text[at:start]))
        parts.append(f":orange-background[{_plain(text[start:end])}]")
        at = end
    parts.append(_plain(text[at:]))
    return "".join(parts)


def _plain(text: str) -> str:
    safe = _MAGIC.sub(rf"\g<0>{_JOINER}", text)
    safe = _LIVE.sub(r"\\\1", safe)
    lines = safe.split("\n")
    return "  \n".join(re.sub(r"^(\s*)(\d+)", r"\1\2" + _JOINER, line) or _JOINER for line in lines)


def excerpt(text: str, spans: Sequence[Span], width: int = 160) -> str:
    """Return the stretch of a text around its first hit, with the hits between pointers.

    Examples
    --------
    >>> excerpt("They promised a refund last week", [(16, 22)], 20)
    '…mised a ▸refund◂ last …'
    """
    if not spans:
        return text if len(text) <= width else text[:width] + "…"
    first = max(0, spans[0][0] - width // 2 + (spans[0][1] - spans[0][0]) // 2 - 1)
    last = min(len(text), first + width)
    out = ["…" if first else ""]
    at = first
    for start, end in spans:
        if end > last or start < first:
            continue
        out += [text[at:start], "▸", text[start:end], "◂"]
        at = end
    out += [text[at:last], "…" if last < len(text) else ""]
    return "".join(out)
