"""Exports of known tools: recognised by their columns, and what of them is left out."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest

from csat.ingest.roles import ROLES
from csat.ingest.suggest.personal import KINDS
from csat.ingest.suggest.tools import tool_of, tools

DAYS = [f"2026-01-{d:02d}" for d in range(1, 29)]

LIKERT = ["1", "2", "3", "4", "5"]


def each(names: list[str], values: list[str]) -> dict[str, list[str]]:
    return {name: values for name in names}


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
def test_the_columns_that_a_tool_writes_are_known(tool: str, look: Any) -> None:
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
