"""Population margins: how many people of each group were served, and how many were asked.

A file of margins only makes sense whole: a group that is missing would hand its share to the
others. So one refused row refuses the file, and the file loaded last replaces the groups of its
kind (methods.md section 2.16).
"""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from typing import Final

import duckdb

from csat.ingest.columns import Column
from csat.ingest.mapping import Mapping
from csat.ingest.reasons import reason_text
from csat.ingest.suggest.header import roles_named
from csat.ingest.typed_select import MONTH_OF, Check
from csat.model.message import msg
from csat.model.vocabulary import SURVEY_CUTS

KIND_NAMES: Final[dict[str, str]] = {
    **{cut: cut for cut in SURVEY_CUTS},
    "网点": "branch",
    "渠道": "channel",
    "客群": "segment",
    "触点": "touchpoint",
}
"""What a file may call a kind of group, in lower case, to its column of the answers."""
TEMPLATE: Final = "group_kind,group,served,invited,month\n"
"""The header of a file of margins; the last two columns may be left blank or out."""

_KIND: Final = "LOWER(TRIM(group_kind))"


def mapping_of_margins(columns: Sequence[str]) -> Mapping:
    """Return what the columns of a file of margins are, told by their names alone.

    Raises
    ------
    ImportProblem
        When no column is the kind of group, the group, or its people.

    Examples
    --------
    >>> [c.role for c in mapping_of_margins(["Variable", "Category", "Population"]).columns]
    ['group_kind', 'group_name', 'people']
    """
    taken: dict[str, str] = {}
    for exactly in (True, False):
        for name in (c for c in columns if c not in taken.values()):
            for role, exact in roles_named("margins", name):
                if exact == exactly and role not in taken:
                    taken[role] = name
                    break
    found = Mapping(
        "population-margins-by-name",
        "margins",
        "Population margins",
        tuple(Column(name, role) for role, name in taken.items()),
    )
    found.check()
    return found


def margin_key(mapping: Mapping) -> str:
    """Return SQL for what one row of a file of margins is about: it may be said only once."""
    month = ", COALESCE(CAST(month AS VARCHAR), '')" if mapping.column("month") else ""
    return f"concat_ws(chr(31), {_kind('group_kind')}, group_name{month})"


def _kind(column: str) -> str:
    whens = " ".join(f"WHEN '{name}' THEN '{cut}'" for name, cut in KIND_NAMES.items())
    return f"CASE LOWER(TRIM({column})) {whens} END"


def margin_checks(mapping: Mapping, raws: MappingABC[str, str]) -> list[Check]:
    """Return what every row of a file of margins must fulfil besides its own columns."""
    column = mapping.column("group_kind")
    known = ", ".join(f"'{name}'" for name in KIND_NAMES)
    name = column.source if column else ""
    return [
        Check(
            f"group_kind IS NOT NULL AND {_KIND} NOT IN ({known})",
            name,
            raws["group_kind"],
            msg("is no kind of group; use one of: {names}", names=", ".join(SURVEY_CUTS)),
        ),
        Check(
            "occurrence > 1",
            name,
            raws["group_name"],
            msg("also stands in an earlier row of this file"),
        ),
    ]


def accept_whole(cursor: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Take every row as new, since a later file replaces an earlier one; or refuse them all."""
    month = mapping.column("month")
    if month is not None:
        cursor.execute(
            "INSERT INTO refused SELECT t.row_no, $column, '', $reason FROM typed t "
            "WHERE t.month IS NULL AND t.row_no NOT IN (SELECT row_no FROM refused) AND EXISTS "
            f"(SELECT 1 FROM typed o WHERE o.month IS NOT NULL AND {_kind('o.group_kind')} = "
            f"{_kind('t.group_kind')})",
            {
                "column": month.source,
                "reason": reason_text(msg("is empty, but other rows of this kind name a month")),
            },
        )
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE known AS SELECT row_no, CAST(NULL AS BIGINT) AS old_id, "
        "FALSE AS changed FROM typed LIMIT 0"
    )
    reason = msg("is not loaded because margins hold together: correct the other rows first")
    cursor.execute(
        "INSERT INTO refused SELECT row_no, '', '', $reason FROM typed "
        "WHERE row_no NOT IN (SELECT row_no FROM refused) AND EXISTS (SELECT 1 FROM refused)",
        {"reason": reason_text(reason)},
    )


def load_margins(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, *, program_id: int, batch_id: int
) -> None:
    """Move accepted rows into ``population_margin``."""
    month = MONTH_OF.format("t.month") if mapping.column("month") else "CAST(NULL AS INTEGER)"
    invited = "CAST(t.invited AS BIGINT)" if mapping.column("invited") else "CAST(NULL AS BIGINT)"
    cursor.execute(
        f"INSERT INTO population_margin SELECT $program, $batch, {_kind('t.group_kind')}, "
        f"t.group_name, {month}, t.people, {invited} "
        "FROM typed t WHERE t.row_no IN (SELECT row_no FROM accepted) ORDER BY t.row_no",
        {"program": program_id, "batch": batch_id},
    )
