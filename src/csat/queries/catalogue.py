"""What the store holds: programs, surveys, items, groups, and breaks of their series."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from csat.model.message import msg
from csat.model.ordering import alphabetical
from csat.model.problem import UsageProblem
from csat.model.vocabulary import COMPANY_VIEWPOINTS
from csat.store.remembered import until_changed
from csat.store.store import Store

_NAMED = ", ".join(f"'{v}'" for v in COMPANY_VIEWPOINTS)
OURS = (
    "(SELECT survey_id FROM item GROUP BY survey_id "
    f"HAVING COUNT(CASE WHEN viewpoint NOT IN ({_NAMED}) THEN 1 END) = 0)"
)
"""Surveys of managers, staff or auditors: their answers are no responses of customers."""
_SHARED = ("branch", "channel", "segment", "touchpoint")


@dataclass(frozen=True, slots=True)
class Program:
    """One service being measured."""

    key: str
    title: str
    timezone: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One question of a survey as the store keeps it."""

    survey_id: int
    survey: str
    item_no: int
    key: str
    wording: str
    viewpoint: str
    dimension: str
    scale: tuple[int, int]
    top_from: int
    measures: tuple[str, ...]
    pair: str = ""


def programs(store: Store) -> tuple[Program, ...]:
    """Return every program that still holds data, oldest first."""
    rows = store.rows(
        "SELECT key, title, timezone, simulated FROM program p WHERE EXISTS "
        "(SELECT 1 FROM batch b WHERE b.program_id = p.program_id AND b.status = 'active') "
        "ORDER BY program_id"
    )
    return tuple(Program(r["key"], r["title"], r["timezone"], r["simulated"]) for r in rows)


def require_program(store: Store, key: str) -> Program:
    """Return a program by its key.

    Raises
    ------
    UsageProblem
        When there is none, listing those that exist, or when all its batches are undone.
    """
    known = programs(store)
    for program in known:
        if program.key == key:
            return program
    if store.rows("SELECT 1 AS one FROM program WHERE key = $key", {"key": key}):
        raise UsageProblem(
            msg("Program '{key}' holds no data: its batches are undone", key=key),
            msg("Load a file into it with 'csat import'"),
        )
    names = ", ".join(p.key for p in known)
    if not names:
        raise UsageProblem(
            msg("There is no program '{key}'; the store is empty", key=key),
            msg("Load a file with 'csat import' or the sample with 'csat sample'"),
        )
    raise UsageProblem(
        msg("There is no program '{key}'", key=key), msg("Use one of: {names}", names=names)
    )


def surveys(store: Store, program: str) -> tuple[tuple[str, str], ...]:
    """Return key and title of each survey of a program that holds responses."""
    rows = store.rows(
        "SELECT s.key, s.title FROM survey s JOIN program p USING (program_id) "
        "WHERE p.key = $program AND EXISTS (SELECT 1 FROM batch b WHERE "
        "b.survey_id = s.survey_id AND b.status = 'active') ORDER BY s.survey_id",
        {"program": program},
    )
    return tuple((r["key"], r["title"]) for r in rows)


def items(store: Store, program: str, chosen: tuple[str, ...] = ()) -> tuple[ItemRow, ...]:
    """Return the questions of a program's surveys, in survey and item order."""
    rows = store.rows(
        "SELECT i.survey_id, s.key AS survey, i.item_no, i.key, i.wording, i.viewpoint, "
        "d.key AS dimension, i.scale_min, i.scale_max, i.top_from, i.measures, i.pair "
        "FROM item i JOIN survey s USING (survey_id) JOIN program p ON p.program_id = s.program_id "
        "LEFT JOIN dimension d ON d.program_id = p.program_id AND d.dim_no = i.dim_no "
        "WHERE p.key = $program AND EXISTS (SELECT 1 FROM batch b WHERE "
        "b.survey_id = s.survey_id AND b.status = 'active') ORDER BY i.survey_id, i.item_no",
        {"program": program},
    )
    return tuple(
        ItemRow(
            survey_id=r["survey_id"],
            survey=r["survey"],
            item_no=r["item_no"],
            key=r["key"],
            wording=r["wording"],
            viewpoint=r["viewpoint"],
            dimension=r["dimension"] or "",
            scale=(r["scale_min"], r["scale_max"]),
            top_from=r["top_from"],
            measures=tuple(filter(None, r["measures"].split(","))),
            pair=r["pair"] or "",
        )
        for r in rows
        if not chosen or r["survey"] in chosen
    )


def dimension_slots(store: Store, program: str) -> tuple[tuple[str, int], ...]:
    """Return each dimension of a program with its score column number, in slot order."""
    rows = store.rows(
        "SELECT d.key, d.dim_no FROM dimension d JOIN program p USING (program_id) "
        "WHERE p.key = $program ORDER BY d.dim_no",
        {"program": program},
    )
    return tuple((r["key"], int(r["dim_no"])) for r in rows)


def dimensions(store: Store, program: str) -> tuple[str, ...]:
    """Return the dimensions of a program's surveys, in slot order."""
    return tuple(key for key, _ in dimension_slots(store, program))


def customers_served(store: Store, program: str) -> tuple[int, int]:
    """Return how many rows of customers served there are, and how many name a branch."""
    rows = store.rows(
        "SELECT COUNT(*) AS n, COUNT(branch) AS b FROM exposure WHERE program_id = "
        "(SELECT program_id FROM program WHERE key = $program)",
        {"program": program},
    )
    return int(rows[0]["n"]), int(rows[0]["b"])


def groups(store: Store, program: str) -> dict[str, tuple[str, ...]]:
    """Return the branches, channels, segments and touchpoints seen in answers or complaints."""
    return {column: group_names(store, program, column) for column in _SHARED}


@until_changed
def group_names(store: Store, program: str, column: str) -> tuple[str, ...]:
    """Return the names of one kind of group seen in answers or complaints, in order."""
    if column not in _SHARED:
        raise ValueError(f"no kind of group: {column}")
    rows = store.rows(
        f"SELECT DISTINCT {column} AS v FROM response WHERE {column} IS NOT NULL AND "
        "program_id = (SELECT program_id FROM program WHERE key = $program) "
        f"UNION SELECT DISTINCT {column} FROM complaint WHERE {column} IS NOT NULL AND "
        "program_id = (SELECT program_id FROM program WHERE key = $program)",
        {"program": program},
    )
    return tuple(sorted((str(r["v"]) for r in rows), key=alphabetical))


@dataclass(frozen=True, slots=True)
class SeriesBreak:
    """A day from which a question, or the index, is no longer comparable with its past."""

    day: date
    item: str
    dimension: str
    note: str
    of_index: bool = False


def series_breaks(store: Store, program: str) -> tuple[SeriesBreak, ...]:
    """Return the marked breaks of a program's questions, oldest first."""
    rows = store.rows(
        "SELECT DISTINCT x.day, x.item_key, d.key AS dimension, x.note FROM series_break x "
        "JOIN survey s USING (survey_id) JOIN program p ON p.program_id = s.program_id "
        "LEFT JOIN item i ON i.survey_id = x.survey_id AND i.key = x.item_key "
        "LEFT JOIN dimension d ON d.program_id = p.program_id AND d.dim_no = i.dim_no "
        "WHERE p.key = $program ORDER BY x.day, x.item_key",
        {"program": program},
    )
    return tuple(
        SeriesBreak(r["day"], r["item_key"], r["dimension"] or "", r["note"]) for r in rows
    )
