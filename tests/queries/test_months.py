"""Months are counted once for all that is asked under the same filters, and never wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest

from csat.ingest.mapping import Mapping
from csat.model.answer import Answer
from csat.model.filters import Compare, Filters
from csat.model.metrics import HEADLINES, metric
from csat.model.period import Period
from csat.model.settings import Thresholds
from csat.queries.control import control
from csat.queries.control_split import control_split
from csat.queries.facts import facts
from csat.queries.figures import evaluate
from csat.queries.gather import gather, gather_each
from csat.queries.months import gather_months, know_cuts
from csat.queries.movers import movers
from csat.queries.reader import Reader
from csat.store.store import Store

EVERYTHING = Thresholds(withhold_under=1)
SPRING = Period(date(2026, 4, 1), date(2026, 6, 30))
WHOLE = Period(date(2025, 10, 1), date(2026, 6, 30))


@contextmanager
def asked(store: Store) -> Iterator[list[str]]:
    """Return the statements that the store is asked meanwhile."""
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("rows", "query"):
            ask = getattr(store, name)

            def listen(sql: str, *rest: Any, ask: Callable[..., Any] = ask) -> Any:
                told.append(sql)
                return ask(sql, *rest)

            patch.setattr(store, name, listen)
        yield told


def spring(**parts: Any) -> Filters:
    return Filters.of("demo", **{"period": SPRING, "compare": "previous", **parts})


def figures(store: Store, filters: Filters, keys: Sequence[str], by: str) -> Answer:
    return evaluate(store, filters, keys, by, EVERYTHING)


@pytest.mark.parametrize("compare", ["previous", "last_year"])
@pytest.mark.parametrize("key", [*HEADLINES, "mean:ces", "perception:tangibles"])
def test_months_added_up_are_what_one_count_of_the_period_is(
    demo: Store, key: str, compare: Compare
) -> None:
    """Both ways give the same tally, also where the reference period holds nothing."""
    m, known = metric(key), facts(demo, "demo")
    assert known.span.holds(m.subject)
    filters = spring(compare=compare, branches=["East", "South"])
    reader = Reader(demo, known)
    reference = filters.comparison()
    assert reference is not None
    assert reference.period is not None
    periods = [SPRING, reference.period]
    for keys in ((), ("branch",)):
        months = gather_months(reader, known, filters, [m], keys, periods)[key]
        direct = gather(reader, known, filters.with_(period=SPRING), [m], ("month_key", *keys))[key]
        if not isinstance(months, dict) or not isinstance(direct, dict):
            assert str(months) == str(direct)
            continue
        own = {group: tally for group, tally in months.items() if group[0] >= 202604}
        assert {g: (t.n, t.value()) for g, t in own.items()} == {
            g: (t.n, t.value()) for g, t in direct.items()
        }


def test_a_sparkline_a_card_and_a_chart_are_counted_once(demo: Store) -> None:
    branch = {"branches": ["North", ""]}
    whole = spring(period=WHOLE, compare="none", **branch)
    with asked(demo) as first:
        figures(demo, whole, ("csat_top_box", "nps"), "month")
    with asked(demo) as second:
        figures(demo, spring(**branch), ("csat_top_box", "nps"), "total")
        control(demo, whole, "nps", "month", EVERYTHING)
    assert [sql for sql in first if "csat_top" in sql]
    assert not [sql for sql in second if "csat_top" in sql]


def test_only_months_that_are_not_known_are_read(demo: Store) -> None:
    filters = spring(branches=["East"], channels=[])
    reader = Reader(demo, facts(demo, "demo"))
    m = metric("nps")
    gather_months(reader, reader.facts, filters, [m], (), [SPRING])
    before = len(reader.asked)
    gather_months(reader, reader.facts, filters, [m], (), [WHOLE])
    [(_, params)] = reader.asked[before:]
    assert (params["first"], params["last"]) == (20251001, 20260331)


def test_an_answer_names_the_statements_that_counted_its_months_before(demo: Store) -> None:
    filters = spring(branches=["South"])
    figures(demo, filters.with_(period=WHOLE, compare="none"), ("nps",), "month")
    [(sql, params)] = figures(demo, filters, ("nps",), "total").provenance.reads
    assert "nps" in sql
    assert (params["first"], params["last"]) == (20251001, 20260630)


def test_a_card_names_no_statement_of_another_kind_of_figure(demo: Store) -> None:
    filters = spring(branches=["South", "North"])
    figures(demo, filters, ("nps", "complaints_received", "median_days_to_response"), "total")
    for key, table in (("nps", "response"), ("complaints_received", "complaint")):
        [(sql, _)] = figures(demo, filters, (key,), "total").provenance.reads
        assert f"FROM {table} " in sql
        assert "response_s" not in sql


def test_what_is_loaded_counts_at_once(
    store: Store, add_rows: Callable[..., None], queries_survey: Mapping
) -> None:
    rows = [(f"2026-{month:02d}-10", "North", 5, 9, 6) for month in range(1, 7) for _ in range(9)]
    add_rows(queries_survey, rows, as_of=date(2026, 6, 30))
    before = figures(store, spring(), ("response_count",), "total").one("response_count")
    add_rows(queries_survey, [("2026-05-11", "North", 1, 0, 1)], as_of=date(2026, 6, 30))
    after = figures(store, spring(), ("response_count",), "total").one("response_count")
    assert (before.n, after.n) == (27, 28)


def test_several_cuts_in_one_scan_are_what_one_scan_for_each_is(demo: Store) -> None:
    known = facts(demo, "demo")
    reader, filters = Reader(demo, known), Filters.of("demo", period=WHOLE)
    for key, cuts in (
        ("csat_top_box", ("branch", "channel", "segment")),
        ("nps", ("channel", "branch")),
        ("complaints_received", ("category", "branch", "cause")),
    ):
        m = metric(key)
        together = gather_each(reader, known, filters, m, ("month_key",), cuts)
        assert len(reader.asked) == 1
        for cut in cuts:
            assert together[cut] == gather(reader, known, filters, [m], ("month_key", cut))[key]
        reader.asked.clear()


def test_cuts_that_are_known_are_not_read_again(demo: Store) -> None:
    known = facts(demo, "demo")
    reader, filters = Reader(demo, known), Filters.of("demo", period=WHOLE, branches=["East"])
    cuts = ("channel", "segment")
    know_cuts(reader, known, filters, metric("nps"), cuts)
    with asked(demo) as told:
        know_cuts(reader, known, filters, metric("nps"), cuts)
        for cut in cuts:
            evaluate(demo, filters.with_(period=SPRING, compare="previous"), ["nps"], cut)
            control_split(demo, filters, ["nps"], "month", cut, EVERYTHING)
    assert not [sql for sql in told if "nps_p" in sql]


def test_a_choice_nobody_made_before_asks_few_statements(demo: Store) -> None:
    """Cards, sparklines and what moved; before, each figure and each period had its own."""
    filters = spring(branches=["", "East"])
    facts(demo, "demo")
    with asked(demo) as told:
        figures(demo, filters.with_(period=WHOLE, compare="none"), HEADLINES, "month")
        figures(demo, filters, HEADLINES, "total")
        movers(demo, filters, EVERYTHING)
    assert len(told) <= 14


def test_a_chart_of_some_groups_is_the_same_among_all(demo: Store) -> None:
    filters, cut = Filters.of("demo", period=WHOLE), "branch"
    for limits in (EVERYTHING, Thresholds(withhold_under=12)):
        every = control_split(demo, filters, ["csat_top_box"], "month", cut, limits)
        some = control_split(
            demo, filters, ["csat_top_box"], "month", cut, limits, only=["South", "East"]
        )
        assert [a for a in every if a.group in ("South", "East")] == list(some)
        assert {a.group for a in some} == {"South", "East"}


def test_a_split_of_a_period_without_answers_has_no_charts(
    store: Store, add_rows: Callable[..., None], queries_survey: Mapping
) -> None:
    rows = [("2026-01-10", "North", 5, 9, 6) for _ in range(9)]
    add_rows(queries_survey, rows, as_of=datetime(2026, 6, 30).date())
    assert control_split(store, spring(), ["nps"], "month", "branch", EVERYTHING) == ()
