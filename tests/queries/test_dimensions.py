"""Perceptions and gaps per dimension: one score per respondent, exact, from half the items up."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from csat.ingest.mapping import Break, Column, Item, Mapping
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.period import Period
from csat.model.scale import Scale
from csat.queries.figures import evaluate
from csat.store.store import Store

SEVEN = Scale.of(1, 7)
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))


def servqual(pairs: int) -> Mapping:
    """Return a survey that asks pairs of desired level and perception in one dimension."""
    columns = [Column("when", "submitted_at")]
    for i in range(pairs):
        for viewpoint in ("desired", "perception"):
            key = f"{viewpoint[0]}{i}"
            item = Item(key, key, SEVEN, viewpoint, "empathy", f"pair {i}")
            columns.append(Column(key, "item", item=item))
    return Mapping("servqual", "survey", "S", tuple(columns), survey_key="s")


def draw(pairs: int, people: int) -> list[list[int | None]]:
    chance = random.Random(pairs)
    return [
        [chance.choice((None, 1, 3, 4, 6, 7, 7)) for _ in range(2 * pairs)] for _ in range(people)
    ]


def scores(rows: list[list[int | None]], gaps: bool) -> list[float]:
    """Return each respondent's mean over the answered items (or pairs), from half of them up."""
    out = []
    for row in rows:
        pairs = list(zip(row[::2], row[1::2], strict=True))
        known = [
            p - e if gaps else p for e, p in pairs if p is not None and (e is not None or not gaps)
        ]
        if known and 2 * len(known) >= len(pairs):
            out.append(float(np.mean(known)))
    return out


def one(store: Store, key: str, **parts: object) -> Figure:
    return evaluate(store, Filters.of("demo", **parts), [key]).figures[0]


@pytest.mark.parametrize("pairs", [1, 2, 5, 9, 12])
@pytest.mark.parametrize(("key", "gaps"), [("perception:empathy", False), ("gap:empathy", True)])
def test_a_dimension_is_the_mean_of_respondents_with_a_paired_t_interval(
    store: Store, add_rows, pairs: int, key: str, gaps: bool
) -> None:
    rows = draw(pairs, 60)
    add_rows(servqual(pairs), [["2026-01-05", *row] for row in rows])
    wanted = scores(rows, gaps)
    low, high = DescrStatsW(wanted).tconfint_mean()
    figure = one(store, key)
    assert figure.n == len(wanted)
    rounding = 1e-12 if pairs <= 10 else 1 / 2520  # scores are whole 2520ths
    assert (figure.value, figure.low, figure.high) == pytest.approx(
        (np.mean(wanted), low, high), abs=rounding
    )


def test_too_few_answered_items_give_no_score(store: Store, add_rows) -> None:
    half, less = [7, 7, 6, 6, None, None, None, None], [7, 7, None, None, None, None, None, None]
    add_rows(servqual(4), [["2026-01-05", *row] for row in [half] * 5 + [less] * 5])
    assert one(store, "perception:empathy").n == 5
    assert one(store, "perception:empathy").value == 6.5
    assert one(store, "gap:empathy").value == 0


def test_importance_and_other_views_are_no_part_of_a_perception(store: Store, add_rows) -> None:
    mapping = servqual(1)
    wish = Item("i", "i", Scale.of(1, 10), "importance", "empathy", "pair 0")
    mapping = replace(mapping, columns=(*mapping.columns, Column("i", "item", item=wish)))
    add_rows(mapping, [["2026-01-05", 7, 5, 10]] * 6)
    assert (one(store, "perception:empathy").value, one(store, "gap:empathy").value) == (5, -2)


@pytest.mark.parametrize("key", ["perception:empathy", "gap:empathy", "mean:p0"])
def test_answers_are_not_compared_across_a_change_of_wording(
    store: Store, add_rows, key: str
) -> None:
    rows = [["2026-01-10", 7, rating] for rating in (1, 2) for _ in range(20)]
    rows += [["2026-02-10", 7, rating] for rating in (6, 7) for _ in range(20)]
    broken = Break(date(2026, 2, 1), "p0", "worded anew")
    mapping = replace(servqual(1), breaks=(broken,))
    add_rows(mapping, rows, as_of=date(2026, 2, 28))
    figure = one(store, key, period=FEBRUARY)
    assert (figure.verdict, figure.difference) == ("not_compared", None)
    assert str(figure.note) == "Not compared across the change of wording on 2026-02-01"
    months = evaluate(store, Filters.of("demo"), [key], "month").figures
    assert [f.verdict for f in months] == ["not_compared", "not_compared"]
