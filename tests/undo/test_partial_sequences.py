"""Files with any of their columns, in any order, with undos: the store is what a plain model says.

The model is a second implementation: it folds the files in force, row by row, over dictionaries.
A row overrides what it states and leaves the rest; nothing else is known to it.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.ingest.batches import commit
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.model.problem import AlreadyLoaded, ImportProblem
from csat.model.scale import Scale
from csat.store.integrity import check_store
from csat.store.store import Store
from csat.upkeep.rebuild import rebuild

FIVE = Scale.of(1, 5)
RATED = ("a", "b", "c")
SCORE_UNIT = 2520
COLUMNS = {
    "survey": {
        "branch": Column("branch", "branch"),
        "segment": Column("segment", "segment"),
        **{
            k: Column(k, "item", item=Item(k, k, FIVE, dimension="own", pair=pair))
            for k, pair in zip(RATED, ("a", "", ""), strict=True)
        },
        "want": Column(
            "want", "item", item=Item("want", "want", FIVE, viewpoint="desired", pair="a")
        ),
        "liked": Column("liked", "comment"),
        "missed": Column("missed", "comment"),
    },
    "complaints": {
        "category": Column("category", "category"),
        "status": Column("status", "status"),
        "answered": Column("answered", "first_response_at"),
        "resolved": Column("resolved", "resolved_at"),
        "from1": Column("from1", "pause_from"),
        "from2": Column("from2", "pause_from"),
    },
}  # fmt: skip
OWN = {
    "survey": (Column("id", "response_id"), Column("day", "submitted_at")),
    "complaints": (Column("id", "complaint_id"), Column("day", "received_at")),
}
FIRST = date(2026, 1, 1)
Cells = dict[str, Any]


@dataclass(frozen=True)
class File:
    """A file: what it reads, what its rows say, and the day it is complete to.

    One that is not ``dated`` can only update.
    """

    kind: str
    names: tuple[str, ...]
    rows: dict[int, Cells]
    as_of: date
    dated: bool = True

    @property
    def mapping(self) -> Mapping:
        more: list[Column] = []
        for name in self.names:
            more.append(COLUMNS[self.kind][name])
            if name.startswith("from"):
                more.append(Column(f"to{name[4:]}", "pause_to"))
        survey = {"survey_key": "s", "survey_title": "S"} if self.kind == "survey" else {}
        return Mapping("m", self.kind, "M", (*OWN[self.kind][: 1 + self.dated], *more), **survey)  # type: ignore[arg-type]

    def write(self, path: Path) -> Path:
        with path.open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream)
            header = [c.source for c in self.mapping.columns]
            out.writerow(header)
            for number, cells in self.rows.items():
                own = {"id": f"r{number}", "day": FIRST}
                out.writerow([{**own, **cells}.get(name) for name in header])
        return path


def values(kind: str, name: str) -> st.SearchStrategy[object]:
    if kind == "survey":
        return st.none() | (
            st.integers(1, 5)
            if name in (*RATED, "want")
            else st.sampled_from([f"{name} x", f"{name} y"])
        )
    if name in ("category", "status"):
        words = ["escalated", "open", "resolved"] if name == "status" else ["x", "y"]
        return st.none() | st.sampled_from(words)
    least, most = {"from1": (1, 3), "from2": (4, 6)}.get(name, (1, 6))
    return st.none() | st.integers(least, most).map(lambda n: FIRST + timedelta(n))


@st.composite
def files(draw: st.DrawFn, kind: str) -> File:
    names = draw(st.lists(st.sampled_from(sorted(COLUMNS[kind])), min_size=1, unique=True))
    numbers = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4, unique=True))
    rows = {n: {name: draw(values(kind, name)) for name in names} for n in numbers}
    as_of = FIRST + timedelta(draw(st.integers(7, 20)))
    return File(kind, tuple(names), rows, as_of, draw(st.integers(0, 3)) > 0)


def steps(kind: str) -> st.SearchStrategy[list[File | int]]:
    return st.lists(files(kind) | files(kind) | st.integers(0, 5), min_size=2, max_size=8)


def fold(batches: list[File]) -> dict[int, Cells]:
    """Return what rows hold once files are loaded in their order, by a row's number."""
    held: dict[int, Cells] = {}
    for file in batches:
        for number, cells in file.rows.items():
            before = held.get(number)
            if before is None and not file.dated:
                continue
            merge = merged_answer if file.kind == "survey" else merged_case
            held[number] = merge(file, before, cells)
    return held


