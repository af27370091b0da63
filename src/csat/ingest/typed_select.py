"""The SELECT list that types a staged file, and what stands for a value that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from csat.ingest.columns import Column
from csat.model.message import Message
from csat.model.vocabulary import SPECIAL_KINDS

BAD_CODE: Final = -32768
APART: Final = {kind: BAD_CODE + 1 + i for i, kind in enumerate(SPECIAL_KINDS)}
"""Kind of special code -> what stands for it in a table whose special codes are counted later."""
TRIMMED: Final = "NULLIF(TRIM({0}), '')"
"""A cell as it counts: without blanks around it, NULL where nothing is left."""
BAD_MOMENT: Final = "TIMESTAMP '0001-01-01 00:00:00'"
BAD_NUMBER: Final = "CAST('-Infinity' AS DOUBLE)"
DAY_OF: Final = (
    "CAST(EXTRACT(year FROM {0}) * 10000 + EXTRACT(month FROM {0}) * 100 "
    "+ EXTRACT(day FROM {0}) AS INTEGER)"
)
MONTH_OF: Final = "CAST(EXTRACT(year FROM {0}) * 100 + EXTRACT(month FROM {0}) AS INTEGER)"


@dataclass(frozen=True, slots=True)
class Check:
    """A condition over the typed table that refuses a row, and what to say about it."""

    bad: str
    column: str
    raw: str
    reason: Message


@dataclass(slots=True)
class TypedSelect:
    """The SELECT list that types the staged table, with its parameters and checks.

    Moments become local ones of ``timezone``, whether or not they carry an offset of their own.
    ``raws`` is the SQL of each role's text as it stands in the staged file. ``apart`` names the
    ratings whose special codes are told apart (``APART``); else they are NULL.
    """

    timezone: str = "UTC"
    select: list[str] = field(default_factory=list)
    params: dict[str, object] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    raws: dict[str, str] = field(default_factory=dict)
    apart: set[str] = field(default_factory=set)

    def bind(self, value: object) -> str:
        """Bind a value and return its parameter reference."""
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"${name}"

    def add(self, expression: str, alias: str) -> None:
        """Add one typed column."""
        self.select.append(f"{expression} AS {alias}")

    def check(self, bad: str, column: Column, raw: str, reason: Message) -> None:
        """Refuse rows for which ``bad`` holds."""
        self.checks.append(Check(bad, column.source, raw, reason))
