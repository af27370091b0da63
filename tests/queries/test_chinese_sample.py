"""The Chinese sample gives the figures of the English one, under Chinese names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.queries import complaints
from csat.queries.agreement import agreement
from csat.queries.catalogue import group_names
from csat.queries.figures import evaluate
from csat.sample import generate
from csat.sample.language import CHINESE, ENGLISH, said
from csat.sample.organisation import BRANCHES
from csat.sample_program import PROGRAM, begun_in, load_files, load_sample
from csat.store.store import Store

METRICS = ("csat_top_box", "nps", "gap:reliability", "complaints_per_1000")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    opened = {}
    for language in (ENGLISH, CHINESE):
        folder = tmp_path_factory.mktemp(language)
        files = generate(folder / "files", responses=3_000, complaints=800, language=language)
        opened[language] = Store(folder / "sample.duckdb")
        load_files(opened[language], LOCAL_USER, files)
    yield opened
    for store in opened.values():
        store.close()


@pytest.mark.parametrize("by", ["total", "branch", "touchpoint"])
def test_every_figure_is_the_same(stores: dict[str, Store], by: str) -> None:
    metrics = METRICS if by != "touchpoint" else METRICS[:3]
    found = {}
    for language, store in stores.items():
        answer = evaluate(store, Filters(PROGRAM), metrics, by)
        found[language] = {(f.metric, f.by): (f.value, f.n, f.low, f.high) for f in answer.figures}
    spoken = {
        (metric, said(name, by, CHINESE)): value for (metric, name), value in found[ENGLISH].items()
    }
    assert found[CHINESE] == spoken
    assert len(spoken) >= len(metrics)


def test_names_stand_in_the_order_of_their_sound(stores: dict[str, Store]) -> None:
    names = group_names(stores[CHINESE], PROGRAM, "branch")
    assert set(names) == {b.name_zh for b in BRANCHES}
    assert names[:3] == ("北门营业厅", "车站营业厅", "大学营业厅")


def test_the_tree_joins_causes_and_questions_in_both(stores: dict[str, Store]) -> None:
    shares = {
        language: [(r.theme.key, r.complaints.count) for r in agreement(s, Filters(PROGRAM)).rows]
        for language, s in stores.items()
    }
    assert shares[CHINESE] == shares[ENGLISH]
    assert len(shares[CHINESE]) == 11


def test_chinese_complaints_are_found(stores: dict[str, Store]) -> None:
    def count(search: str) -> int:
        return complaints.count(stores[CHINESE], Filters.of(PROGRAM, search=search))

    assert 0 < count("退款 -到账") < count("退款")
    assert count("回电 OR 上门") > count("回电") > 0
    assert count("3天") == count("３天") > 0


def test_a_load_that_was_cut_short_goes_on_in_its_language(
    stores: dict[str, Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {language: begun_in(store) for language, store in stores.items()} == {
        language: language for language in stores
    }
    empty = Store(tmp_path / "new.duckdb")
    assert begun_in(empty) is None
    empty.close()
    asked = []

    class Stop(Exception):
        """End the load before it begins."""

    def written(_: Path, *, language: str) -> None:
        asked.append(language)
        raise Stop

    monkeypatch.setattr("csat.sample_program.generate", written)
    with pytest.raises(Stop):
        load_sample(stores[CHINESE], LOCAL_USER, language=ENGLISH)
    assert asked == [CHINESE]
