"""Parts of one page that different scripts write, each between its own marks."""

from __future__ import annotations

import re
from pathlib import Path

IMPORT = "import"


def put_section(page: Path, name: str, text: str) -> None:
    """Put a part into a page: in the place of the one before, else at the end."""
    before = page.read_text(encoding="utf-8") if page.is_file() else ""
    start, end = marks(name)
    part = f"{start}\n\n{text.strip()}\n\n{end}\n"
    head, found, rest = before.partition(start)
    tail = rest.partition(end)[2].lstrip("\n") if found else ""
    page.write_text(f"{head.rstrip()}\n\n{part}{tail}".lstrip("\n"), encoding="utf-8")


def sections_of(page: Path) -> str:
    """Return all parts of a page with their marks, empty where it has none."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    found = re.findall(r"^<!-- (\S+): written by a script of its own -->$", text, re.MULTILINE)
    parts = []
    for name in found:
        start, end = marks(name)
        parts.append(f"\n{start}{text.partition(start)[2].partition(end)[0]}{end}\n")
    return "".join(parts)


def marks(name: str) -> tuple[str, str]:
    """Return the lines between which a part stands.

    >>> marks("import")[1]
    '<!-- end of import -->'
    """
    return f"<!-- {name}: written by a script of its own -->", f"<!-- end of {name} -->"
