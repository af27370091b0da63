"""Complaints beside scores, theme by theme, against counting row by row."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from scipy import stats

from csat.ingest.batches import commit
from csat.ingest.cause_tree import set_cause_tree
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.model.cause_tree import read_cause_tree
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER, User
from csat.model.problem import NotAllowed, UsageProblem
from csat.model.scale import Scale
from csat.model.settings import Thresholds
from csat.queries.agreement import ThemeRow, agreement
from csat.sample.themes import DISAGREEING, THEMES, tree_text
from csat.stats.multiplicity import holm
from csat.store.store import Store

DEMO = Filters.of("demo")
ALL = Thresholds(withhold_under=1)
MEANS = {"I1": 3.0, "I2": 5.2, "I3": 5.4, "I4": 3.4, "I5": 5.3}
COUNTS = {"late": 220, "rude": 90, "wrong": 210, "dirty": 20, "other": 15}
TREE = """
[[theme]]
key = "speed"
title = "Speed"
dimension = "responsiveness"
causes = ["late"]
items = ["I1"]
[[theme]]
key = "courtesy"
dimension = "empathy"
causes = ["rude"]
items = ["I2", "I5"]
[[theme]]
key = "bills"
dimension = "reliability"
causes = ["wrong", "never seen"]
items = ["I3"]
[[theme]]
key = "premises"
dimension = "tangibles"
causes = ["dirty"]
items = ["I4", "I9"]
"""


def draw() -> list[dict[str, int | None]]:
    chance = random.Random(5)
    rows: list[dict[str, int | None]] = []
    for _ in range(400):
        general = chance.gauss(0, 0.7)
        rows.append(
            {
                key: None
                if chance.random() < 0.05
                else min(7, max(1, round(mean + general + chance.gauss(0, 0.9))))
                for key, mean in MEANS.items()
            }
        )
    return rows


ROWS = draw()


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("joined")
    store = Store(folder / "joined.duckdb")
    lines = ["id,when,branch," + ",".join(MEANS)]
    for i, row in enumerate(ROWS):
        codes = ",".join("" if v is None else str(v) for v in row.values())
        lines.append(f"r{i},2026-0{1 + i % 6}-15,{('North', 'South')[i % 2]},{codes}")
    scale = Scale.of(1, 7)
    items = tuple(
        Column(key, "item", item=Item(key, key, scale, "perception", dimension))
        for key, dimension in zip(
            MEANS,
            ("responsiveness", "empathy", "reliability", "tangibles", "empathy"),
            strict=True,
        )
    )
    shared = (
        Column("id", "response_id"),
        Column("when", "submitted_at"),
        Column("branch", "branch"),
    )
    survey = Mapping("s", "survey", "S", (*shared, *items), survey_key="s", survey_title="S")
    _load(store, folder / "answers.csv", lines, survey)
    lines = ["id,received,cause,branch"]
    causes = [cause for cause, n in COUNTS.items() for _ in range(n)]
    lines += [
        f"K{i},2026-0{1 + i % 6}-10,{cause},{('North', 'South')[i % 2]}"
        for i, cause in enumerate(causes)
    ]
    columns = ("complaint_id", "received_at", "cause", "branch")
    mapping = Mapping(
        "c", "complaints", "C",
        tuple(Column(s, r) for s, r in zip(lines[0].split(","), columns, strict=True)),
    )  # fmt: skip
    _load(store, folder / "cases.csv", lines, mapping)
    set_cause_tree(store, "demo", TREE, LOCAL_USER)
    yield store
    store.close()


def _load(store: Store, path: Path, lines: list[str], mapping: Mapping) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    commit(store, open_source(path), mapping, program="demo", user=LOCAL_USER)


def scores() -> list[list[float]]:
    """Return the four scores of everyone who answered all themes, 0 to 100."""
    out = []
    for row in ROWS:
        found: list[float] = []
        for keys in (("I1",), ("I2", "I5"), ("I3",), ("I4",)):
            known = [row[k] for k in keys if row[k] is not None]
            if 2 * len(known) >= len(keys) and known:
                found.append(sum(100 * (v - 1) / 6 for v in known if v is not None) / len(known))
        if len(found) == 4:
            out.append(found)
    return out


def by_theme(store: Store, filters: Filters = DEMO) -> dict[str, ThemeRow]:
    return {r.theme.key: r for r in agreement(store, filters, ALL).rows}


def test_each_quarter_holds_the_theme_planted_in_it(joined: Store) -> None:
    found = {key: row.finding for key, row in by_theme(joined).items()}
    assert found == {
        "speed": "both",
        "courtesy": "fine",
        "bills": "complaints_only",
        "premises": "silent",
    }


def test_scores_are_paired_with_the_other_themes_of_the_same_people(joined: Store) -> None:
    people = scores()
    tests = []
    for i, row in enumerate(by_theme(joined).values()):
        own = [p[i] for p in people]
        gaps = [p[i] - sum(v for j, v in enumerate(p) if j != i) / 3 for p in people]
        tests.append(stats.ttest_1samp(gaps, 0))
        ends = tests[-1].confidence_interval()
        assert row.score.n == len(people)
        assert row.score.mean == pytest.approx(sum(own) / len(own))
        assert row.score.difference == pytest.approx(sum(gaps) / len(gaps))
        assert (row.score.difference_low, row.score.difference_high) == pytest.approx(
            (ends.low, ends.high)
        )
    adjusted = holm([float(t.pvalue) for t in tests])
    assert [r.score.p_value for r in by_theme(joined).values()] == pytest.approx(adjusted)


def test_complaints_are_tested_against_an_even_spread(joined: Store) -> None:
    counts = [COUNTS[c] for c in ("late", "rude", "wrong", "dirty")]
    p = holm([float(stats.binomtest(n, sum(counts), 0.25).pvalue) for n in counts])
    rows = list(by_theme(joined).values())
    assert [r.complaints.count for r in rows] == counts
    assert [r.complaints.p_value for r in rows] == pytest.approx(p)
    assert [r.complaints.share for r in rows] == pytest.approx([n / sum(counts) for n in counts])


def test_what_lies_outside_the_tree_is_told(joined: Store) -> None:
    found = agreement(joined, DEMO, ALL)
    assert (found.placed, found.unplaced) == (540, 15)
    assert set(found.missing) == {"never seen", "I9"}


def test_shared_filters_narrow_both_sides(joined: Store) -> None:
    north = by_theme(joined, DEMO.with_(branches=["North"]))
    everyone = by_theme(joined)
    assert sum(r.complaints.count for r in north.values()) == 270
    assert north["speed"].score.n < everyone["speed"].score.n


def test_scores_of_few_people_are_withheld_and_then_not_known(joined: Store) -> None:
    found = agreement(joined, DEMO, Thresholds(withhold_under=1_000))
    assert all(r.score.mean is None and r.finding == "unknown" for r in found.rows)


def test_a_program_without_a_tree_says_so(store: Store, load: object, write_csv: object) -> None:
    assert agreement_note(store, write_csv, load) == "No tree of causes is set for this program."


def agreement_note(store: Store, write_csv: object, load: object) -> str:
    path = write_csv("id,received\nK1,2026-01-01\n")  # type: ignore[operator]
    columns = (Column("id", "complaint_id"), Column("received", "received_at"))
    load(path, Mapping("c", "complaints", "C", columns))  # type: ignore[operator]
    return str(agreement(store, DEMO).note)


def test_only_those_who_import_may_set_a_tree(joined: Store) -> None:
    with pytest.raises(NotAllowed):
        set_cause_tree(joined, "demo", TREE, User("ann", ("quality",)))
    with pytest.raises(UsageProblem, match="no program"):
        set_cause_tree(joined, "nowhere", TREE, LOCAL_USER)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme = 3", "holds no theme"),
        ("[[theme]]\nkey = 'A b'\ndimension = 'x'\ncauses = ['a']", "cannot be the key"),
        ("[[theme]]\nkey = 'a'\ncauses = ['a']", "belongs to no dimension"),
        ("[[theme]]\nkey = 'a'\ndimension = 'x'", "either causes or categories"),
        ("[[theme]]\nkey = 'a'\ndimension = 'x'\ncauses = ['a']\ncolour = 'red'", "no entry"),
        ("[[theme]]\nkey = 'a'\ndimension = 'x'\ncauses = 'a'", "cannot be the causes"),
        ("[[theme]", "no TOML"),
        (TREE + "[[theme]]\nkey = 'b'\ndimension = 'x'\ncauses = ['late']", "again in 'b'"),
    ],
)
def test_a_tree_that_cannot_be_read_is_refused_with_the_place(text: str, said: str) -> None:
    with pytest.raises(UsageProblem, match=said):
        read_cause_tree(text)


def test_the_tree_of_the_sample_reads_back_to_its_themes() -> None:
    tree, _ = read_cause_tree(tree_text())
    assert tree.themes == THEMES
    assert set(DISAGREEING) < {t.key for t in tree.themes}
