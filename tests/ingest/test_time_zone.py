"""Days are cut in the program's time zone; moments are kept in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.ingest.mapping import Column, Mapping
from csat.store.store import Store

MAPPING = Mapping(
    "m",
    "survey",
    "m",
    (Column("id", "response_id"), Column("when", "submitted_at")),
    survey_key="s",
)
ZONES = ["UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]


def stored(store: Store, program: str) -> list[tuple[datetime, int, int]]:
    rows = store.rows(
        "SELECT submitted_at, day_key, month_key FROM response JOIN program USING (program_id) "
        "WHERE key = $p ORDER BY CAST(source_key AS INTEGER)",
        {"p": program},
    )
    return [(r["submitted_at"], r["day_key"], r["month_key"]) for r in rows]


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("Asia/Shanghai", "2026-02-01 00:00:00", datetime(2026, 1, 31, 16)),
        ("Asia/Shanghai", "2026-01-31 23:59:59", datetime(2026, 1, 31, 15, 59, 59)),
        ("America/New_York", "2026-01-31 23:59:59", datetime(2026, 2, 1, 4, 59, 59)),
        ("Europe/Berlin", "2026-07-01 00:30:00", datetime(2026, 6, 30, 22, 30)),
        ("Europe/Berlin", "2026-01-01 00:30:00", datetime(2025, 12, 31, 23, 30)),
        ("Pacific/Kiritimati", "2026-01-01 00:00:00", datetime(2025, 12, 31, 10)),
    ],
)
def test_local_midnight_is_the_edge_of_the_day(
    store: Store, load, write_csv, zone: str, local: str, utc: datetime
) -> None:
    load(write_csv([["id", "when"], [1, local]]), MAPPING, timezone=zone)
    day = int(local[:10].replace("-", ""))
    assert stored(store, "demo") == [(utc, day, day // 100)]


MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2030, 1, 1)).map(
    lambda m: m.replace(microsecond=0)
)


@settings(max_examples=20)
@given(moments=st.lists(MOMENTS, min_size=1, max_size=30), zone=st.sampled_from(ZONES))
def test_moments_agree_with_the_zone_rules_of_python(
    store: Store, load, write_csv, moments: list[datetime], zone: str
) -> None:
    there = ZoneInfo(zone)
    unique = [
        m
        for m in moments
        if m.replace(tzinfo=there).utcoffset() == m.replace(tzinfo=there, fold=1).utcoffset()
    ]  # an hour that is struck twice, or never, has no single answer
    if not unique:
        return
    program = f"p{store.data_version()}"
    rows = [[i, m.isoformat(" ")] for i, m in enumerate(unique)]
    load(write_csv([["id", "when"], *rows]), MAPPING, program, timezone=zone)
    wanted = [m.replace(tzinfo=there).astimezone(UTC).replace(tzinfo=None) for m in unique]
    days = [m.year * 10_000 + m.month * 100 + m.day for m in unique]
    assert stored(store, program) == [
        (moment, day, day // 100) for moment, day in zip(wanted, days, strict=True)
    ]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("local", ["2026-03-29 02:30:00", "2026-10-25 02:30:00"])
def test_an_hour_that_never_was_or_was_twice_is_kept_on_its_day(
    store: Store, load, write_csv, zone: str, local: str
) -> None:
    load(write_csv([["id", "when"], [1, local]]), MAPPING, timezone=zone)
    [(_, day, _)] = stored(store, "demo")
    assert day == int(local[:10].replace("-", ""))


def test_a_moment_with_its_own_offset_falls_on_the_programs_day(
    store: Store, load, write_csv
) -> None:
    rows = [[1, "2026-01-31T23:30:00Z"], [2, "2026-02-01 00:30:00+09:00"], [3, "2026-02-01 00:30"]]
    load(write_csv([["id", "when"], *rows]), MAPPING, timezone="Asia/Shanghai")
    assert stored(store, "demo") == [
        (datetime(2026, 1, 31, 23, 30), 20260201, 202602),
        (datetime(2026, 1, 31, 15, 30), 20260131, 202601),
        (datetime(2026, 1, 31, 16, 30), 20260201, 202602),
    ]
