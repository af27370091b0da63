"""From texts to moments: ISO by default, other forms by choice, and never a silent guess."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from csat.ingest.batches import dry_run
from csat.ingest.mapping import Column, Mapping
from csat.ingest.source import open_source
from csat.locale.catalogue import translator
from csat.model.problem import ImportProblem, UsageProblem
from csat.store.store import Store

ISO = "is no date of the form 2026-09-30 14:05:00"
YEARS = "lies outside the years 1950 to 2100"


def survey(**parts: Any) -> Mapping:
    when = Column("when", "submitted_at", **parts)
    return Mapping("m", "survey", "m", (when, Column("b", "branch")), survey_key="s")


def moments(store: Store, load, write_csv, *texts: str, **parts: Any) -> list[datetime]:
    options = {k: parts.pop(k) for k in ("timezone",) if k in parts}
    load(write_csv([["when", "b"], *[[t, "x"] for t in texts]]), survey(**parts), **options)
    found = store.rows("SELECT submitted_at FROM response ORDER BY response_id")
    return [r["submitted_at"] for r in found]


def reasons(store: Store, write_csv, *texts: str, **parts: Any) -> list[tuple[int, str, str]]:
    path = write_csv([["when", "b"], *[[t, "x"] for t in texts]])
    checked = dry_run(store, open_source(path), survey(**parts), "demo")
    return [(r.row_no, r.value, str(r.reason)) for r in checked.refused]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-09-30", datetime(2026, 9, 30)),
        ("2026-9-3", datetime(2026, 9, 3)),
        ("2026/09/30", datetime(2026, 9, 30)),
        ("2026-09-30 14:05", datetime(2026, 9, 30, 14, 5)),
        ("2026-09-30T14:05:09", datetime(2026, 9, 30, 14, 5, 9)),
        ("2026-09-30 14:05:09.250", datetime(2026, 9, 30, 14, 5, 9, 250_000)),
        ("2026-09-30T14:05:09Z", datetime(2026, 9, 30, 14, 5, 9)),
        ("2026-09-30 14:05:09+02:00", datetime(2026, 9, 30, 12, 5, 9)),
        ("2026-09-30T00:05:09+0530", datetime(2026, 9, 29, 18, 35, 9)),
        ("2026-09-30 14:05:09-05", datetime(2026, 9, 30, 19, 5, 9)),
        ("2026-09-30 14:05:09 +0200", datetime(2026, 9, 30, 12, 5, 9)),
        ("2026-09-30 14:05:09 Z", datetime(2026, 9, 30, 14, 5, 9)),
        ("2026-09-30T14:05 -05:00", datetime(2026, 9, 30, 19, 5)),
        ("2024-02-29", datetime(2024, 2, 29)),
    ],
)
def test_iso_moments_are_read_without_a_form(
    store: Store, load, write_csv, text: str, moment: datetime
) -> None:
    assert moments(store, load, write_csv, text) == [moment]


@pytest.mark.parametrize(
    "text",
    [
        "30/09/2026",
        "09-30-2026",
        "2026-02-30",
        "2026-13-01",
        "20260930",
        "46023",
        "yesterday",
        "2026-09-30 02:05:00 PM",
        "2026-09-30 02:05 PM",
        "2026-09-30 14:05:00 or so",
        "2026-09-30 25:00:00",
        "epoch",
        "0001-01-01",
    ],
)
def test_what_is_no_iso_moment_is_refused_and_not_guessed(
    store: Store, write_csv, text: str
) -> None:
    assert reasons(store, write_csv, "2026-01-01", text) == [(3, text, ISO)]


@pytest.mark.parametrize("text", ["1949-12-31", "2101-01-01", "9999-12-31", "0926-01-01"])
def test_a_date_far_outside_is_refused(store: Store, write_csv, text: str) -> None:
    assert reasons(store, write_csv, "1950-01-01", "2100-12-31", text) == [(4, text, YEARS)]


@pytest.mark.parametrize("text", ["infinity", "-infinity", "2026-01-01 (BC)"])
def test_a_moment_without_a_place_in_time_is_refused(store: Store, write_csv, text: str) -> None:
    [(row, value, _)] = reasons(store, write_csv, "2026-01-01", text)
    assert (row, value) == (3, text)


def test_an_empty_date_is_refused(store: Store, write_csv) -> None:
    assert reasons(store, write_csv, "2026-01-01", "") == [(3, "", "is empty")]


def test_the_first_form_that_fits_is_taken(store: Store, load, write_csv) -> None:
    forms = ("%d.%m.%Y %H:%M", "%d.%m.%y", "%m/%d/%Y %I:%M:%S %p")
    texts = ["03.02.2026 14:05", "04.02.26", "02/05/2026 02:05:00 PM"]
    assert moments(store, load, write_csv, *texts, formats=forms) == [
        datetime(2026, 2, 3, 14, 5),
        datetime(2026, 2, 4),
        datetime(2026, 2, 5, 14, 5),
    ]


def test_a_refusal_names_the_forms_that_were_tried(store: Store, write_csv) -> None:
    assert reasons(store, write_csv, "2026-01-01", formats=("%d.%m.%Y", "%d.%m.%y")) == [
        (2, "2026-01-01", "is no date of the form 30.09.2026, 30.09.26")
    ]


def test_a_year_is_written_as_a_year_in_every_language(store: Store, write_csv) -> None:
    path = write_csv([["when", "b"], ["2126-01-01", "x"]])
    [refused] = dry_run(store, open_source(path), survey(), "demo").refused
    for language, said in (("en", YEARS), ("zh_CN", "不在 1950 至 2100 年之间")):
        assert translator(language)(refused.reason) == said


def test_a_form_with_an_offset_is_read_as_utc_moment(store: Store, load, write_csv) -> None:
    found = moments(
        store, load, write_csv, "30.09.2026 14:05 +0200", formats=("%d.%m.%Y %H:%M %z",)
    )
    assert found == [datetime(2026, 9, 30, 12, 5)]


@pytest.mark.parametrize("form", ["%Q", "%", "", "%Y-%m-%d %"])
def test_a_form_that_means_nothing_is_refused_by_name(load, write_csv, form: str) -> None:
    with pytest.raises(ImportProblem, match="Column 'when'") as caught:
        load(write_csv([["when", "b"], ["2026-01-01", "x"]]), survey(formats=(form,)))
    assert f"'{form}'" in str(caught.value)


def test_a_template_completes_a_bare_value(store: Store, load, write_csv) -> None:
    found = moments(store, load, write_csv, "5", "31", template="2026-05-{}")
    assert found == [datetime(2026, 5, 5), datetime(2026, 5, 31)]
    assert reasons(store, write_csv, "32", template="2026-05-{}") == [(2, "32", ISO)]


def test_an_unknown_time_zone_is_refused_and_nothing_is_written(
    store: Store, load, write_csv
) -> None:
    before = store.data_version()
    with pytest.raises(UsageProblem, match="no time zone 'Mars/Olympus'"):
        moments(store, load, write_csv, "2026-01-01", timezone="Mars/Olympus")
    assert store.data_version() == before
    assert store.rows("SELECT * FROM program") == []
