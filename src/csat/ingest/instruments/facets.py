"""The columns of short questionnaires: a few statements on each content of a service."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from csat.ingest.columns import Column, Item
from csat.ingest.instruments.asked import Asked, both
from csat.model.scale import Scale

_RATING: Final = Scale.of(1, 7)


@lru_cache(maxsize=1)
def text() -> dict[str, Any]:
    """Return the wordings."""
    file = resources.files("csat.ingest.instruments") / "facets.json"
    return dict(json.loads(file.read_text(encoding="utf-8")))


def facet_columns(facets: list[str], language: str) -> list[Asked]:
    """Return what is asked about some contents of a service, each a dimension of its own.

    Examples
    --------
    >>> [a.column.item.key for a in facet_columns(["price"], "en")]
    ['price-1', 'price-2', 'price-3']
    """
    asked = []
    for facet in facets:
        name = text()["names"][facet][language]
        for k, raw in enumerate(text()["statements"][facet], 1):
            header = f"{name} {k}: {raw[language]}"
            item = Item(
                f"{facet}-{k}",
                raw[language],
                _RATING,
                "perception",
                facet,
                wordings=both(raw),
            )
            question = f"{raw[language]} {text()[f'ask_{language}']}"
            asked.append(Asked(header, question, "1-7", Column(header, "item", item=item)))
    return asked
