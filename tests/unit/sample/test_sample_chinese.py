"""The Chinese sample: the numbers of the English one, in words that a Chinese reader expects."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pytest

from csat.model.cause_tree import read_cause_tree
from csat.sample import SAMPLE_AS_OF, SampleFiles, chinese_cases, chinese_comments, generate
from csat.sample.actions import sample_actions
from csat.sample.causes import CAUSES
from csat.sample.instrument import DIMENSIONS
from csat.sample.language import CHINESE, said
from csat.sample.organisation import TOUCHPOINTS, names
from csat.sample.themes import THEMES, tree_text
from csat.sample.words_zh import WORDS

LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
TEXTS = {"narrative", "comment"}


SIZE: dict[str, int] = {"responses": 6_000, "complaints": 4_000}


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    return generate(tmp_path_factory.mktemp("chinese"), language=CHINESE, **SIZE)


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    return generate(tmp_path_factory.mktemp("english"), **SIZE)


def paths(files: SampleFiles) -> list[Path]:
    named = (*files.company, *files.raters, *files.registers)
    single = (files.survey, files.complaints, files.exposure, files.events, files.conduct)
    assert files.margins is not None
    return [*single, files.margins, *(path for _, path in named)]


@lru_cache
def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_every_number_code_and_date_is_that_of_the_english_sample(
    english: SampleFiles, chinese: SampleFiles
) -> None:
    for ours, theirs in zip(paths(chinese), paths(english), strict=True):
        one, other = read(ours).copy(), read(theirs)
        assert one.shape == other.shape
        if ours.stem in ("standards", "promises"):
            one.columns = other.columns
        for name in set(one) - TEXTS - {"language"}:
            if name in WORDS or ours.stem in ("standards", "promises"):
                pairs = pd.DataFrame({"one": one[name], "other": other[name]}).drop_duplicates()
                assert pairs["one"].is_unique, f"{ours.name}, {name}"
                assert pairs["other"].is_unique, f"{ours.name}, {name}"
            else:
                assert (one[name] == other[name]).all(), f"{ours.name}, {name}"
        for name in TEXTS & set(one):
            assert ((one[name] == "") == (other[name] == "")).all()


def test_no_name_of_a_group_cause_or_person_is_left_in_english(chinese: SampleFiles) -> None:
    left = {
        (path.name, name, value)
        for path in paths(chinese)
        for name, column in read(path).items()
        if name in WORDS and name != "currency"
        for value in column.unique()
        if LATIN_WORD.search(value)
    }
    assert left == set()


def test_all_texts_are_chinese_and_few_are_the_same(chinese: SampleFiles) -> None:
    for path, name in ((chinese.complaints, "narrative"), (chinese.survey, "comment")):
        texts = read(path)[name]
        texts = texts[texts != ""]
        assert not texts.str.contains(r"[A-Za-z]{2,}|[{}]").any()
        assert texts.str.contains("[一-鿿]").all()
        assert texts.nunique() > 0.75 * len(texts)
        assert texts.str.len().median() > 15


def test_some_digits_and_signs_are_typed_otherwise(chinese: SampleFiles) -> None:
    texts = read(chinese.complaints)["narrative"]
    wide = texts.str.contains("[０-９]").mean()
    narrow = texts.str.contains(r"[,.]$").mean()
    assert 0.01 < wide < 0.08
    assert 0.01 < narrow < 0.08


def test_a_complaint_tells_of_its_own_cause(chinese: SampleFiles) -> None:
    cases = read(chinese.complaints)
    for cause in CAUSES:
        own = cases[cases["cause"] == said(cause.name, "cause", CHINESE)]["narrative"]
        stems = [re.split(r"[{，,：:？?、]", p)[0][:4] for p in chinese_cases.CAUSES[cause.name]]
        told = own.str.contains("|".join(map(re.escape, filter(None, stems))))
        assert told.mean() > 0.5, cause.name


def test_what_a_complaint_tells_of_lies_shortly_before_it(chinese: SampleFiles) -> None:
    cases = read(chinese.complaints)
    said_day = cases["narrative"].str.extract(r"(?<!\d)(\d{1,2})月(\d{1,2})日").dropna().astype(int)
    received = pd.to_datetime(cases.loc[said_day.index, "received_at"])
    year = received.dt.year - (said_day[0] > received.dt.month)
    when = pd.to_datetime({"year": year, "month": said_day[0], "day": said_day[1]})
    assert len(said_day) > 150
    assert ((received.dt.normalize() - when).dt.days.between(0, 9)).all()


@pytest.mark.parametrize("kind", ["branch", "channel", "touchpoint", "segment", "cause"])
def test_two_values_never_get_the_same_word(kind: str) -> None:
    again = {word for word, n in Counter(WORDS[kind].values()).items() if n > 1}
    assert again == set()


def test_there_are_phrases_for_every_cause_touchpoint_and_dimension() -> None:
    assert set(chinese_cases.CAUSES) == {c.name for c in CAUSES}
    assert set(chinese_comments.TOUCHPOINTS) == set(names(TOUCHPOINTS))
    assert set(chinese_comments.DIMENSIONS) == {d.key for d in DIMENSIONS}


def test_actions_and_tree_name_the_values_of_the_files(chinese: SampleFiles) -> None:
    cases = read(chinese.complaints)
    tree, _ = read_cause_tree(tree_text(CHINESE))
    causes = {cause for theme in tree.themes for cause in theme.causes}
    assert causes <= set(cases["cause"])
    assert len(causes) == sum(len(theme.causes) for theme in THEMES)
    for plan in sample_actions(SAMPLE_AS_OF, CHINESE):
        for clause in plan.where:
            column, _, value = clause.partition("=")
            assert value in set(cases[column])
        assert not LATIN_WORD.search(plan.title + plan.addressed + plan.owner + plan.note)


def test_the_same_seed_gives_the_same_bytes(chinese: SampleFiles, tmp_path: Path) -> None:
    again = generate(tmp_path, language=CHINESE, **SIZE)
    pairs = zip(paths(again), paths(chinese), strict=True)
    assert all(one.read_bytes() == other.read_bytes() for one, other in pairs)
