"""A file of one row per response and question: recognised, made wide, and checked as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csat.ingest.layout import locate, wide_columns
from csat.ingest.long import other_questions
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.prepare import prepare
from csat.ingest.source import open_source
from csat.ingest.staging import sample_rows, stage
from csat.ingest.suggest import Suggestion, facts_of_staged, suggest
from csat.ingest.typing_sql import type_columns
from csat.model.problem import ImportProblem
from csat.model.scale import Scale
from csat.store.store import Store

HEADER = ["response", "when", "branch", "question", "answer"]
FIVE = Scale.of(1, 5)


def long_mapping(*questions: str, **parts: Any) -> Mapping:
    return Mapping(
        "long",
        "survey",
        "Long",
        (
            Column("response", "response_id"),
            Column("when", "submitted_at"),
            Column("branch", "branch"),
            Column("question", "question"),
            Column("answer", "answer"),
            *(Column(q, "item", item=Item(q, q, FIVE)) for q in questions),
            Column("Why?", "comment"),
        ),
        survey_key="s",
        **parts,
    )


Typed = Callable[[Mapping, Sequence[Sequence[object]]], list[dict[str, Any]]]


@pytest.fixture
def typed(store: Store, write_csv: Any) -> Typed:
    """Stage, make wide and type rows; return one dictionary per response, with what is wrong."""

    def rows_of(mapping: Mapping, rows: Sequence[Sequence[object]]) -> list[dict[str, Any]]:
        source = open_source(write_csv([HEADER, *rows]))
        columns = source.reading.columns
        with store.cursor() as cursor:
            read = stage(cursor, source)
            responses = prepare(cursor, mapping, columns, read)
            select = type_columns(mapping, locate(mapping, columns))
            found = cursor.execute(
                f"SELECT row_no, {', '.join(select.select)} FROM staged s ORDER BY row_no",
                select.params,
            )
            names = [d[0] for d in found.description or ()]
            out = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        assert len(out) == responses
        return out

    return rows_of


ROWS = [
    ["r1", "2026-01-05", "North", "Q1", "5"],
    ["r1", "2026-01-05", "North", "Q2", "4"],
    ["r1", "2026-01-05", "North", "Why?", "quick"],
    ["r2", "2026-01-06", "South", "Q1", "2"],
    ["r2", "2026-01-06", "South", "Q2", ""],
]


def test_each_response_becomes_one_row(typed: Typed) -> None:
    found = typed(long_mapping("Q1", "Q2"), ROWS)
    assert [
        (r["row_no"], r["response_id"], r["branch"], r["v0"], r["v1"], r["k0"]) for r in found
    ] == [
        (2, "r1", "North", 5, 4, "quick"),
        (5, "r2", "South", 2, None, None),
    ]
    assert not any(r["is_disputed"] for r in found)


@given(
    answers=st.dictionaries(
        st.tuples(st.integers(1, 6), st.sampled_from(["Q1", "Q2", "Q3"])),
        st.integers(1, 5),
        min_size=1,
    ),
    data=st.data(),
)
def test_no_answer_is_lost_or_moved_whatever_the_order_of_rows(
    answers: dict[tuple[int, str], int], data: st.DataObject, typed: Typed
) -> None:
    rows = [[f"r{r}", "2026-01-05", "N", q, a] for (r, q), a in answers.items()]
    found = typed(long_mapping("Q1", "Q2", "Q3"), data.draw(st.permutations(rows)))
    back = {
        (int(row["response_id"][1:]), q): row[f"v{i}"]
        for row in found
        for i, q in enumerate(("Q1", "Q2", "Q3"))
        if row[f"v{i}"] is not None
    }
    assert back == answers


def test_two_answers_to_one_question_are_shown_together_and_are_no_rating(
    store: Store, typed: Typed
) -> None:
    [row] = typed(long_mapping("Q1"), [*ROWS[:1], ["r1", "2026-01-05", "North", "Q1", "3"]])
    assert row["v0"] == -32768
    with store.cursor() as cursor:
        stage_again(cursor, [*ROWS[:1], ["r1", "2026-01-05", "North", "Q1", "3"]])
        prepare(cursor, long_mapping("Q1"), HEADER, 2)
        assert cursor.execute("SELECT c3 FROM staged").fetchall() == [("3 | 5",)]


def stage_again(cursor: Any, rows: Sequence[Sequence[object]]) -> None:
    cursor.execute("DROP TABLE IF EXISTS staged; DROP TABLE IF EXISTS ragged")
    cursor.execute("CREATE TEMP TABLE ragged (row_no BIGINT, fields BIGINT)")
    cells = ", ".join(f"c{i} VARCHAR" for i in range(len(HEADER)))
    cursor.execute(f"CREATE TEMP TABLE staged (row_no BIGINT, {cells})")
    cursor.executemany(
        "INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?)",
        [[i, *row] for i, row in enumerate(rows, start=2)],
    )


def test_a_response_that_names_two_branches_contradicts_itself(store: Store) -> None:
    rows = [ROWS[0], ["r1", "2026-01-05", "South", "Q2", "4"], ROWS[3]]
    with store.cursor() as cursor:
        stage_again(cursor, rows)
        mapping = long_mapping("Q1", "Q2")
        assert prepare(cursor, mapping, HEADER, 3) == 2
        told = cursor.execute("SELECT row_no, disputed FROM staged ORDER BY 1").fetchall()
        select = type_columns(mapping, locate(mapping, HEADER))
    assert told == [(2, "branch: North | South"), (4, None)]
    assert [str(c.reason) for c in select.checks if c.bad == "is_disputed"] == [
        "differs between the rows of one response"
    ]


def test_rows_without_the_id_of_a_response_stay_apart(typed: Typed) -> None:
    rows = [["", "2026-01-05", "N", "Q1", "5"], ["", "2026-01-05", "N", "Q2", "4"]]
    assert [r["response_id"] for r in typed(long_mapping("Q1", "Q2"), rows)] == [None, None]


def test_questions_that_the_mapping_leaves_out_can_be_listed(store: Store) -> None:
    with store.cursor() as cursor:
        stage_again(cursor, [*ROWS, ["r3", "2026-01-06", "South", "Q9", "1"]])
        assert other_questions(cursor, long_mapping("Q1"), HEADER) == [("Q2", 2), ("Q9", 1)]


def test_the_wide_columns_are_those_of_the_file_and_then_the_questions() -> None:
    mapping = long_mapping("Q1", "Q2")
    wide = wide_columns(mapping, HEADER)
    assert wide == ("response", "when", "branch", "Q1", "Q2", "Why?")
    assert locate(mapping, HEADER)["Q2"] == 4
    with pytest.raises(ImportProblem, match="no column 'question', 'answer'"):
        locate(mapping, ["response", "when", "branch"])


def suggested(store: Store, write_csv: Any, rows: Sequence[Sequence[object]]) -> Suggestion:
    source = open_source(write_csv(rows))
    with store.cursor() as cursor:
        stage(cursor, source)
        first = sample_rows(cursor, source, 400)
        facts = facts_of_staged(cursor, source.reading.columns)
    return suggest("long.csv", source.reading.columns, first, facts=facts)


@pytest.mark.parametrize(
    "header",
    [
        ["response_id", "date", "branch", "question", "answer"],
        ["respondent", "date", "branch", "item", "response"],
        ["答卷编号", "提交时间", "网点", "题目", "回答"],
        ["submission_id", "submitted_at", "branch", "question_text", "value"],
    ],
)
def test_a_long_file_is_recognised_with_its_questions(
    store: Store, write_csv: Any, header: list[str]
) -> None:
    rows = []
    for i in range(40):
        base = [f"r{i}", "2026-01-05", "NS"[i % 2]]
        rows += [
            [*base, "E1", 5 + i % 3],
            [*base, "P1", 1 + i % 5],
            [*base, "E2", 4 + i % 3],
            [*base, "P2", 1 + i % 4],
            [*base, "Recommend us?", i % 11],
            [*base, "Tell us more", f"something of my own, number {i}"],
        ]
    found = suggested(store, write_csv, [header, *rows])
    mapping = found.mapping
    assert [c.role for c in mapping.columns] == [
        *("response_id", "submitted_at", "branch", "question", "answer"),
        *("item", "item", "item", "item", "item", "comment"),
    ]
    items = {i.key: i for _, i in mapping.items()}
    assert (items["E1"].viewpoint, items["E1"].pair) == ("desired", items["P1"].pair)
    assert items["E1"].scale.ends == items["P1"].scale.ends == (1, 7)
    assert items["Recommend us?"].measures == ("nps",)
    assert any("Each row holds one answer: 6 questions" in str(n) for n in found.notes)
    mapping.check()


def test_a_wide_file_with_such_names_stays_wide(store: Store, write_csv: Any) -> None:
    header = ["response_id", "date", "question 1", "question 2", "answer quality"]
    rows = [[f"r{i}", "2026-01-05", 1 + i % 5, 1 + i % 3, 1 + i % 4] for i in range(40)]
    found = suggested(store, write_csv, [header, *rows])
    assert [c.role for c in found.mapping.columns] == [
        *("response_id", "submitted_at", "item", "item", "item"),
    ]
