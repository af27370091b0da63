"""One column of a questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from csat.ingest.columns import LANGUAGES, Column


@dataclass(frozen=True, slots=True)
class Asked:
    """One column of a template: its name, what is asked, and how it is read."""

    header: str
    question: str
    scale: str
    column: Column


def both(raw: Mapping[str, str], *, key: str = "") -> dict[str, str]:
    """Return a wording in every language.

    Parameters
    ----------
    key
        What precedes the language in the names of the texts.

    Examples
    --------
    >>> both({"en": "price", "zh_CN": "价格"})
    {'en': 'price', 'zh_CN': '价格'}
    """
    return {code: raw[f"{key}{code}"] for code in LANGUAGES}
