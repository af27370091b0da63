"""The funnel of staff: who may see it, above which base, and that nothing gives anyone away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from csat.ingest.mapping import Column, Mapping
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER, User
from csat.model.period import Period
from csat.model.problem import NotAllowed, UsageProblem
from csat.model.settings import Thresholds
from csat.queries.comparing import groups_beside
from csat.queries.figures import evaluate
from csat.queries.funnels import FunnelAnswer, funnel_of
from csat.stats.funnel import funnel
from csat.store.store import Store

DEMO = Filters.of("demo")
KEY = "csat_top_box"
QUALITY = User("q", ("quality",))
Team = Sequence[tuple[str, str, int, int]]
"""Staff, branch, satisfied, others."""
USUAL: Team = (("a", "N", 40, 10), ("b", "N", 38, 12), ("c", "S", 20, 30), ("d", "S", 45, 5))


@pytest.fixture
def team(
    store: Store, load: Any, write_csv: Any, survey_mapping: Mapping
) -> Callable[[Team], Store]:
    columns = [c for c in survey_mapping.columns if c.role != "comment"]
    mapping = replace(survey_mapping, columns=(*columns, Column("who", "staff")))

    def loaded(staff: Team) -> Store:
        rows: list[list[object]] = [["id", "when", "branch", "csat", "nps", "ces", "who"]]
        for who, branch, satisfied, others in staff:
            for i in range(satisfied + others):
                day, rating = f"2026-01-{1 + i % 28:02d}", 5 if i < satisfied else 2
                rows.append([f"r{len(rows)}", day, branch, rating, 9, 5, who])
        load(write_csv(rows), mapping, as_of=date(2026, 1, 31))
        return store

    return loaded


def asked(store: Store, filters: Filters = DEMO, **limits: int) -> FunnelAnswer:
    return funnel_of(store, filters, KEY, "staff", QUALITY, Thresholds(**limits))


def names(found: FunnelAnswer) -> set[str]:
    return set(found.plot.points) if found.plot else set()


def test_the_funnel_is_that_of_what_each_of_them_was_told(team: Any) -> None:
    found = asked(team(USUAL))
    assert found.plot == funnel({who: (x, x + y) for who, _, x, y in USUAL})
    assert (found.withheld, found.note) == (0, None)


@pytest.mark.parametrize("user", [None, User("e", ("executive",)), User("n", ())])
def test_who_may_not_see_staff_gets_no_answer(team: Any, user: User | None) -> None:
    with pytest.raises(NotAllowed):
        funnel_of(team(USUAL), DEMO, KEY, "staff", user)


@pytest.mark.parametrize("role", ["quality", "analyst"])
def test_roles_that_may_see_staff_do(team: Any, role: str) -> None:
    assert funnel_of(team(USUAL), DEMO, KEY, "staff", User("u", (role,))).plot is not None


def test_staff_are_no_cut_of_any_other_figure(team: Any) -> None:
    store = team(USUAL)
    with pytest.raises(UsageProblem, match="'staff' is no grouping"):
        evaluate(store, DEMO, (KEY,), "staff")
    with pytest.raises(UsageProblem):
        funnel_of(store, DEMO, KEY, "month", QUALITY)


def test_below_their_own_threshold_staff_are_withheld_though_others_would_be_shown(
    team: Any,
) -> None:
    store = team((*USUAL, ("few", "N", 20, 9), ("less", "N", 9, 2)))
    found = asked(store)
    assert (names(found), found.withheld, found.least) == ({"a", "b", "c", "d"}, 2, 30)
    assert {"few", "less"} <= names(asked(store, staff_min=10))


def test_nobody_is_withheld_alone_where_the_total_would_tell_them(team: Any) -> None:
    found = asked(team((*USUAL, ("few", "S", 3, 1))))
    assert found.withheld == 2
    assert len(names(found) & {"c", "d"}) == 1


def test_two_withheld_in_different_branches_do_not_hide_one_another(team: Any) -> None:
    """The total of a branch less its shown staff would be the one who is withheld there."""
    found = asked(team((*USUAL, ("few", "N", 3, 1), ("rare", "S", 2, 2))))
    assert found.withheld == 4
    assert len(names(found) & {"a", "b"}) == len(names(found) & {"c", "d"}) == 1


def test_records_that_name_nobody_are_not_shown_and_hide_who_is_withheld(team: Any) -> None:
    found = asked(team((*USUAL, ("few", "S", 3, 1), ("", "S", 30, 20))))
    assert (names(found), found.withheld) == ({"a", "b", "c", "d"}, 1)


def test_few_records_that_name_nobody_are_not_told_by_subtraction(team: Any) -> None:
    found = asked(team((*USUAL, ("", "N", 1, 1))))
    assert len(names(found) & {"a", "b"}) == 1


def test_a_choice_of_branches_tells_nothing_of_what_one_did_elsewhere(team: Any) -> None:
    store = team((*USUAL, ("a", "S", 6, 2)))
    assert "a" in names(asked(store))
    assert "a" not in names(asked(store, DEMO.with_(branches=["N"])))


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (DEMO.with_(channels=["Phone"]), "clear all filters"),
        (DEMO.with_(period=Period(date(2026, 1, 1), date(2026, 1, 15))), "whole months"),
    ],
)
def test_finer_choices_are_not_answered_by_staff(team: Any, filters: Filters, words: str) -> None:
    found = asked(team(USUAL), filters)
    assert found.plot is None
    assert words in str(found.note)


def test_whole_months_are_answered(team: Any) -> None:
    january = DEMO.with_(period=Period(date(2026, 1, 1), date(2026, 1, 31)))
    assert names(asked(team(USUAL), january)) == {"a", "b", "c", "d"}


def test_files_that_do_not_say_who_served_say_so(demo: Store) -> None:
    found = funnel_of(demo, DEMO, KEY, "staff", LOCAL_USER)
    assert found.plot is None
    assert "No record here says who served" in str(found.note)


def test_a_figure_that_is_no_share_has_no_funnel_of_staff(team: Any) -> None:
    found = funnel_of(team(USUAL), DEMO, "nps", "staff", QUALITY)
    assert "needs a share" in str(found.note)


def test_the_funnel_of_branches_needs_no_permission_and_is_that_of_the_comparison(
    demo: Store,
) -> None:
    found = funnel_of(demo, DEMO, KEY, "branch")
    beside = groups_beside(demo, DEMO, KEY, "branch")
    assert found.plot == beside.plot
    assert found.withheld == sum(f.withheld for f in beside.figures)
    assert [r["group"] for r in found.to_json()["rows"]] == sorted(found.plot.points)
