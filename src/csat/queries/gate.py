"""The one privacy gate: nothing above the queries ever sees a cell it hides.

Figures on fewer people than the minimum are withheld. A reader who knows the total can take the
parts that are shown from it: so at least two parts are withheld where one is, and as many as it
takes for them to be, together, no fewer people than the minimum. The same holds for what parts
are compared with. Counts of complaints are case records, not opinions of few people, and pass.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from csat.model.answer import Figure
from csat.model.metrics import metric
from csat.model.settings import Thresholds

_Key = TypeVar("_Key", int, str, tuple[int, int])
_UNTESTED: Final = ("too_few", "unfinished")


@dataclass(frozen=True, slots=True)
class Series:
    """What the gate needs to know of a series before it looks at the figures.

    Parameters
    ----------
    refused
        Labels that must not be shown.
    families
        Positions of the labels that make up each longer stretch that a reader can also see.
    """

    refused: frozenset[str]
    families: tuple[tuple[int, ...], ...]


def gate(
    figures: Sequence[Figure],
    thresholds: Thresholds,
    *,
    parts_of_whole: bool,
    chained: bool = False,
    references: Sequence[int] = (),
    refused: Collection[str] = (),
    families: Sequence[Sequence[int]] = (),
) -> tuple[Figure, ...]:
    """Return the figures with everything under the privacy minimum blanked.

    Parameters
    ----------
    figures
        Figures of one metric over one family of groups or periods.
    parts_of_whole
        Whether they add up to a total that the reader can also see.
    chained
        Whether each is compared with the one before it, so that a withheld one must not show
        as the reference of the next.
    references
        Base of what each is compared with, and then of the parts of the reference that stand
        beside no figure, where these add up to a total that the reader can also see.
    refused
        Groups or periods that must not be set apart (see `csat.queries.apart`).
    families
        Positions of the figures that make up each smaller total which a reader can also see, as
        months make up quarters and years.

    Examples
    --------
    >>> few = Figure("nps", "A", 10.0, "points", 3, 0.0, 20.0, "too_few")
    >>> gate([few], Thresholds(), parts_of_whole=False)[0].value is None
    True
    """
    least = thresholds.withhold_under
    hidden = {i for i, f in enumerate(figures) if _too_small(f, thresholds)}
    hidden |= {i for i, f in enumerate(figures) if f.by in refused and _protected(f) and f.n}
    if parts_of_whole:
        hidden = _nested(hidden, _bases(figures), (*families, range(len(figures))), least)
    blind = {i for i, f in enumerate(figures) if _reference_too_small(f, thresholds)}
    if chained:
        blind |= {i + 1 for i in hidden}
    else:
        blind = _blind(figures, hidden, blind, references, least)
    return tuple(
        _withhold(f) if i in hidden else _hide_reference(f) if i in blind else f
        for i, f in enumerate(figures)
    )


def gate_table(
    lines: Mapping[str, Sequence[Figure]],
    thresholds: Thresholds,
    refused: Collection[str] = (),
    series: Mapping[str, Series] | None = None,
) -> list[list[Figure]]:
    """Gate figures that are parts of a whole along two directions: groups and periods.

    Cells are withheld until what is withheld in any row or column cannot be worked out from
    its total, nor from that of a family of periods, such as the months of a quarter. Each
    period is compared with the one before it.

    Parameters
    ----------
    refused
        Groups that the filters in force would set apart.
    series
        For each group, which of its periods would be set apart, and its families.
    """
    known = series or {}
    least = thresholds.withhold_under
    table = [list(line) for line in lines.values()]
    bases = {(r, c): n for r, line in enumerate(table) for c, n in _bases(line).items()}
    hidden = {
        (r, c)
        for r, line in enumerate(table)
        for c, f in enumerate(line)
        if _too_small(f, thresholds)
        or (
            (f.group in refused or (f.group in known and f.by in known[f.group].refused))
            and _protected(f)
            and f.n
        )
    }
    rows, columns = range(len(table)), range(max(map(len, table), default=0))
    totals = [
        [(r, c) for c in family]
        for r, group in enumerate(lines)
        for family in (known[group].families if group in known else (columns,))
    ]
    totals += [[(r, c) for r in rows] for c in columns]
    hidden = _nested(hidden, bases, totals, least)
    blind = {(r, c + 1) for r, c in hidden}
    return [
        [
            _withhold(f)
            if (r, c) in hidden
            else _hide_reference(f)
            if (r, c) in blind or _reference_too_small(f, thresholds)
            else f
            for c, f in enumerate(line)
        ]
        for r, line in enumerate(table)
    ]


def gate_nested(
    figures: Sequence[Figure],
    thresholds: Thresholds,
    families: Sequence[Sequence[int]],
    refused: Collection[str] = (),
) -> tuple[Figure, ...]:
    """Gate figures that add up to several totals, as days add up to weeks, months and years.

    Parameters
    ----------
    families
        Positions of the figures that make up each total a reader can also see.

    Examples
    --------
    >>> few = Figure("nps", "A", 10.0, "points", 3, 0.0, 20.0, "too_few")
    >>> more = [few, replace(few, by="B", n=40), replace(few, by="C", n=50)]
    >>> [f.withheld for f in gate_nested(more, Thresholds(), [[0, 1], [0, 1, 2]])]
    [True, True, False]
    """
    hidden = {i for i, f in enumerate(figures) if _too_small(f, thresholds)}
    hidden |= {i for i, f in enumerate(figures) if f.by in refused and _protected(f) and f.n}
    hidden = _nested(hidden, _bases(figures), families, thresholds.withhold_under)
    return tuple(_withhold(f) if i in hidden else f for i, f in enumerate(figures))


def _nested(
    hidden: set[_Key],
    bases: Mapping[_Key, int],
    families: Sequence[Sequence[_Key]],
    least: int,
) -> set[_Key]:
    """Hide more until no total tells a hidden part; small families first, to hide few."""
    ordered = sorted(families, key=len)
    before: set[_Key] = set()
    while hidden != before:
        before = set(hidden)
        for family in ordered:
            own = {i: bases[i] for i in family if i in bases}
            hidden = hidden | covered({i for i in family if i in hidden}, own, least)
    return hidden


def covered(hidden: set[_Key], bases: Mapping[_Key, int], least: int) -> set[_Key]:
    """Add the next smallest parts until the hidden ones are several and enough people.

    Examples
    --------
    >>> sorted(covered({0}, {0: 2, 1: 40, 2: 90}, 5))
    [0, 1]
    """
    hidden = set(hidden)
    rest = sorted((n, i) for i, n in bases.items() if i not in hidden)
    for _, i in rest:
        if not hidden or (len(hidden) > 1 and sum(bases[h] for h in hidden) >= least):
            break
        hidden.add(i)
    return hidden


def _blind(
    figures: Sequence[Figure],
    hidden: set[int],
    blind: set[int],
    references: Sequence[int],
    least: int,
) -> set[int]:
    """Add the figures whose reference must go so that no small one follows by subtraction."""
    bases = {i: n for i, n in enumerate(references) if n}
    if not figures or not _protected(figures[0]):
        return blind
    unseen = {
        i
        for i in bases
        if i in blind or i in hidden or i >= len(figures) or figures[i].reference_n is None
    }
    if any(bases[i] < least for i in unseen):
        unseen = covered(unseen, bases, least)
    return blind | unseen


def _bases(figures: Sequence[Figure]) -> dict[int, int]:
    return {i: f.n for i, f in enumerate(figures) if f.state == "ok" and f.n and _protected(f)}


def _protected(figure: Figure) -> bool:
    return metric(figure.metric).field != "complaints"


def _too_small(figure: Figure, thresholds: Thresholds) -> bool:
    return (
        figure.state == "ok"
        and _protected(figure)
        and figure.n is not None
        and 0 < figure.n < thresholds.withhold_under
    )


def _withhold(figure: Figure) -> Figure:
    return replace(
        figure,
        state="withheld",
        value=None,
        n=None,
        low=None,
        high=None,
        verdict="too_few",
        difference=None,
        difference_low=None,
        difference_high=None,
        p_value=None,
        reference_value=None,
        reference_n=None,
        standard_error=None,
    )


def _reference_too_small(figure: Figure, thresholds: Thresholds) -> bool:
    n = figure.reference_n
    return n is not None and _protected(figure) and 0 < n < thresholds.withhold_under


def _hide_reference(figure: Figure) -> Figure:
    return replace(
        figure,
        verdict=figure.verdict if figure.verdict in _UNTESTED else "not_compared",
        difference=None,
        difference_low=None,
        difference_high=None,
        p_value=None,
        reference_value=None,
        reference_n=None,
    )
