"""Scores of a survey of few answers, counted in memory.

What the organisation says of itself is a few hundred answers under dozens of scores. The engine
takes longer to plan such a statement than to read the answers, so they are read once and the
scores, the same as those of `csat.store.scores`, are added up here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from csat.stats.moments import Moments
from csat.store.scores import SCORE_UNIT

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def count_scores(answers: pa.Table, asked: Sequence[Sequence[Sequence[str]]]) -> list[Moments]:
    """Return the moments of sums of scores over the respondents who have all of them.

    Parameters
    ----------
    answers
        A column of ratings for each question, empty where it is not answered.
    asked
        For each result its scores, each as the questions it is the mean of. A score needs at
        least half of them answered (methods.md 2.4).

    Examples
    --------
    >>> answers = pa.table({"i1": [4, 5, None], "i2": [6, None, None]})
    >>> [found] = count_scores(answers, [[["i1", "i2"]]])
    >>> found.n, found.mean
    (2, 5.0)
    """
    read = {name: _column(answers.column(name)) for name in answers.column_names}
    made: dict[tuple[str, ...], tuple[Numbers, Flags]] = {}
    out = []
    for scores in asked:
        total = np.zeros(answers.num_rows, dtype=np.int64)
        told = np.ones(answers.num_rows, dtype=np.bool_)
        for names in map(tuple, scores):
            if names not in made:
                made[names] = _score([read[name] for name in names])
            values, there = made[names]
            total += values
            told &= there
        kept = total[told]
        squares = int((kept * kept).sum())
        out.append(Moments(int(kept.size), int(kept.sum()), squares, SCORE_UNIT * len(scores)))
    return out


def _column(column: pa.ChunkedArray) -> tuple[Numbers, Flags]:
    there = np.asarray(column.is_valid().to_numpy(), dtype=np.bool_)
    return np.asarray(column.cast(pa.int64()).fill_null(0).to_numpy(), dtype=np.int64), there


def _score(columns: Sequence[tuple[Numbers, Flags]]) -> tuple[Numbers, Flags]:
    """Return ``SCORE_UNIT`` x the mean of what is answered, and who answered at least half."""
    total = np.sum([values for values, _ in columns], axis=0)
    count = np.sum([there for _, there in columns], axis=0)
    mean = SCORE_UNIT * total / np.maximum(count, 1)
    score = np.sign(mean) * np.floor(np.abs(mean) + 0.5)
    known = (2 * count >= len(columns)) & (count > 0)
    return np.where(known, score, 0).astype(np.int64), known
