"""Sums kept by month and group say what the ratings themselves say, after whatever was loaded."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.ingest.batches import commit
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.model.period import Period
from csat.model.scale import Scale
from csat.model.settings import Thresholds
from csat.queries import answer_sums
from csat.queries import kept_sums as queries
from csat.queries.dimensions import dimensions
from csat.queries.drivers import drivers
from csat.queries.facts import facts
from csat.queries.kept_sums import kept_layout, kept_sums, score_totals
from csat.queries.reader import Reader
from csat.queries.soundness import soundness
from csat.queries.zones import zones
from csat.stats.rating_layout import Layout
from csat.store import cells
from csat.store.answer_cells import fill_all_cells
from csat.store.integrity import check_store
from csat.store.score_sums import all_sums, low_sums
from csat.store.store import Store
from csat.upkeep.rebuild import rebuild

OPEN = Thresholds(withhold_under=1, caution_under=1)
DIMENSIONS = ("empathy", "assurance")
GROUPS = {
    "branch": ("North", "South", ""),
    "channel": ("Web", "Phone"),
    "segment": ("Private", "Business", ""),
    "touchpoint": ("Counter", "App"),
}

ASKED: tuple[Callable[[Store, Filters], object], ...] = (
    lambda store, filters: soundness(store, filters, OPEN).surveys,
    lambda store, filters: dimensions(store, filters, OPEN, "equal").rows,
    lambda store, filters: zones(store, filters, OPEN).rows,
    lambda store, filters: drivers(store, filters, OPEN).rows,
)


def asked(key: str, view: str, dimension: str) -> Column:
    return Column(key, "item", item=Item(key, key, Scale.of(1, 7), view, dimension, key[1:]))


QUESTIONS = tuple(
    asked(f"{view[0]}{slot}{n}", view, dimension)
    for slot, dimension in enumerate(DIMENSIONS)
    for n in range(3)
    for view in ("perception", "desired", "adequate")
)
LONELY = Column(
    "alone", "item", item=Item("alone", "alone", Scale.of(1, 5), "perception", "empathy")
)
FORM = Mapping(
    "m",
    "survey",
    "M",
    (
        Column("id", "response_id"),
        Column("when", "submitted_at"),
        *(Column(d, d) for d in GROUPS),
        Column("csat", "item", item=Item("csat", "csat", Scale.of(1, 5), measures=("csat",))),
        *QUESTIONS,
    ),
    survey_key="s",
)
LATER = Mapping("later", "survey", "M", (*FORM.columns, LONELY), survey_key="s")


def load(store: Store, folder: Path, seed: int, form: Mapping = FORM, first: int = 0) -> int:
    """Load a file of sixty answers over three months, a few of them changed or left out."""
    chance = random.Random(seed)
    lines = [",".join(c.source for c in form.columns)]
    for number in range(first, first + 60):
        month = 1 + chance.randrange(3)
        groups = [chance.choice(names) for names in GROUPS.values()]
        ratings = [
            chance.choice(["", *map(str, range(1, c.item.scale.maximum + 1))] * 3 + ["4"] * 9)
            for c in form.columns
            if c.item is not None
        ]
        day = f"2026-{month:02d}-{chance.randint(1, 28):02d}"
        lines.append(",".join([f"r{number}", day, *groups, *ratings]))
    path = folder / f"{seed}.csv"
    path.write_text("\n".join([*lines, ""]))
    source = open_source(path)
    return commit(store, source, form, program="demo", user=LOCAL_USER).batch_id


def choices() -> st.SearchStrategy[Filters]:
    some = {
        f"{d}es" if d == "branch" else f"{d}s": st.one_of(
            st.just(()), st.just(()), st.lists(st.sampled_from(names), unique=True).map(tuple)
        )
        for d, names in GROUPS.items()
    }
    days = [date(2026, m, d) for m in range(1, 4) for d in (1, 15)]
    ends = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 10), date(2026, 3, 31)]
    periods = st.one_of(
        st.none(),
        st.tuples(st.sampled_from(days), st.sampled_from(ends))
        .filter(lambda p: p[0] <= p[1])
        .map(lambda p: Period(*p)),
    )
    return st.builds(
        lambda period, **chosen: Filters.of("demo", period=period, compare="none", **chosen),
        periods,
        **some,
    )


@contextmanager
def kept_by_every_group() -> Iterator[None]:
    """Let sums be kept of groups as small as those of the files here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "ENOUGH", 1)
        patch.setattr(cells, "_APART", 3)
        yield


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Store]]:
    """Return a store that was loaded, changed, given a question and undone in part; and rebuilt."""
    folder = tmp_path_factory.mktemp("kept")
    store = Store(folder / "a.duckdb")
    with kept_by_every_group():
        load(store, folder, 1)
        gone = load(store, folder, 2, first=40)
        load(store, folder, 3, LATER, first=80)
        undo(store, gone, LOCAL_USER)
        load(store, folder, 4, first=20)
        target = folder / "new" / "b.duckdb"
        assert list(rebuild(store, target, lambda _: None).differences) == []
    again = Store(target)
    yield [store, again]
    again.close()
    store.close()


