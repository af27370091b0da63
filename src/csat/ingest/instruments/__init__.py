"""Ready-made questionnaires: what they ask, and the mapping that reads their answers back.

The wording is our own, in `questions.json`. A template's column names carry its questions, so
whoever fills it sees what was asked, and a file made from it is known by its columns.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from csat.ingest.columns import LANGUAGES, Column, Item
from csat.ingest.instruments import company, facets
from csat.ingest.instruments.asked import Asked, both
from csat.ingest.instruments.rater_forms import form_columns, rater_forms
from csat.ingest.mapping import Mapping
from csat.ingest.roles import Kind
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.model.scale import Scale

_RATING: Final = Scale.of(1, 7)


@dataclass(frozen=True, slots=True)
class Instrument:
    """One questionnaire or form in one language."""

    name: str
    language: str
    title: str
    about: str
    asked: tuple[Asked, ...]
    kind: Kind = "survey"

    @property
    def preset_name(self) -> str:
        """Name of the mapping that reads its answers.

        Examples
        --------
        >>> instrument("headline", "zh_CN").preset_name
        'questionnaire-headline-zh'
        """
        what = "questionnaire" if self.kind == "survey" else "form"
        return f"{what}-{self.name}-{self.language[:2]}"

    def mapping(self) -> Mapping:
        """Return the mapping that fits a file made from the template."""
        survey = self.kind == "survey"
        return Mapping(
            self.preset_name,
            self.kind,
            self.title,
            tuple(a.column for a in self.asked),
            self.about,
            survey_key=f"questionnaire-{self.name}" if survey else "",
            survey_title=self.title if survey else "",
        )


def instrument_names() -> list[str]:
    """Return the names of the questionnaires and forms the product ships.

    Examples
    --------
    >>> instrument_names()  # doctest: +NORMALIZE_WHITESPACE
    ['complete', 'service-quality', 'importance', 'headline', 'features', 'five-facet',
     'five-content', 'managers', 'staff', 'audit',
     'mystery-shopper', 'evaluations', 'findings', 'comparisons', 'grades']
    """
    return [raw["name"] for raw in (*_instruments(), *rater_forms())]


def instrument(name: str, language: str = "en") -> Instrument:
    """Return a questionnaire in a language.

    Raises
    ------
    UsageProblem
        When there is none of that name, or not in that language.
    """
    known = {raw["name"]: raw for raw in (*_instruments(), *rater_forms())}
    for value, options in ((name, tuple(known)), (language, LANGUAGES)):
        if value not in options:
            raise UsageProblem(
                msg("There is no questionnaire '{name}'", name=value),
                msg("Use one of: {names}", names=", ".join(options)),
            )
    raw = known[name]
    if "kind" in raw:
        asked = form_columns(raw, language)
        about = raw[f"about_{language}"]
        return Instrument(name, language, raw[language], about, tuple(asked), raw["kind"])
    if "levels" in raw:
        return _company(raw, language)
    blocks = {"items": _items, "points": _points, "headline": _headline, "features": _features}
    asked = _circumstances(raw[language], language)
    asked += facets.facet_columns(raw.get("facets", []), language)
    for block in raw["blocks"]:
        asked += blocks[block](language)
    if raw["blocks"] != ["points"]:
        said = _text()["comment"]
        column = Column(said[language], "comment")
        asked.append(Asked(said[language], said[f"ask_{language}"], "", column))
    return Instrument(name, language, raw[language], raw[f"about_{language}"], tuple(asked))


def _instruments() -> list[dict[str, Any]]:
    own = _text()["instruments"]
    return [*own, *facets.text()["instruments"], *company.text()["instruments"]]


def _company(raw: dict[str, Any], language: str) -> Instrument:
    """Return a questionnaire for people of the organisation."""
    asked = [
        a
        for a in _circumstances(raw[language], language)
        if a.column.role in ("response_id", *raw["circumstances"])
    ]
    names = _text()["points"]["dimensions"]
    asked += company.company_columns(raw, language, _text()["items"], names)
    return Instrument(raw["name"], language, raw[language], raw[f"about_{language}"], tuple(asked))


@lru_cache(maxsize=1)
def all_instruments() -> tuple[Instrument, ...]:
    """Return every questionnaire in every language."""
    return tuple(
        instrument(name, language) for name in instrument_names() for language in LANGUAGES
    )


@lru_cache(maxsize=1)
def _text() -> dict[str, Any]:
    file = resources.files("csat.ingest.instruments") / "questions.json"
    return dict(json.loads(file.read_text(encoding="utf-8")))


def _circumstances(title: str, language: str) -> list[Asked]:
    said = _text()["response"]
    header = said[language].format(name=title)
    asked = [Asked(header, said[f"ask_{language}"], "", Column(header, "response_id"))]
    for raw in _text()["circumstances"]:
        column = Column(raw[language], raw["role"])
        asked.append(Asked(raw[language], raw[f"ask_{language}"], "", column))
    return asked


def _items(language: str) -> list[Asked]:
    asked = []
    for letter, view in _text()["viewpoints"].items():
        for raw in _text()["items"]:
            number = f"{raw['number']:02d}"
            header = f"{view[language]} {number}: {raw[language]}"
            item = Item(
                f"{letter}{number}",
                raw[language],
                _RATING,
                view["viewpoint"],
                raw["dimension"],
                number,
                wordings=both(raw),
            )
            question = f"{raw[language]} {view[f'ask_{language}']}"
            asked.append(Asked(header, question, "1-7", Column(header, "item", item=item)))
    return asked


def _points(language: str) -> list[Asked]:
    said = _text()["points"]
    asked = []
    for dimension, names in said["dimensions"].items():
        header = said[language].format(name=names[language])
        item = Item(
            f"W_{dimension}",
            names[language],
            Scale.of(0, 100),
            "importance",
            dimension,
            wordings=both(names),
        )
        question = f"{said[f'ask_{language}']} {names[language]}"
        asked.append(Asked(header, question, "0-100", Column(header, "item", item=item)))
    return asked


def _headline(language: str) -> list[Asked]:
    asked = []
    for raw in _text()["headline"]:
        item = Item(
            raw["key"],
            raw[f"ask_{language}"],
            Scale.of(raw["low"], raw["high"]),
            measures=(raw["key"],),
            wordings=both(raw, key="ask_"),
        )
        column = Column(raw[language], "item", item=item)
        scale = f"{raw['low']}-{raw['high']}"
        asked.append(Asked(raw[language], raw[f"ask_{language}"], scale, column))
    return asked


def _features(language: str) -> list[Asked]:
    """Ask about each feature both ways, as Kano does."""
    said = _text()["features"]
    scale, ends = Scale.of(said["low"], said["high"]), f"{said['low']}-{said['high']}"
    asked = []
    for letter, side in said["sides"].items():
        for raw in said["items"]:
            number = f"{raw['number']:02d}"
            header = f"{side[language]} {number}: {raw[language]}"
            item = Item(
                f"K{number}{letter}",
                raw[language],
                scale,
                side["viewpoint"],
                pair=f"feature {number}",
                wordings=both(raw),
            )
            name = raw["ask_en"] if language == "en" else raw[language]
            question = side[f"ask_{language}"].format(name=name)
            asked.append(Asked(header, question, ends, Column(header, "item", item=item)))
    return asked
