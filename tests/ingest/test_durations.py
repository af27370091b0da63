"""How long the answering took: known by the tools' own columns, counted in the dry run only."""

from __future__ import annotations

from typing import Any

import pytest

from csat.ingest.batches import dry_run
from csat.ingest.durations import seconds_sql
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.remarks import remarks
from csat.ingest.source import open_source
from csat.ingest.suggest import suggest
from csat.model.scale import Scale
from csat.store.store import Store

TIMED = Mapping(
    "timed", "survey", "Timed",
    (
        Column("id", "response_id"), Column("when", "submitted_at"), Column("took", "duration"),
        Column("q", "item", item=Item("q", "q", Scale.of(1, 5))),
    ),
    survey_key="timed",
)  # fmt: skip


def rows(*took: object) -> list[list[object]]:
    return [["id", "when", "took", "q"], *([i, "2026-01-05", t, 4] for i, t in enumerate(took))]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("38", 38), ("38.5", 38.5), ("38秒", 38), ("2分3秒", 123), ("1小时2分3秒", 3723),
        ("2 min", 120), ("1h 5m 10s", 3910), ("2:03", 123), ("1:02:03", 3723),
        ("0", None), ("-5", None), ("soon", None), ("99999999", None), ("", None),
    ],
)  # fmt: skip
def test_a_time_is_read_in_the_forms_that_tools_write(
    store: Store, text: str, seconds: float | None
) -> None:
    assert store.rows(f"SELECT {seconds_sql('$t')} AS s", {"t": text}) == [{"s": seconds}]


def test_speeders_took_less_than_a_third_of_the_median(store: Store, write_csv: Any) -> None:
    source = open_source(write_csv(rows(*["90秒"] * 10, "29", "31", "soon", "")))
    checked = dry_run(store, source, TIMED, "demo")
    assert checked.rows_refused == 0
    assert checked.difference is not None
    found = checked.difference.durations
    assert (found.timed, found.median, found.speeders) == (12, 90.0, 1)
    said = [str(r.text) for r in remarks(checked)]
    assert "1 of 12 responses took less than a third of the median time of 90 seconds (8%)" in said


def test_few_times_say_nothing(store: Store, write_csv: Any) -> None:
    checked = dry_run(store, open_source(write_csv(rows(90, 90, 1))), TIMED, "demo")
    assert checked.difference is not None
    assert checked.difference.durations.speeders == 0


def test_times_are_not_kept(store: Store, load: Any, write_csv: Any) -> None:
    assert load(write_csv(rows(*[90] * 12)), TIMED).checked.rows_accepted == 12


def test_the_column_of_a_tool_is_known() -> None:
    header = ["序号", "提交答卷时间", "所用时间", "来源", "来自IP", "1、满意度"]
    lines = [
        [str(i), "2026/1/13 14:05:33", f"{30 + i}秒", "微信", "1.2.3.4", str(1 + i % 5)]
        for i in range(30)
    ]
    found = suggest("f.csv", header, lines).findings["所用时间"].column
    assert found == Column("所用时间", "duration")
