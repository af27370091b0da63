"""The SQL of a search finds what a plain reading of every text finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from csat.ingest.mapping import Column, Mapping
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.queries import complaints
from csat.store.store import Store

TEXTS = {
    "K1": "I want a REFUND for the late fee",
    "K2": "Refunded, but late",
    "K3": "要求退款，等了两个小时",
    "K4": "手机银行无法登录",
    "K5": None,
    "K6": "100% of the fee_table; it's 'gone'",
    "k7 ": "Große STRASSE, naïve Ärger",
    "K8": "等了３个小时，（ＶＩＰ客户）才接通",
}
MAPPING = Mapping(
    "texts",
    "complaints",
    "Texts",
    (Column("id", "complaint_id"), Column("day", "received_at"), Column("text", "narrative")),
)


@pytest.fixture
def texts(store: Store, add_rows: Callable[..., None]) -> Store:
    add_rows(MAPPING, [(k, "2026-01-05", v) for k, v in TEXTS.items()])
    return store


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", "K1 K2 K3 K4 K5 K6 K8 k7"),
        ("refund", "K1 K2"),
        ("refund late", "K1 K2"),
        ('"late fee"', "K1"),
        ("refund NOT fee", "K2"),
        ("NOT refund", "K3 K4 K5 K6 K8 k7"),
        ("退款 OR 登录", "K3 K4"),
        ("退款 小时", "K3"),
        ("两个小时", "K3"),
        ("(refund OR 退款) -fee", "K2 K3"),
        ("100% ;", "K6"),
        ("'gone'", "K6"),
        ("ärger strasse", "k7"),
        ("3个小时", "K8"),
        ("３个小时", "K8"),
        ("vip", "K8"),
        ('"(ＶＩＰ客户)"', "K8"),
        ("小时,", "K8"),
        ("K5", "K5"),
        ("k1", "K1"),
        ("K7 OR K1", ""),
        ("%", "K6"),
        ("zzz", ""),
    ],
)
def test_search(search: str, found: str, texts: Store) -> None:
    filters = Filters.of("demo", search=search)
    page = complaints.listing(texts, filters, user=LOCAL_USER)
    assert sorted(r["case_no"] for r in page.rows) == sorted(found.split())
    assert complaints.count(texts, filters) == page.total


def test_categories_with_a_separator_in_their_name_are_found(
    store: Store, add_rows: Callable[..., None]
) -> None:
    mapping = Mapping(
        "m",
        "complaints",
        "M",
        tuple(Column(c, c) for c in ("received_at", "category", "category_2", "category_3")),
    )
    rows = [
        ("A > B", "C", "D"),
        ("A", "B", "C"),
        ("A > B", "", ""),
        ("A", "B > C", ""),
        ("", "", ""),
    ]
    add_rows(mapping, [("2026-01-05", *names) for names in rows])
    tree = complaints.category_tree(store, Filters.of("demo"))
    found = {
        b.path: (b.label, b.count, complaints.count(store, Filters.of("demo", categories=[b.path])))
        for b in complaints.every_branch(tree)
    }
    assert found == {
        "A": ("A", 2, 2),
        "A > B": ("B", 1, 1),
        "A > B > C": ("C", 1, 1),
        "A > B >> C": ("B > C", 1, 1),
        "A >> B": ("A > B", 2, 2),
        "A >> B > C": ("C", 1, 1),
        "A >> B > C > D": ("D", 1, 1),
        "": ("", 1, 1),
    }


def test_texts_of_stores_older_than_the_folding_of_widths_are_found_as_they_were_typed(
    texts: Store,
) -> None:
    with texts.write() as cursor:
        cursor.execute("UPDATE complaint SET search_text = LOWER(narrative)")
    for search in ("３个小时", "小时，", "ＶＩＰ客户"):
        filters = Filters.of("demo", search=search)
        assert complaints.count(texts, filters) == 1
