"""The columns that a survey or ticket tool writes beside the answers, from one file per tool."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from csat.ingest.layout import normalised
from csat.ingest.roles import Kind
from csat.model.message import Message, msg

_WHY: Final[dict[str, Message]] = {
    "metadata": msg("The tool keeps it about the response; it is no answer"),
    "duration": msg("How long the answering took"),
    "code": msg("It repeats another column as codes"),
    "score": msg("The tool's own total; it is worked out anew from the answers"),
}


@dataclass(frozen=True, slots=True)
class ToolColumn:
    """One column that a tool writes: what it is, or why it is left out.

    Parameters
    ----------
    role
        Its role; empty where it is left out.
    formats
        How its dates are written; empty where the file's own values decide.
    personal
        What personal data it holds, a key of `csat.ingest.suggest.personal.KINDS`.
    keep
        "hash" where its values are to be kept as keyed hashes.
    left_out
        Why it is left out.
    """

    role: str = ""
    formats: tuple[str, ...] = ()
    personal: str = ""
    keep: str = "plain"
    left_out: Message | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool whose exports are known."""

    key: str
    title: str
    kind: Kind
    signs: tuple[tuple[str, ...], ...]
    names: dict[str, ToolColumn]
    patterns: tuple[tuple[re.Pattern[str], ToolColumn], ...]

    def column(self, name: str) -> ToolColumn | None:
        """Return what a column of an export is, None where it is an answer."""
        found = self.names.get(normalised(name) or name.strip())
        if found is not None:
            return found
        return next((c for pattern, c in self.patterns if pattern.search(name)), None)

    def wrote(self, columns: Sequence[str]) -> bool:
        """Say whether a file has the columns that only this tool writes together."""
        have = {normalised(c) for c in columns}
        return any(set(sign) <= have for sign in self.signs)


@cache
def tools() -> tuple[Tool, ...]:
    """Return every tool whose exports are known.

    Examples
    --------
    >>> "qualtrics" in [tool.key for tool in tools()]
    True
    """
    folder = resources.files("csat.ingest") / "presets" / "tools"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name)
    return tuple(_tool(json.loads(f.read_text(encoding="utf-8"))) for f in files)


def _tool(raw: dict[str, Any]) -> Tool:
    names: dict[str, ToolColumn] = {}
    patterns = []
    for part in raw["columns"]:
        column = ToolColumn(
            part.get("role", ""),
            tuple(part.get("formats", ())),
            part.get("personal", ""),
            part.get("keep", "plain"),
            _WHY[part["left_out"]] if "left_out" in part else None,
        )
        names.update({normalised(n) or n: column for n in part.get("names", ())})
        if "pattern" in part:
            patterns.append((re.compile(part["pattern"]), column))
    signs = tuple(tuple(normalised(n) for n in sign) for sign in raw["signs"])
    return Tool(raw["tool"], raw["title"], raw["kind"], signs, names, tuple(patterns))


def tool_of(columns: Sequence[str], key: str = "") -> Tool | None:
    """Return the tool that wrote a file: the one named, else the one whose columns it has.

    Examples
    --------
    >>> tool_of(["序号", "提交答卷时间", "所用时间", "来自IP", "1、满意度"]).key
    'wenjuanxing'
    >>> tool_of(["id", "when"]) is None
    True
    """
    named = next((t for t in tools() if t.key == key), None)
    return named or next((t for t in tools() if t.wrote(columns)), None)
