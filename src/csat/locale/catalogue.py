"""Message catalogues in gettext form, read once per language when first needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from importlib import resources
from typing import Final

from babel.messages.pofile import read_po

from csat.locale.formats import Formats
from csat.model.message import Message

LANGUAGES: Final[dict[str, str]] = {"en": "English", "zh_CN": "中文"}
"""Catalogue code -> the language's own name."""

Translator = Callable[[str | Message], str]


def closest(wanted: str | None) -> str:
    """Return the language that serves a browser's or system's locale name.

    Examples
    --------
    >>> closest("zh-Hans-CN"), closest("de-DE"), closest(None)
    ('zh_CN', 'en', 'en')
    """
    return "zh_CN" if (wanted or "").lower().startswith("zh") else "en"


@lru_cache(maxsize=len(LANGUAGES))
def messages(language: str) -> dict[str, str]:
    """Return source text -> translation of one language."""
    file = resources.files("csat.locale") / language / "LC_MESSAGES" / "csat.po"
    if not file.is_file():
        return {}
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    return {str(m.id): str(m.string) for m in catalogue if m.id and m.string and not m.fuzzy}


@lru_cache(maxsize=len(LANGUAGES))
def translator(language: str) -> Translator:
    """Return the function that says a text in one language.

    Examples
    --------
    >>> from csat.model.message import msg
    >>> translator("en")(msg("{n} rows refused", n=3))
    '3 rows refused'
    """
    known = messages(language)
    formats = Formats(language)

    def translate(text: str | Message) -> str:
        if isinstance(text, str):
            return known.get(text, text)
        template = known.get(text.text, text.text)
        if not text.params:
            return template
        return template.format(**{k: say(v) for k, v in text.params.items()})

    def say(value: object) -> object:
        if isinstance(value, Message):
            return translate(value)
        if isinstance(value, datetime):
            return formats.moment(value)
        if isinstance(value, date):
            return formats.day(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return formats.count(value)
        return value

    return translate
