"""One name for every column: joined from the rows of a header, and never twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

Row = Sequence[str]
_JOIN: Final = " / "


def joined(block: Sequence[Row]) -> tuple[str, ...]:
    """Join the rows of a header to one name per column; an upper name reaches over its gaps."""
    width = max(len(r) for r in block)
    levels: list[list[str]] = []
    for depth, row in enumerate(block):
        cells = [" ".join(c.split()) for c in row] + [""] * (width - len(row))
        if depth < len(block) - 1:
            cells = list(_carried(cells, levels))
        levels.append(cells)
    names = []
    for parts in zip(*levels, strict=True):
        kept = [p for i, p in enumerate(parts) if p and p not in parts[:i]]
        names.append(_JOIN.join(kept))
    return tuple(names)


def _carried(cells: list[str], above: list[list[str]]) -> Iterator[str]:
    """Carry each name over the blanks on its right, as far as the names above stay the same."""
    last, over = "", None
    for i, cell in enumerate(cells):
        now = tuple(level[i] for level in above)
        if cell or now != over:
            last, over = cell, now
        yield last


def unique_names(names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the names, repeated ones numbered and missing ones made, and which were repeated."""
    taken = {n for n in names if n}
    seen: set[str] = set()
    out, repeated = [], []
    for place, name in enumerate(names, start=1):
        wanted, tries = name or f"column {place}", 1
        final = wanted
        while final in seen or (final != name and final in taken):
            tries += 1
            final = f"{wanted} ({tries})"
        if name and final != name:
            repeated.append(name)
        seen.add(final)
        out.append(final)
    return tuple(out), list(dict.fromkeys(repeated))
