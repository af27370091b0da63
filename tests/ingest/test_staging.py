"""Staging: every row of a file is either staged as it stands or listed as ragged."""

from __future__ import annotations

import csv
import io
import threading
import time
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csat.ingest.source import open_source
from csat.ingest.staging import stage
from csat.model.problem import ImportProblem
from csat.store.store import Store

Rows = list[tuple[object, ...]]
MEMORY = duckdb.connect(config={"python_enable_replacements": False})


def staged(path: Path, con: duckdb.DuckDBPyConnection = MEMORY) -> tuple[int, Rows, Rows]:
    """Return rows read, the staged rows and the ragged rows of a file."""
    read = stage(con, open_source(path))
    return (
        read,
        con.execute("SELECT * FROM staged ORDER BY row_no").fetchall(),
        con.execute("SELECT * FROM ragged ORDER BY row_no").fetchall(),
    )


def reference(text: str) -> tuple[int, Rows, Rows] | None:
    """Say what must come out, read with the plain reader; None where a quote stays open."""
    records = list(csv.reader(io.StringIO(text, newline="")))
    if list(csv.reader(io.StringIO(text + "\nEND", newline="")))[-1] != ["END"]:
        return None
    start = next(i for i, r in enumerate(records) if any(c.strip() for c in r))
    header = [c.strip() or None for c in records[start]]
    width = len(header)
    good: Rows = []
    ragged: Rows = []
    for row_no, record in enumerate(records[start + 1 :], start=start + 2):
        cells = [c.strip() or None for c in record]
        remark = width > 1 and len(cells) < width and "".join(record[:1]).strip()[:1] == "#"
        again = width > 1 and cells[:width] == header and not any(cells[width:])
        if not any(cells) or remark or again:
            continue
        if len(cells) < width or any(cells[width:]):
            ragged.append((row_no, len(cells)))
        else:
            good.append((row_no, *cells[:width]))
    last = max((int(str(r[0])) for r in (*good, *(r for r in ragged if r[1] != 1))), default=0)
    footers = [r for r in ragged if int(str(r[0])) > last]
    if last and width > 2 and len(footers) <= 20:
        ragged = [r for r in ragged if r not in footers]
    return len(good) + len(ragged), good, ragged


CELLS = st.text(alphabet='ab ,"\n\r#\t;1満', max_size=5)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8)


@given(TABLES, st.sampled_from(["\n", "\r\n"]))
@example([["a\n\nb", "1", "2"], ["", "", ""], ["\t", "x\n", " "], ["q", "#r", "s"]], "\n")
@example([["", " \n1", "\u3000\n2"]], "\n")
def test_a_well_formed_file_is_staged_as_written(
    tmp_path: Path, rows: list[list[str]], newline: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=newline).writerows([["h1", "h2", "h3"], *rows])
    assert_like_reference(tmp_path, out.getvalue())


@given(st.text(alphabet='ab,"\n\r# ', max_size=40))
@example("x,y,z\n# a note\nx,y,z\n")
@example("1\n1,2,3\n" + "4,5,6\n" * 5)
@example("\n\nx,y,z\n,,\n\n\nx,y,z\n\n")
@example('a,b,c\n"open,1,2\nx,y,z\n')
@example("a,b,c,\na,b,c,d\n")
def test_no_row_of_a_malformed_file_is_lost(tmp_path: Path, body: str) -> None:
    assert_like_reference(tmp_path, "h1,h2,h3\n" + body)


@given(st.lists(st.sampled_from(["1", "", '"2\n\n3"', "#4"]), min_size=1, max_size=8))
def test_a_file_of_one_column_keeps_its_rows(tmp_path: Path, lines: list[str]) -> None:
    assert_like_reference(tmp_path, "score\n" + "\n".join(lines))


