"""Programs that write survey and complaint files, known by the columns they write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_SIGNS: Final[tuple[tuple[str, int, frozenset[str]], ...]] = (
    (
        "qualtrics",
        4,
        frozenset(
            {
                *("startdate", "enddate", "status", "ipaddress", "progress", "finished"),
                *("durationinseconds", "recordeddate", "responseid", "recipientlastname"),
                *("distributionchannel", "userlanguage", "responseset", "externaldatareference"),
            }
        ),
    ),
    (
        "surveymonkey",
        3,
        frozenset(
            {
                *("respondentid", "collectorid", "startdate", "enddate", "ipaddress"),
                *("datecreated", "datemodified", "custom1", "customdata1", "emailaddress"),
            }
        ),
    ),
    (
        "limesurvey",
        4,
        frozenset(
            {
                *("responseid", "id", "datesubmitted", "submitdate", "lastpage"),
                *("startlanguage", "seed", "datestarted", "startdate", "datelastaction"),
                *("datestamp", "referrerurl", "refurl", "ipaddress", "ipaddr", "token"),
            }
        ),
    ),
    (
        "wenjuanxing",
        3,
        frozenset({"序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自ip", "总分"}),
    ),
    (
        "formbricks",
        4,
        frozenset(
            {
                *("no", "responseid", "timestamp", "finished", "surveyid", "userid"),
                *("notes", "tags", "formbricksid", "formbricksuserid"),
                *("metadataurl", "metadatasource", "surveylinkid", "environmentid"),
            }
        ),
    ),
    (
        "zendesk",
        4,
        frozenset(
            {
                *("ticketid", "requester", "requesterid", "requesteremail", "requesterdomain"),
                *("submitter", "submitterid", "assignee", "assigneeid", "satisfactionscore"),
                *("satisfactionrating", "solvedat", "initiallyassignedat", "ticketformid"),
                *("resolutiontime", "groupstations", "assigneestations", "viaid", "brandid"),
                *("firstreplytimeinminutes", "fullresolutiontimeinminutes", "ticketform"),
            }
        ),
    ),
    (
        "zammad",
        4,
        frozenset(
            {
                *("number", "group", "owner", "customer", "organization", "createarticletype"),
                *("firstresponseat", "closeat", "lastcontactat", "lastcontactagentat"),
                *("lastcontactcustomerat", "escalationat", "pendingtime", "articlecount"),
                *("closeescalationat", "firstresponseescalationat", "updateescalationat"),
                *("timeunit", "firstresponseinmin", "closeinmin", "closedat", "createchannel"),
                *("timeunitstotal", "closediffinmin", "articleinternalcount", "tags"),
            }
        ),
    ),
    (
        "cfpb",
        5,
        frozenset(
            {
                *("datereceived", "product", "subproduct", "issue", "companypublicresponse"),
                *("consumercomplaintnarrative", "datesenttocompany", "submittedvia"),
                *("companyresponsetoconsumer", "timelyresponse", "complaintid"),
            }
        ),
    ),
    (
        "nyc311",
        4,
        frozenset(
            {
                *("uniquekey", "createddate", "closeddate", "agency", "complainttype"),
                *("descriptor", "incidentzip", "borough", "resolutiondescription"),
            }
        ),
    ),
)
_DECISIVE: Final[dict[str, frozenset[str]]] = {
    "qualtrics": frozenset({"responseid", "recordeddate", "responseset"}),
    "surveymonkey": frozenset({"respondentid"}),
    "limesurvey": frozenset({"lastpage", "startlanguage"}),
    "wenjuanxing": frozenset({"提交答卷时间"}),
    "formbricks": frozenset({"surveyid", "formbricksid"}),
    "zendesk": frozenset({"requester", "requesterid", "satisfactionscore", "satisfactionrating"}),
    "zammad": frozenset({"createarticletype", "firstresponseat", "closeat", "closeinmin"}),
    "cfpb": frozenset({"companyresponsetoconsumer", "consumercomplaintnarrative"}),
    "nyc311": frozenset({"complainttype"}),
}
_TIMESTAMPS: Final = frozenset(
    {
        *("timestamp", "时间戳记", "時間戳記", "타임스탬프", "タイムスタンプ", "zeitstempel"),
        *("horodateur", "marcatemporal", "carimbodedatahora", "informazionicronologiche"),
        *("отметкавремени", "tijdstempel"),
    }
)
"""The first column of a Google Forms sheet, in its languages."""


def plain(name: str) -> str:
    """Reduce a column name to its letters and digits, lower case.

    Examples
    --------
    >>> plain("Timely response?") == plain("timely_response")
    True
    """
    return re.sub(r"[\W_]+", "", name.lower())


def tool_of(columns: Sequence[str]) -> str:
    """Say which program wrote a file with these columns, or nothing.

    Examples
    --------
    >>> tool_of(["序号", "提交答卷时间", "所用时间", "1、性别"])
    'wenjuanxing'
    >>> tool_of(["Timestamp", "How satisfied are you?"])
    'google-forms'
    >>> tool_of(["id", "score"])
    ''
    """
    names = [plain(c) for c in columns]
    known = set(names)
    for tool, least, signs in _SIGNS:
        if len(known & signs) >= least and known & _DECISIVE[tool]:
            return tool
    if names and names[0] == "respondentid":
        return "surveymonkey"
    if len(names) > 1 and names[0] in _TIMESTAMPS:
        return "google-forms"
    return ""
