"""What each column is: recognised by name and values, and left out with a reason in words."""

from __future__ import annotations

import time
from typing import Any

import pytest

from csat.ingest.columns import HASH
from csat.ingest.suggest import Suggestion, suggest
from csat.ingest.suggest.facts import facts_of
from csat.ingest.suggest.personal import personal_kind

DAYS = [f"2026-01-{d:02d}" for d in range(1, 29)]
LIKERT = ["1", "2", "3", "4", "5"]


def each(names: list[str], values: list[str]) -> dict[str, list[str]]:
    return {name: values for name in names}


def role(suggestion: Suggestion, column: str) -> str:
    found = suggestion.findings[column].column
    return found.role if found else ""


@pytest.mark.parametrize(
    ("name", "wanted", "values"),
    [
        ("Branch", "branch", ["North", "South"]),
        ("网点", "branch", ["城东", "城西"]),
        ("channel", "channel", ["Phone", "Web"]),
        ("渠道", "channel", ["电话", "网页"]),
        ("Customer segment", "segment", ["Gold", "Silver"]),
        ("触点", "touchpoint", ["开户", "咨询"]),
        ("What could we improve?", "comment", ["more staff at the desk please", "nothing at all"]),
        ("意见和建议", "comment", ["排队时间太长希望改进一下", "没有什么意见"]),
        ("weight", "weight", ["0.8", "1.2"]),
        ("Response ID", "response_id", [f"R{i}" for i in range(28)]),
        ("答卷编号", "response_id", [str(i) for i in range(28)]),
        ("Date submitted", "submitted_at", DAYS),
        ("提交时间", "submitted_at", DAYS),
        ("Date submitted", "", ["soon", "later"]),
        ("Response ID", "", ["a", "b"]),
    ],
)
def test_a_name_counts_where_the_values_fit_it(
    name: str, wanted: str, values: list[str], look: Any
) -> None:
    found = look(
        {name: values, "day": DAYS} if values is not DAYS else {name: values}, kind="survey"
    )
    assert role(found, name) == wanted
    assert str(found.findings[name].reason)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Case number", "complaint_id"),
        ("Ticket Number", "complaint_id"),
        ("Case reference", "complaint_id"),
        ("Ticket", "complaint_id"),
        ("Customer number", "respondent_id"),
    ],
)
def test_a_number_of_a_case_or_a_customer_is_known_however_it_is_called(
    name: str, wanted: str, look: Any
) -> None:
    numbers = [f"K{i}" for i in range(28)]
    found = look({name: numbers, "Received": DAYS, "Resolved": DAYS}, kind="complaints")
    assert role(found, name) == wanted


def test_the_plainest_headers_of_a_complaint_file_are_all_taken(look: Any) -> None:
    texts = [f"It was late again, {i}" for i in range(28)]
    found = look(
        {"Received": DAYS, "Closed": DAYS, "Resolved": DAYS, "Complaint": texts}, kind="complaints"
    )
    roles = [role(found, name) for name in ("Resolved", "Closed", "Complaint")]
    assert roles == ["resolved_at", "closed_at", "narrative"]
    assert role(look({"Received": DAYS, "Closed": DAYS}, kind="complaints"), "Closed") == (
        "resolved_at"
    )


def test_an_exact_name_is_sure_and_one_that_only_contains_it_is_likely(look: Any) -> None:
    found = look({"branch": ["N", "S"], "home channel": ["a", "b"], "when": DAYS})
    assert found.findings["branch"].confidence == "high"
    assert found.findings["home channel"].confidence == "medium"


def test_an_exact_name_is_taken_before_one_that_only_contains_it(look: Any) -> None:
    found = look({"branch manager": ["a", "b"], "branch": ["N", "S"], "when": DAYS})
    assert (role(found, "branch"), role(found, "branch manager")) == ("branch", "")


def test_every_column_has_a_reason_also_the_one_that_is_left_out(look: Any) -> None:
    found = look({"when": DAYS, "xyz": ["a", "b"], "Q1": LIKERT})
    assert str(found.findings["xyz"].reason) == "Neither its name nor its values tell what it is"
    assert set(found.findings) == {"when", "xyz", "Q1"}