def assert_like_reference(folder: Path, text: str) -> None:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8", newline="")
    wanted = reference(text)
    if wanted is None:
        with pytest.raises(ImportProblem, match=r"is never closed|a header and no rows"):
            staged(path)
    elif wanted[0]:
        assert staged(path) == wanted
    else:
        with pytest.raises(ImportProblem, match="a header and no rows"):
            staged(path)


def test_rows_keep_their_numbers_beside_blank_lines(write_csv) -> None:
    path = write_csv("a,b\n1,2\n\n,\n3,4\n5\n")
    assert staged(path) == (3, [(2, "1", "2"), (5, "3", "4")], [(6, 1)])


def test_cells_of_several_lines_are_one_row(write_csv) -> None:
    path = write_csv([["id", "text"], ["1", 'first\n\n"second"\n'], ["2", "x"]])
    assert staged(path)[1] == [(2, "1", 'first\n\n"second"'), (3, "2", "x")]


def test_blank_columns_at_the_end_of_a_row_do_no_harm(write_csv) -> None:
    assert staged(write_csv("a,b\n1,2,\n3,4,,\n5,6\n"))[1] == [
        (2, "1", "2"),
        (3, "3", "4"),
        (4, "5", "6"),
    ]


@pytest.mark.parametrize("name", ["a*.csv", "[ab].csv", "a?.csv", "it's.csv", "满意度 2026.csv"])
def test_the_name_of_a_file_is_no_pattern(write_csv, name: str) -> None:
    write_csv("h1,h2\nwrong,1\n", "ab.csv")
    write_csv("h1,h2\nwrong,2\n", "a.csv")
    assert staged(write_csv("h1,h2\nright,3\n", name))[1] == [(2, "right", "3")]


def test_many_ragged_rows_take_no_long_time(write_csv) -> None:
    path = write_csv("a,b,c\n" + "1,2\n" * 30_000 + "1,2,3\n")
    begun = time.process_time()
    read, good, ragged = staged(path)
    assert (read, len(good), len(ragged)) == (30_001, 1, 30_000)
    assert time.process_time() - begun < 5


def test_a_large_file_keeps_its_order(write_csv) -> None:
    path = write_csv("n,text\n" + "".join(f"{i},{'x' * 40}\n" for i in range(120_000)))
    assert stage(MEMORY, open_source(path)) == 120_000
    wrong = "SELECT COUNT(*) FROM staged WHERE CAST(c0 AS INT) <> row_no - 2"
    assert MEMORY.execute(wrong).fetchone() == (0,)


def test_staging_leaves_no_trace_in_the_store(store: Store, write_csv) -> None:
    objects = (
        "SELECT table_name AS n FROM duckdb_tables() WHERE NOT temporary UNION ALL "
        "SELECT view_name FROM duckdb_views() WHERE NOT temporary AND NOT internal ORDER BY n"
    )
    before = store.rows(objects)
    with store.cursor() as cursor:
        staged(write_csv("a,b\n1,2\n"), cursor)
        assert store.rows(objects) == before


def test_two_people_stage_their_files_at_the_same_time(store: Store, write_csv) -> None:
    paths = [write_csv("a,b\n" + f"mine{i},1\n" * 3, f"{i}.csv") for i in range(4)]
    mixed: list[object] = []

    def work(path: Path) -> None:
        for _ in range(25):
            try:
                with store.cursor() as cursor:
                    rows = staged(path, cursor)[1]
                if [r[1] for r in rows] != [f"mine{path.stem}"] * 3:
                    mixed.append(rows)
            except Exception as error:
                mixed.append(error)

    people = [threading.Thread(target=work, args=(p,)) for p in paths]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert mixed == []


def test_a_very_wide_file_takes_no_long_time(write_csv) -> None:
    names = [f"q{i}" for i in range(2_000)]
    path = write_csv([names, ["\t1\n"] * 2_000, [" 2 "] * 2_000])
    begun = time.process_time()
    _, [first, second], _ = staged(path)
    assert first == (2, *["1"] * 2_000)
    assert second == (3, *["2"] * 2_000)
    assert time.process_time() - begun < 20
