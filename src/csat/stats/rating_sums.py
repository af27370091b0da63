"""Sums over ratings that arrive in batches: per question, per pair of questions, per group.

What dozens of questions need (number, sum and squares of each, of each less its expectation, and
every product within a dimension) is a few matrix products per batch of respondents. Ratings are
small whole numbers, so that a batch adds up without rounding even in single precision.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from csat.stats.comoments import Comoments
from csat.stats.moments import Moments

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
Table = NDArray[Any]
Difference = tuple[str, str]
"""A question less another one; the second is "" where it stands alone."""

_EXACT: Final = 2**24
"""Up to here single precision holds every whole number."""
_TOGETHER: Final = 24
"""Questions whose products are taken in one multiplication, at most (a larger group stays one)."""


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A batch of ratings, its terms worked out: a column for each respondent.

    Values are 0 where they do not count; ``families`` are the terms of groups, and for each
    group who answered all of it.
    """

    told: Flags
    rated: Table
    marked: list[Flags]
    both: Flags
    gaps: Table
    expected: Table
    families: list[tuple[Table, list[Flags]]]


class RatingSums:
    """What ratings add up to, exact, over all batches added so far.

    Parameters
    ----------
    questions
        Names of the questions, in the order of the rows of every batch.
    pairs
        Questions each with the expectation it is set against ("" for none).
    groups
        Groups of questions or differences whose products are wanted, each over the respondents
        who answered all of it.
    marks
        Questions each with a rating whose answers are counted.

    Attributes
    ----------
    numbers
        All sums in a row: of two lots of respondents they add up to those of both.

    Examples
    --------
    Three respondents answer two questions; one leaves out the second:

    >>> sums = RatingSums(["p", "d"], [("p", "d")], [[("p", ""), ("d", "")]])
    >>> sums.add(np.array([[5, 6, 4], [7, 6, 0]]), np.array([[1, 1, 1], [1, 1, 0]], bool))
    >>> sums.alone("p").mean, sums.difference("p", "d").mean, sums.beside("d", "p")
    (5.0, -1.0, 13)
    >>> sums.group(0).n, sums.group(0).totals
    (2, (11, 13))
    """

    def __init__(
        self,
        questions: Sequence[str],
        pairs: Sequence[Difference] = (),
        groups: Sequence[Sequence[Difference]] = (),
        marks: Sequence[tuple[str, int]] = (),
    ) -> None:
        self._at = {name: i for i, name in enumerate(questions)}
        self._asked = list(pairs)
        self._pairs = [(one, other) for one, other in pairs if other]
        self._rated = list(dict.fromkeys(one for one, _ in pairs))
        self._marks = list(marks)
        self._groups = [list(group) for group in groups]
        self._families = list(_families([len(group) for group in self._groups]))
        sizes = [len(group) for group in self._groups]
        self._shapes: list[tuple[int, ...]] = [
            (len(self._at),),
            (2, len(self._rated)),
            (4, len(self._pairs)),
            (len(self._marks),),
            (len(sizes),),
            *((k,) for k in sizes),
            *((k, k) for k in sizes),
        ]
        self._keep(np.zeros(sum(prod(shape) for shape in self._shapes), dtype=np.int64))

    def _keep(self, numbers: Whole) -> None:
        """Take an array to hold all sums, each a part of it."""
        self.numbers, end, parts = numbers, 0, []
        for shape in self._shapes:
            parts.append(numbers[end : (end := end + prod(shape))].reshape(shape))
        if end != len(numbers):
            raise ValueError(f"{len(numbers)} numbers are not the {end} of these sums")
        self._single = parts[:4]
        self._answered, self._alone, self._paired, self._marked, self._n = parts[:5]
        many = len(self._groups)
        self._totals, self._products = parts[5 : 5 + many], parts[5 + many :]

    def of(self, numbers: Whole | None = None) -> RatingSums:
        """Return sums of the same layout: of nobody, or with the `numbers` of others."""
        made = copy(self)
        made._keep(np.zeros_like(self.numbers) if numbers is None else numbers)
        return made

    def add(self, ratings: NDArray[np.integer], told: Flags) -> None:
        """Add a batch: questions by respondents, and which of the ratings were given.

        A rating that was not given may hold anything.
        """
        self.take(self.laid(ratings, told))

    def laid(self, ratings: NDArray[np.integer], told: Flags) -> Laid:
        """Lay a batch out to be added, whole or in parts."""
        largest = max(int(ratings.max(initial=0)), -int(ratings.min(initial=0)))
        exact = 4 * largest**2 * ratings.shape[1] < _EXACT  # a difference is twice as large
        values = np.empty(ratings.shape, dtype=np.float32 if exact else np.float64)
        np.multiply(ratings, told, out=values, casting="unsafe")
        both, gaps, expected = told[:0], values[:0], values[:0]
        if self._pairs:
            ones = [self._at[one] for one, _ in self._pairs]
            others = [self._at[other] for _, other in self._pairs]
            both = told[ones] & told[others]
            expected = values[others]
            gaps = values[ones]
            gaps -= expected
            gaps *= both
            expected *= both
        return Laid(
            told,
            values[[self._at[name] for name in self._rated]],
            [(ratings[self._at[q]] == mark) & told[self._at[q]] for q, mark in self._marks],
            both,
            gaps,
            expected,
            [self._family(family, values, told) for family in self._families],
        )

    def _family(self, family: range, values: Table, told: Flags) -> tuple[Table, list[Flags]]:
        """Return the terms of some groups, 0 where not all of a group was answered; and where."""
        terms = [pair for g in family for pair in self._groups[g]]
        ones, others = zip(*((self._at[a], self._at.get(b, -1)) for a, b in terms), strict=True)
        table, known = values[list(ones)], told[list(ones)]
        less = [i for i, other in enumerate(others) if other >= 0]
        if len(less) == len(ones):
            table -= values[list(others)]
            known &= told[list(others)]
        elif less:
            table[less] -= values[[others[i] for i in less]]
            known[less] &= told[[others[i] for i in less]]
        end = 0
        wholes: list[Flags] = []
        for g in family:
            here = slice(end, end := end + len(self._groups[g]))
            wholes.append(np.asarray(known[here].all(axis=0)))
            table[here] *= wholes[-1].astype(table.dtype)
        return table, wholes

    def take(self, laid: Laid, here: slice = slice(None)) -> None:
        """Add a batch that was laid out by sums of the same layout, or some rows of it."""
        self._answered += _counts(laid.told[:, here])
        if self._rated:
            self._alone += _sums(laid.rated[:, here])
        for k, marked in enumerate(laid.marked):
            self._marked[k] += np.count_nonzero(marked[here])
        if self._pairs:
            self._paired[0] += _counts(laid.both[:, here])
            self._paired[1:3] += _sums(laid.gaps[:, here])
            self._paired[3] += _rows(laid.expected[:, here])
        for family, (table, wholes) in zip(self._families, laid.families, strict=True):
            part, end = table[:, here], 0
            products, totals = part @ part.T, _rows(part)
            for g, whole in zip(family, wholes, strict=True):
                own = slice(end, end := end + len(self._groups[g]))
                self._n[g] += np.count_nonzero(whole[here])
                self._totals[g] += totals[own].astype(np.int64)
                self._products[g] += products[own, own].astype(np.int64)

    def regrouped(self, groups: Sequence[Sequence[Difference]]) -> RatingSums:
        """Return the same sums with some of the groups only, each in an order of its own.

        Raises
        ------
        KeyError
            For a group that was not added up.
        """
        known = {frozenset(group): g for g, group in enumerate(self._groups)}
        found = RatingSums(list(self._at), self._asked, groups, self._marks)
        for mine, yours in zip(found._single, self._single, strict=True):
            mine[...] = yours
        for k, group in enumerate(found._groups):
            if group:
                g = known[frozenset(group)]
                order = [self._groups[g].index(term) for term in group]
                found._n[k] = self._n[g]
                found._totals[k][...] = self._totals[g][order]
                found._products[k][...] = self._products[g][np.ix_(order, order)]
        return found

    def answered(self, question: str) -> int:
        """Return how many answered a question."""
        return int(self._answered[self._at[question]])

    def alone(self, question: str) -> Moments:
        """Return the moments of the first question of a pair, over all who answered it."""
        total, squares = self._alone[:, self._rated.index(question)].tolist()
        return Moments(self.answered(question), total, squares)

    def difference(self, question: str, other: str) -> Moments:
        """Return the moments of a question less another, of a pair that was asked for."""
        n, total, squares, _ = self._paired[:, self._pairs.index((question, other))].tolist()
        return Moments(n, total, squares)

    def beside(self, other: str, question: str) -> int:
        """Return the sum of the other question of a pair, over those who answered both."""
        return int(self._paired[3, self._pairs.index((question, other))])

    def marked(self, question: str) -> int:
        """Return how many gave a question the rating that was asked for."""
        return int(self._marked[[name for name, _ in self._marks].index(question)])

    def group(self, number: int) -> Comoments:
        """Return the comoments of a group, by its number; of an empty one, over nobody."""
        products = self._products[number].tolist()
        return Comoments(int(self._n[number]), self._totals[number].tolist(), products)


def _families(sizes: Sequence[int]) -> Iterable[range]:
    """Put neighbouring groups together whose products are taken at once; empty ones nowhere."""
    first = total = 0
    for k, size in enumerate([*sizes, _TOGETHER + 1]):
        if k > first and (total + size > _TOGETHER or not size or k == len(sizes)):
            if total:
                yield range(first, k)
            first, total = k, 0
        if k < len(sizes) and not size:
            first = k + 1
        total += size


def _sums(table: Table) -> Whole:
    squares = np.einsum("ij,ij->i", table, table)
    return np.array([_rows(table), squares.astype(np.int64)])


def _rows(table: Table) -> Whole:
    return np.asarray(table @ np.ones(table.shape[1], table.dtype), dtype=np.int64)


def _counts(told: Flags) -> Whole:
    return np.asarray(np.add.reduce(told.view(np.int8), axis=1, dtype=np.int32), dtype=np.int64)
