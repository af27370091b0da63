"""Complaint narratives, assembled from phrases tied to the cause."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csat.sample import narratives_en, narratives_zh
from csat.sample.causes import CAUSES
from csat.sample.draw import Flags, Ints, text_column


def narrative_texts(rng: np.random.Generator, cause: Ints, chinese: Flags) -> Any:
    """Write one narrative of one to three sentences per complaint.

    Parameters
    ----------
    rng
        Source of randomness.
    cause
        Position of the cause in `CAUSES`.
    chinese
        Rows to be written in Chinese rather than in English.

    Returns
    -------
    pyarrow.Array
        One text per complaint.
    """
    languages = (narratives_en, narratives_zh)
    count = len(cause)
    wordings = len(narratives_en.CAUSES[CAUSES[0].name])
    parts: list[tuple[list[str], Ints]] = [
        (
            [text for words in languages for c in CAUSES for text in words.CAUSES[c.name]],
            cause * wordings + rng.integers(0, wordings, count),
        ),
        (
            [_after(words.SEPARATOR, text) for words in languages for text in words.CONSEQUENCES],
            rng.integers(0, len(narratives_en.CONSEQUENCES), count),
        ),
        (
            [_after(words.SEPARATOR, text) for words in languages for text in words.REQUESTS],
            rng.integers(0, len(narratives_en.REQUESTS), count),
        ),
    ]
    language = chinese.astype(np.int64)
    pieces = [text_column(texts, language * (len(texts) // 2) + at) for texts, at in parts]
    return pc.binary_join_element_wise(*pieces, pa.scalar(""))


def _after(separator: str, text: str) -> str:
    return separator + text if text else ""
