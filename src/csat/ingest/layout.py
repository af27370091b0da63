"""Where the columns of a mapping stand in a file, whether it is wide or long.

A wide file has one row per response. A long one has one row per response and question; it is
read as if it were wide, its questions standing behind the columns that it has besides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from csat.ingest.mapping import Column, Mapping
from csat.model.message import Message, msg
from csat.model.problem import ImportProblem

LONG: Final = ("question", "answer")
"""The roles that make a file a long one."""
_ASKED: Final = ("item", "comment")
_SHOWN: Final = 12


def normalised(name: str) -> str:
    """Reduce a column name to what tools keep when they rename: lower case, words.

    Examples
    --------
    >>> normalised("Timely response?") == normalised("timely_response")
    True
    """
    return re.sub(r"[\W_]+", "_", name.strip().lower()).strip("_")


def positions_of(columns: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    """Find names among columns: exactly, else by the one column that only looks alike.

    Examples
    --------
    >>> positions_of(["zip_code", "when"], ["ZIP code", "who"])
    {'ZIP code': 0}
    """
    exact = {name: i for i, name in enumerate(columns)}
    alike = Counter(normalised(name) for name in columns)
    loose = {n: i for i, name in enumerate(columns) if alike[n := normalised(name)] == 1 and n}
    found = {name: exact.get(name, loose.get(normalised(name))) for name in names}
    return {name: i for name, i in found.items() if i is not None}


def is_long(mapping: Mapping) -> bool:
    """Say whether a mapping reads one row per response and question."""
    return all(mapping.column(role) is not None for role in LONG)


def wide_columns(mapping: Mapping, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that a file has once it is wide.

    Raises
    ------
    ImportProblem
        When the file lacks the columns of the question and the answer.
    """
    if not is_long(mapping):
        return tuple(columns)
    pair = _pair(mapping)
    _require(mapping, _absent(pair, columns), columns)
    found = positions_of(columns, pair)
    kept = [name for i, name in enumerate(columns) if i not in found.values()]
    asked = [c.source for c in mapping.columns if c.role in _ASKED]
    present = positions_of(kept, asked)
    return (*kept, *dict.fromkeys(name for name in asked if name not in present))


def fits(mapping: Mapping, columns: Sequence[str]) -> bool:
    """Say whether a file has every column that a mapping names; `locate` says which it lacks.

    To look for the names that may be meant takes long where many mappings are tried on a wide
    file, and who tries them does not ask for them.

    Examples
    --------
    >>> from csat.ingest.preset import preset
    >>> fits(preset("nhs-fft"), ("time", "rating", "surgery"))
    True
    >>> fits(preset("nhs-fft"), ("time", "surgery"))
    False
    """
    if is_long(mapping) and _absent(_pair(mapping), columns):
        return False
    wide = wide_columns(mapping, columns)
    return not _absent([c.source for c in _standing(mapping)], wide)


def _pair(mapping: Mapping) -> list[str]:
    """Return the columns of the question and the answer, where a mapping names them."""
    return [c.source for role in LONG if (c := mapping.column(role)) is not None]


def _standing(mapping: Mapping) -> list[Column]:
    """Return the columns that stand in the wide form of a file."""
    return [c for c in mapping.columns if not (is_long(mapping) and c.role in LONG)]


def _absent(names: Sequence[str], columns: Sequence[str]) -> list[str]:
    found = positions_of(columns, names)
    return [name for name in names if name not in found]


def locate(mapping: Mapping, columns: Sequence[str]) -> dict[str, int]:
    """Find the position of every mapped column in the file, as it is once it is wide.

    Raises
    ------
    ImportProblem
        Naming every column that the file lacks, what it has, and what may be meant.
    """
    wide = wide_columns(mapping, columns)
    mapped = _standing(mapping)
    found = positions_of(wide, [n for c in mapped for n in (c.source, c.fallback) if n])
    _require(mapping, [c.source for c in mapped if c.source not in found], columns)
    return found


def _require(mapping: Mapping, missing: Sequence[str], columns: Sequence[str]) -> None:
    if not missing:
        return
    near = [(m, _nearest(m, columns)) for m in missing]
    pairs = ", ".join(f"'{n}' for '{m}'" for m, n in near if n)
    layout = msg("Map other columns, or load a file of the layout '{name}'", name=mapping.name)
    remedy: Message = (
        msg("Its nearest names: {pairs}. {otherwise}", pairs=pairs, otherwise=layout)
        if pairs
        else layout
    )
    shown = ", ".join(f"'{c}'" for c in columns[:_SHOWN])
    more = len(columns) - _SHOWN
    has = msg("{names} and {n} more", names=shown, n=more) if more > 0 else shown
    raise ImportProblem(
        msg(
            "The file has no column {names}; its columns are {columns}",
            names=", ".join(f"'{m}'" for m in missing),
            columns=has,
        ),
        remedy,
    )


def _nearest(name: str, columns: Sequence[str]) -> str:
    """Return the column whose name is most like the one that is missing, or nothing."""
    plain = {normalised(c): c for c in columns}
    close = get_close_matches(normalised(name), [p for p in plain if p], n=1, cutoff=0.6)
    return plain[close[0]] if close else ""
