"""The rules of the house that import contracts cannot see, read from the sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "csat"
MAX_LINES = 320

PACKAGE_FILES = sorted(PACKAGE.rglob("*.py"))
FILES = [*PACKAGE_FILES, ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def lies_in(file: Path, *places: str) -> bool:
    """Whether a file is one of these files or lies below one of these folders."""
    name = relative(file)
    return any(name == p or name.startswith(f"{p}/") for p in places)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def imported(file: Path) -> Iterator[str]:
    """Yield the dotted name of everything a file imports, anywhere in it."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(package: str) -> set[str]:
    """Return the files that import a package or anything below it."""
    return {
        relative(f)
        for f in FILES
        if any(n == package or n.startswith(f"{package}.") for n in imported(f))
    }


def attributes(file: Path, owner: str) -> set[str]:
    """Return the names used as ``owner.NAME``, also under another name of the import."""
    known = {owner}
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            known |= {a.asname for a in node.names if a.name == owner and a.asname}
    found = {
        node.attr
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in known
    }
    found |= {
        name.removeprefix(f"{owner}.") for name in imported(file) if name.startswith(f"{owner}.")
    }
    return found


def offenders(found: dict[Path, object]) -> dict[str, object]:
    """Return what was found, by file, leaving out the files in which nothing was."""
    return {relative(f): what for f, what in found.items() if what}


def outside(files: set[str], *allowed: str) -> list[str]:
    return sorted(f for f in files if not lies_in(ROOT / f, *allowed))


def test_no_script_lies_directly_in_pages() -> None:
    """Streamlit would run it past app.py: docs/adr/0001-nested-pages.md."""
    assert [f.name for f in (ROOT / "pages").glob("*.py")] == []


def test_files_stay_readable() -> None:
    """A file that grows longer is split by what its parts know."""
    lengths = {f: len(f.read_text(encoding="utf-8").splitlines()) for f in PACKAGE_FILES}
    assert offenders({f: n for f, n in lengths.items() if n > MAX_LINES}) == {}


@pytest.mark.parametrize("library", ["duckdb", "pandas", "plotly", "pyarrow", "streamlit"])
def test_vocabulary_and_statistics_are_pure(library: str) -> None:
    pure = ("src/csat/model", "src/csat/stats")
    assert [f for f in importers(library) if lies_in(ROOT / f, *pure)] == []


def test_streamlit_is_known_to_the_screen_only() -> None:
    assert outside(importers("streamlit"), "src/csat/ui", "pages", "app.py") == []


def test_plotly_is_known_to_charts_only() -> None:
    """The screen may name the type of a finished picture."""
    assert outside(importers("plotly"), "src/csat/charts", "src/csat/ui") == []


def test_plotly_express_is_not_used() -> None:
    """It costs ten times what graph objects cost, at every rerun."""
    assert importers("plotly.express") == set()


def test_pages_do_not_reach_into_the_store() -> None:
    reached = importers("duckdb") | importers("csat.store")
    assert [f for f in reached if lies_in(ROOT / f, "pages", "app.py")] == []


def test_only_the_store_opens_duckdb() -> None:
    """Elsewhere duckdb names types and errors; a second connection would be a second owner."""
    opening = {"connect", "sql", "query", "execute", "cursor", "default_connection", "from_df"}
    others = [f for f in FILES if not lies_in(f, "src/csat/store")]
    assert offenders({f: attributes(f, "duckdb") & opening for f in others}) == {}


def test_streamlit_caches_stand_in_one_module() -> None:
    caches = {"cache_data", "cache_resource"}
    others = [f for f in FILES if not lies_in(f, "src/csat/ui/cached.py")]
    used = {f: (attributes(f, "st") | attributes(f, "streamlit")) & caches for f in others}
    assert offenders(used) == {}


SQL = re.compile(r"^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH \w+ AS|CREATE|DROP|ALTER)\s")


def test_sql_stands_where_it_belongs() -> None:
    allowed = ("queries", "store", "ingest", "sample_program.py")
    others = [f for f in FILES if not lies_in(f, *(f"src/csat/{name}" for name in allowed))]
    found = {
        f: [
            node.value[:60]
            for node in ast.walk(tree(f))
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and SQL.match(node.value)
        ]
        for f in others
    }
    assert offenders(found) == {}


def test_no_html_is_let_through() -> None:
    used = [relative(f) for f in FILES if "unsafe_allow_html" in f.read_text(encoding="utf-8")]
    assert used == []


def test_nothing_is_left_for_later() -> None:
    mark = re.compile(r"\b(TODO|FIXME|XXX)\b")
    assert offenders({f: mark.findall(f.read_text(encoding="utf-8")) for f in FILES}) == {}


def test_pages_swallow_no_rerun() -> None:
    """Streamlit ends a script by a BaseException, which a bare except would catch."""
    screen = [f for f in FILES if lies_in(f, "app.py", "pages", "src/csat/ui")]
    broad = {
        f: [
            node.lineno
            for node in ast.walk(tree(f))
            if isinstance(node, ast.ExceptHandler)
            and (node.type is None or ast.unparse(node.type) == "BaseException")
        ]
        for f in screen
    }
    assert offenders(broad) == {}
