"""Where the known rows of a file differ from what is stored."""

from __future__ import annotations

import duckdb


def changed_columns(cursor: duckdb.DuckDBPyConnection, names: list[str]) -> dict[str, int]:
    """Return in how many known rows each column changed, largest first.

    Parameters
    ----------
    names
        Columns of the file; ``x0``, ``x1`` ... of the table ``known`` say where each changed.
    """
    if not names:
        return {}
    counts = ", ".join(f"COUNT(CASE WHEN x{i:d} THEN 1 END)" for i in range(len(names)))
    row = cursor.execute(f"SELECT {counts} FROM known").fetchone() or ()
    found = {name: int(n) for name, n in zip(names, row, strict=True) if n}
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
