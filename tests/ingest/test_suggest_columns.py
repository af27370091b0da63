"""What each column is: recognised by name and values, and left out with a reason in words."""

from __future__ import annotations

import json
import time
from importlib import resources
from typing import Any

import pytest

from csat.ingest.columns import HASH
from csat.ingest.mapping import Item
from csat.ingest.roles import ROLES
from csat.ingest.suggest import Suggestion, suggest
from csat.ingest.suggest.facts import facts_of
from csat.ingest.suggest.personal import KINDS, personal_kind
from csat.ingest.suggest.tools import tool_of, tools

DAYS = [f"2026-01-{d:02d}" for d in range(1, 29)]
LIKERT = ["1", "2", "3", "4", "5"]


def look(table: dict[str, list[str]], name: str = "f.csv", **told: Any) -> Suggestion:
    """Suggest for a file given by columns, each repeated to the longest."""
    n = max(len(v) for v in table.values())
    rows = [[v[i % len(v)] for v in table.values()] for i in range(n)]
    return suggest(name, list(table), rows, **told)


def each(names: list[str], values: list[str]) -> dict[str, list[str]]:
    return {name: values for name in names}


def role(suggestion: Suggestion, column: str) -> str:
    found = suggestion.findings[column].column
    return found.role if found else ""


def item(suggestion: Suggestion, column: str) -> Item:
    found = suggestion.findings[column].column
    assert found is not None, suggestion.findings[column].reason
    assert found.item is not None
    return found.item


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
def test_a_name_counts_where_the_values_fit_it(name: str, wanted: str, values: list[str]) -> None:
    found = look(
        {name: values, "day": DAYS} if values is not DAYS else {name: values}, kind="survey"
    )
    assert role(found, name) == wanted
    assert str(found.findings[name].reason)


def test_an_exact_name_is_sure_and_one_that_only_contains_it_is_likely() -> None:
    found = look({"branch": ["N", "S"], "home channel": ["a", "b"], "when": DAYS})
    assert found.findings["branch"].confidence == "high"
    assert found.findings["home channel"].confidence == "medium"


def test_an_exact_name_is_taken_before_one_that_only_contains_it() -> None:
    found = look({"branch manager": ["a", "b"], "branch": ["N", "S"], "when": DAYS})
    assert (role(found, "branch"), role(found, "branch manager")) == ("branch", "")


def test_every_column_has_a_reason_also_the_one_that_is_left_out() -> None:
    found = look({"when": DAYS, "xyz": ["a", "b"], "Q1": LIKERT})
    assert str(found.findings["xyz"].reason) == "Neither its name nor its values tell what it is"
    assert set(found.findings) == {"when", "xyz", "Q1"}


def test_the_order_of_day_and_month_is_said_and_asked_where_open() -> None:
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
    expected: list[str], perceived: list[str]
) -> None:
    # Only the expectations reach 7: the pair is on one scale all the same.
    table = {"when": DAYS, **each(expected, ["5", "6", "7"])}
    found = look({**table, **each(perceived, ["2", "3", "5"])})
    for e, p in zip(expected, perceived, strict=True):
        assert (item(found, e).viewpoint, item(found, p).viewpoint) == ("desired", "perception")
        assert item(found, e).pair == item(found, p).pair != ""
        assert item(found, e).scale.ends == item(found, p).scale.ends == (1, 7)
    found.mapping.check()
    assert any("Pairs recognised" in str(note) for note in found.notes)


def test_three_columns_of_one_statement_are_minimum_desired_and_perceived() -> None:
    names = [
        f"{view} - {what}"
        for what in ("Prompt service", "Neat staff")
        for view in ("Minimum level", "Desired level", "Perceived performance")
    ]
    found = look({"when": DAYS, **each(names, ["1", "5", "9", "7"])})
    views = [item(found, n).viewpoint for n in names[:3]]
    assert views == ["adequate", "desired", "perception"]
    assert len({item(found, n).pair for n in names}) == 2
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
    with_it: str, without: str, answers: list[str]
) -> None:
    others = {"K2f": LIKERT, "K2d": LIKERT} if with_it == "K1f" else {}
    found = look({"date": DAYS, with_it: answers, without: answers, **others})
    asked = [item(found, name) for name in (with_it, without)]
    assert [i.viewpoint for i in asked] == ["functional", "dysfunctional"]
    assert asked[0].pair == asked[1].pair != ""
    assert {i.scale.ends for i in asked} == {(1, 5)}
    if answers is not LIKERT:
        assert [asked[0].scale.labels[text] for text in answers] == [1, 2, 3, 4, 5]


