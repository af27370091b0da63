"""Text from files and people is data: never SQL, never a name in the store."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.ingest.mapping import Column, Item, Mapping
from csat.model.filters import Filters
from csat.model.scale import Scale
from csat.queries import catalogue
from csat.queries.figures import evaluate
from csat.store.store import Store

EVIL = [
    "'; DROP TABLE response; --",
    '"); DELETE FROM batch; --',
    "$p0",
    "$program",
    "{0}",
    "%s' OR '1'='1",
    "满意度 ☃ é",
    "a\nb",
    "i1",
    "response_id",
    "NULL",
    "select",
    "\\",
    "x" * 300,
]
EACH = pytest.mark.parametrize("text", EVIL)


def evil_mapping(text: str) -> Mapping:
    """Return a mapping in which every text that a person or file chooses is this one."""
    scale = Scale.of(1, 5, labels={text: 5}, special={f"{text}!": "blank"})
    return Mapping(
        name=text,
        kind="survey",
        title=text,
        survey_key=text,
        survey_title=text,
        blanks=(f"{text}?",),
        columns=(
            Column("when", "submitted_at"),
            Column(text, "item", item=Item(text, text, scale, dimension=text, pair=text)),
            Column(f"{text} 2", "branch", labels={text: f"{text}~"}, fallback=f"{text} 3"),
            Column(f"{text} 4", "comment"),
        ),
    )


@EACH
def test_text_of_files_and_mappings_is_kept_as_it_is(
    store: Store, load, write_csv, text: str
) -> None:
    header = ["when", text, f"{text} 2", f"{text} 3", f"{text} 4"]
    rows = [["2026-01-01", text, text, "", text], ["2026-01-02", f"{text}!", "", text, ""]]
    load(write_csv([header, *rows]), evil_mapping(text), program=text, program_title=text)
    assert store.rows("SELECT key, title FROM program") == [{"key": text, "title": text}]
    assert store.rows("SELECT branch FROM response ORDER BY response_id") == [
        {"branch": f"{text}~"},
        {"branch": f"{text}~"},
    ]
    assert store.rows("SELECT body FROM comment") == [{"body": text}]
    [item] = catalogue.items(store, text)
    assert (item.key, item.wording, item.dimension) == (text, text, text)
    answer = evaluate(store, Filters.of(text, branches=[f"{text}~"]), ["response_count"])
    assert answer.figures[0].withheld  # two responses: found, and too few to show


@EACH
def test_names_in_the_store_are_ours(store: Store, load, write_csv, text: str) -> None:
    header = ["when", text, f"{text} 2", f"{text} 4"]
    load(write_csv([header, ["2026-01-01", "5", "b", "c"]]), evil_mapping(text))
    columns = store.rows("SELECT column_name AS c FROM duckdb_columns() WHERE NOT internal")
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", r["c"]) for r in columns)
    answers = store.rows(
        "SELECT column_name AS c FROM duckdb_columns() WHERE table_name LIKE 'a%1'"
    )
    assert {r["c"] for r in answers} == {"response_id", "i1"}


SURVEY_LISTS = ("branches", "channels", "segments", "touchpoints", "surveys")
COMPLAINT_LISTS = ("categories", "severities", "statuses", "branches")


@settings(max_examples=12)
@given(text=st.text(min_size=1, max_size=20) | st.sampled_from(EVIL))
def test_a_filter_of_any_text_finds_what_equals_it_and_nothing_else(
    store: Store, load, write_csv, survey_mapping: Mapping, complaint_mapping: Mapping, text: str
) -> None:
    if store.data_version() == 1:
        rows = [[i, "2026-01-05", "North", 4, 9, 6, ""] for i in range(6)]
        load(write_csv([[c.source for c in survey_mapping.columns], *rows]), survey_mapping)
        cases = [[i, "2026-01-05", "", "", "Fees", "North", "", ""] for i in range(6)]
        header = [c.source for c in complaint_mapping.columns]
        load(write_csv([header, *cases], "cases.csv"), complaint_mapping)
    known = {("branches", "North"), ("surveys", "visits"), ("categories", "Fees")}
    for subject, lists in (
        ("response_count", SURVEY_LISTS),
        ("complaints_received", COMPLAINT_LISTS),
    ):
        for name in lists:
            found = evaluate(store, Filters.of("demo", **{name: [text]}), [subject]).figures[0]
            assert found.n == (6 if (name, text) in known else 0)


@pytest.mark.parametrize("search", ["%", "_", "100%", "wrong_bill", "A.*", "'", "\\"])
def test_a_search_is_no_pattern(
    store: Store, load, write_csv, complaint_mapping: Mapping, search: str
) -> None:
    header = [c.source for c in complaint_mapping.columns]
    cases = [
        [1, "2026-01-05", "", "", "", "", "", "A 100% wrong bill"],
        [2, "2026-01-05"] + [""] * 6,
    ]
    load(write_csv([header, *cases]), complaint_mapping)
    found = evaluate(store, Filters.of("demo", search=search), ["complaints_received"])
    assert found.figures[0].n == (1 if search in "A 100% wrong bill" else 0)


def test_a_category_path_names_levels_and_not_parts_of_a_name(
    store: Store, load, write_csv, complaint_mapping: Mapping
) -> None:
    mapping = replace(
        complaint_mapping, columns=(*complaint_mapping.columns, Column("sub", "category_2"))
    )
    header = [c.source for c in mapping.columns]
    cases = [
        [i, "2026-01-05", "", "", category, "", "", "", sub]
        for i, (category, sub) in enumerate([("Fees", "Late"), ("Fees", ""), ("Fees > Late", "")])
    ]
    load(write_csv([header, *cases]), mapping)

    def found(path: str) -> int | None:
        filters = Filters.of("demo", categories=[path])
        return evaluate(store, filters, ["complaints_received"]).figures[0].n

    assert (found("Fees"), found("Fees > Late"), found("Late")) == (2, 1, 0)