def read(store: Store, filters: Filters, layout: Layout) -> np.ndarray:
    """Add up the ratings themselves."""
    sums, reader = layout.made(), Reader(store, facts(store, "demo"))
    for batch in answer_sums.answer_batches(reader, 1, filters, layout.questions):
        sums.add(*batch)
    return sums.numbers


@settings(max_examples=60, deadline=None)
@given(choices())
def test_what_is_kept_is_what_the_ratings_add_up_to(filled: list[Store], filters: Filters) -> None:
    narrowed = [f for f in (filters.branches, filters.channels, filters.segments) if f]
    narrowed += [filters.touchpoints] if filters.touchpoints else []
    whole = filters.period is None or filters.period.whole_months
    for store in filled:
        layout = kept_layout(facts(store, "demo"), 1)
        kept = kept_sums(Reader(store, facts(store, "demo")), 1, filters, layout)
        if kept is not None:
            assert kept.tolist() == read(store, filters, layout).tolist()
        if not whole or len(narrowed) > 1:
            assert kept is None
        elif not narrowed:
            assert kept is not None


@settings(max_examples=40, deadline=None)
@given(choices())
def test_what_is_kept_of_scores_is_what_respondents_add_up_to(
    filled: list[Store], filters: Filters
) -> None:
    wanted = all_sums(range(5)) | low_sums(1, 8) | low_sums(3, 8) | low_sums(3, 9)
    for store in filled:
        reader = Reader(store, facts(store, "demo"))
        for survey in (None, 1):
            told = score_totals(reader, filters, wanted, survey)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(queries, "_kept_totals", lambda *_: None)
                assert score_totals(reader, filters, wanted, survey) == told


@settings(max_examples=12, deadline=None)
@given(choices())
def test_the_answers_of_the_page_are_the_same_with_and_without_them(
    filled: list[Store], filters: Filters
) -> None:
    store = filled[0]
    with pytest.MonkeyPatch.context() as patch:
        told = [ask(store, filters) for ask in ASKED]
        patch.setattr(answer_sums, "kept_sums", lambda *_: None)
        patch.setattr(queries, "_kept_totals", lambda *_: None)
        assert [ask(store, filters) for ask in ASKED] == told


def test_they_are_those_of_a_store_that_adds_everything_up_anew(filled: list[Store]) -> None:
    tables = ("answer_cell", "score_sum")
    for store in filled:
        assert check_store(store) == []
        before = [store.rows(f"SELECT * FROM {table} ORDER BY ALL") for table in tables]
        with kept_by_every_group(), store.write() as cursor:
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
            fill_all_cells(cursor)
        assert [store.rows(f"SELECT * FROM {table} ORDER BY ALL") for table in tables] == before
        assert {r["direction"] for r in before[0]} == {"", *cells.DIRECTIONS}


def test_groups_are_kept_only_where_a_month_holds_many_of_each(
    store: Store, tmp_path: Path
) -> None:
    load(store, tmp_path, 1)
    assert {r["direction"] for r in store.rows("SELECT direction FROM answer_cell")} == {""}


def test_a_store_whose_sums_are_of_other_people_is_named(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, 1)
    with store.write() as cursor:
        cursor.execute("UPDATE answer_cell SET people = people + 1 WHERE month_key = 202602")
        cursor.execute("DELETE FROM answer_cell WHERE month_key = 202603")
    assert [str(m)[:47] for m in check_store(store)] == [
        "Survey s: the sums kept of 2 months are not tho"
    ]
