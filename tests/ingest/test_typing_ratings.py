"""From texts to ratings, groups and yes or no: what is accepted, what is left out, what refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from csat.ingest.batches import dry_run
from csat.ingest.checking import RefusedRow
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.model.problem import ImportProblem
from csat.model.scale import Scale
from csat.store.store import Store

LIKELY = {"Very likely": 5, "Likely": 4, "Unlikely": 2}


def survey(*columns: Column, **parts: Any) -> Mapping:
    when = Column("when", "submitted_at")
    return Mapping("m", "survey", "m", (when, *columns), survey_key="s", **parts)


def question(scale: Scale) -> Column:
    return Column("q", "item", item=Item("q", "Question", scale))


Refused = Callable[..., list[tuple[int, str, str, str]]]


@pytest.fixture
def refused(store: Store, write_csv) -> Refused:
    """Check rows and return what is refused: row, column, value and reason."""

    def check(mapping: Mapping, *rows: list[object]) -> list[tuple[int, str, str, str]]:
        header = ["when", *[c.source for c in mapping.columns if c.source != "when"]]
        checked = dry_run(store, open_source(write_csv([header, *rows])), mapping, "demo")
        assert checked.rows_read == len(rows)
        return [told(r) for r in checked.refused]

    return check


def told(row: RefusedRow) -> tuple[int, str, str, str]:
    return (row.row_no, row.column, row.value, str(row.reason))


def ratings(store: Store, load, write_csv, column: Column, *values: str, **parts: Any) -> list[Any]:
    rows = [["2026-01-01", value] for value in values]
    load(write_csv([["when", "q"], *rows]), survey(column, **parts))
    return [r["i1"] for r in store.rows("SELECT i1 FROM answers_1 ORDER BY response_id")]


def test_whole_numbers_on_the_scale_are_ratings(store: Store, load, write_csv) -> None:
    found = ratings(store, load, write_csv, question(Scale.of(1, 5)), "1", "5", " 3 ", "4.0", "+2")
    assert found == [1, 5, 3, 4, 2]


@pytest.mark.parametrize(
    "value", ["0", "6", "3.5", "-1", "good", "NaN", "inf", "1e9", "4,0", "4 of 5", "true"]
)
def test_anything_else_is_refused_with_row_column_value_and_reason(refused, value: str) -> None:
    mapping = survey(question(Scale.of(1, 5)))
    assert refused(mapping, ["2026-01-01", "5"], ["2026-01-01", value]) == [
        (3, "q", value, "is not on the scale 1 to 5")
    ]


def test_a_reverse_keyed_question_is_turned_and_its_special_codes_are_not(
    store: Store, load, write_csv
) -> None:
    scale = Scale.of(1, 7, labels={"Agree": 6}, special={"9": "dont_know"})
    column = Column("q", "item", item=Item("q", "Question", scale, reversed=True))
    found = ratings(store, load, write_csv, column, "1", "7", "4", "2.0", "Agree", "9", "")
    assert found == [7, 1, 4, 6, 2, None, None]


def test_a_reverse_keyed_question_refuses_what_is_not_on_its_scale(refused) -> None:
    column = Column("q", "item", item=Item("q", "Question", Scale.of(0, 10), reversed=True))
    assert refused(survey(column), ["2026-01-01", "11"], ["2026-01-01", "0"]) == [
        (2, "q", "11", "is not on the scale 0 to 10")
    ]


def test_words_become_codes(store: Store, load, write_csv) -> None:
    column = question(Scale.of(1, 5, labels=LIKELY))
    found = ratings(store, load, write_csv, column, "Very likely", "Unlikely", "3", "Likely ")
    assert found == [5, 2, 3, 4]


def test_a_word_that_is_no_label_is_refused(refused) -> None:
    mapping = survey(question(Scale.of(1, 5, labels=LIKELY)))
    assert refused(mapping, ["2026-01-01", "very likely"]) == [
        (2, "q", "very likely", "is not on the scale 1 to 5")
    ]


def test_special_codes_and_blanks_are_no_ratings_and_no_mistakes(
    store: Store, load, write_csv
) -> None:
    scale = Scale.of(1, 5, special={"9": "never_used", "n/a": "not_applicable", "5": "blank"})
    found = ratings(
        store, load, write_csv, question(scale), "4", "9", "n/a", "", "5", "-", blanks=("-",)
    )
    assert found == [4, None, None, None, None, None]
    kept_out = store.rows("SELECT item_key, kind, n FROM answer_exclusion ORDER BY kind")
    assert kept_out == [
        {"item_key": "q", "kind": "blank", "n": 1},
        {"item_key": "q", "kind": "never_used", "n": 1},
        {"item_key": "q", "kind": "not_applicable", "n": 1},
    ]


def test_a_special_code_counts_only_in_rows_that_are_loaded(store: Store, load, write_csv) -> None:
    scale = Scale.of(1, 5, special={"9": "never_used"})
    rows = [["when", "q"], ["2026-01-01", "9"], ["no date", "9"], ["2026-01-01", "4"]]
    load(write_csv(rows), survey(question(scale)))
    assert store.rows("SELECT n FROM answer_exclusion") == [{"n": 1}]


def test_blanks_hold_for_every_column(store: Store, load, write_csv) -> None:
    mapping = survey(Column("b", "branch"), Column("c", "comment"), blanks=("None", "N/A"))
    load(write_csv([["when", "b", "c"], ["2026-01-01", "None", "N/A"]]), mapping)
    assert store.rows("SELECT branch FROM response") == [{"branch": None}]
    assert store.rows("SELECT * FROM comment") == []


def test_a_fallback_speaks_where_the_column_is_blank(store: Store, load, write_csv) -> None:
    mapping = survey(Column("sub", "branch", fallback="main"), blanks=("None",))
    rows = [["a", "M"], ["", "N"], ["None", "O"], ["", ""]]
    load(
        write_csv([["when", "sub", "main"], *[["2026-01-01", *r] for r in rows]]),
        mapping,
    )
    found = store.rows("SELECT branch FROM response ORDER BY response_id")
    assert [r["branch"] for r in found] == ["a", "N", "O", None]


def test_codes_of_groups_become_names_and_others_stay(store: Store, load, write_csv) -> None:
    mapping = survey(Column("b", "channel", labels={"1": "Phone", "2": "Mail"}))
    rows = [["2026-01-01", v] for v in ("1", "2", "3", "")]
    load(write_csv([["when", "b"], *rows]), mapping)
    found = store.rows("SELECT channel FROM response ORDER BY response_id")
    assert [r["channel"] for r in found] == ["Phone", "Mail", "3", None]


@pytest.mark.parametrize("value", ["0", "-1", "much", "inf", "nan", "1e16"])
def test_a_weight_is_a_number_above_zero(refused, value: str) -> None:
    mapping = survey(Column("w", "weight"))
    assert refused(mapping, ["2026-01-01", value]) == [(2, "w", value, "is not a number above 0")]
    assert refused(mapping, ["2026-01-01", "0.25"], ["2026-01-01", ""]) == []


def test_every_mistake_of_a_row_is_told_and_the_row_counts_once(store: Store, write_csv) -> None:
    mapping = survey(question(Scale.of(1, 5)), Column("w", "weight"))
    path = write_csv([["when", "q", "w"], ["soon", "7", "x"], ["2026-01-01", "5", "1"]])
    checked = dry_run(store, open_source(path), mapping, "demo")
    assert (checked.rows_read, checked.rows_refused, checked.rows_accepted) == (2, 1, 1)
    assert [told(r) for r in checked.refused] == [
        (2, "q", "7", "is not on the scale 1 to 5"),
        (2, "w", "x", "is not a number above 0"),
        (2, "when", "soon", "is no date of the form 2026-09-30 14:05:00"),
    ]


def test_ragged_rows_are_refused_with_their_number_of_fields(store: Store, write_csv) -> None:
    mapping = survey(question(Scale.of(1, 5)))
    path = write_csv("when,q\n2026-01-01,5\n2026-01-01\n\n2026-01-01,5,extra\n2026-01-01,4,\n")
    checked = dry_run(store, open_source(path), mapping, "demo")
    reason = "fields stand in this row; the header has 2"
    assert [told(r) for r in checked.refused] == [(3, "", "1", reason), (5, "", "3", reason)]
    assert (checked.rows_read, checked.rows_accepted) == (4, 2)


def test_a_long_value_is_shown_in_part(refused) -> None:
    [(_, _, value, _)] = refused(survey(question(Scale.of(1, 5))), ["2026-01-01", "x" * 5_000])
    assert value == "x" * 200


def complaints(role: str, **parts: Any) -> Mapping:
    columns = (Column("when", "received_at"), Column("v", role, **parts))
    return Mapping("m", "complaints", "m", columns)


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        *[(word, 1) for word in ("yes", "YES", "True", "1", "y", "是", "Ja")],
        *[(word, 0) for word in ("no", "FALSE", "0", "N", "否", "Nein")],
        ("", None),
    ],
)
def test_words_for_yes_and_no(store: Store, load, write_csv, word: str, kept: int | None) -> None:
    mapping = complaints("timely", labels={"Ja": "yes", "Nein": "no"})
    load(write_csv([["when", "v"], ["2026-01-01", word]]), mapping)
    assert store.rows("SELECT timely FROM complaint") == [{"timely": kept}]


def test_other_words_are_neither_yes_nor_no(refused) -> None:
    assert refused(complaints("upheld"), ["2026-01-01", "perhaps"]) == [
        (2, "v", "perhaps", "is neither yes nor no")
    ]


def test_severity_and_status_are_kept_in_small_letters(store: Store, load, write_csv) -> None:
    columns = (
        Column("when", "received_at"),
        Column("v", "severity"),
        Column("s", "status"),
    )
    mapping = Mapping("m", "complaints", "m", columns)
    load(write_csv([["when", "v", "s"], ["2026-01-01", "High", "Open"]]), mapping)
    assert store.rows("SELECT severity, status FROM complaint") == [
        {"severity": "high", "status": "open"}
    ]


def test_a_file_of_which_nothing_can_be_loaded_says_why_with_the_first_row(load, write_csv) -> None:
    path = write_csv([["when", "q"], ["2026-01-01", "8"], ["2026-01-02", "9"]], "bad.csv")
    with pytest.raises(ImportProblem) as caught:
        load(path, survey(question(Scale.of(1, 5))))
    assert str(caught.value.title) == (
        "No row of bad.csv can be loaded; row 2, column 'q': '8' is not on the scale 1 to 5"
    )


def test_ratings_of_many_questions_on_a_long_scale_do_not_overflow(
    store: Store, load, write_csv
) -> None:
    scale = Scale.of(0, 1000)
    names = [f"q{i}" for i in range(40)]
    columns = [Column(n, "item", item=Item(n, n, scale, dimension="ease")) for n in names]
    load(write_csv([["when", *names], ["2026-01-01", *["1000"] * 40]]), survey(*columns))
    assert store.rows("SELECT p_d5 FROM response") == [{"p_d5": 2520 * 1000}]
