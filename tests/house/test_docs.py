"""The documentation names what exists, all of it, and links to what is there."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from csat.ingest.preset import preset_names
from csat.model.metrics import REGISTRY
from csat.model.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "data" / "README.md",
    *sorted(DOCS.rglob("*.md")),
]
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def relative(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


ALL_TEXT = "\n".join(text(p) for p in PAGES)


def code(page: Path) -> list[str]:
    """Return every code span and every line of a fenced block."""
    fenced = [line for block in FENCE.findall(text(page)) for line in block.splitlines()[1:-1]]
    return [*fenced, *re.findall(r"`([^`\n]+)`", FENCE.sub("", text(page)))]


def targets() -> dict[str, list[str]]:
    """Return the documented targets of the Makefile with their plain commands."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in text(ROOT / "Makefile").splitlines():
        head = re.match(r"([a-z]+):.*## ", line)
        if head:
            name = head[1]
            found[name] = []
        elif name and line.startswith("# "):
            found[name].append(line[2:])
        elif not line.startswith("\t"):
            name = ""
    return found


def slugs(page: Path) -> set[str]:
    """Return the anchors of a page's headings."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text(page)), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", h.lower()) for h in heads)
    return {h.strip().replace(" ", "-") for h in plain}


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(DOCS / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_metric_has_a_worked_number() -> None:
    page = text(DOCS / "metrics.md")
    assert page.count("**Worked number.**") == len(REGISTRY)
    assert all(f"`{key}" in page for key in REGISTRY)


@pytest.mark.parametrize(
    "published",
    [
        "**30.8%** (95% interval 25.5 to 36.6%; base 263)",  # Newcombe 1998, 81 of 263
        "+20.0 percentage points (+5.2 to +33.4",  # Newcombe 1998, 56/70 less 48/80
        "**1.50 per 1,000** (95% interval 0.78 to 2.62",  # Garwood, 12 in 8,000
    ],
)
def test_worked_numbers_agree_with_the_literature(published: str) -> None:
    assert published in text(DOCS / "metrics.md")


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    pictures = any((DOCS / "images").glob("*.png"))
    for image, link in LINK.findall(FENCE.sub("", text(page))):
        path, _, anchor = link.partition("#")
        if "://" in link or (image and not pictures):
            continue
        aim = (page.parent / path).resolve() if path else page
        missing = not aim.exists() or (anchor and anchor not in slugs(aim))
        if missing or not aim.is_relative_to(ROOT):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_nothing_is_told_twice_on_a_page(page: Path) -> None:
    told = [line[:50] for line in FENCE.sub("", text(page)).splitlines() if len(line) >= 50]
    told = [begin for begin in told if not begin.startswith("|")]
    assert sorted({begin for begin in told if told.count(begin) > 1}) == []


def test_every_page_is_reached_from_the_map() -> None:
    linked = {
        (DOCS / link.partition("#")[0]).resolve()
        for _, link in LINK.findall(text(DOCS / "index.md"))
    }
    known = set(DOCS.rglob("*.md")) - {DOCS / "index.md"}
    assert {relative(p) for p in known - linked} == set()


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_make_targets_exist(page: Path) -> None:
    named = {m[1] for c in code(page) if (m := re.match(r"make ([a-z]+)\b", c))}
    assert named <= set(targets())


def test_readme_shows_the_plain_commands_of_every_target() -> None:
    readme = text(ROOT / "README.md")
    missing = {name for name in targets() if f"`make {name}`" not in readme and name != "help"}
    assert missing == set()
    lines = [line for commands in targets().values() for line in commands]
    assert lines
    assert [line for line in lines if f"`{line}`" not in readme] == []


def test_scripts_named_in_the_makefile_exist() -> None:
    scripts = re.findall(r"^\t.*python ([\w/]+\.py)", text(ROOT / "Makefile"), re.MULTILINE)
    assert scripts
    assert [s for s in scripts if not (ROOT / s).is_file()] == []


def csat_commands(page: Path) -> list[list[str]]:
    """Return the command lines of csat that a page shows, without the program's name."""
    found = []
    for line in code(page):
        match = re.match(r"(?:\S*/)?csat ((?:--|[a-z]).*)", line)
        if match:
            found.append(shlex.split(match[1]))
    return found


def understood(words: list[str]) -> bool:
    """Whether csat takes these words; a bare command or option is looked up in the help."""
    from csat.cli.parser import build_parser
    from csat.model.problem import UsageProblem

    bare = len(words) == 1 or words[-1].startswith("--")
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            build_parser().parse_args([*words[:1], "--help"] if bare else words)
    except SystemExit as stop:
        options = [w for w in words if w.startswith("--")]
        return not stop.code and all(o in said.getvalue() for o in options)
    except UsageProblem:
        return False
    return True


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_commands_exist_and_take_these_options(page: Path) -> None:
    assert [shlex.join(words) for words in csat_commands(page) if not understood(words)] == []


def test_every_command_is_documented() -> None:
    from csat.cli import _COMMANDS

    page = text(DOCS / "guide" / "command-line.md")
    assert [name for name in _COMMANDS if f"| `csat {name}` |" not in page] == []


def test_exit_codes_are_documented() -> None:
    from csat.cli.exits import EXIT_CODES

    page = text(DOCS / "guide" / "command-line.md")
    assert [c for c, words in EXIT_CODES.items() if f"| {c} | {words} |" not in page] == []


def test_every_setting_is_documented() -> None:
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
    used = {name for f in sources if f.is_file() for name in re.findall(r"CSAT_[A-Z_]+", text(f))}
    assert used <= {s.name for s in SETTINGS}
    page = text(DOCS / "settings.md")
    assert [s.name for s in SETTINGS if f"`{s.name}` | `{s.default}`" not in page] == []


def test_no_page_names_a_setting_that_is_not_there() -> None:
    known = {s.name for s in SETTINGS}
    assert set(re.findall(r"\bCSAT_[A-Z_]+\b", ALL_TEXT)) <= known


def test_every_preset_is_named() -> None:
    page = text(DOCS / "guide" / "load-a-file.md")
    assert [name for name in preset_names() if f"`{name}`" not in page] == []


@pytest.mark.parametrize("record", sorted((DOCS / "adr").glob("*.md")), ids=relative)
def test_decisions_keep_their_form(record: Path) -> None:
    heads = re.findall(r"^## (.+)$", text(record), re.MULTILINE)
    assert heads == ["Status", "Context", "Decision", "Consequences"]
    assert text(record).startswith(f"# {int(record.name[:4])}. ")


def test_newest_change_is_this_version() -> None:
    version = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["version"]
    released = re.findall(r"^## \[(\d[^\]]*)\]", text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert released[0] == version
