"""The scale of a column of answers: its ends, words, codes and direction, or none at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csat.ingest.suggest import suggest
from csat.ingest.suggest.facts import Facts, facts_of
from csat.ingest.suggest.rating import HIGH, LOW, MEDIUM, Rating
from csat.ingest.suggest.scales import rating_of
from csat.ingest.suggest.wordings import families, family_of, special_kind


def rating(values: list[Any], header: str = "q", **told: Any) -> Rating | None:
    return rating_of(facts_of([str(v) for v in values]), header, **told)


def found(values: list[Any], header: str = "q", **told: Any) -> Rating:
    known = rating(values, header, **told)
    assert known is not None, values
    return known


@pytest.mark.parametrize(
    ("values", "header", "ends"),
    [
        ([1, 2, 3, 4, 5], "q", (1, 5)),
        ([1, 2, 4], "q", (1, 5)),
        ([1, 2, 3, 4] * 30, "q", (1, 4)),
        ([1, 2, 3, 4, 5, 6] * 20, "q", (1, 6)),
        ([1, 7, 6], "q", (1, 7)),
        ([1, 7, 9, 10], "q", (1, 10)),
        ([0, 3, 9, 10], "q", (0, 10)),
        ([3, 9, 10], "NPS", (0, 10)),
        ([3, 9, 10], "Would you recommend us?", (0, 10)),
        ([2, 3, 5], "Rate us (1-7)", (1, 7)),
        ([6, 7, 9], "From 0 to 10, how likely", (0, 10)),
        ([0, 55, 80, 100], "Satisfaction score", (0, 100)),
        ([35, 80, 90, 72], "满意度评分", (0, 100)),
        (["4.0", "5.0", "3.0"], "q", (1, 5)),
    ],
)
def test_numbers_are_put_on_the_usual_scale_that_holds_them(
    values: list[Any], header: str, ends: tuple[int, int]
) -> None:
    assert found(values, header).scale.ends == ends


@pytest.mark.parametrize(
    ("values", "ends", "special"),
    [
        ([1, 2, 5, 99], (1, 5), {"99": "dont_know"}),
        ([1, 7, 99, 98], (1, 7), {"99": "dont_know", "98": "not_applicable"}),
        ([1, 4, 5, 9], (1, 5), {"9": "dont_know"}),
        ([1, 4, 5, 0], (1, 5), {"0": "not_applicable"}),
        ([1, 4, 5, "NA"], (1, 5), {"NA": "not_applicable"}),
        ([1, 4, 5, "N/A", "*****"], (1, 5), {"N/A": "not_applicable", "*****": "blank"}),
        (
            [1, 4, 5, "不适用", "不清楚"],
            (1, 5),
            {"不适用": "not_applicable", "不清楚": "dont_know"},
        ),
        ([1, 4, 5, "(跳过)", "-3"], (1, 5), {"(跳过)": "blank", "-3": "blank"}),
        ([1, 9, 10, 99], (1, 10), {"99": "dont_know"}),
    ],
)
def test_codes_outside_of_a_scale_are_no_ratings(
    values: list[Any], ends: tuple[int, int], special: dict[str, str]
) -> None:
    known = found(values)
    assert (known.scale.ends, known.scale.special) == (ends, special)
    assert known.confidence == MEDIUM


FIVE = [
    ("Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"),
    ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"),
    ("Extremely unlikely", "Unlikely", "Neither likely nor unlikely", "Likely", "Extremely likely"),
    ("Very difficult", "Difficult", "Neither easy nor difficult", "Easy", "Very easy"),
    (
        *("Extremely dissatisfied", "Somewhat dissatisfied", "Neither satisfied nor dissatisfied"),
        *("Somewhat satisfied", "Extremely satisfied"),
    ),
    (
        *("Not at all important", "Slightly important", "Moderately important"),
        *("Very important", "Extremely important"),
    ),
    ("Very poor", "Poor", "Fair", "Good", "Very good"),
    ("Poor", "Fair", "Good", "Very good", "Excellent"),
    ("Never", "Rarely", "Sometimes", "Often", "Always"),
    ("非常不满意", "不满意", "一般", "满意", "非常满意"),
    ("非常不满意", "不满意", "基本满意", "满意", "非常满意"),
    ("很不满意", "不太满意", "一般", "比较满意", "很满意"),
    ("非常不同意", "不同意", "不确定", "同意", "非常同意"),
    ("完全不符合", "不符合", "一般", "符合", "完全符合"),
    ("很差", "较差", "一般", "较好", "很好"),
    ("非常不滿意", "不滿意", "普通", "滿意", "非常滿意"),
]
SEVEN = [
    (
        *("Strongly disagree", "Disagree", "Somewhat disagree", "Neither agree nor disagree"),
        *("Somewhat agree", "Agree", "Strongly agree"),
    ),
    (
        *("Extremely dissatisfied", "Moderately dissatisfied", "Slightly dissatisfied"),
        "Neither satisfied nor dissatisfied",
        *("Slightly satisfied", "Moderately satisfied", "Extremely satisfied"),
    ),
    (
        *("Completely dissatisfied", "Very dissatisfied", "Somewhat dissatisfied", "Neutral"),
        *("Somewhat satisfied", "Very satisfied", "Completely satisfied"),
    ),
    ("非常不满意", "不满意", "有点不满意", "一般", "有点满意", "满意", "非常满意"),
]
FOUR = [("Poor", "Fair", "Good", "Excellent"), ("Never", "Sometimes", "Usually", "Always")]


@pytest.mark.parametrize("words", [*FIVE, *SEVEN, *FOUR], ids=lambda w: f"{w[0]}...{len(w)}")
def test_worded_scales_are_recognised_from_worst_to_best(words: tuple[str, ...]) -> None:
    known = found([*words, *words])
    assert known.scale.ends == (1, len(words))
    assert known.scale.labels == {word: i for i, word in enumerate(words, start=1)}
    assert known.confidence == HIGH
    assert not known.reversed


@given(words=st.sampled_from(FIVE), chosen=st.sets(st.integers(0, 4), min_size=2))
def test_some_words_of_a_scale_are_never_given_another_order(
    words: tuple[str, ...], chosen: set[int]
) -> None:
    known = rating([words[i] for i in chosen])
    if known is not None:
        codes = [known.scale.labels[words[i]] for i in sorted(chosen)]
        assert codes == sorted(set(codes))


def test_words_that_nobody_has_chosen_yet_are_in_the_scale_too() -> None:
    known = found(["Very satisfied", "Satisfied", "Neutral", "Very dissatisfied"])
    assert known.scale.labels["Dissatisfied"] == 2


@pytest.mark.parametrize(
    "other", ["Don't know", "N/A", "Not applicable", "不清楚", "Prefer not to say"]
)
def test_words_that_are_no_rating_are_special_codes(other: str) -> None:
    known = found(["Satisfied", "Very satisfied", "Neutral", other])
    assert known.scale.special == {other: special_kind(other)}


@pytest.mark.parametrize(
    ("values", "labels", "ends"),
    [
        (["4 - Agree", "5 - Strongly agree", "1 - Strongly disagree"], (4, 5, 1), (1, 5)),
        (["10 - Extremely likely", "9", "0 - Not at all likely"], (10, 0), (0, 10)),
        (["1 (Not at all likely)", "2", "3", "10 (Extremely likely)"], (1, 10), (1, 10)),
        (["5 非常满意", "4 满意", "1 非常不满意"], (5, 4, 1), (1, 5)),
        (["5、非常满意", "3、一般"], (5, 3), (1, 5)),
        (["5=Very good", "1=Very poor", "3=Fair"], (5, 1, 3), (1, 5)),
        (["Very satisfied (5)", "Satisfied (4)"], (5, 4), (1, 5)),
        (["5分", "4分", "2分"], (5, 4, 2), (1, 5)),
        (["5 stars", "1 star", "3 stars"], (5, 1, 3), (1, 5)),
        (["★★★★★", "★★☆☆☆"], (5, 2), (1, 5)),
        (["7 - Strongly agree", "1 - Strongly disagree", "4"], (7, 1), (1, 7)),
    ],
)
def test_answers_that_begin_with_their_number_keep_it(
    values: list[str], labels: tuple[int, ...], ends: tuple[int, int]
) -> None:
    known = found(values)
    assert known.scale.ends == ends
    assert tuple(known.scale.labels.values()) == labels


@pytest.mark.parametrize(
    "values",
    [
        ["1 - Red", "2 - Blue", "3 - Green"],
        ["1. Male", "2. Female"],
        ["18-24", "25-34", "35-44"],
        ["3000-3499元", "3500-3999元", "5000元以上"],
        ["20%左右", "30%左右"],
        ["1部", "2部"],
        ["North", "South"],
        ["Once a year or less", "Never"],
        ["Yes", "No"],
        ["1", "1", "1"],
        ["0", "1"],
        ["6'3\"", "5'11\""],
        ["2026", "2025"],
        ["1.5", "2.5"],
        [str(n) for n in range(18, 80)],
    ],
    ids=lambda v: v[0],
)
def test_what_only_looks_like_a_rating_is_none(values: list[str]) -> None:
    assert rating(values) is None


def test_yes_and_no_are_a_rating_where_the_question_is_about_the_service() -> None:
    known = found(["Yes", "No", "Yes", "N/A"], "Was your problem resolved?")
    assert known.scale.ends == (0, 1)
    assert known.scale.labels == {"Yes": 1, "No": 0}
    assert found(["是", "否"], "问题是否解决").scale.labels == {"是": 1, "否": 0}


def test_the_files_own_value_labels_decide() -> None:
    labels = {"1": "Very dissatisfied", "2": "Dissatisfied", "3": "Neutral", "4": "Satisfied"}
    labels |= {"5": "Very satisfied", "8": "Don't know", "9": "Refused"}
    known = found([2, 3, 8], labels=labels, missing=["9"])
    assert known.scale.ends == (1, 5)
    assert known.scale.special == {"8": "dont_know", "9": "blank"}
    assert (known.confidence, known.reversed) == (HIGH, False)


def test_value_labels_that_get_worse_are_turned() -> None:
    labels = {"1": "Very satisfied", "2": "Satisfied", "3": "Neutral", "4": "Dissatisfied"}
    labels["5"] = "Very dissatisfied"
    assert found([1, 2, 5], labels=labels).reversed
    assert found(["1 - Strongly agree", "2 - Agree", "5 - Strongly disagree"]).reversed


def test_labels_at_the_ends_alone_are_enough() -> None:
    known = found([0, 3, 9], labels={"0": "Not at all likely", "10": "Extremely likely"})
    assert (known.scale.ends, known.confidence) == ((0, 10), MEDIUM)


def test_value_labels_of_groups_are_no_scale() -> None:
    assert rating([1, 2], labels={"1": "Male", "2": "Female"}) is None


def test_a_column_answered_like_its_neighbours_shares_their_scale() -> None:
    assert found([2, 3, 5], beside=["6", "7"]).scale.ends == (1, 7)


def test_no_two_levels_of_a_family_share_a_word() -> None:
    for family in families():
        words = [w for level in family.levels for w in level]
        assert len(words) == len(set(words)), family


@given(st.lists(st.text(max_size=8), max_size=6))
def test_any_answers_at_all_are_looked_at_without_a_crash(texts: list[str]) -> None:
    family_of(texts)
    known = rating_of(facts_of(texts), "q")
    if known is not None:
        assert known.confidence in (HIGH, MEDIUM, LOW)
        low, high = known.scale.ends
        assert all(low <= code <= high for code in known.scale.labels.values())


def test_an_empty_column_is_none() -> None:
    assert rating_of(Facts(), "How satisfied are you?") is None


def test_a_slip_of_typing_does_not_hide_a_question() -> None:
    columns = ["id", "Q1 The hall was clean", "Q2 Staff were polite"]
    rows = [[str(i), str(1 + i % 5), "11" if i == 7 else str(1 + i % 5)] for i in range(100)]
    found = suggest("wave.csv", columns, rows, "survey")
    items = {c.source: c.item for c in found.mapping.columns if c.item is not None}
    assert items["Q2 Staff were polite"].scale.ends == (1, 5)
    finding = found.findings["Q2 Staff were polite"]
    assert finding.confidence == "low"
    assert str(finding.reason).startswith("1 answers lie off this scale")


def test_questions_numbered_in_two_steps_share_their_scale() -> None:
    columns = ["1-1", "1-2", "2-1", "2-2"]
    rows = [[str(4 + i % 4), str(1 + i % 7), str(3 + i % 5), str(5 + i % 3)] for i in range(80)]
    found = suggest("wave.csv", columns, rows, "survey")
    items = {c.source: c.item for c in found.mapping.columns if c.item is not None}
    assert {name: item.scale.ends for name, item in items.items()} == dict.fromkeys(columns, (1, 7))
