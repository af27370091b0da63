"""Whatever a file holds, it is looked at without a crash, and every column gets a word."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from csat.ingest.layout import locate
from csat.ingest.mapping import Mapping
from csat.ingest.suggest import suggest
from csat.model.problem import ImportProblem

HEADERS = st.sampled_from(
    [
        *("id", "when", "branch", "E1", "P1", "E2", "P2", "Q1", "Q2", "question", "answer"),
        *(
            "response_id",
            "e-mail",
            "姓名",
            "期望：快",
            "感知：快",
            "NPS",
            "Q3[a]",
            "Q3[b]",
            "weight",
        ),
        *("received", "resolved", "Timestamp", "序号", "提交答卷时间", "comment", "", " ", "month"),
    ]
) | st.text(max_size=6)
CELLS = (
    st.none()
    | st.sampled_from(
        [
            *(
                "1",
                "2",
                "3",
                "5",
                "7",
                "10",
                "99",
                "0",
                "4 - Agree",
                "Strongly agree",
                "满意",
                "N/A",
            ),
            *("2026-01-05", "13/02/2026", "02/03/2026", "5 Mar 2026", "1772719533", "46086", "Yes"),
            *(
                "a@b.org",
                "1.2.3.4",
                "x┋y",
                "x",
                "News",
                "一般",
                "★★★",
                "2026年3月5日 下午2:05",
                "No",
            ),
        ]
    )
    | st.text(max_size=8)
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[tuple[str | None, ...]]]:
    columns = draw(st.lists(HEADERS, min_size=1, max_size=7, unique=True))
    rows = draw(st.lists(st.tuples(*[CELLS for _ in columns]), max_size=12))
    return columns, rows


@given(
    table=tables(),
    kind=st.sampled_from([None, "survey", "complaints", "exposure"]),
    tool=st.sampled_from(["", "qualtrics", "wenjuanxing", "zendesk", "nobody"]),
)
def test_any_table_is_looked_at(
    table: tuple[list[str], list[tuple[str | None, ...]]], kind: str | None, tool: str
) -> None:
    columns, rows = table
    found = suggest("any.csv", columns, rows, kind, tool=tool)  # type: ignore[arg-type]
    assert set(columns) <= set(found.findings)
    for finding in found.findings.values():
        assert str(finding.reason)
        assert finding.confidence in ("high", "medium", "low", "")
    asked = {q.column for q in found.questions}
    assert asked == {c.source for c in found.mapping.columns if c.undecided}
    with contextlib.suppress(ImportProblem):
        found.mapping.check()
        assert Mapping.from_json(found.mapping.to_json()) == found.mapping
        locate(found.mapping, columns)


@given(table=tables())
def test_the_same_table_is_always_taken_for_the_same(
    table: tuple[list[str], list[tuple[str | None, ...]]],
) -> None:
    columns, rows = table
    assert suggest("a.csv", columns, rows) == suggest("a.csv", columns, rows)


@given(table=tables())
def test_a_mapping_that_is_suggested_has_each_column_once(
    table: tuple[list[str], list[tuple[str | None, ...]]],
) -> None:
    columns, rows = table
    mapped = [c.source for c in suggest("a.csv", columns, rows).mapping.columns]
    assert len(mapped) == len(set(mapped))
