"""What sets a file apart from what is loaded: columns, values, spread of answers, quality."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Final

import duckdb

from csat.ingest.catalogue import Target
from csat.ingest.durations import Durations, durations
from csat.ingest.evidence import FORMS
from csat.ingest.layout import normalised
from csat.ingest.mapping import Mapping
from csat.ingest.spread import ItemSpread, item_spreads

_GROUPS: Final = {
    "survey": ("branch", "channel", "segment", "touchpoint", "form"),
    "complaints": (
        *("branch", "channel", "segment", "touchpoint"),
        *("category", "category_2", "cause", "severity", "status", "outcome"),
    ),
    "exposure": ("branch",),
    "events": (),
    "margins": ("group_kind", "group_name"),
    "evaluations": ("branch", "channel", "touchpoint", "dimension", "criterion", "rater"),
    "findings": ("branch", "touchpoint", "dimension", "owner"),
    "comparisons": ("indicator", "other", "expert"),
    "grades": ("grade",),
}
_FACTS: Final = {
    "survey": "response",
    "complaints": "complaint",
    "exposure": "exposure",
    "margins": "population_margin",
    **{kind: form.table for kind, form in FORMS.items()},
}
_SHOWN: Final = 12
_ALIKE: Final = 0.75
"""How alike two names must be to be called one column renamed (0 to 1)."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """Values of a column that no loaded row has: the most frequent ones, and how many there are."""

    column: str
    values: tuple[tuple[str, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A file beside what is loaded already; an empty part means nothing to report.

    Parameters
    ----------
    against
        Name of the file loaded last, of the same survey or kind; empty for the first one.
    columns_new, columns_missing, columns_renamed
        Against that file; a renamed column stands in neither of the others.
    unseen
        Groups and categories that appear for the first time.
    items
        Per question: how many answered, and how that compares with the last file.
    straight_lined
        Responses that gave one answer to five questions or more, of ``rated`` that answered as
        many.
    durations
        How long the responses took, and how many were much quicker than the others.
    repeated_respondents
        Respondents who stand in more than one good row of the file.
    last_day, loaded_to
        Latest day of the file, and the day up to which loaded data is complete: an earlier last
        day tells of an older export.
    """

    against: str = ""
    columns_new: tuple[str, ...] = ()
    columns_missing: tuple[str, ...] = ()
    columns_renamed: tuple[tuple[str, str], ...] = ()
    unseen: tuple[Unseen, ...] = ()
    items: tuple[ItemSpread, ...] = ()
    straight_lined: int = 0
    rated: int = 0
    durations: Durations = field(default_factory=Durations)
    repeated_respondents: int = 0
    last_day: date | None = None
    loaded_to: date | None = None

    @property
    def older(self) -> bool:
        """Whether the file ends before the data that is loaded."""
        return bool(self.last_day and self.loaded_to and self.last_day < self.loaded_to)


def difference(
    cursor: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    mapping: Mapping,
    target: Target,
    last_day: date | None,
) -> Difference:
    """Compare a checked file with what is loaded; reads the tables that `check_file` left.

    Parameters
    ----------
    columns
        The columns of the file.
    last_day
        Latest day in its good rows.
    """
    last = _last_batch(cursor, mapping, target)
    new: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    if last is not None:
        new, missing, renamed = columns_between(json.loads(last[2]).get("columns", ()), columns)
    rated, straight = _straight_lined(cursor, mapping)
    return Difference(
        against=last[1] if last else "",
        columns_new=new,
        columns_missing=missing,
        columns_renamed=renamed,
        unseen=_unseen(cursor, mapping, target) if last else (),
        items=item_spreads(cursor, mapping, target, last[0] if last else None),
        straight_lined=straight,
        rated=rated,
        durations=durations(cursor, mapping),
        repeated_respondents=_repeated(cursor, mapping),
        last_day=last_day,
        loaded_to=last[3] if last else None,
    )


