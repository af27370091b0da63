"""A command prints the figures that the page was given, unrounded."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from csat.model.filters import Filters
from csat.model.period import Period
from csat.model.settings import Thresholds
from csat.queries.comparing import groups_beside, period_change
from csat.queries.contrasts import contrasts
from csat.queries.control import control
from csat.queries.control_split import control_split
from csat.queries.found_breaks import found_breaks
from csat.queries.handling import ageing, crossed
from csat.queries.health import health
from csat.queries.importance import importance
from csat.queries.iso10002 import indicators
from csat.queries.ratings import ratings
from csat.queries.soundness import soundness
from csat.queries.zones import zones
from csat.store.store import Store

SUMMER = ("--from", "2026-07-01", "--to", "2026-09-30", "--where", "channel=Phone")
CHOSEN = Filters.of(
    "sample", period=Period(date(2026, 7, 1), date(2026, 9, 30)), channels=("Phone",)
)
LIMITS = Thresholds()


@pytest.fixture
def sample(sample_store: Path) -> Callable[..., Any]:
    """Ask a question of the simulated program as a page does."""

    def ask(question: Callable[..., Any], *arguments: Any) -> Any:
        store = Store(sample_store)
        try:
            return question(store, *arguments)
        finally:
            store.close()

    return ask


@pytest.fixture
def says(run: Any, sample_store: Path) -> Callable[..., Any]:
    """Run a command on the simulated program and return its document."""

    def go(*words: str) -> Any:
        done = run(*words, "--program", "sample", "--store", sample_store, "--json")
        assert done.code == 0, done.err
        return done.json

    return go


def unrounded(value: Any) -> Any:
    """Return a dataclass as a JSON document that keeps every digit."""
    return json.loads(json.dumps(asdict(value)))


def test_zones_are_those_of_the_page(says: Any, sample: Any) -> None:
    rows, answer = says("zones", *SUMMER)["rows"], sample(zones, CHOSEN, LIMITS)
    assert [r["dimension"] for r in rows] == [z.dimension for z in answer.rows]
    assert len(rows) == 5
    for row, zone in zip(rows, answer.rows, strict=True):
        assert (row["n"], row["perceived"], row["levels"]) == (
            zone.n,
            zone.perceived,
            zone.levels,
        )
        assert row["zone"] == unrounded(zone.zone)
        assert row["ladder"] == unrounded(zone.ladder)


def test_the_grid_is_that_of_the_page(says: Any, sample: Any) -> None:
    told, answer = says("importance", *SUMMER), sample(importance, CHOSEN, LIMITS)
    assert (told["of"], told["n"]) == (answer.of, answer.grid.n)
    assert told["cross_importance"] == answer.grid.cross_importance
    assert told["cross_performance"] == answer.grid.cross_performance
    for row, item in zip(told["rows"], answer.grid.items, strict=True):
        own = unrounded(item)
        assert {k: row[k] for k in own} == own
        assert row["borderline"] == item.borderline


def test_soundness_is_that_of_the_page(says: Any, sample: Any) -> None:
    told, answer = says("soundness", *SUMMER), sample(soundness, CHOSEN, LIMITS)
    [survey], [found] = told["surveys"], answer.surveys
    assert (survey["survey"], survey["n"]) == (found.survey, found.n)
    assert survey["straight_lined"] == unrounded(found.straight)
    assert survey["factors"] == unrounded(found.factors)
    for row, d in zip(survey["dimensions"], found.dimensions, strict=True):
        for side in ("perception", "expectation", "gap"):
            own = unrounded(getattr(d, side))
            own.pop("items")
            assert row[side] == own
        assert row["correlation"] == d.correlation
        assert row["difference_reliability"] == d.difference
        assert row["ceiling"] == unrounded(d.ceiling)
        items = [
            (i.key, i.fit.item_total, i.fit.alpha_without, i.missing.missing.count) for i in d.items
        ]
        assert items == [
            (i["item"], i["item_total"], i["alpha_without"], i["missing"]["count"])
            for i in row["items"]
        ]


def test_answers_are_those_of_the_page(says: Any, sample: Any) -> None:
    told = says("answers", *SUMMER)
    assert len(told["dimensions"]) == 5
    for part in told["dimensions"]:
        answer = sample(ratings, CHOSEN, part["dimension"], LIMITS)
        assert told["dissatisfied"] == {k: unrounded(s) for k, s in answer.dissatisfied.items()}
        assert [(q["item"], q["n"], q["counts"]) for q in part["questions"]] == [
            (s.key, s.n, {str(code): n for code, n in s.counts.items()}) for s in answer.spreads
        ]
    [alone] = says("answers", *SUMMER, "--dimension", "empathy")["dimensions"]
    assert alone in told["dimensions"]


@pytest.mark.parametrize(
    ("key", "by", "question"),
    [
        ("gap:reliability", "branch", contrasts),
        ("perception:empathy", "touchpoint", contrasts),
        ("csat_top_box", "branch", groups_beside),
        ("complaints_per_1000", "branch", groups_beside),
    ],
)
def test_groups_are_those_of_the_pages(
    says: Any, sample: Any, key: str, by: str, question: Any
) -> None:
    days = Filters.of("sample", period=CHOSEN.period, compare="previous")
    told = says("groups", *SUMMER[:4], "--metric", key, "--by", by, "--compare", "previous")
    answer = sample(question, days, key, by, LIMITS)
    fields = ("by", "value", "n", "low", "high", "difference", "difference_low", "p_value")
    assert [[r[f] for f in fields] for r in told["rows"]] == [
        [getattr(figure, f) for f in fields] for figure in answer.figures
    ]
    assert told["rows"]
    assert told["correction"] == answer.correction
    change = sample(period_change, days, key, by, LIMITS)
    assert told["change"]["difference"] == change.figure.difference
    assert told["change"]["mix"] == (None if change.mix is None else unrounded(change.mix))


@pytest.mark.parametrize("split", ["", "channel"])
def test_control_charts_are_those_of_the_page(says: Any, sample: Any, split: str) -> None:
    key, days = "csat_top_box", Filters.of("sample", branches=("Riverside",))
    how = ("--split", split) if split else ("--zones",)
    told = says("control", "--where", "branch=Riverside", "--metric", key, "--by", "quarter", *how)
    answers = (
        sample(control_split, days, (key,), "quarter", split, LIMITS)
        if split
        else (sample(control, days, key, "quarter", LIMITS, 0, True),)
    )
    assert len(told["charts"]) == len(answers)
    for chart, answer in zip(told["charts"], answers, strict=True):
        assert (chart["group"] or "") == answer.group
        assert chart["expected_by_chance"] == answer.expected_false
        assert [
            (p["value"], p["n"], p["centre"], p["limit_low"], p["limit_high"], p["z"])
            for p in chart["points"]
        ] == [(p.figure.value, p.figure.n, p.centre, p.low, p.high, p.z) for p in answer.points]
        assert [s["key"] for s in chart["signals"]] == [s.key for s in answer.signals]
    assert any(chart["points"] for chart in told["charts"])


def test_ages_and_places_are_those_of_the_page(says: Any, sample: Any) -> None:
    assert says("ageing", *SUMMER)["rows"] == [asdict(b) for b in sample(ageing, CHOSEN)]
    cells = [(r["category"], r["touchpoint"], r["cases"]) for r in says("touchpoints")["rows"]]
    assert tuple(cells) == sample(crossed, Filters.of("sample"))
    assert len(cells) > 20


def test_indicators_of_the_standard_are_those_of_the_page(says: Any, sample: Any) -> None:
    rows, found = says("iso10002", *SUMMER)["rows"], sample(indicators, CHOSEN, LIMITS)
    assert [(r["clause"], r["indicator"], r["missing"] or "") for r in rows] == [
        (i.clause, i.label, i.missing) for i in found
    ]
    for row, i in zip(rows, found, strict=True):
        if i.figure is None:
            assert row["value"] == i.value
        else:
            f = i.figure
            assert (row["value"], row["n"], row["low"], row["high"]) == (
                f.value,
                f.n,
                f.low,
                f.high,
            )


def test_breaks_and_health_are_those_of_the_pages(says: Any, sample: Any) -> None:
    told = says("breaks", "--metric", "complaints_received")
    found = sample(found_breaks, Filters.of("sample"), "complaints_received", LIMITS)
    assert told["rows"] == [
        {"day": b.day.isoformat(), "kind": b.kind, "note": str(b.note)} for b in found
    ]
    own = sample(health, "sample")
    assert says("health")["health"] == {
        **asdict(own),
        "last_day": own.last_day.isoformat(),
        "empty_months": list(own.empty_months),
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("zones",), "from minimum to predicted"),
        (("importance",), "Concentrate here"),
        (("soundness",), "KMO 0."),
        (("answers", "--dimension", "tangibles"), "dissatisfied: mean perception"),
        (("groups", "--metric", "gap:empathy", "--by", "channel"), "(Holm)"),
        (("control", "--metric", "nps"), "points tested"),
        (("control", "--metric", "nps", "--by", "year", "--split", "branch"), "Riverside:"),
        (("ageing",), "over 90"),
        (("touchpoints",), "Billing"),
        (("iso10002",), "Improvements made because of complaints"),
        (("breaks", "--metric", "nps"), "no break found"),
        (("health",), "rows refused at import"),
    ],
)
def test_people_read_a_table(run: Any, sample_store: Path, words: Any, said: str) -> None:
    done = run(*words, "--program", "sample", "--store", sample_store)
    assert done.code == 0, done.err
    assert said in done.out
    assert done.out.startswith("sample")


@pytest.mark.parametrize("words", [("zones",), ("importance",), ("soundness",), ("answers",)])
def test_a_choice_that_sets_few_people_apart_is_answered_with_the_reason(
    run: Any, sample_store: Path, words: Any
) -> None:
    ask = (*words, "--program", "sample", "--store", sample_store)
    few = ("--where", "branch=Lighthouse Point", "--from", "2026-09-28", "--to", "2026-09-28")
    told = run(*ask, *few, "--json").json
    assert told["note"]
    assert not any(told.get("rows", told.get("surveys", told.get("dissatisfied"))))
    assert told["note"] in run(*ask, *few).out


@pytest.mark.parametrize("command", ["ageing", "touchpoints", "iso10002"])
def test_a_choice_without_cases_is_not_taken_for_files_that_lack_a_column(
    run: Any, sample_store: Path, command: str
) -> None:
    days = ("--from", "2090-01-01", "--to", "2090-02-01")
    done = run(command, "--program", "sample", "--store", sample_store, *days)
    assert "no case is chosen" in done.out
    assert "do not say" not in done.out
    assert "a column" not in done.out


def test_what_is_not_measured_is_said(run: Any, loaded: Any) -> None:
    for words, said in (
        (("zones",), "not measured"),
        (("importance",), "No survey here asks how important"),
        (("soundness",), "not measured"),
        (("answers",), "not measured"),
        (("touchpoints",), "do not say at which touchpoint"),
        (("health",), "2026-01"),
    ):
        done = run(*words, "--program", "bank")
        assert (done.code, said in done.out) == (0, True), done.out + done.err


@pytest.mark.parametrize(
    "words",
    [
        ("answers", "--dimension", "sparkle"),
        ("groups", "--metric", "joy"),
        ("groups", "--metric", "gap:reliability", "--by", "category"),
        ("groups", "--metric", "gap:sparkle"),
        ("control", "--metric", "perception:sparkle"),
        ("breaks", "--metric", "joy"),
        ("breaks", "--metric", "mean:P99"),
        ("zones", "--where", "branch=Nowhere"),
        ("groups", "--metric", "csat_mean", "--by", "category"),
        ("funnel", "--metric", "csat_top_box", "--by", "category"),
        ("control", "--metric", "csat_mean", "--split", "category"),
        ("metrics", "--metric", "csat_mean", "--by", "category"),
    ],
)
def test_what_does_not_exist_is_refused(run: Any, loaded: Any, words: Any) -> None:
    done = run(*words, "--program", "bank")
    assert (done.code, done.out) == (2, "")


def test_a_program_that_does_not_exist_has_no_health(run: Any, loaded: Any) -> None:
    assert run("health", "--program", "nobody").code == 2
