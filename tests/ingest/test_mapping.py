"""A mapping survives its text form and refuses every contradiction by name."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csat.ingest.layout import locate
from csat.ingest.mapping import Break, Column, Item, Mapping
from csat.ingest.preset import preset, preset_names
from csat.ingest.roles import HASHABLE, MANY, REQUIRED, ROLES
from csat.model.problem import ImportProblem, UsageProblem
from csat.model.scale import Scale
from csat.model.vocabulary import MEASURES, SPECIAL_KINDS, VIEWPOINTS

NAMES = st.text(min_size=1, max_size=10)
TEXTS = st.text(max_size=10)
WORDS = st.lists(TEXTS, max_size=3).map(tuple)
DAYS = st.dates(date(1990, 1, 1), date(2080, 1, 1))


@st.composite
def items(draw: st.DrawFn, key: str) -> Item:
    low = draw(st.integers(-5, 5))
    high = draw(st.integers(low + 1, low + 10))
    labels = draw(st.dictionaries(TEXTS, st.integers(low, high), max_size=3))
    special = draw(st.dictionaries(TEXTS, st.sampled_from(SPECIAL_KINDS), max_size=2))
    return Item(
        key,
        draw(NAMES),
        Scale.of(low, high, draw(st.integers(low + 1, high)), labels, special),
        draw(st.sampled_from(VIEWPOINTS)),
        draw(TEXTS),
        draw(st.sampled_from(["", f"pair of {key}"])),
        reversed=draw(st.booleans()),
    )


@st.composite
def mappings(draw: st.DrawFn) -> Mapping:
    kind = draw(st.sampled_from(list(ROLES)))
    roles = [*REQUIRED[kind]]
    long = ["response_id", "question", "answer"] if kind == "survey" else []
    pause = ["pause_from", "pause_to"] if kind == "complaints" else []
    left = ["cases", *long, *pause]
    if kind == "evaluations":  # either a column for each criterion, or a row
        roles += ["criterion", "result"]
        left.append("item")
    others = [r for r in ROLES[kind] if r not in (*roles, *left)]
    roles += pause if draw(st.booleans()) else []
    roles += long if draw(st.booleans()) else []
    free = st.sampled_from(others) if others else st.nothing()
    roles += draw(st.lists(free, unique_by=lambda r: r if r not in MANY else id))
    columns = []
    for number, role in enumerate(roles):
        columns.append(
            Column(
                draw(NAMES),
                role,
                draw(WORDS),
                draw(TEXTS),
                draw(TEXTS),
                draw(st.dictionaries(TEXTS, TEXTS, max_size=3)),
                draw(items(f"q{number}")) if role == "item" else None,
                keep=draw(st.sampled_from(("plain", "hash"))) if role in HASHABLE else "plain",
                timezone=draw(st.sampled_from(("", "Asia/Shanghai"))),
            )
        )
    return Mapping(
        draw(NAMES),
        kind,
        draw(NAMES),
        tuple(columns),
        draw(TEXTS),
        draw(NAMES),
        draw(NAMES),
        draw(st.none() | DAYS),
        draw(WORDS),
        draw(st.booleans()),
        tuple(draw(st.lists(st.builds(Break, DAYS, TEXTS, TEXTS), max_size=2))),
    )


@given(mappings())
def test_a_mapping_survives_its_text_form(mapping: Mapping) -> None:
    assert Mapping.from_json(mapping.to_json()) == mapping


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Draw the text of a mapping in which one value, anywhere, is some other JSON value."""
    raw = json.loads(draw(mappings()).to_json())
    place: Any = raw
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        inner = place[key]
        if not inner or not isinstance(inner, dict | list) or draw(st.booleans()):
            break
        place = inner
    place[key] = draw(JSON)
    return json.dumps(raw)


@given(damaged() | JSON.map(json.dumps) | TEXTS)
def test_a_text_that_is_no_mapping_is_refused_and_never_crashes(text: str) -> None:
    try:
        mapping = Mapping.from_json(text, name="mine")
    except ImportProblem:
        return
    assert Mapping.from_json(mapping.to_json()) == mapping
    for column in mapping.columns:
        assert isinstance(column.source, str)
        assert all(isinstance(f, str) for f in column.formats)
    with contextlib.suppress(ImportProblem):
        locate(mapping, ["a", "b"])


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("blanks", "None"),
        ("blanks", [1]),
        ("as_of", "soon"),
        ("as_of", 20260101),
        ("columns", {}),
        ("kind", ["survey"]),
    ],
)
def test_a_part_of_the_wrong_kind_is_no_mapping(part: str, value: object) -> None:
    raw = json.loads(preset("nhs-fft").to_json())
    raw[part] = value
    with pytest.raises(ImportProblem):
        Mapping.from_json(json.dumps(raw))


@pytest.mark.parametrize("name", preset_names())
def test_a_shipped_mapping_survives_its_text_form(name: str) -> None:
    mapping = preset(name)
    assert mapping.name == name
    assert Mapping.from_json(mapping.to_json()) == mapping


def test_an_unknown_preset_lists_the_known_ones() -> None:
    with pytest.raises(UsageProblem, match="no preset 'sfo-1999'") as caught:
        preset("sfo-1999")
    assert "nhs-fft" in str(caught.value.remedy)


WHEN = Column("when", "submitted_at")
FIVE = Scale.of(1, 5)


def survey(*columns: Column, **parts: Any) -> Mapping:
    given_ = {"name": "m", "kind": "survey", "title": "m", "survey_key": "s", **parts}
    return Mapping(columns=columns, **given_)


