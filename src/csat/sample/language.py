"""The languages of the sample: the same numbers in other words."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from csat.model.settings import SAMPLE_LANGUAGES
from csat.sample.words_zh import WORDS

ENGLISH, CHINESE = SAMPLE_LANGUAGES


def said(text: str, kind: str, language: str) -> str:
    """Say a value of the sample, written in English by the generator, in a language.

    Parameters
    ----------
    text
        The value; one that has no word of its own, such as a code, stays as it is.
    kind
        The column that the value stands in.
    language
        One of `SAMPLE_LANGUAGES`.

    Examples
    --------
    >>> said("Billing", "category", "zh-CN"), said("Billing", "touchpoint", "zh-CN")
    ('账单费用', '账单')
    >>> said("Riverside", "branch", "en"), said("S0103", "staff", "zh-CN")
    ('Riverside', 'S0103')
    """
    if language == ENGLISH or not text:
        return text
    return WORDS.get(kind, {}).get(text, text)


def in_language(table: Any, language: str) -> Any:
    """Write the values of a table in a language; codes and numbers stay as they are.

    Each value is looked up once however many rows hold it.

    Examples
    --------
    >>> in_language(pa.table({"branch": ["Station", None]}), "zh-CN")["branch"].to_pylist()
    ['车站营业厅', None]
    """
    if language == ENGLISH:
        return table
    for place, name in enumerate(table.column_names):
        if name in WORDS:
            coded = table[name].combine_chunks().dictionary_encode()
            words = [said(word, name, language) for word in coded.dictionary.to_pylist()]
            column = pa.array(words, pa.string()).take(coded.indices)
            table = table.set_column(place, name, column)
    return table
