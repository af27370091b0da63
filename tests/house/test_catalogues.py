"""Every text exists in every language, with the same placeholders, and none is left over."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from csat.locale.catalogue import LANGUAGES, messages, translator
from csat.model.message import msg

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"{(\w*)}")


def test_the_catalogues_hold_exactly_the_texts_of_the_product_all_translated() -> None:
    done = subprocess.run(
        [sys.executable, "tools/catalogues.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_use_the_placeholders_of_their_source(language: str) -> None:
    wrong = {
        text: said
        for text, said in messages(language).items()
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(said))
    }
    assert wrong == {}


def test_chinese_texts_are_chinese() -> None:
    latin_only = {
        text: said
        for text, said in messages("zh_CN").items()
        if text == said and re.search(r"[a-z]{4,} [a-z]{3,}", text)
    }
    assert latin_only == {}


def test_parameters_are_said_in_the_language_too() -> None:
    inner = msg("is empty")
    assert translator("en")(msg("{n} rows: {why}", n=1234, why=inner)) == "1,234 rows: is empty"
    assert "为空" in translator("zh_CN")(inner)
