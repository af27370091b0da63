"""The order of day and month is proved by the whole column, or asked; it is never guessed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.ingest.batches import dry_run
from csat.ingest.dates import BETWEEN, DateDecision, date_forms, decide
from csat.ingest.layout import locate
from csat.ingest.mapping import Column, Mapping
from csat.ingest.source import open_source
from csat.ingest.typing_sql import type_columns
from csat.model.problem import ImportProblem
from csat.store.store import Store

Read = Callable[..., list[Any]]


def stage_texts(cursor: Any, texts: Sequence[str]) -> None:
    cursor.execute("DROP TABLE IF EXISTS staged")
    cursor.execute("CREATE TEMP TABLE staged (row_no BIGINT, c0 VARCHAR)")
    cursor.execute(
        "INSERT INTO staged SELECT row_number() OVER () + 1, v FROM (SELECT UNNEST($v) AS v)",
        {"v": list(texts)},
    )


@pytest.fixture
def read(store: Store) -> Read:
    """Read texts by some forms as a load would; what is refused is None."""

    def by(
        texts: Sequence[str], forms: Sequence[str], zone: str = "UTC", **parts: Any
    ) -> list[Any]:
        column = Column("when", "submitted_at", tuple(forms), **parts)
        mapping = Mapping("m", "survey", "m", (column,), survey_key="s")
        with store.cursor() as cursor:
            stage_texts(cursor, texts)
            typed = type_columns(mapping, locate(mapping, ["when"]), zone)
            rows = cursor.execute(
                f"SELECT row_no, {', '.join(typed.select)} FROM staged ORDER BY row_no",
                typed.params,
            ).fetchall()
        moments = [row[-1] for row in rows]
        return [None if m == datetime(1, 1, 1) else m for m in moments]

    return by


@pytest.fixture
def whole(store: Store) -> Callable[[Sequence[str]], DateDecision | None]:
    """Decide on a staged column."""

    def decision(texts: Sequence[str]) -> DateDecision | None:
        with store.cursor() as cursor:
            stage_texts(cursor, texts)
            return date_forms(cursor, 0)

    return decision


NOON = {"en": ("AM", "PM"), "zh": ("上午", "下午"), "ko": ("오전", "오후")}


def clock12(m: datetime, words: tuple[str, str]) -> tuple[str, str]:
    return words[m.hour >= 12], f"{(m.hour + 11) % 12 + 1}:{m:%M:%S}"


FORMS: dict[str, Callable[[datetime], str]] = {
    "%d/%m/%Y": lambda m: f"{m:%d/%m/%Y}",
    "%m/%d/%Y": lambda m: f"{m:%m/%d/%Y}",
    "d/m/Y bare": lambda m: f"{m.day}/{m.month}/{m.year}",
    "m/d/Y bare": lambda m: f"{m.month}/{m.day}/{m.year}",
    "%d.%m.%Y %H:%M": lambda m: f"{m:%d.%m.%Y %H:%M}",
    "%m-%d-%Y %H:%M:%S": lambda m: f"{m:%m-%d-%Y %H:%M:%S}",
    "%d/%m/%y": lambda m: f"{m:%d/%m/%y}",
    "%m/%d/%y": lambda m: f"{m:%m/%d/%y}",
    "%y-%m-%d": lambda m: f"{m:%y-%m-%d}",
    "%m/%d/%Y 12": lambda m: f"{m:%m/%d/%Y} {' '.join(clock12(m, NOON['en'])[::-1])}",
    "iso": lambda m: f"{m:%Y-%m-%d %H:%M:%S}",
    "iso offset": lambda m: f"{m:%Y-%m-%d %H:%M:%S} +0000",
    "iso T": lambda m: f"{m:%Y-%m-%dT%H:%M:%S}Z",
    "y/m/d": lambda m: f"{m.year}/{m.month}/{m.day} {m:%H:%M:%S}",
    "y.m.d": lambda m: f"{m:%Y.%m.%d}",
    "cjk": lambda m: f"{m.year}年{m.month}月{m.day}日 {m:%H:%M}",
    "cjk noon": lambda m: f"{m:%Y/%m/%d} {''.join(clock12(m, NOON['zh']))}",
    "korean": lambda m: f"{m.year}. {m.month}. {m.day} {' '.join(clock12(m, NOON['ko']))}",
    "named": lambda m: f"{m:%d %b %Y}",
    "named us": lambda m: f"{m:%B} {m.day}, {m.year}",
    "weekday": lambda m: f"{m:%a %b %d %Y}",
    "mail": lambda m: f"{m:%a, %d %b %Y %H:%M:%S} +0000",
    "google": lambda m: f"{m:%Y/%m/%d} {' '.join(clock12(m, NOON['en'])[::-1])} GMT+0",
    "epoch": lambda m: str(int(m.timestamp() - datetime(1970, 1, 1).timestamp())),
    "epoch ms": lambda m: str(int(m.timestamp() - datetime(1970, 1, 1).timestamp()) * 1000),
    "excel": lambda m: str((m - datetime(1899, 12, 30)).days),
    "compact": lambda m: f"{m:%Y%m%d}",
    "compact clock": lambda m: f"{m:%Y%m%d%H%M%S}",
}
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2068, 12, 31)).map(
    lambda m: m.replace(microsecond=0)
)


def same_as_far_as_written(form: str, one: datetime, other: datetime) -> bool:
    shown = FORMS[form]
    return shown(one) == shown(other) and one.date() == other.date()


@settings(max_examples=200)
@given(form=st.sampled_from(sorted(FORMS)), moments=st.lists(MOMENTS, min_size=1, max_size=12))
def test_a_column_of_one_form_is_read_right_or_asked_about_and_never_wrong(
    form: str, moments: list[datetime], read: Read, whole: Any
) -> None:
    texts = [FORMS[form](m) for m in moments]
    decision = whole(texts)
    assert decision is not None
    assert not decision.example or decision.example in texts
    alternatives = [u.split(BETWEEN) for u in decision.undecided] or [decision.forms]
    readings = [read(texts, forms) for forms in alternatives]
    right = [
        all(
            r is not None and same_as_far_as_written(form, r, m)
            for r, m in zip(found, moments, strict=True)
        )
        for found in readings
    ]
    assert any(right)
    assert len(alternatives) > 1 or all(right)


@given(days=st.lists(MOMENTS, min_size=1, max_size=30), first=st.sampled_from(["d", "m"]))
def test_what_is_decided_is_decided_by_a_value_that_proves_it(
    days: list[datetime], first: str
) -> None:
    form = "%d/%m/%Y" if first == "d" else "%m/%d/%Y"
    decision = decide({f"{m.strftime(form)}": 1 for m in days})
    assert decision is not None
    proofs = {m.date() for m in days if m.day > 12}
    same = all(m.day == m.month for m in days)
    assert bool(decision.undecided) == (not proofs and not same)
    if proofs:
        assert decision.forms == (form,)
        assert decision.order == {"d": "day", "m": "month"}[first]
        assert decision.proof == len(proofs)


def test_the_proofs_are_counted_in_words() -> None:
    decision = decide({"13/02/2026": 300, "14/02/2026 10:00": 12, "01/02/2026": 5})
    assert decision is not None
    assert str(decision.said()) == "Day first: 312 values prove it"
    assert set(decision.forms) == {"%d/%m/%Y", "%d/%m/%Y %H:%M"}


def test_a_column_that_stays_open_asks_and_its_check_is_refused_until_answered(
    store: Store, write_csv: Any
) -> None:
    decision = decide({"03/02/2026": 3, "04/05/2026": 1})
    assert decision is not None
    assert decision.undecided == ("%d/%m/%Y", "%m/%d/%Y")
    assert "4 values, such as 03/02/2026, can be read day first or month first" in str(
        decision.said()
    )
    column = Column("when", "submitted_at", undecided=decision.undecided)
    mapping = Mapping("m", "survey", "m", (column, Column("b", "branch")), survey_key="s")
    source = open_source(write_csv([["when", "b"], ["03/02/2026", "x"]]))
    with pytest.raises(ImportProblem, match="Column 'when': its dates can be read as") as caught:
        dry_run(store, source, mapping, "demo")
    assert "%d/%m/%Y" in str(caught.value)
    assert "Say which" in str(caught.value.remedy)


def test_mixed_orders_are_read_where_a_value_proves_its_own_and_refused_where_not(
    store: Store, write_csv: Any, whole: Any
) -> None:
    texts = ["13/02/2026", "02/14/2026", "03/04/2026", "05/05/2026"]
    decision = whole(texts)
    assert set(decision.forms) == {"%d/%m/%Y", "%m/%d/%Y"}
    assert (decision.proof, decision.against, decision.both) == (1, 1, 1)
    assert "can be read both ways and are refused" in str(decision.said())
    when = Column("when", "submitted_at", decision.forms)
    mapping = Mapping("m", "survey", "m", (when, Column("b", "branch")), survey_key="s")
    path = write_csv([["when", "b"], *[[t, "x"] for t in texts]])
    checked = dry_run(store, open_source(path), mapping, "demo")
    forms = "30/09/2026, 09/30/2026"
    assert [(r.row_no, r.value, str(r.reason)) for r in checked.refused] == [
        (4, "03/04/2026", f"can be read as two days: {forms}")
    ]


def test_one_slip_among_very_many_proofs_is_refused_by_itself() -> None:
    decision = decide({"13/02/2026": 400, "02/13/2026": 1, "01/02/2026": 50})
    assert decision is not None
    assert decision.forms == ("%d/%m/%Y",)
    assert decision.against == 1


def test_other_forms_beside_an_open_one_stay_readable_whatever_is_answered() -> None:
    decision = decide({"2026-02-13": 5, "03/04/2026": 5})
    assert decision is not None
    assert decision.undecided == ("iso; %d/%m/%Y", "iso; %m/%d/%Y")


@pytest.mark.parametrize(
    "texts",
    [["often", "never"], ["1", "2", "5"], ["7.5", "8.5"], ["1-2", "3-4"], ["10.0.0.1"], ["12:30"]],
)
def test_what_is_no_column_of_dates_is_none(texts: list[str]) -> None:
    assert decide(dict.fromkeys(texts, 1)) is None


@pytest.mark.parametrize(
    ("form", "text", "moment"),
    [
        (
            "%Y/%m/%d %I:%M:%S %p GMT%z",
            "2026/03/05 3:04:05 PM GMT+8",
            datetime(2026, 3, 5, 7, 4, 5),
        ),
        (
            "%Y/%m/%d %I:%M:%S %p GMT%z",
            "2026/03/05 3:04:05 PM GMT+5:30",
            datetime(2026, 3, 5, 9, 34, 5),
        ),
        ("%Y/%m/%d 上午%I:%M:%S", "2026/3/5 下午2:05:33", datetime(2026, 3, 5, 14, 5, 33)),
        ("%Y-%m-%d %H:%M:%S UTC", "2026-03-05 14:05:33 UTC", datetime(2026, 3, 5, 14, 5, 33)),
        ("epoch", "1772719533", datetime(2026, 3, 5, 14, 5, 33)),
        ("epoch-ms", "1772719533000", datetime(2026, 3, 5, 14, 5, 33)),
        ("excel", "46086.5", datetime(2026, 3, 5, 12)),
        ("excel", "46086.58718750", datetime(2026, 3, 5, 14, 5, 33)),
        ("%d.%m.%Y %H:%M:%S", "05.03.2026 14:05", datetime(2026, 3, 5, 14, 5)),
        ("%d.%m.%Y %H:%M", "05.03.2026 14:05:33", datetime(2026, 3, 5, 14, 5, 33)),
        ("%m/%d/%Y %I:%M:%S %p", "03/05/2026 2:05 PM", datetime(2026, 3, 5, 14, 5)),
        ("%d.%m.%Y %H:%M:%S", "05.03.2026 14:05:33.5", datetime(2026, 3, 5, 14, 5, 33, 500_000)),
        ("%d.%m.%Y %H:%M:%S", "05.03.2026", None),
        ("epoch", "17727195330", None),
        ("excel", "7", None),
    ],
)
def test_forms_of_survey_tools_are_read(
    read: Read, form: str, text: str, moment: datetime | None
) -> None:
    assert read([text], [form]) == [moment]


def test_moments_without_an_offset_are_of_the_zone_of_their_column(read: Read) -> None:
    texts = ["2026-03-05 08:00:00"]
    shanghai = read(texts, ["iso"], "Asia/Shanghai", timezone="Europe/Berlin")
    assert shanghai == [datetime(2026, 3, 5, 15)]
    assert read(texts, [], "Asia/Shanghai") == [datetime(2026, 3, 5, 8)]
    assert read(["1772719533"], ["epoch"], "Asia/Shanghai") == [datetime(2026, 3, 5, 22, 5, 33)]
    assert read(["2026-03-05 14:00:00 UTC"], ["%Y-%m-%d %H:%M:%S UTC"], "Asia/Shanghai") == [
        datetime(2026, 3, 5, 22)
    ]


def test_a_year_of_two_digits_is_left_to_the_form_that_says_so(read: Read) -> None:
    texts = ["05.03.2026", "05.03.26"]
    assert read(texts, ["%d.%m.%Y", "%d.%m.%y"]) == [datetime(2026, 3, 5)] * 2


def test_a_million_clocks_are_decided_by_their_days_alone(store: Store) -> None:
    with store.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE staged AS SELECT i AS row_no, STRFTIME(TIMESTAMP '2026-01-01' + "
            "to_seconds(i * 37), '%d/%m/%Y %H:%M:%S') AS c0 FROM range(300000) t(i)"
        )
        decision = date_forms(cursor, 0)
    assert decision is not None
    assert decision.forms == ("%d/%m/%Y %H:%M:%S",)
    assert decision.values == decision.read == 300_000
    days = {datetime(2026, 1, 1) + timedelta(seconds=37 * i) for i in range(0, 300_000, 100)}
    assert decision.proof / 300_000 == pytest.approx(
        sum(d.day > 12 for d in days) / len(days), abs=0.01
    )