def test_the_order_of_day_and_month_is_said_and_asked_where_open(look: Any) -> None:
    proved = look({"when": ["13/01/2026", "14/01/2026"], "Q1": LIKERT})
    assert "Day first: 5 values prove it" in str(proved.findings["when"].reason)
    open_ = look({"when": ["03/01/2026", "04/02/2026"], "Q1": LIKERT})
    [question] = open_.questions
    assert question.choices == ("%d/%m/%Y", "%m/%d/%Y")
    assert open_.findings["when"].confidence == "low"
    column = open_.mapping.column("submitted_at")
    assert column is not None
    assert column.undecided == question.choices


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"爱好": ["音乐┋阅读", "阅读", "音乐"]}, "several choices, parted by '┋'"),
        (
            {"Used": ["App, Web", "Web", "App", "Phone, Web", "Phone"]},
            "several choices, parted by ','",
        ),
        ({"Q3[SQ001]": ["Y", ""], "Q3[SQ002]": ["", "Y"]}, "one option of 'Q3'"),
        ({"6、爱好(音乐)": ["1", "0"], "6、爱好(阅读)": ["0", "1"]}, "one option of '6、爱好'"),
        (
            {"Which? - News": ["News", ""], "Which? - Blogs": ["", "Blogs"]},
            "one option of 'Which?'",
        ),
        (
            {"Rank_1": ["1", "2", "3"], "Rank_2": ["2", "3", "1"], "Rank_3": ["3", "1", "2"]},
            "a place in a ranking",
        ),
        ({"nothing": ["", ""]}, "It is empty"),
    ],
)
def test_choices_of_several_and_rankings_are_never_ratings(
    columns: dict[str, list[str]], said: str, look: Any
) -> None:
    found = look({**columns, "when": DAYS[:6]})
    for name in columns:
        assert role(found, name) == ""
        assert said in str(found.findings[name].reason)


def test_the_rows_of_a_matrix_are_ratings_and_no_options(item_of: Any, look: Any) -> None:
    names = ["Rate: [Staff]", "Rate: [Price]", "Rate: [Place]"]
    found = look({"when": DAYS, **{n: LIKERT[i:] + LIKERT[:i] for i, n in enumerate(names)}})
    assert [item_of(found, n).scale.ends for n in names] == [(1, 5)] * 3


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("First Name", ["Ann", "Bob"], "name"),
        ("姓名", ["张三", "李四"], "name"),
        ("E-mail address", [], "email"),
        ("x", ["ann@example.org", "bob@example.com"], "email"),
        ("电子邮箱", ["", ""], "email"),
        ("Mobile", ["5551234", "5554321"], "phone"),
        ("y", ["+44 20 7946 0958", "(212) 555-0182"], "phone"),
        ("z", ["13812345678", "15987654321"], "phone"),
        ("手机号码", ["13812345678"], "phone"),
        ("IPAddress", ["1.2.3.4"], "ip"),
        ("w", ["130.92.34.66", "10.0.0.1"], "ip"),
        ("w6", ["2001:db8::1", "fe80::1"], "ip"),
        ("来自IP", ["1.2.3.4(上海-上海)"], "ip"),
        ("v", ["11010519491231002X", "440524188001010014"], "id"),
        ("u", ["078-05-1120", "219-09-9999"], "id"),
        ("t", ["4111111111111111", "5500 0000 0000 0004"], "card"),
        ("Date of birth", DAYS, "birth"),
        ("Home address", ["1 High Street"], "address"),
        ("LocationLatitude", ["47.1"], "place"),
    ],
)
def test_personal_data_is_recognised_and_left_out(
    name: str, values: list[str], kind: str, look: Any
) -> None:
    assert personal_kind(name, facts_of(values)) == kind
    found = look({name: values or [""], "received": DAYS}, kind="complaints")
    assert found.findings[name].column is None
    assert found.findings[name].personal == kind
    assert "personal data is not loaded" in str(found.findings[name].reason)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Product name", ["Loan", "Card"]),
        ("手机部数", ["1部", "2部"]),
        ("Phone service rating", LIKERT),
        ("电话服务满意度", LIKERT),
        ("time", ["12:30:00", "13:45:10"]),
        ("month", ["2026-01", "2026-02"]),
        ("when", DAYS),
        ("order", ["4111111111111112", "4111111111111113", "4111111111111110"]),
        ("code", ["110105194912310021", "440524188001010013"]),
        ("amount", ["1234567", "7654321"]),
        ("range", ["10-20", "20-30"]),
    ],
)
def test_what_only_sounds_personal_is_not(name: str, values: list[str]) -> None:
    assert personal_kind(name, facts_of(values), rated=values is LIKERT) == ""


