"""What must hold of how a single column, or a file of one row per answer, is read."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from csat.ingest.columns import (
    HASH,
    PLAIN,
    Column,
)
from csat.ingest.roles import HASHABLE, SURVEY_ROLES
from csat.model.message import msg
from csat.model.problem import ImportProblem


def check_column(column: Column) -> None:
    """Refuse what is still open, or means nothing, in how one column is read."""
    if column.undecided:
        raise ImportProblem(
            msg(
                "Column '{column}': its dates can be read as {forms}",
                column=column.source,
                forms=", ".join(column.undecided),
            ),
            msg("Say which of them is meant: nothing in the file tells"),
        )
    if column.keep not in (PLAIN, HASH) or (column.keep == HASH and column.role not in HASHABLE):
        raise ImportProblem(
            msg(
                "Column '{column}' cannot be kept as '{keep}'",
                column=column.source,
                keep=column.keep,
            ),
            msg("Only an id can be kept as a hash; everything else is kept as it is"),
        )
    if column.timezone and not _is_zone(column.timezone):
        raise ImportProblem(
            msg("There is no time zone '{name}'", name=column.timezone),
            msg("Use a name such as Europe/Berlin or Asia/Shanghai"),
        )


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name).key)
    except (KeyError, ValueError, OSError):
        return False


def check_long(seen: dict[str, str]) -> None:
    """Refuse a file of one row per answer whose answers cannot be put together."""
    parts = [role for role in ("question", "answer") if role in seen]
    if not parts:
        return
    for role in ("question", "answer", "response_id"):
        if role not in seen:
            raise ImportProblem(
                msg(
                    "No column is mapped as '{label}' ({role})",
                    label=msg(SURVEY_ROLES[role][0]),
                    role=role,
                ),
                msg("A file of one row per answer names the response, the question and the answer"),
            )