def columns_between(
    before: Sequence[str], after: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the new, the missing and the renamed columns of a file against an earlier one.

    Examples
    --------
    >>> columns_between(["id", "Date received", "fax"], ["id", "Date Received (UTC)", "chat"])
    (('chat',), ('fax',), (('Date received', 'Date Received (UTC)'),))
    """
    same = {normalised(c) or c for c in before} & {normalised(c) or c for c in after}
    missing = [c for c in before if c and (normalised(c) or c) not in same]
    new = [c for c in after if c and (normalised(c) or c) not in same]
    pairs = sorted(((_likeness(a, b), a, b) for a in missing for b in new), key=lambda p: -p[0])
    renamed: dict[str, str] = {}
    for likeness, a, b in pairs:
        if likeness >= _ALIKE and a not in renamed and b not in renamed.values():
            renamed[a] = b
    return (
        tuple(c for c in new if c not in renamed.values()),
        tuple(c for c in missing if c not in renamed),
        tuple(renamed.items()),
    )


def _likeness(a: str, b: str) -> float:
    """Return how alike two names are, 0 to 1; one that only adds words to the other is alike."""
    first, second = normalised(a) or a, normalised(b) or b
    words = set(first.split("_")), set(second.split("_"))
    if words[0] <= words[1] or words[1] <= words[0]:
        return 1.0
    return SequenceMatcher(None, first, second).ratio()


def _last_batch(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target
) -> tuple[int, str, str, date | None] | None:
    """Return number, file name, reading and completeness of what was loaded last."""
    owner, number = _owner(mapping, target)
    row = cursor.execute(
        "SELECT batch_id, file_name, reading_json, MAX(as_of) OVER () FROM batch "
        f"WHERE {owner} = $id AND kind = $kind AND status = 'active' "
        "ORDER BY batch_id DESC LIMIT 1",
        {"id": number, "kind": mapping.kind},
    ).fetchone()
    return (int(row[0]), str(row[1]), str(row[2]), row[3]) if row else None


def _owner(mapping: Mapping, target: Target) -> tuple[str, int | None]:
    """Return the column and number of what the rows of a file belong to."""
    if mapping.kind == "survey":
        return "survey_id", target.survey_id
    return "program_id", target.program_id


def _unseen(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target
) -> tuple[Unseen, ...]:
    owner, number = _owner(mapping, target)
    found = []
    for role in _GROUPS[mapping.kind]:
        column = mapping.column(role)
        if column is None:
            continue
        value = f"LOWER(t.{role})" if role in ("severity", "status") else f"t.{role}"
        rows = cursor.execute(
            f"SELECT {value} AS value, COUNT(*) AS n, COUNT(*) OVER () AS total FROM typed t "
            f"WHERE {value} IS NOT NULL AND t.row_no IN (SELECT row_no FROM accepted) "
            f"AND {value} NOT IN (SELECT {role} FROM {_FACTS[mapping.kind]} "
            f"WHERE {owner} = $id AND {role} IS NOT NULL) "
            f"GROUP BY value ORDER BY n DESC, value LIMIT {_SHOWN:d}",
            {"id": number},
        ).fetchall()
        if rows:
            values = tuple((str(v), int(n)) for v, n, _ in rows)
            found.append(Unseen(column.source, values, int(rows[0][2])))
    return tuple(found)


def _straight_lined(cursor: duckdb.DuckDBPyConnection, mapping: Mapping) -> tuple[int, int]:
    """Return responses with five ratings or more, and those of them that gave one answer only."""
    codes = [f"v{i:d}" for i in range(len(mapping.items()))]
    if len(codes) < 5 or mapping.kind != "survey":
        return 0, 0
    answered = " + ".join(f"CASE WHEN {c} IS NULL THEN 0 ELSE 1 END" for c in codes)
    listed = ", ".join(codes)
    row = cursor.execute(
        "SELECT COUNT(*), COUNT(CASE WHEN low = high THEN 1 END) FROM ("
        f"SELECT {answered} AS n, LEAST({listed}) AS low, GREATEST({listed}) AS high FROM typed "
        "WHERE row_no IN (SELECT row_no FROM accepted)) WHERE n >= 5"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _repeated(cursor: duckdb.DuckDBPyConnection, mapping: Mapping) -> int:
    if mapping.kind in ("exposure", "margins") or mapping.column("respondent_id") is None:
        return 0
    row = cursor.execute(
        "SELECT COUNT(*) FROM (SELECT respondent_id FROM typed "
        "WHERE respondent_id IS NOT NULL AND row_no NOT IN (SELECT row_no FROM refused) "
        "GROUP BY respondent_id HAVING COUNT(*) > 1)"
    ).fetchone()
    return int(row[0]) if row else 0