def merged_answer(file: File, before: Cells | None, cells: Cells) -> Cells:
    if before is None:
        return {**cells, "asked": {n for n in cells if n in COLUMNS["survey"]}}
    now = {**before, **cells}
    changed = any(now[n] != before.get(n) for n in cells)
    if changed:
        now["asked"] = before["asked"] | set(cells)
    return now if changed else before


def merged_case(file: File, before: Cells | None, cells: Cells) -> Cells:
    old: Cells = before or {}
    now = {**old, **cells}
    if before is not None and all(now[n] == old.get(n) for n in cells):
        for clock, end in (("response", "answered"), ("resolution", "resolved")):
            if end in cells and now.get(clock) and not now[clock][1]:
                now[clock] = (max(now[clock][0], (file.as_of - FIRST).days + 1), 0)
        return now
    ended = now.get("resolved")
    if "status" not in cells and "resolved" in cells:
        status = old.get("status") or "open"
        if ended and status in ("open", "reopened"):
            status = "resolved"
        elif not ended and old.get("resolved") and status == "resolved":
            status = "open"
        now["status"] = status
    ends = {"response": now.get("answered") or ended, "resolution": ended}
    for clock, column in (("response", "answered"), ("resolution", "resolved")):
        run = old.get(clock)
        if column not in cells and run is None:
            now[clock] = None
        elif ends[clock]:
            now[clock] = ((ends[clock] - FIRST).days, 1)
        elif column in cells or run[1]:
            now[clock] = ((file.as_of - FIRST).days + 1, 0)
        else:
            now[clock] = run
    return now


def told(kind: str, cells: Cells) -> Cells:
    """Return a row of the model as the store is to hold it."""
    if kind == "survey":
        given = [cells.get(k) for k in RATED if k in cells["asked"]]
        known = [v for v in given if v is not None]
        enough = bool(given) and 2 * len(known) >= len(given) and bool(known)
        score = round(SCORE_UNIT * sum(known) / len(known)) if enough else None
        paired = {"a", "want"} <= cells["asked"] and None not in (cells["a"], cells["want"])
        return {
            **{k: cells.get(k) for k in ("branch", "segment", *RATED, "want")},
            "comments": sorted({n: cells[n] for n in ("liked", "missed") if cells.get(n)}.items()),
            "score": score,
            "gap": SCORE_UNIT * (cells["a"] - cells["want"]) if paired else None,
        }
    day = 86_400
    return {
        **{k: cells.get(k) for k in ("category", "status", "answered", "resolved")},
        **{
            clock: run and (run[0] * day, run[1])
            for clock in ("response", "resolution")
            for run in [cells.get(clock)]
        },
        "pauses": sorted({cells[n] for n in ("from1", "from2") if cells.get(n)}),
    }


def stored(store: Store, kind: str) -> dict[int, Cells]:
    return (stored_answers if kind == "survey" else stored_cases)(store)


