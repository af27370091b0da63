"""Parts of one page that different scripts write, each between its own marks."""

from __future__ import annotations

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


def section_of(page: Path, name: str) -> str:
    """Return a part of a page with its marks, empty where it has none."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    start, end = marks(name)
    _, found, rest = text.partition(start)
    return f"\n{start}{rest.partition(end)[0]}{end}\n" if found else ""


def marks(name: str) -> tuple[str, str]:
    """Return the lines between which a part stands.

    >>> marks("import")[1]
    '<!-- end of import -->'
    """
    return f"<!-- {name}: written by a script of its own -->", f"<!-- end of {name} -->"
