"""Collect every text of the product into the message catalogues of its languages.

Run after a change of texts: ``python tools/catalogues.py``. The English catalogue is written
whole (source texts are English); the Chinese one keeps its translations, gains new texts
empty and loses those no longer used. ``--check`` changes nothing and fails on any difference
or missing translation.
"""

from __future__ import annotations

import ast
import json
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "src" / "csat" / "locale"
KEYWORDS = ("msg", "N_", "t")
PLACES = ("src", "pages")


def texts() -> dict[str, list[str]]:
    """Return every source text with the files that use it."""
    found: dict[str, list[str]] = {}
    for place in PLACES:
        for file in sorted((ROOT / place).rglob("*.py")):
            for key in marked(file.read_text(encoding="utf-8")):
                found.setdefault(key, []).append(str(file.relative_to(ROOT)))
    for file in sorted((ROOT / "src/csat/ingest/presets").glob("*.json")):
        raw = json.loads(file.read_text(encoding="utf-8"))
        for key in ("title", "description"):
            if raw.get(key):
                found.setdefault(raw[key], []).append(str(file.relative_to(ROOT)))
    return found


def marked(source: str) -> list[str]:
    """Return the texts handed to `msg`, `N_` or `t`, also inside f-strings."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if name in KEYWORDS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            found.append(first.value)
    return found


def path(language: str) -> Path:
    """Return the file of a language's catalogue."""
    return LOCALE / language / "LC_MESSAGES" / "csat.po"


def read(language: str) -> dict[str, str]:
    """Return the texts of a catalogue with their translations."""
    file = path(language)
    if not file.exists():
        return {}
    with file.open("rb") as stream:
        return {str(m.id): str(m.string) for m in read_po(stream, locale=language) if m.id}


def render(language: str, found: dict[str, list[str]], said: dict[str, str]) -> bytes:
    """Return a catalogue as its file, in the order of the source texts."""
    catalogue = Catalog(
        locale=language,
        project="csat",
        version="1",
        copyright_holder="csat contributors",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        fuzzy=False,
        header_comment="# Message catalogue of csat. Written by tools/catalogues.py.",
    )
    for text in sorted(found):
        places = [(p, None) for p in sorted(set(found[text]))]
        catalogue.add(text, said.get(text, ""), locations=places)
    out = BytesIO()
    write_po(out, catalogue, width=96, omit_header=False, include_lineno=False)
    lines = out.getvalue().decode("utf-8").splitlines()
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')
    return ("\n".join(x for x in lines if not x.startswith(dated)) + "\n").encode("utf-8")


def main(arguments: list[str]) -> int:
    """Write the catalogues, or check them."""
    found = texts()
    english = render("en", found, {text: text for text in found})
    said = read("zh_CN")
    chinese = render("zh_CN", found, said)
    missing = [text for text in sorted(found) if not said.get(text)]
    if "--check" in arguments:
        same = path("en").read_bytes() == english and path("zh_CN").read_bytes() == chinese
        for text in missing:
            print(f"not translated: {text}", file=sys.stderr)
        if not same:
            print("the catalogues differ from the texts; run tools/catalogues.py", file=sys.stderr)
        return 0 if same and not missing else 1
    for language, data in (("en", english), ("zh_CN", chinese)):
        path(language).parent.mkdir(parents=True, exist_ok=True)
        path(language).write_bytes(data)
    print(f"{len(found)} texts, {len(missing)} not translated")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
