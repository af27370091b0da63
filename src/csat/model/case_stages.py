"""The life of a case: its events, the order of its stages, and what logs call them."""

from __future__ import annotations

import re
from typing import Final

from csat.model.message import N_

EVENT_COLUMNS: Final[dict[str, str]] = {
    "auto_replied": "auto_reply_at",
    "acknowledged": "acknowledged_at",
    "forwarded": "forwarded_at",
    "assessed": "assessed_at",
    "investigated": "investigated_at",
    "responded": "first_response_at",
    "decided": "decided_at",
    "resolved": "resolved_at",
    "accepted": "accepted_at",
    "rejected": "rejected_at",
    "closed": "closed_at",
    "reopened": "reopened_at",
    "escalated": "escalated_at",
    "referred": "referred_at",
    "attributed": "attributed_at",
    "sanctioned": "sanctioned_at",
    "noticed": "noticed_at",
    "appealed": "appealed_at",
    "appeal_decided": "appeal_decided_at",
}
"""Event -> the column that holds when it first happened to a case."""

PAUSED: Final = "paused"
RESUMED: Final = "resumed"
OTHER: Final = "other"
"""An event of a log under its own words; it is shown and counts for nothing."""

EVENT_LABELS: Final[dict[str, str]] = {
    "received": N_("Received"),
    "auto_replied": N_("Automatic reply"),
    "acknowledged": N_("Acknowledged"),
    "forwarded": N_("Forwarded"),
    "assessed": N_("Assessed"),
    "investigated": N_("Investigated"),
    "responded": N_("First response"),
    "decided": N_("Decided"),
    "resolved": N_("Resolved"),
    "accepted": N_("Accepted"),
    "rejected": N_("Not accepted"),
    "closed": N_("Closed"),
    "reopened": N_("Reopened"),
    "escalated": N_("Escalated"),
    "referred": N_("Referred outside"),
    "attributed": N_("Fault attributed"),
    "sanctioned": N_("Sanction decided"),
    "noticed": N_("Notice published"),
    "appealed": N_("Appeal made"),
    "appeal_decided": N_("Appeal decided"),
    PAUSED: N_("Waiting for the customer"),
    RESUMED: N_("Work goes on"),
    OTHER: N_("Other event"),
}
"""Every event with the words people read, in the order of a life."""

COMPLAINT, CONDUCT = "complaint", "conduct"
TYPE_LABELS: Final[dict[str, str]] = {
    COMPLAINT: N_("Complaints"),
    CONDUCT: N_("Conduct cases"),
}
STAGES: Final[dict[str, tuple[str, ...]]] = {
    COMPLAINT: (
        "received",
        "acknowledged",
        "forwarded",
        "assessed",
        "investigated",
        "responded",
        "decided",
        "resolved",
        "closed",
    ),
    CONDUCT: (
        "received",
        "assessed",
        "investigated",
        "attributed",
        "sanctioned",
        "noticed",
        "appealed",
        "appeal_decided",
        "closed",
    ),
}
"""Type of case -> its stages in order. What else happens to a case lies beside them."""
BESIDE: Final[dict[str, tuple[str, ...]]] = {
    COMPLAINT: ("auto_replied", "accepted", "rejected", "reopened", "escalated", "referred"),
    CONDUCT: ("escalated", "referred"),
}
"""Events that happen to some cases only, at any point of the way."""

AGAIN: Final[dict[str, str]] = {
    "again": N_("Taken up again"),
    "assessed_again": N_("Assessed again"),
    "investigated_again": N_("Investigated again"),
    "decided_again": N_("Decided again"),
    "resolved_again": N_("Resolved again"),
}
"""Stages of the second round of a complaint, in order, with the words people read."""
SECOND_STARTS: Final = ("reopened", "escalated", "appealed")
SECOND_STAGES: Final[dict[str, tuple[str, ...]]] = {
    "assessed_again": ("assessed",),
    "investigated_again": ("investigated",),
    "decided_again": ("decided", "appeal_decided"),
    "resolved_again": ("resolved", "closed"),
}
"""Stage of the second round -> the events that reach it, once they follow its start."""

_WORDS: Final[dict[str, str]] = {
    "received": r"received|created|opened|submitted|登记|收到|接收|提交|创建",
    "auto_replied": r"auto.?(matic)?.?(repl|respon|acknowl)\w*|自动(回复|应答)",
    "appeal_decided": r"appeal (decided|closed|upheld|dismissed|reviewed)|申诉(复核|决定|办结)\w*",
    "appealed": r"appeal(ed)?( made| filed)?|(提出)?申诉",
    "acknowledged": r"acknowledged?|acknowledgement( sent)?|确认|受理",
    "forwarded": r"forwarded|assigned|dispatched|转办|派单|分派",
    "assessed": r"assessed|triaged?|prioriti[sz]ed|assessment|评估|分级",
    "investigated": r"investigat(ed|ion)( done| finished)?|findings|调查(取证|完成|结束)?",
    "attributed": r"responsibility (determined|found)|attributed|责任认定|定责",
    "sanctioned": r"sanction(ed)?( decided)?|penalty|处理决定|处分",
    "noticed": r"notice( published)?|noticed|published|公示(通报)?|通报",
    "responded": r"(first )?respon(se|ded)( sent)?|repl(y|ied)( sent)?|answered|回复|答复|首次响应",
    "decided": r"decided|decision( made| sent)?|决定|作出决定",
    "resolved": r"resolved|solved|resolution|解决|已解决|办结",
    "accepted": r"accepted|customer accepted|接受|客户接受|满意",
    "rejected": r"rejected|not accepted|customer rejected|不接受|拒绝",
    "closed": r"closed|关闭|结案|归档",
    "reopened": r"re-?opened|重开|重新打开|再次投诉",
    "escalated": r"escalated|escalation|升级|上报",
    "referred": r"referred( out(side)?)?|ombudsman|external|arbitration|转外部|移交|仲裁",
    PAUSED: r"paused?|on.?hold|pending( customer)?|waiting( for( the)? customer)?|暂停|挂起"
    r"|等待客户",
    RESUMED: r"resumed?|hold ended|customer (replied|answered)|off.?hold|恢复|继续处理|客户已回复",
}
_KNOWN: Final = {event: re.compile(words, re.IGNORECASE) for event, words in _WORDS.items()}


def event_of(words: str) -> str:
    """Return the event that a log means by some words, ``"other"`` where it is none we know.

    Examples
    --------
    >>> event_of("Auto-reply"), event_of("first_response"), event_of("受理"), event_of("Tagged")
    ('auto_replied', 'responded', 'acknowledged', 'other')
    """
    said = re.sub(r"[\s_]+", " ", words).strip()
    code = said.lower().replace(" ", "_")
    if code in EVENT_LABELS:
        return code
    return next((event for event, known in _KNOWN.items() if known.fullmatch(said)), OTHER)


SET_BY_PEOPLE: Final[dict[str, str]] = {
    "category": N_("Category"),
    "cause": N_("Cause"),
    "severity": N_("Severity"),
    "upheld": N_("Upheld"),
    "touchpoint": N_("Touchpoint"),
    "dimension": N_("Dimension"),
}
"""Fields of a case that people may set on the page."""
NOTE: Final = "note"
"""The field of what people only say about a case."""
