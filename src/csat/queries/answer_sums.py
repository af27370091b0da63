"""Reads the ratings of a survey once, in batches, and adds them up in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from csat.model.filters import Filters
from csat.queries.blocks import source
from csat.queries.reader import Reader
from csat.stats.rating_sums import Difference, Flags, RatingSums

Ratings = NDArray[np.int16]
READ: Final = 65_536
"""Respondents read at a time."""
WORKED: Final = 8_192
"""Respondents worked on at a time, so that their ratings stay in the processor's cache."""


def answer_sums(
    reader: Reader,
    survey_id: int,
    filters: Filters,
    pairs: Sequence[Difference] = (),
    groups: Sequence[Sequence[Difference]] = (),
    marks: Sequence[tuple[str, int]] = (),
) -> RatingSums:
    """Add up the ratings of a survey.

    Parameters
    ----------
    pairs, groups, marks
        See `RatingSums`; the questions are columns of the survey's answers, such as ``i3``.
    """
    asked = [c for one in (pairs, *groups) for pair in one for c in pair if c]
    columns = list(dict.fromkeys([*asked, *(question for question, _ in marks)]))
    sums = RatingSums(columns, pairs, groups, marks)
    for ratings, told in answer_batches(reader, survey_id, filters, columns):
        sums.add(ratings, told)
    return sums


def answer_batches(
    reader: Reader, survey_id: int, filters: Filters, columns: Sequence[str]
) -> Iterator[tuple[Ratings, Flags]]:
    """Yield ratings, questions by respondents, and which of them were given."""
    if not columns:
        return
    origin, params = source(survey_id, filters)
    named = ", ".join(f"a.{c}" for c in columns)
    for batch in reader.batches(f"SELECT {named} {origin}", params, READ):
        for start in range(0, batch.num_rows, WORKED):
            yield _unpacked(batch.slice(start, WORKED))


def _unpacked(batch: pa.RecordBatch) -> tuple[Ratings, Flags]:
    """Return a batch as numbers, and which are not empty; what is empty holds anything."""
    shape = batch.num_columns, batch.num_rows
    ratings, told = np.empty(shape, dtype=np.int16), np.ones(shape, dtype=np.bool_)
    for i, column in enumerate(batch.columns):
        valid, data = column.buffers()
        start, end = column.offset, column.offset + len(column)
        ratings[i] = np.frombuffer(data, dtype=np.int16)[start:end]
        if valid is not None:
            bits = np.frombuffer(valid, dtype=np.uint8)[start // 8 : -(-end // 8)]
            told[i] = np.unpackbits(bits, bitorder="little")[start % 8 :][: len(column)]
    return ratings, told