def stored_answers(store: Store) -> dict[int, Cells]:
    names = {f"i{r['item_no']}": r["key"] for r in store.rows("SELECT item_no, key FROM item")}
    dims = store.rows("SELECT dim_no FROM dimension WHERE key = 'own'")
    slot = dims[0]["dim_no"] if dims else 0
    out: dict[int, Cells] = {}
    for row in store.rows(
        f"SELECT *, p_d{slot} AS score, g_d{slot} AS gap FROM response JOIN answers_1 "
        "USING (response_id)"
    ):
        said = store.rows(
            "SELECT asked, body FROM comment WHERE response_id = $r", {"r": row["response_id"]}
        )
        answers = {k: row[i] for i, k in names.items()}
        out[int(row["source_key"][1:])] = {
            **{k: row[k] for k in ("branch", "segment", "score", "gap")},
            **{k: answers.get(k) for k in (*RATED, "want")},
            "comments": sorted((r["asked"], r["body"]) for r in said),
        }
    return out


def stored_cases(store: Store) -> dict[int, Cells]:
    def day(moment: datetime | None) -> date | None:
        return moment and moment.date()

    out: dict[int, Cells] = {}
    for row in store.rows("SELECT * FROM complaint"):
        waits = store.rows(
            "SELECT happened_at FROM case_event WHERE complaint_id = $c", {"c": row["complaint_id"]}
        )
        out[int(row["source_key"][1:])] = {
            "category": row["category"],
            "status": row["status"],
            "answered": day(row["first_response_at"]),
            "resolved": day(row["resolved_at"]),
            **{
                c: None if row[f"{c}_event"] is None else (row[f"{c}_s"], row[f"{c}_event"])
                for c in ("response", "resolution")
            },
            "pauses": sorted(r["happened_at"].date() for r in waits),
        }
    return out


@contextmanager
def opened(folder: Path, empty: Path) -> Iterator[Store]:
    path = folder / "store.duckdb"
    shutil.copyfile(empty, path)
    store = Store(path)
    try:
        yield store
    finally:
        store.close()


def run(empty: Path, kind: str, taken: list[File | int]) -> None:
    with tempfile.TemporaryDirectory() as name, opened(Path(name), empty) as store:
        folder, active = Path(name), dict[int, File]()
        for number, step in enumerate(taken):
            if isinstance(step, int):
                if active:
                    batch = sorted(active)[step % len(active)]
                    undo(store, batch, LOCAL_USER)
                    active = {b: active[b] for b in in_force(store)}
            else:
                path = step.write(folder / f"{number}.csv")
                try:
                    loaded = commit(
                        store, open_source(path), step.mapping, program="demo", user=LOCAL_USER,
                        as_of=step.as_of,
                    )  # fmt: skip
                except (AlreadyLoaded, ImportProblem):
                    continue
                active[loaded.batch_id] = step
            compare(store, kind, active)
        assert check_store(store) == []
        again = rebuild(store, folder / "again.duckdb", lambda _: None)
        assert [str(m) for m in again.differences] == []
        made = Store(folder / "again.duckdb")
        try:
            compare(made, kind, active)
        finally:
            made.close()


def in_force(store: Store) -> list[int]:
    return [
        int(r["batch_id"])
        for r in store.rows("SELECT batch_id FROM batch WHERE status = 'active' ORDER BY 1")
    ]


def compare(store: Store, kind: str, active: dict[int, File]) -> None:
    """Fail with the rows that differ, and with nothing else."""
    held = fold([active[batch] for batch in sorted(active)])
    expected = {n: told(kind, cells) for n, cells in held.items()}
    found = stored(store, kind) if active else {}
    wrong = {n for n in {*expected, *found} if expected.get(n) != found.get(n)}
    assert {n: found.get(n) for n in wrong} == {n: expected.get(n) for n in wrong}


@pytest.fixture
def any_files(_empty_store: Path, sequences: int) -> Callable[[str], None]:
    """Take sequences of files of a kind."""

    def take(kind: str) -> None:
        @settings(max_examples=sequences)
        @given(taken=steps(kind))
        def any_sequence(taken: list[File | int]) -> None:
            run(_empty_store, kind, taken)

        any_sequence()

    return take


@pytest.mark.parametrize("kind", sorted(COLUMNS))
def test_what_a_file_does_not_read_stays(any_files: Callable[[str], None], kind: str) -> None:
    any_files(kind)