def test_importance_and_satisfaction_are_a_pair() -> None:
    names = ["Importance of staff", "Satisfaction with staff"]
    found = look({"when": DAYS, **each(names, LIKERT)})
    assert [item(found, n).viewpoint for n in names] == ["importance", "perception"]
    assert len({item(found, n).pair for n in names}) == 1


def test_names_that_pair_with_nothing_stay_as_they_are() -> None:
    found = look({"when": DAYS, "E1": LIKERT, "E2": LIKERT, "Q3": LIKERT})
    assert {item(found, n).pair for n in ("E1", "E2", "Q3")} == {""}


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
def test_dimensions_are_recognised_by_name(names: list[str], wanted: list[str]) -> None:
    found = look({"when": DAYS, **each(names, LIKERT)})
    assert [item(found, n).dimension for n in names] == wanted


def test_a_pair_shares_the_dimension_that_one_of_its_views_names() -> None:
    said = ["", "Assurance: polite", "", "Empathy: cares", ""]
    found = look(
        each(["E1", "E2"], LIKERT) | {"P1": LIKERT, "P2": LIKERT, "when": DAYS},
        wordings=[said[1], said[3], "", "", ""],
    )
    assert [item(found, n).dimension for n in ("E1", "P1", "E2", "P2")] == (
        ["assurance", "assurance", "empathy", "empathy"]
    )


def test_twenty_two_numbered_pairs_are_the_usual_statements() -> None:
    names = [f"{v}{i}" for i in range(1, 23) for v in "EP"]
    found = look({"when": DAYS, **each(names, [str(n) for n in range(1, 8)])})
    assert [item(found, f"P{i}").dimension for i in (1, 4, 5, 10, 14, 18, 22)] == [
        *("tangibles", "tangibles", "reliability", "responsiveness", "assurance", "empathy"),
        "empathy",
    ]


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
    columns: dict[str, list[str]], said: str
) -> None:
    found = look({**columns, "when": DAYS[:6]})
    for name in columns:
        assert role(found, name) == ""
        assert said in str(found.findings[name].reason)


def test_the_rows_of_a_matrix_are_ratings_and_no_options() -> None:
    names = ["Rate: [Staff]", "Rate: [Price]", "Rate: [Place]"]
    found = look({"when": DAYS, **{n: LIKERT[i:] + LIKERT[:i] for i, n in enumerate(names)}})
    assert [item(found, n).scale.ends for n in names] == [(1, 5)] * 3


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
def test_personal_data_is_recognised_and_left_out(name: str, values: list[str], kind: str) -> None:
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


def test_an_e_mail_used_as_the_id_of_the_respondent_is_proposed_as_a_hash() -> None:
    mails = [f"p{i}@example.org" for i in range(28)]
    found = look({"customer id": mails, "when": DAYS, "e-mail": mails})
    column = found.findings["customer id"].column
    assert column is not None
    assert (column.role, column.keep) == ("respondent_id", HASH)
    assert found.findings["e-mail"].column is None
    found.mapping.check()


def test_headline_questions_are_each_taken_once() -> None:
    found = look(
        {
            "when": DAYS,
            "Overall satisfaction": LIKERT,
            "Satisfied overall": LIKERT,
            "NPS": ["0", "9", "10"],
            "Easy to use": LIKERT,
        }
    )
    uses = [item(found, n).measures for n in list(found.findings)[1:]]
    assert uses == [("csat",), (), ("nps",), ("ces",)]
    found.mapping.check()


