"""Every figure of the pages has a command that asks the same question."""

from __future__ import annotations

import ast
import importlib
import types
from pathlib import Path

import csat.cli
from csat.ui import cached

NOT_PRINTED = {
    "actions": "`actions` prints them with their verdicts",
    "cause_tree": "`agreement` prints the themes in force",
    "counts": "`complaints` prints them above the list",
    "evaluate_split": "`metrics --by` prints each group, or with --where its series",
    "filter_panel": "choices of a filter",
    "index_breaks": "`index` prints what each change of the definition did",
    "marks": "what people said of a series, no figure",
    "pareto_rows": "`complaints` prints them",
    "programs": "names; `batches` lists them",
    "series_breaks": "a note of the figures that it is about",
    "standing_counts": "choices of a filter; `sla` prints how cases stand",
    "types_of_cases": "choices of a filter",
    "wordings": "texts",
}
"""Question of the pages that no command asks by itself -> why."""


def asked_by(tree: ast.Module) -> set[int]:
    """Return what a module of the command line imports, and what it takes from modules."""
    found, named = set(), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("csat."):
            source = importlib.import_module(node.module)
            for alias in node.names:
                value = getattr(source, alias.name)
                named[alias.asname or alias.name] = value
                found.add(id(value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = named.get(node.value.id)
            if isinstance(owner, types.ModuleType) and hasattr(owner, node.attr):
                found.add(id(getattr(owner, node.attr)))
    return found


def test_every_question_of_the_pages_is_asked_by_a_command() -> None:
    asked: set[int] = set()
    for path in Path(csat.cli.__file__).parent.glob("*.py"):
        asked |= asked_by(ast.parse(path.read_text(encoding="utf-8")))
    missing = {name for name, f in cached._QUESTIONS.items() if id(f) not in asked}
    assert missing == set(NOT_PRINTED)
