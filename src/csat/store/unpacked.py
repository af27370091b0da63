"""Ratings of a batch of rows as numbers, without a copy in between."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ratings = NDArray[np.int16]


def unpacked(batch: pa.RecordBatch) -> tuple[Ratings, NDArray[np.bool_]]:
    """Return columns of small numbers, and which are not empty; what is empty holds anything.

    Examples
    --------
    >>> column = pa.array([5, None, 3], pa.int16())
    >>> ratings, told = unpacked(pa.RecordBatch.from_arrays([column], ["i1"]))
    >>> ratings[0, told[0]].tolist(), told.tolist()
    ([5, 3], [[True, False, True]])
    """
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
