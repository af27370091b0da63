"""Questions that belong together: pairs of viewpoints, both sides of a feature, dimensions."""

from __future__ import annotations

from typing import Any

import pytest

DAYS = [f"2026-01-{d:02d}" for d in range(1, 29)]

LIKERT = ["1", "2", "3", "4", "5"]


def each(names: list[str], values: list[str]) -> dict[str, list[str]]:
    return {name: values for name in names}


@pytest.mark.parametrize(
    ("expected", "perceived"),
    [
        (["E1", "E2", "E3"], ["P1", "P2", "P3"]),
        (["Q1_E", "Q2_E"], ["Q1_P", "Q2_P"]),
        (["exp_1", "exp_2"], ["perc_1", "perc_2"]),
        (
            ["Expectation: prompt help", "Expectation: clean"],
            ["Perception: prompt help", "Perception: clean"],
        ),
        (["期望：服务及时", "期望：环境整洁"], ["感知：服务及时", "感知：环境整洁"]),
        (
            ["服务及时（期望值）", "环境整洁（期望值）"],
            ["服务及时（实际感受）", "环境整洁（实际感受）"],
        ),
    ],
)
def test_expectation_and_perception_are_paired_by_their_names(
    expected: list[str], perceived: list[str], item_of: Any, look: Any
) -> None:
    # Only the expectations reach 7: the pair is on one scale all the same.
    table = {"when": DAYS, **each(expected, ["5", "6", "7"])}
    found = look({**table, **each(perceived, ["2", "3", "5"])})
    for e, p in zip(expected, perceived, strict=True):
        assert (item_of(found, e).viewpoint, item_of(found, p).viewpoint) == (
            "desired",
            "perception",
        )
        assert item_of(found, e).pair == item_of(found, p).pair != ""
        assert item_of(found, e).scale.ends == item_of(found, p).scale.ends == (1, 7)
    found.mapping.check()
    assert any("Pairs recognised" in str(note) for note in found.notes)


def test_three_columns_of_one_statement_are_minimum_desired_and_perceived(
    item_of: Any, look: Any
) -> None:
    names = [
        f"{view} - {what}"
        for what in ("Prompt service", "Neat staff")
        for view in ("Minimum level", "Desired level", "Perceived performance")
    ]
    found = look({"when": DAYS, **each(names, ["1", "5", "9", "7"])})
    views = [item_of(found, n).viewpoint for n in names[:3]]
    assert views == ["adequate", "desired", "perception"]
    assert len({item_of(found, n).pair for n in names}) == 2
    found.mapping.check()


KANO_ZH = ["我很喜欢", "它理应如此", "无所谓", "勉强接受", "我很不喜欢"]

KANO_EN = ["I like it", "I expect it", "neutral", "I can live with it", "I dislike it"]


@pytest.mark.parametrize(
    ("with_it", "without", "answers"),
    [
        ("K1f", "K1d", LIKERT),
        ("Parking is there", "Parking is missing", KANO_EN),
        ("Parking (functional)", "Parking (dysfunctional)", LIKERT),
        ("如果有停车场，您觉得", "如果没有停车场，您觉得", KANO_ZH),
    ],
)
def test_a_feature_asked_both_ways_is_a_pair_of_kano(
    with_it: str, without: str, answers: list[str], item_of: Any, look: Any
) -> None:
    others = {"K2f": LIKERT, "K2d": LIKERT} if with_it == "K1f" else {}
    found = look({"date": DAYS, with_it: answers, without: answers, **others})
    asked = [item_of(found, name) for name in (with_it, without)]
    assert [i.viewpoint for i in asked] == ["functional", "dysfunctional"]
    assert asked[0].pair == asked[1].pair != ""
    assert {i.scale.ends for i in asked} == {(1, 5)}
    if answers is not LIKERT:
        assert [asked[0].scale.labels[text] for text in answers] == [1, 2, 3, 4, 5]


def test_importance_and_satisfaction_are_a_pair(item_of: Any, look: Any) -> None:
    names = ["Importance of staff", "Satisfaction with staff"]
    found = look({"when": DAYS, **each(names, LIKERT)})
    assert [item_of(found, n).viewpoint for n in names] == ["importance", "perception"]
    assert len({item_of(found, n).pair for n in names}) == 1


def test_names_that_pair_with_nothing_stay_as_they_are(item_of: Any, look: Any) -> None:
    found = look({"when": DAYS, "E1": LIKERT, "E2": LIKERT, "Q3": LIKERT})
    assert {item_of(found, n).pair for n in ("E1", "E2", "Q3")} == {""}


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["Reliability 1", "Empathy 1"], ["reliability", "empathy"]),
        (["可靠性1", "移情性1", "有形性1"], ["reliability", "empathy", "tangibles"]),
        (
            ["REL1", "RES2", "ASS3", "EMP4", "TAN5"],
            ["reliability", "responsiveness", "assurance", "empathy", "tangibles"],
        ),
        (["Response quality", "Speed rating"], ["", ""]),
    ],
)
def test_dimensions_are_recognised_by_name(
    names: list[str], wanted: list[str], item_of: Any, look: Any
) -> None:
    found = look({"when": DAYS, **each(names, LIKERT)})
    assert [item_of(found, n).dimension for n in names] == wanted


def test_a_pair_shares_the_dimension_that_one_of_its_views_names(item_of: Any, look: Any) -> None:
    said = ["", "Assurance: polite", "", "Empathy: cares", ""]
    found = look(
        each(["E1", "E2"], LIKERT) | {"P1": LIKERT, "P2": LIKERT, "when": DAYS},
        wordings=[said[1], said[3], "", "", ""],
    )
    assert [item_of(found, n).dimension for n in ("E1", "P1", "E2", "P2")] == (
        ["assurance", "assurance", "empathy", "empathy"]
    )


def test_twenty_two_numbered_pairs_are_the_usual_statements(item_of: Any, look: Any) -> None:
    names = [f"{v}{i}" for i in range(1, 23) for v in "EP"]
    found = look({"when": DAYS, **each(names, [str(n) for n in range(1, 8)])})
    assert [item_of(found, f"P{i}").dimension for i in (1, 4, 5, 10, 14, 18, 22)] == [
        *("tangibles", "tangibles", "reliability", "responsiveness", "assurance", "empathy"),
        "empathy",
    ]
