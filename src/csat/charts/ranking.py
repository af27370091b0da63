"""The order in which rows stand: by size, and by name where sizes are equal."""

from __future__ import annotations

from collections.abc import Sequence

from csat.model.answer import Figure


def ranked_rows(rows: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return counted names from the most to the fewest, without those never seen.

    Examples
    --------
    >>> ranked_rows([("b", 2), ("a", 2), ("c", 5), ("d", 0)])
    [('c', 5), ('a', 2), ('b', 2)]
    """
    return sorted(((name, n) for name, n in rows if n > 0), key=lambda row: (-row[1], row[0]))


def ranked_figures(figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures that have a value, from the highest to the lowest."""
    known = [(-f.value, f.by, f) for f in figures if f.value is not None]
    return [f for _, _, f in sorted(known, key=lambda row: row[:2])]