def question(key: str, source: str = "q", **parts: Any) -> Column:
    return Column(source, "item", item=Item(key, key, **{"scale": FIVE, **parts}))


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (survey(WHEN, kind="poll"), "The mapping is for 'poll'"),
        (survey(WHEN, Column("x", "colour")), "Column 'x': there is no role 'colour'"),
        (survey(WHEN, Column("x", "received_at")), "there is no role 'received_at'"),
        (survey(WHEN, Column("b", "submitted_at")), "'when' and 'b' are both mapped"),
        (survey(WHEN, Column("b", "branch"), Column("c", "branch")), "'b' and 'c' are both"),
        (
            survey(Column("b", "branch")),
            "No column is mapped as 'Date of the answer' (submitted_at)",
        ),
        (survey(kind="complaints"), "No column is mapped as 'Received' (received_at)"),
        (survey(kind="exposure"), "No column is mapped as 'Month' (month)"),
        (
            survey(Column("m", "month"), kind="exposure"),
            "No column is mapped as 'Customers served' (customers)",
        ),
        (survey(WHEN, survey_key=""), "The survey has no name"),
        (survey(WHEN, Column("q", "item")), "Column 'q' is a rated question without a scale"),
        (survey(WHEN, question("")), "Column 'q' is a rated question without a scale"),
        (survey(WHEN, question("a"), question("a", "r")), "Two questions share the key 'a'"),
        (survey(WHEN, question("a", viewpoint="above")), "'above' is no viewpoint"),
        (survey(WHEN, question("a", measures=("joy",))), "'joy' is no headline question"),
        (
            survey(WHEN, question("a", measures=("csat",)), question("b", measures=("csat",))),
            "'a' and 'b' are both the csat question",
        ),
        (survey(WHEN, question("a", measures=("nps",))), "'a' is not on a scale from 0 to 10"),
        (survey(WHEN, question("a", pair="p"), question("b", pair="p")), "'a' and 'b' cannot be"),
        (survey(replace(WHEN, timezone="Mars/Olympus")), "no time zone 'Mars/Olympus'"),
        (
            survey(replace(WHEN, undecided=("%d/%m/%Y", "%m/%d/%Y"))),
            "'when': its dates can be read",
        ),
        (
            survey(WHEN, Column("q", "question"), Column("a", "answer")),
            "No column is mapped as 'Id of the response' (response_id)",
        ),
        (
            survey(WHEN, Column("r", "response_id"), Column("q", "question")),
            "No column is mapped as 'Answer, where each row holds one answer' (answer)",
        ),
        (
            survey(
                WHEN,
                question("a", pair="p", viewpoint="desired"),
                question("b", pair="p", scale=Scale.of(1, 7)),
            ),
            "'a' and 'b' cannot be one pair",
        ),
    ],
)
def test_a_contradiction_is_refused_by_name(mapping: Mapping, says: str) -> None:
    with pytest.raises(ImportProblem) as caught:
        mapping.check()
    assert says in str(caught.value)
    assert str(caught.value.remedy)


def test_several_questions_and_comments_are_welcome() -> None:
    mapping = survey(
        WHEN,
        *(question(m, scale=Scale.of(0, 10), measures=(m,)) for m in MEASURES),
        Column("c1", "comment"),
        Column("c2", "comment"),
    )
    mapping.check()
    assert [item.key for _, item in mapping.items()] == list(MEASURES)


def test_views_of_one_question_may_be_a_pair() -> None:
    survey(
        WHEN,
        question("e", pair="p", viewpoint="desired"),
        question("p", pair="p"),
        question("i", pair="p", viewpoint="importance", scale=Scale.of(1, 10)),
    ).check()


def test_every_missing_column_is_named_at_once() -> None:
    mapping = survey(WHEN, Column("branch", "branch"), question("q1", "q1"))
    with pytest.raises(ImportProblem, match="no column 'when', 'q1'"):
        locate(mapping, ["branch", "other"])


def test_a_missing_column_is_told_with_what_the_file_has_and_the_nearest_name() -> None:
    mapping = survey(WHEN, Column("branch", "branch"))
    with pytest.raises(ImportProblem) as caught:
        locate(mapping, ["when", "brnch", "q1"])
    assert str(caught.value.title) == (
        "The file has no column 'branch'; its columns are 'when', 'brnch', 'q1'"
    )
    assert "'brnch' for 'branch'" in str(caught.value.remedy)
    with pytest.raises(ImportProblem, match="and 8 more") as caught:
        locate(mapping, ["when", *(f"column {i}" for i in range(19))])
    assert "nearest" not in str(caught.value.remedy)


def test_columns_are_found_although_a_tool_renamed_them() -> None:
    mapping = survey(Column("Timely response?", "submitted_at"), Column("ZIP code", "branch"))
    found = locate(mapping, ["zip_code", "timely_response"])
    assert found == {"Timely response?": 1, "ZIP code": 0}


def test_an_exact_name_wins_over_one_that_only_looks_alike() -> None:
    mapping = survey(Column("q 1", "submitted_at"))
    assert locate(mapping, ["q_1", "q 1"]) == {"q 1": 1}


def test_a_name_of_signs_alone_looks_like_no_other() -> None:
    with pytest.raises(ImportProblem, match="no column '%'"):
        locate(survey(Column("%", "submitted_at")), ["", "#", "★"])


def test_two_columns_that_look_alike_are_not_chosen_between() -> None:
    with pytest.raises(ImportProblem, match="no column 'Q-1'"):
        locate(survey(Column("Q-1", "submitted_at")), ["q_1", "q 1"])


def test_a_fallback_may_be_missing() -> None:
    mapping = survey(replace(WHEN, fallback="then"))
    assert locate(mapping, ["when"]) == {"when": 0}
    assert locate(mapping, ["then", "when"]) == {"when": 1, "then": 0}
