"""Weights tell nothing of few people: a weighted figure is one more equation about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.preset import preset
from csat.model.filters import Filters
from csat.model.scale import Scale
from csat.model.settings import Thresholds
from csat.queries.representation import representation
from csat.queries.weighted import weighted
from csat.queries.weighted_groups import weighted_groups
from csat.store.store import Store

LEAST = Thresholds().withhold_under
Load = Callable[..., None]


@pytest.fixture
def fill(load: Any, write_csv: Any) -> Load:
    """Load answers by channel and segment, and margins that weigh the channels apart."""

    def filled(
        sizes: dict[tuple[str, str], int],
        program: str = "demo",
        weights: dict[str, float] | None = None,
    ) -> None:
        item = Item("csat", "Overall", Scale.of(1, 5), measures=("csat",))
        columns = (
            Column("id", "response_id"),
            Column("when", "submitted_at"),
            Column("channel", "channel"),
            Column("segment", "segment"),
            Column("w", "weight"),
            Column("csat", "item", item=item),
        )
        mapping = Mapping("few", "survey", "Few", columns, survey_key="few")
        rows = [
            [
                f"{c}{s}{i}",
                f"2026-01-{1 + i % 28:02d}",
                c,
                s,
                (weights or {}).get(f"{i}", 1),
                1 + i % 5,
            ]
            for (c, s), many in sizes.items()
            for i in range(many)
        ]
        header = ["id", "when", "channel", "segment", "w", "csat"]
        load(write_csv([header, *rows], f"{program}.csv"), mapping, program)
        named = sorted({c for c, _ in sizes})
        margins = [["channel", c, 10 * (k + 1), "", ""] for k, c in enumerate(named)]
        path = write_csv(
            [["group_kind", "group", "served", "invited", "month"], *margins], f"{program}-m.csv"
        )
        load(path, preset("population-margins"), program)

    return filled


@pytest.fixture
def add_margin(load: Any, write_csv: Any) -> Load:
    """Load the margin of a second kind of groups."""

    def added(kind: str, people: dict[str, int], program: str = "demo") -> None:
        rows = [[kind, group, n, "", ""] for group, n in people.items()]
        header = ["group_kind", "group", "served", "invited", "month"]
        load(
            write_csv([header, *rows], f"{program}-{kind}.csv"),
            preset("population-margins"),
            program,
        )

    return added


def test_a_group_of_few_is_withheld_with_the_next_and_shares_its_weight(
    store: Store, fill: Load
) -> None:
    fill({("Fax", "A"): 3, ("Phone", "A"): 20, ("Web", "A"): 60})
    told = representation(store, Filters("demo"))
    [kind] = told.kinds
    hidden = {r.group for r in kind.rows if r.withheld}
    assert hidden == {"Fax", "Phone"}
    for row in kind.rows:
        if row.withheld:
            assert {row.n, row.share, row.difference, row.weight, row.low, row.high} == {None}
    assert told.weighting is not None
    factors = told.weighting.factors
    assert factors[("Fax",)] == pytest.approx(factors[("Phone",)])
    # The measure of likeness counts the two as one: 27.7% of the answers, 50% of the people.
    assert kind.distance == pytest.approx(100 * (30 / 60 - 23 / 83))


def test_few_people_of_one_weight_within_the_filters_withhold_the_weighted_figure(
    store: Store, fill: Load
) -> None:
    fill({("Phone", "A"): 3, ("Web", "A"): 40, ("Phone", "B"): 30, ("Web", "B"): 30})
    figure = weighted(store, Filters.of("demo", segments=["B"]), ("csat_mean",)).one("csat_mean")
    assert figure is not None
    assert figure.weighted.value is not None
    apart = weighted(store, Filters.of("demo", segments=["A"]), ("csat_mean",)).one("csat_mean")
    assert apart is not None
    assert apart.weighted.withheld
    assert apart.weighted.value is None
    assert apart.weighted.note is not None
    assert {apart.effective_n, apart.standard_error, apart.design_effect} == {None}


def test_an_effective_number_under_the_minimum_is_withheld_though_more_people_answered(
    store: Store, fill: Load
) -> None:
    fill({("Web", "A"): 40}, weights={"0": 1000.0})
    figure = weighted(store, Filters("demo"), ("csat_mean",)).one("csat_mean")
    assert figure is not None
    assert not figure.plain.withheld
    assert figure.weighted.withheld
    assert {figure.weighted.value, figure.effective_n} == {None}


def test_what_is_withheld_unweighted_is_withheld_weighted(store: Store, fill: Load) -> None:
    fill({("Web", "A"): 4})
    [figure] = weighted(store, Filters("demo"), ("csat_mean",)).figures
    assert figure.plain.withheld
    assert figure.weighted.withheld


def test_a_combination_of_few_that_the_weights_let_solve_is_withheld(
    store: Store, fill: Load, add_margin: Load
) -> None:
    """Both channels and both segments are large: only together are Phone and A three people."""
    sizes = {("Phone", "A"): 3, ("Web", "A"): 40, ("Phone", "B"): 30, ("Web", "B"): 30}
    fill(sizes)
    add_margin("segment", {"A": 70, "B": 30})
    figure = weighted(store, Filters("demo"), ("csat_mean",)).one("csat_mean")
    assert figure is not None
    assert figure.plain.value is not None
    assert figure.weighted.withheld
    assert {figure.weighted.value, figure.effective_n, figure.standard_error} == {None}


def test_enough_people_of_every_combination_are_weighted_by_both(
    store: Store, fill: Load, add_margin: Load
) -> None:
    fill({("Phone", "A"): 20, ("Web", "A"): 40, ("Phone", "B"): 30, ("Web", "B"): 30})
    add_margin("segment", {"A": 70, "B": 30})
    figure = weighted(store, Filters("demo"), ("csat_mean",)).one("csat_mean")
    assert figure is not None
    assert figure.weighted.value is not None


numbers = st.dictionaries(
    st.tuples(st.sampled_from(["Fax", "Phone", "Web"]), st.sampled_from(["A", "B"])),
    st.sampled_from([1, 3, 4, 5, 9, 30]),
    min_size=2,
)
programs = iter(range(10**6))


@settings(max_examples=25)
@given(numbers)
def test_nobody_can_solve_two_figures_for_few_people(
    store: Store, fill: Load, sizes: dict[tuple[str, str], int]
) -> None:
    program = f"p{next(programs)}"
    fill(sizes, program)
    whole = representation(store, Filters(program)).weighting
    for segment in (None, "A", "B"):
        filters = Filters.of(program, segments=[segment] if segment else [])
        for figure in weighted(store, filters, ("csat_mean",)).figures:
            if figure.weighted.value is None:
                continue
            assert whole is not None
            people: dict[float, int] = {}
            for (channel, own), many in sizes.items():
                if segment in (None, own):
                    factor = round(whole.factors[(channel,)], 9)
                    people[factor] = people.get(factor, 0) + many
            assert all(n >= LEAST for n in people.values())


@settings(max_examples=15)
@given(
    st.lists(st.sampled_from([1, 3, 4, 5, 9, 30]), min_size=4, max_size=4),
    st.integers(1, 4),
)
def test_two_kinds_of_weights_tell_nothing_of_few_people(
    store: Store, fill: Load, add_margin: Load, sizes: list[int], share: int
) -> None:
    """The weighted figure, and the unweighted ones of all groups, solved for every combination."""
    program = f"p{next(programs)}"
    cells = [(c, s) for c in ("Phone", "Web") for s in ("A", "B")]
    fill(dict(zip(cells, sizes, strict=True)), program)
    add_margin("segment", {"A": 10 * share, "B": 50}, program)
    answer = weighted(store, Filters(program), ("csat_mean",))
    if answer.weighting is None or all(f.weighted.value is None for f in answer.figures):
        return
    known = [[float(name in cell) for cell in cells] for name in ("Phone", "Web", "A", "B")]
    known.append([answer.weighting.factors[cell] for cell in cells])
    rank = np.linalg.matrix_rank(np.array(known))
    for k, n in enumerate(sizes):
        follows = np.linalg.matrix_rank(np.array([*known, np.eye(4)[k]])) == rank
        assert n >= LEAST or not follows


@settings(max_examples=20)
@given(numbers)
def test_no_weighted_group_and_no_difference_tells_of_few_of_one_weight(
    store: Store, fill: Load, sizes: dict[tuple[str, str], int]
) -> None:
    program = f"p{next(programs)}"
    fill(sizes, program)
    told = weighted_groups(store, Filters(program), "csat_mean", "segment")
    if told.weighting is None:
        return
    factors = {c: round(told.weighting.factors[(c,)], 9) for c, _ in sizes}
    shown = [f.weighted for f in told.figures if f.weighted.value is not None]
    assert len(told.figures) - len(shown) != 1 or len(told.figures) == 1
    for figure in shown:
        sides = {"own": True} | ({"others": False} if figure.difference is not None else {})
        for inside in sides.values():
            people: dict[float, int] = {}
            for (channel, segment), many in sizes.items():
                if (segment == figure.by) == inside:
                    people[factors[channel]] = people.get(factors[channel], 0) + many
            assert all(n >= LEAST for n in people.values())
