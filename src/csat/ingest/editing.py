"""One change made to many columns of a mapping at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, replace

from csat.ingest.columns import Column, Item
from csat.ingest.mapping import Mapping
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.model.scale import Scale

_ALIKE = 0.6
"""Share of common values from which two columns are answered alike."""


@dataclass(frozen=True, slots=True)
class Change:
    """What to change; None leaves a part as it is.

    Parameters
    ----------
    ends
        Lowest and highest rating.
    reversed
        Whether high means bad.
    special, labels
        Raw values that are no rating, with their reasons; words with their codes. They are
        added to those that a column has.
    dimension, viewpoint
        What the questions are about, and whose view they ask for.
    """

    ends: tuple[int, int] | None = None
    reversed: bool | None = None
    special: MappingABC[str, str] | None = None
    labels: MappingABC[str, int] | None = None
    dimension: str | None = None
    viewpoint: str | None = None


def changed(
    mapping: Mapping, columns: Sequence[str], names: Collection[str], change: Change
) -> Mapping:
    """Return the mapping with one change made to the columns named.

    A column that is no rated question yet becomes one where the change gives a scale.

    Parameters
    ----------
    columns
        The columns of the file, in whose order the mapping is kept.

    Raises
    ------
    ImportProblem
        When a column is no rated question and the change gives it no scale, or a scale
        contradicts itself.

    Examples
    --------
    >>> before = Mapping("m", "survey", "m", ())
    >>> after = changed(before, ["a", "b"], ["a"], Change(ends=(1, 5), dimension="empathy"))
    >>> [(item.key, item.scale.ends, item.dimension) for _, item in after.items()]
    [('a', (1, 5), 'empathy')]
    """
    known = {c.source: c for c in mapping.columns}
    for name in names:
        column = known.get(name)
        item = column.item if column is not None else None
        known[name] = Column(name, "item", item=_changed(name, item, change))
    order = {name: i for i, name in enumerate([*columns, *known])}
    return replace(mapping, columns=tuple(sorted(known.values(), key=lambda c: order[c.source])))


def _changed(name: str, item: Item | None, change: Change) -> Item:
    ends = change.ends or (item.scale.ends if item else None)
    if ends is None:
        raise ImportProblem(
            msg("Column '{column}' is a rated question without a scale", column=name),
            msg("Give its lowest and highest rating"),
        )
    same = item is not None and item.scale.ends == ends
    labels = {**(item.scale.labels if item and same else {}), **(change.labels or {})}
    special = {**(item.scale.special if item else {}), **(change.special or {})}
    cut = item.scale.top_from if item is not None and same else None
    scale = Scale.of(*ends, top_from=cut, labels=labels, special=special)
    base = item or Item(name[:60], name, scale)
    return replace(
        base,
        scale=scale,
        reversed=base.reversed if change.reversed is None else change.reversed,
        dimension=base.dimension if change.dimension is None else change.dimension,
        viewpoint=base.viewpoint if change.viewpoint is None else change.viewpoint,
    )


def answered_alike(
    columns: Sequence[str], rows: Sequence[Sequence[str | None]], name: str
) -> list[str]:
    """Return the columns whose answers are those of one column, which is among them.

    Examples
    --------
    >>> answered_alike(["a", "b", "c"], [("1", "1", "x"), ("2", "2", "y"), ("3", None, "z")], "a")
    ['a', 'b']
    """
    values = {c: {row[i] for row in rows if row[i]} for i, c in enumerate(columns)}
    own = values[name]
    return [
        c
        for c in columns
        if c == name
        or (
            values[c]
            and (values[c] <= own or len(values[c] & own) >= _ALIKE * len(values[c] | own))
        )
    ]