def test_an_e_mail_used_as_the_id_of_the_respondent_is_proposed_as_a_hash(look: Any) -> None:
    mails = [f"p{i}@example.org" for i in range(28)]
    found = look({"customer id": mails, "when": DAYS, "e-mail": mails})
    column = found.findings["customer id"].column
    assert column is not None
    assert (column.role, column.keep) == ("respondent_id", HASH)
    assert found.findings["e-mail"].column is None
    found.mapping.check()


def test_headline_questions_are_each_taken_once(item_of: Any, look: Any) -> None:
    found = look(
        {
            "when": DAYS,
            "Overall satisfaction": LIKERT,
            "Satisfied overall": LIKERT,
            "NPS": ["0", "9", "10"],
            "Easy to use": LIKERT,
        }
    )
    uses = [item_of(found, n).measures for n in list(found.findings)[1:]]
    assert uses == [("csat",), (), ("nps",), ("ces",)]
    found.mapping.check()


def test_a_question_about_effort_is_turned(item_of: Any, look: Any) -> None:
    found = look({"when": DAYS, "How much effort did you need?": LIKERT})
    assert item_of(found, "How much effort did you need?").reversed


def test_wordings_become_those_of_the_questions(item_of: Any, look: Any) -> None:
    found = look({"Q1": LIKERT, "when": DAYS}, wordings=("How satisfied are you overall?", ""))
    assert item_of(found, "Q1").wording == "How satisfied are you overall?"
    assert item_of(found, "Q1").key == "Q1"
    assert item_of(found, "Q1").measures == ("csat",)


def test_long_names_still_give_every_question_its_own_key(item_of: Any, look: Any) -> None:
    start = "How satisfied are you with the service of our people in the branch " * 2
    names = [f"{start}{end}" for end in "abc"]
    found = look({"when": DAYS, **each(names, LIKERT)})
    assert len({item_of(found, n).key for n in names}) == 3
    found.mapping.check()


def test_groups_keep_the_labels_that_the_file_brings_along(look: Any) -> None:
    found = look(
        {"channel": ["1", "2"], "when": DAYS}, labels={"channel": {"1": "Phone", "2": "Web"}}
    )
    column = found.findings["channel"].column
    assert column is not None
    assert column.labels == {"1": "Phone", "2": "Web"}


def test_a_file_without_rows_or_columns_is_no_accident() -> None:
    assert suggest("x.csv", ["a", "b"], []).mapping.columns == ()
    assert suggest("x.csv", [], []).findings == {}


@pytest.mark.parametrize("sign", ["x", "1", " ", "(", "a@", "1.", "┋", ", ", "★", "非常"])
def test_cells_of_a_hundred_thousand_signs_are_looked_at_in_no_time(sign: str, look: Any) -> None:
    cells = [sign * (100_000 // len(sign)) + str(i) for i in range(5)]
    begun = time.process_time()
    look({"a": cells, "b": ["x", "y"], "when": DAYS})
    assert time.process_time() - begun < 5


def test_a_log_of_events_is_known_by_its_columns(look: Any) -> None:
    found = look(
        {
            "Ticket": [f"K{i % 9}" for i in range(28)],
            "Event": ["assigned", "replied", "on hold", "solved"],
            "Happened at": [f"{day} 09:00" for day in DAYS],
            "Agent": ["a1", "a2"],
        }
    )
    assert found.mapping.kind == "events"
    assert [role(found, c) for c in ("Ticket", "Event", "Happened at", "Agent")] == [
        "case_id", "event", "happened_at", "done_by",
    ]  # fmt: skip


def test_moments_of_stages_are_known_by_their_names_and_in_chinese(look: Any) -> None:
    found = look(
        {
            "投诉编号": [f"K{i}" for i in range(28)],
            "受理时间": DAYS,
            "升级时间": DAYS,
            "resolved_at": DAYS,
            "closed_at": DAYS,
            "违规行为": ["泄露信息", "违反规范"],
        }
    )
    roles = {c: role(found, c) for c in ("升级时间", "resolved_at", "closed_at", "违规行为")}
    assert roles == {
        "升级时间": "escalated_at", "resolved_at": "resolved_at", "closed_at": "closed_at",
        "违规行为": "violation",
    }  # fmt: skip
