"""Sums over ratings that arrive in batches: per question, per pair of questions, per group.

What dozens of questions need (number, sum and squares of each, of each less its expectation, and
every product within a dimension) is a few matrix products per batch of respondents. Ratings are
small whole numbers, so that a batch adds up without rounding even in single precision.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
        self._pairs = [(one, other) for one, other in pairs if other]
        self._rated = list(dict.fromkeys(one for one, _ in pairs))
        self._answered = np.zeros(len(questions), dtype=np.int64)
        self._alone = np.zeros((2, len(self._rated)), dtype=np.int64)
        self._paired = np.zeros((4, len(self._pairs)), dtype=np.int64)
        self._marks = list(marks)
        self._marked = np.zeros(len(self._marks), dtype=np.int64)
        self._groups = [list(group) for group in groups]
        self._families = list(_families([len(group) for group in self._groups]))
        self._n = np.zeros(len(self._groups), dtype=np.int64)
        self._totals = [np.zeros(len(g), dtype=np.int64) for g in self._groups]
        self._products = [np.zeros((len(g), len(g)), dtype=np.int64) for g in self._groups]

    def add(self, ratings: NDArray[np.integer], told: Flags) -> None:
        """Add a batch: questions by respondents, and which of the ratings were given.

        A rating that was not given may hold anything.
        """
        largest = max(int(ratings.max(initial=0)), -int(ratings.min(initial=0)))
        exact = 4 * largest**2 * ratings.shape[1] < _EXACT  # a difference is twice as large
        values = np.empty(ratings.shape, dtype=np.float32 if exact else np.float64)
        np.multiply(ratings, told, out=values, casting="unsafe")
        self._answered += _counts(told)
        if self._rated:
            self._alone += _sums(values[[self._at[name] for name in self._rated]])
        for k, (name, rating) in enumerate(self._marks):
            at = self._at[name]
            self._marked[k] += np.count_nonzero((ratings[at] == rating) & told[at])
        if self._pairs:
            self._add_pairs(values, told)
        for family in self._families:
            self._add_family(family, values, told)

    def _add_pairs(self, values: Table, told: Flags) -> None:
        ones = [self._at[one] for one, _ in self._pairs]
        others = [self._at[other] for _, other in self._pairs]
        both = told[ones] & told[others]
        expected = values[others]
        gaps = values[ones]
        gaps -= expected
        gaps *= both
        expected *= both
        self._paired[0] += _counts(both)
        self._paired[1:3] += _sums(gaps)
        self._paired[3] += _rows(expected)

    def _add_family(self, family: range, values: Table, told: Flags) -> None:
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
        for g in family:
            here = slice(end, end := end + len(self._groups[g]))
            whole = known[here].all(axis=0)
            table[here] *= whole.astype(table.dtype)
            self._n[g] += np.count_nonzero(whole)
        products, totals, end = table @ table.T, _rows(table), 0
        for g in family:
            here = slice(end, end := end + len(self._groups[g]))
            self._totals[g] += totals[here]
            self._products[g] += products[here, here].astype(np.int64)

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
