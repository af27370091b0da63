"""The pinned requirements are exact, within the bounds, complete and explained."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = [Requirement(r) for r in PROJECT["dependencies"]]
DEVELOPMENT = [Requirement(r) for r in PROJECT["optional-dependencies"]["dev"]]


def pins(name: str) -> dict[str, Version]:
    """Return package -> version of a requirements file; every line must be an exact pin."""
    found: dict[str, Version] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith(("#", "-r ")):
            continue
        match = re.fullmatch(r"([A-Za-z0-9._-]+)==([^\s;]+)", line)
        assert match, f"{name}: '{line}' is no exact pin"
        package = canonicalize_name(match[1])
        assert package not in found, f"{name}: {package} stands twice"
        found[package] = Version(match[2])
    return found


@pytest.mark.parametrize("requirement", RUNTIME, ids=str)
def test_runtime_pins_are_within_bounds(requirement: Requirement) -> None:
    pinned = pins("requirements.txt")[canonicalize_name(requirement.name)]
    assert pinned in requirement.specifier


@pytest.mark.parametrize("requirement", DEVELOPMENT, ids=str)
def test_development_pins_are_within_bounds(requirement: Requirement) -> None:
    pinned = pins("requirements-dev.txt")[canonicalize_name(requirement.name)]
    assert pinned in requirement.specifier


def test_development_builds_on_the_runtime() -> None:
    lines = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    assert "-r requirements.txt" in lines
    assert not set(pins("requirements.txt")) & set(pins("requirements-dev.txt"))


@pytest.mark.parametrize("requirement", [*RUNTIME, *DEVELOPMENT], ids=str)
def test_every_dependency_is_explained(requirement: Requirement) -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| {re.escape(requirement.name)} \| (.+) \| (.+) \|$", page, re.MULTILINE)
    assert row
    assert len(row[1]) > 5