def test_a_question_about_effort_is_turned() -> None:
    found = look({"when": DAYS, "How much effort did you need?": LIKERT})
    assert item(found, "How much effort did you need?").reversed


def test_wordings_become_those_of_the_questions() -> None:
    found = look({"Q1": LIKERT, "when": DAYS}, wordings=("How satisfied are you overall?", ""))
    assert item(found, "Q1").wording == "How satisfied are you overall?"
    assert item(found, "Q1").key == "Q1"
    assert item(found, "Q1").measures == ("csat",)


def test_long_names_still_give_every_question_its_own_key() -> None:
    start = "How satisfied are you with the service of our people in the branch " * 2
    names = [f"{start}{end}" for end in "abc"]
    found = look({"when": DAYS, **each(names, LIKERT)})
    assert len({item(found, n).key for n in names}) == 3
    found.mapping.check()


def test_groups_keep_the_labels_that_the_file_brings_along() -> None:
    found = look(
        {"channel": ["1", "2"], "when": DAYS}, labels={"channel": {"1": "Phone", "2": "Web"}}
    )
    column = found.findings["channel"].column
    assert column is not None
    assert column.labels == {"1": "Phone", "2": "Web"}


EXPORTS: dict[str, dict[str, list[str]]] = {
    "qualtrics": {
        "StartDate": DAYS,
        "EndDate": DAYS,
        "Status": ["0"],
        "IPAddress": ["1.2.3.4"],
        "Progress": ["100"],
        "Duration (in seconds)": ["38"],
        "Finished": ["1"],
        "RecordedDate": DAYS,
        "ResponseId": [f"R_{d}" for d in DAYS],
        "RecipientLastName": ["Lee"],
        "RecipientEmail": ["a@b.org"],
        "DistributionChannel": ["anonymous", "email"],
        "Q1": LIKERT,
    },
    "surveymonkey": {
        "Respondent ID": [f"1{i}" for i in range(28)],
        "Collector ID": ["7", "8"],
        "Start Date": ["01/13/2026 02:05:33 PM"],
        "End Date": ["01/13/2026 02:09:33 PM"],
        "IP Address": ["1.2.3.4"],
        "Email Address": ["a@b.org"],
        "First Name": ["Ann"],
        "Q1": LIKERT,
    },
    "google-forms": {
        "Timestamp": ["2026/03/13 3:04:05 PM GMT+8"],
        "Email Address": ["a@b.org"],
        "Q1": LIKERT,
    },
    "limesurvey": {
        "id": [str(i) for i in range(28)],
        "submitdate": DAYS,
        "lastpage": ["3"],
        "startlanguage": ["en"],
        "seed": ["12345"],
        "ipaddr": ["1.2.3.4"],
        "Q1": LIKERT,
    },
    "wenjuanxing": {
        "序号": [str(i) for i in range(28)],
        "提交答卷时间": ["2026/1/13 14:05:33"],
        "所用时间": ["38秒"],
        "来源": ["微信", "手机提交"],
        "来源详情": ["N/A"],
        "来自IP": ["1.2.3.4(上海)"],
        "1、总体满意度": ["5", "4", "3", "2", "1"],
        "总分": ["5"],
    },
    "formbricks": {
        "No.": [str(i) for i in range(28)],
        "Response ID": [f"r{i}" for i in range(28)],
        "Timestamp": DAYS,
        "Finished": ["Yes"],
        "Survey ID": ["s"],
        "Formbricks ID (internal)": ["f"],
        "User ID": [f"u{i}" for i in range(28)],
        "Q1": LIKERT,
        "Q1 - Option ID": ["a", "b"],
    },
    "zendesk": {
        "Summation column": ["1"],
        "Id": [str(i) for i in range(28)],
        "Requester": ["Ann Lee"],
        "Requester id": [str(i) for i in range(28)],
        "Requester email": ["a@b.org"],
        "Group": ["East"],
        "Subject": ["wrong invoice"],
        "Status": ["Solved"],
        "Priority": ["High"],
        "Via": ["Mail"],
        "Ticket type": ["Problem"],
        "Created at": [f"{d} 10:00:00" for d in DAYS],
        "Solved at": [f"{d} 12:00:00" for d in DAYS],
        "Full resolution time in minutes": ["120"],
    },
    "zammad": {
        "#": [str(i) for i in range(28)],
        "Title": ["wrong invoice"],
        "State": ["closed"],
        "Priority": ["2 normal"],
        "Group": ["East"],
        "Owner": ["Bob"],
        "Customer": ["Ann Lee"],
        "Organization": ["Acme"],
        "Create Channel": ["phone"],
        "Created At": [f"{d} 10:00:00" for d in DAYS],
        "Closed At": [f"{d} 12:00:00" for d in DAYS],
        "First Response At": [f"{d} 11:00:00" for d in DAYS],
        "Close In Min": ["120"],
    },
}
LEFT = {
    "qualtrics": {
        "StartDate",
        "EndDate",
        "Status",
        "IPAddress",
        "Progress",
        "Finished",
        "RecipientLastName",
        "RecipientEmail",
    },
    "surveymonkey": {"Start Date", "IP Address", "Email Address", "First Name"},
    "google-forms": {"Email Address"},
    "limesurvey": {"lastpage", "startlanguage", "seed", "ipaddr"},
    "wenjuanxing": {"来源详情", "来自IP", "总分"},
    "formbricks": {"No.", "Finished", "Survey ID", "Formbricks ID (internal)", "Q1 - Option ID"},
    "zendesk": {
        "Summation column",
        "Requester",
        "Requester email",
        "Full resolution time in minutes",
    },
    "zammad": {"Owner", "Customer", "Close In Min"},
}


