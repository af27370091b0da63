"""Searches as readers type them: what they mean, where they hit, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csat.model.problem import UsageProblem
from csat.model.search import (
    MOST_WORDS,
    All,
    Any,
    Not,
    Search,
    Word,
    hits,
    parse_search,
    words_of,
)

W = Word


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", None),
        ("   \u3000 ", None),
        ("Refund", W("refund")),
        ("refund late", All((W("refund"), W("late")))),
        ("refund AND late", All((W("refund"), W("late")))),
        ("refund OR late", Any((W("refund"), W("late")))),
        ("refund | late", Any((W("refund"), W("late")))),
        ("refund and or not", All((W("refund"), W("and"), W("or"), W("not")))),
        ("a OR b c", Any((W("a"), All((W("b"), W("c")))))),
        ("(a OR b) c", All((Any((W("a"), W("b"))), W("c")))),
        ("NOT a b", All((Not(W("a")), W("b")))),
        ("a -b", All((W("a"), Not(W("b"))))),
        ("a -(b OR c)", All((W("a"), Not(Any((W("b"), W("c"))))))),
        ("NOT NOT a", Not(Not(W("a")))),
        ("pay-day", W("pay-day")),
        ("- a --", All((W("-"), W("a"), W("--")))),
        ('"late   fee" "OR"', All((W("late fee"), W("or")))),
        ('""', None),
        ("退款", W("退款")),
        ("退款 态度", All((W("退款"), W("态度")))),
        ("“要求退款” OR 赔偿", Any((W("要求退款"), W("赔偿")))),
        ("「手机银行」-登录", All((W("手机银行"), Not(W("登录"))))),
        ("（退款｜赔偿）经理", All((Any((W("退款"), W("赔偿"))), W("经理")))),
        ("100% _ ' ; --", All((W("100%"), W("_"), W("'"), W(";"), W("--")))),
        ("WIFI掉线", W("wifi掉线")),
    ],
)
def test_what_is_typed_is_what_is_meant(typed: str, meant: Search | None) -> None:
    assert parse_search(typed) == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('"late fee', "quote"),
        ("「退款", "quote"),
        ("(a OR b", "bracket"),
        ("a)", r"'\)'"),
        ("a OR", "ends where"),
        ("NOT", "ends where"),
        ("OR a", "'OR'"),
        ("a AND AND b", "'AND'"),
        ("()", r"'\)'"),
        (" ".join("abcdefgh" * 6), "more than 40"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_remedy(typed: str, said: str) -> None:
    with pytest.raises(UsageProblem, match=said) as caught:
        parse_search(typed)
    assert str(caught.value.remedy)


def test_excluded_words_are_not_shown() -> None:
    assert words_of(parse_search("(a OR b) c -d NOT (e f) a")) == ("a", "b", "c")
    assert words_of(None) == ()


def test_hits_are_found_without_regard_to_case_and_joined_where_they_touch() -> None:
    assert hits("Late LATE lately", ["late"]) == [(0, 4), (5, 9), (10, 14)]
    assert hits("abcd", ["ab", "bc"]) == [(0, 3)]
    assert hits("aaa", ["a"]) == [(0, 3)]
    assert hits("a.c abc", ["a.c"]) == [(0, 3)]
    assert hits("nothing", ["x"]) == []


def matches(search: Search, text: str) -> bool:
    if isinstance(search, Word):
        return search.text in text
    if isinstance(search, Not):
        return not matches(search.part, text)
    joint = all if isinstance(search, All) else any
    return joint(matches(part, text) for part in search.parts)


def written(search: Search) -> str:
    if isinstance(search, Word):
        return f'"{search.text}"'
    if isinstance(search, Not):
        return f"NOT ({written(search.part)})"
    return (
        "("
        + (" AND " if isinstance(search, All) else " OR ").join(map(written, search.parts))
        + ")"
    )


TREES = st.recursive(
    st.sampled_from("abc").map(Word),
    lambda part: (
        part.map(Not)
        | st.lists(part, min_size=2, max_size=3).map(lambda p: All(tuple(p)))
        | st.lists(part, min_size=2, max_size=3).map(lambda p: Any(tuple(p)))
    ),
    max_leaves=6,
)


@given(TREES, st.text("abc", max_size=3))
def test_a_search_written_out_means_the_same(search: Search, text: str) -> None:
    again = parse_search(written(search))
    assert again is not None
    assert matches(again, text) == matches(search, text)


@given(st.text('ab"()-| ORANDT“”', max_size=20))
def test_anything_typed_is_read_or_refused(typed: str) -> None:
    try:
        found = parse_search(typed)
    except UsageProblem:
        return
    assert found is None or len(words_of(found)) <= MOST_WORDS
