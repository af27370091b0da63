"""What the store holds: programs, surveys, items, groups, batches, and up to which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from csat.model.filters import Compare
from csat.model.message import msg
from csat.model.period import Period, month_end, month_start
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
_MANY: Final = 20
"""Complaints in the months before and after that make one without any a hole in the records."""
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


@dataclass(frozen=True, slots=True)
class Extent:
    """From when to when a program has data, and up to which day it is complete."""

    first: date | None
    last: date | None
    surveys_complete: date | None
    complaints_complete: date | None
    responses: int
    complaints: int
    surveys_from: date | None = None
    complaints_from: date | None = None
    holes: tuple[Period, ...] = ()
    """Whole months without a single complaint on record, between months that have many."""

    def unrecorded(self, subject: str, period: Period) -> int:
        """Return the days of a period that lie in a hole of the records."""
        found = self.holes if subject != "survey" else ()
        spans = ((max(h.first, period.first), min(h.last, period.last)) for h in found)
        return sum((last - first).days + 1 for first, last in spans if first <= last)

    def in_hole(self, day: date) -> bool:
        """Say whether a day lies in a hole of the complaints on record."""
        return any(h.first <= day <= h.last for h in self.holes)

    def covers(self, subject: str, first: date, last: date) -> bool:
        """Say whether any day of a period lies where a subject's records are known."""
        start = self.surveys_from if subject == "survey" else self.complaints_from
        complete = self.complete(subject)
        return start is not None and start <= last and (complete is None or first <= complete)

    def holds(self, subject: str) -> bool:
        """Say whether the program has any records of a subject."""
        return bool(self.responses if subject == "survey" else self.complaints)

    def usual_comparison(self, period: Period | None) -> Compare:
        """Return what a period is compared with where nobody chose.

        The same period last year where the data reaches back that far, as it holds the season;
        else the period before.
        """
        if period is None or self.first is None:
            return "previous"
        return "last_year" if period.last_year().last >= self.first else "previous"

    def complete(self, subject: str) -> date | None:
        """Return the day up to which the records of a subject are complete."""
        return self.surveys_complete if subject == "survey" else self.complaints_complete


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


def extent(store: Store, program: str) -> Extent:
    """Return the days a program's data spans and up to which it is complete."""
    rows = store.rows(
        "WITH p AS (SELECT program_id FROM program WHERE key = $program), "
        "r AS (SELECT MIN(day_key) AS a, MAX(day_key) AS z, "
        f"COUNT(CASE WHEN survey_id NOT IN {OURS} THEN 1 END) AS n FROM response "
        "WHERE program_id = (SELECT program_id FROM p)), "
        "c AS (SELECT MIN(day_key) AS a, MAX(day_key) AS z, "
        "SUM(CASE WHEN conduct = 0 THEN cases ELSE 0 END) AS n FROM complaint "
        "WHERE program_id = (SELECT program_id FROM p)), "
        "b AS (SELECT MAX(CASE WHEN kind = 'survey' THEN as_of END) AS s, "
        "MAX(CASE WHEN kind = 'complaints' THEN as_of END) AS c FROM batch "
        "WHERE status = 'active' AND program_id = (SELECT program_id FROM p)) "
        "SELECT r.a AS ra, r.z AS rz, r.n AS rn, c.a AS ca, c.z AS cz, c.n AS cn, "
        "b.s AS bs, b.c AS bc FROM r, c, b",
        {"program": program},
    )
    row = rows[0]
    starts = [k for k in (row["ra"], row["ca"]) if k is not None]
    ends = [k for k in (row["rz"], row["cz"]) if k is not None]
    return Extent(
        _day(min(starts)) if starts else None,
        _day(max(ends)) if ends else None,
        row["bs"],
        row["bc"],
        int(row["rn"]),
        int(row["cn"] or 0),
        _day(row["ra"]) if row["ra"] is not None else None,
        _day(row["ca"]) if row["ca"] is not None else None,
        _holes(store, program),
    )


def _holes(store: Store, program: str) -> tuple[Period, ...]:
    """Return the months between others in which a file is missing, not complaints.

    A month without any is told from a good one by the months on both sides of it: beside
    `_MANY` in each, one without any happens by chance less than once in a hundred million.
    """
    rows = store.rows(
        "SELECT month_key AS month, SUM(cases) AS n FROM complaint WHERE program_id = "
        "(SELECT program_id FROM program WHERE key = $program) AND conduct = 0 "
        "GROUP BY month_key ORDER BY month_key",
        {"program": program},
    )
    found = []
    for before, after in pairwise(rows):
        first = month_end(int(before["month"])) + timedelta(days=1)
        last = month_start(int(after["month"])) - timedelta(days=1)
        if first < last and min(int(before["n"]), int(after["n"])) >= _MANY:
            found.append(Period(first, last))
    return tuple(found)


def _day(key: int) -> date:
    return date(key // 10000, key // 100 % 100, key % 100)


def groups(store: Store, program: str) -> dict[str, tuple[str, ...]]:
    """Return the branches, channels, segments and touchpoints seen in answers or complaints."""
    return {column: group_names(store, program, column) for column in _SHARED}


@until_changed
def group_names(store: Store, program: str, column: str) -> tuple[str, ...]:
    """Return the names of one kind of group seen in answers or complaints."""
    if column not in _SHARED:
        raise ValueError(f"no kind of group: {column}")
    rows = store.rows(
        f"SELECT DISTINCT {column} AS v FROM response WHERE {column} IS NOT NULL AND "
        "program_id = (SELECT program_id FROM program WHERE key = $program) "
        f"UNION SELECT DISTINCT {column} FROM complaint WHERE {column} IS NOT NULL AND "
        "program_id = (SELECT program_id FROM program WHERE key = $program) ORDER BY v",
        {"program": program},
    )
    return tuple(str(r["v"]) for r in rows)


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
