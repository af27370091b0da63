"""The forms of raters and experts: checklists, findings, comparisons and grades."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from csat.ingest.columns import Column, Item
from csat.ingest.evidence import APPLIES_NOT, FAILED, PASSED
from csat.ingest.instruments.asked import Asked, both
from csat.model.scale import Scale


def _spellings(words: tuple[str, ...]) -> list[str]:
    """Return words as people type them: small, with a capital, in capitals."""
    return list(dict.fromkeys(s for w in words for s in (w, w.capitalize(), w.upper())))


CHECKED: Final = Scale.of(
    0,
    1,
    labels={**dict.fromkeys(_spellings(PASSED), 1), **dict.fromkeys(_spellings(FAILED), 0)},
    special=dict.fromkeys(_spellings(APPLIES_NOT), "not_applicable"),
)
"""Failed or passed; what did not apply stands outside the base."""
_SCALES: Final = {"en": "pass, fail, n/a", "zh_CN": "通过、不通过、不适用"}


@lru_cache(maxsize=1)
def rater_forms() -> list[dict[str, Any]]:
    """Return the forms as their file holds them.

    Examples
    --------
    >>> [form["name"] for form in rater_forms()]
    ['mystery-shopper', 'evaluations', 'findings', 'comparisons', 'grades']
    """
    file = resources.files("csat.ingest.instruments") / "rater_forms.json"
    return list(json.loads(file.read_text(encoding="utf-8"))["forms"])


def form_columns(form: dict[str, Any], language: str) -> list[Asked]:
    """Return the columns of a form: what is stated first, then the criteria to check."""
    asked = [_column(raw, language) for raw in form["columns"]]
    return asked + [_criterion(form, raw, language) for raw in form.get("criteria", ())]


def _column(raw: dict[str, Any], language: str) -> Asked:
    header = raw[language]
    column = Column(header, raw["role"], labels=raw.get("labels", {}))
    return Asked(header, raw[f"ask_{language}"], raw[f"scale_{language}"], column)


def _criterion(form: dict[str, Any], raw: dict[str, Any], language: str) -> Asked:
    header = f"{form[f'check_{language}']}: {raw[language]}"
    item = Item(
        raw["en"],
        raw[language],
        CHECKED,
        "delivery",
        raw["dimension"],
        weight=float(raw["weight"]),
        critical=raw["critical"],
        wordings=both(raw),
    )
    return Asked(header, raw[language], _SCALES[language], Column(header, "item", item=item))