@pytest.mark.parametrize("tool", EXPORTS)
def test_the_columns_that_a_tool_writes_are_known(tool: str) -> None:
    found = look(EXPORTS[tool], tool=tool)
    assert {n for n, f in found.findings.items() if f.column is None} == LEFT[tool]
    assert str(found.notes[0]).startswith("Written by ")
    found.mapping.check()
    fixed = tool_of([], tool)
    assert fixed is not None
    for name in EXPORTS[tool]:
        if fixed.column(name) is not None:
            assert found.findings[name].confidence == "high", name


@pytest.mark.parametrize("tool", [t for t in EXPORTS if t != "google-forms"])
def test_an_export_is_known_by_its_columns_also_where_nobody_says_whose_it_is(tool: str) -> None:
    found = tool_of(list(EXPORTS[tool]))
    assert found is not None
    assert found.key == tool


def test_the_files_of_tools_name_roles_and_reasons_that_exist() -> None:
    folder = resources.files("csat.ingest") / "presets" / "tools"
    assert {t.key for t in tools()} == {f.name[:-5] for f in folder.iterdir()}
    for tool in tools():
        columns = [*tool.names.values(), *(c for _, c in tool.patterns)]
        assert all(c.role in ROLES[tool.kind] for c in columns if c.role)
        assert all(c.personal in KINDS for c in columns if c.personal)
        assert all(bool(c.role) + bool(c.personal) + bool(c.left_out) == 1 for c in columns)
        assert json.dumps(tool.title)


def test_a_file_without_rows_or_columns_is_no_accident() -> None:
    assert suggest("x.csv", ["a", "b"], []).mapping.columns == ()
    assert suggest("x.csv", [], []).findings == {}


@pytest.mark.parametrize("sign", ["x", "1", " ", "(", "a@", "1.", "┋", ", ", "★", "非常"])
def test_cells_of_a_hundred_thousand_signs_are_looked_at_in_no_time(sign: str) -> None:
    cells = [sign * (100_000 // len(sign)) + str(i) for i in range(5)]
    begun = time.monotonic()
    look({"a": cells, "b": ["x", "y"], "when": DAYS})
    assert time.monotonic() - begun < 2


def test_a_log_of_events_is_known_by_its_columns() -> None:
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


def test_moments_of_stages_are_known_by_their_names_and_in_chinese() -> None:
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
