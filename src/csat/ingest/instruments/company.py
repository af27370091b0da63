"""The columns of questionnaires for managers, contact staff and auditors."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from csat.ingest.columns import LANGUAGES, Column, Item
from csat.ingest.instruments.asked import Asked, both
from csat.model.scale import Scale
from csat.store.scores import POINTS_SCALE

_LOW, _HIGH = 1, 7
_PLAIN: Final = Scale.of(_LOW, _HIGH)
_NONE: Final = Scale.of(_LOW, _HIGH, special={"0": "not_applicable"})
REVERSED: Final = Scale.of(
    _LOW, _HIGH, labels={str(code): _LOW + _HIGH - code for code in range(_LOW, _HIGH + 1)}
)
"""Turns a statement round: who fully agrees (7) counts as 1."""


@lru_cache(maxsize=1)
def text() -> dict[str, Any]:
    """Return the wordings."""
    file = resources.files("csat.ingest.instruments") / "company.json"
    return dict(json.loads(file.read_text(encoding="utf-8")))


def cause_names() -> dict[str, int]:
    """Return the causes that the questionnaires ask for, with the gap each belongs to.

    Examples
    --------
    >>> cause_names()["teamwork"]
    3
    """
    return {raw["key"]: int(raw["gap"]) for raw in text()["causes"]}


def company_columns(
    raw: dict[str, Any],
    language: str,
    statements: list[dict[str, Any]],
    names: dict[str, dict[str, str]],
) -> list[Asked]:
    """Return what a questionnaire asks.

    Parameters
    ----------
    raw
        The questionnaire: its levels, statements and causes, and whether it asks for points.
    statements
        The customers' statements, which levels are rated on.
    names
        Dimension -> what it is called, by language.
    """
    asked: list[Asked] = []
    for letter in raw["levels"]:
        asked += _levels(letter, language, statements)
    if raw.get("points"):
        asked += _believed(language, names)
    for block in raw["statements"]:
        asked += _said(block, language, names)
    for cause in text()["causes"]:
        if cause["gap"] in raw["causes"]:
            asked += _causes(cause, language)
    return asked


def _levels(letter: str, language: str, statements: list[dict[str, Any]]) -> list[Asked]:
    view = text()["levels"][letter]
    asked = []
    for raw in statements:
        number = f"{raw['number']:02d}"
        header = f"{view[language]} {number}: {raw[language]}"
        wording = raw[language]
        item = Item(
            f"{letter}{number}",
            wording,
            _PLAIN,
            view["viewpoint"],
            raw["dimension"],
            number,
            wordings=both(raw),
        )
        question = f"{wording} {view[f'ask_{language}']}"
        asked.append(Asked(header, question, "1-7", Column(header, "item", item=item)))
    return asked


def _believed(language: str, names: dict[str, dict[str, str]]) -> list[Asked]:
    """Ask how customers would spread 100 points over the dimensions."""
    said = text()["points"]
    low, high = POINTS_SCALE
    asked = []
    for dimension, name in names.items():
        header = said[language].format(name=name[language])
        wordings = {code: said[code].format(name=name[code]) for code in LANGUAGES}
        item = Item(
            f"{said['letter']}_{dimension}",
            header,
            Scale.of(low, high),
            said["viewpoint"],
            dimension,
            wordings=wordings,
        )
        question = f"{said[f'ask_{language}']} {name[language]}"
        asked.append(Asked(header, question, f"{low}-{high}", Column(header, "item", item=item)))
    return asked


def _said(block: str, language: str, names: dict[str, dict[str, str]]) -> list[Asked]:
    said = text()["statements"][block]
    asked = []
    for dimension, name in names.items():
        header = said[language].format(name=name[language])
        key = f"{said['letter']}_{dimension}"
        wordings = {code: said[code].format(name=name[code]) for code in LANGUAGES}
        item = Item(key, header, _NONE, said["viewpoint"], dimension, wordings=wordings)
        question = f"{header} ({said[f'ask_{language}']})"
        asked.append(Asked(header, question, "0-7", Column(header, "item", item=item)))
    return asked


def _causes(cause: dict[str, Any], language: str) -> list[Asked]:
    asked = []
    for k, raw in enumerate(cause["statements"], 1):
        key = f"{cause['key']}.{k}"
        scale = REVERSED if raw["reversed"] else _PLAIN
        item = Item(key, raw[language], scale, "cause", "", key, wordings=both(raw))
        column = Column(raw[language], "item", item=item)
        question = f"{raw[language]} ({text()['cause'][f'ask_{language}']})"
        asked.append(Asked(raw[language], question, "1-7", column))
    return asked
