"""Ticking a tree of categories chooses what the boxes show, and texts of customers stay texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from csat.queries.complaints import Branch
from csat.ui.category_tree import ticked, toggled
from csat.ui.highlight import as_markdown, excerpt

TREE = (
    Branch(
        "A",
        "A",
        9,
        (
            Branch("A > a", "a", 4, (Branch("A > a > x", "x", 3), Branch("A > a > y", "y", 1))),
            Branch("A > b", "b", 5),
        ),
    ),
    Branch("AB", "AB", 5, (Branch("AB > c", "c", 2),)),  # three cases name no part of AB
    Branch("", "", 1),
)


@pytest.mark.parametrize(
    ("chosen", "path", "after"),
    [
        ([], "A", ["A"]),
        ([], "A > a", ["A > a"]),
        ([], "", [""]),
        (["A > a"], "A > b", ["A"]),
        (["A"], "A > b", ["A > a"]),
        (["A"], "A > a > x", ["A > a > y", "A > b"]),
        (["A > a > y", "A > b"], "A > a > x", ["A"]),
        (["A > a > y"], "A", ["A"]),
        (["A", "AB"], "A", ["AB"]),
        (["AB"], "AB", []),
        (["AB > c"], "AB", ["AB"]),
        (["AB"], "AB > c", []),
        (["A"], "gone", ["A"]),
    ],
)
def test_a_click_on_a_box(chosen: list[str], path: str, after: list[str]) -> None:
    assert toggled(TREE, chosen, path) == after


@pytest.mark.parametrize(
    ("chosen", "boxes"),
    [
        ([], "no no no no"),
        (["A"], "yes yes yes no"),
        (["A > a"], "part yes no no"),
        (["A > a > x"], "part part no no"),
        (["AB"], "no no no yes"),
    ],
)
def test_boxes_say_what_is_chosen(chosen: list[str], boxes: str) -> None:
    top, other = TREE[0], TREE[1]
    found = [ticked(b, chosen) for b in (top, top.children[0], top.children[1], other)]
    assert " ".join(found) == boxes


PATHS = ("A", "A > a", "A > a > x", "A > a > y", "A > b", "AB", "AB > c", "")


@given(st.lists(st.sampled_from(PATHS), max_size=8))
def test_two_clicks_on_a_box_that_is_not_half_ticked_change_nothing(clicks: list[str]) -> None:
    chosen: list[str] = []
    for path in clicks:
        chosen = toggled(TREE, chosen, path)
    for branch in (TREE[0], TREE[0].children[0], TREE[0].children[1], TREE[2]):
        if ticked(branch, chosen) != "part":
            again = toggled(TREE, toggled(TREE, chosen, branch.path), branch.path)
            assert again == chosen


NASTY = [
    "**bold** _it_ `code` ~~gone~~ <b>html</b> &amp; $x^2$",
    "# head\n- list\n1. one\n> quote\n    code",
    "[link](http://evil) ![img](x.png) https://evil.example www.evil.example a@b.example",
    ":red[colour] :material/home: :smile: :orange-background[x]",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "line one\nline two\n\nline four",
    "等了两个小时，<script>alert(1)</script>",
]


def plain_text(markdown: str) -> str:
    """Return what CommonMark makes of a text: letters and line breaks only, or nothing."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    said = []
    for token in tokens:
        assert token.type in ("paragraph_open", "paragraph_close", "inline"), token
        for part in token.children or ():
            assert part.type in ("text", "text_special", "softbreak", "hardbreak"), part
            said.append(part.content if part.type.startswith("text") else "\n")
    return "".join(said).replace("\u2060", "")


@pytest.mark.parametrize("text", NASTY)
def test_texts_of_customers_are_shown_letter_by_letter(text: str) -> None:
    shown = plain_text(as_markdown(text))
    assert shown.replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")


@given(st.text("ab*_[](:)`<>\\#\n1. -", max_size=30))
def test_no_text_is_obeyed(text: str) -> None:
    shown = plain_text(as_markdown(text))
    assert "".join(shown.split()) == "".join(text.split())


def test_hits_are_marked_and_the_rest_escaped() -> None:
    found = as_markdown("a [b] c", [(2, 5)])
    assert found == r"a :orange-background[\[b\]] c"


def test_an_excerpt_stands_around_the_first_hit() -> None:
    text = "x" * 300 + "refund" + "y" * 300
    found = excerpt(text, [(300, 306)], 40)
    assert "▸refund◂" in found
    assert len(found) <= 45
    assert excerpt("short", []) == "short"
