"""What the name of a column says it is, per kind of file, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from csat.ingest.layout import normalised
from csat.ingest.roles import Kind

_SELDOM: Final[dict[str, str]] = {
    "auto_reply_at": "自动回复时间",
    "assessed_at": "评估时间",
    "investigated_at": "调查(完成|结束)?时间",
    "decided_at": "^决定时间",
    "accepted_at": "客户接受时间",
    "rejected_at": "客户不接受时间",
    "closed_at": "^closed( (on|date))?$|^date closed$|关闭时间|结案时间",
    "escalated_at": "升级时间",
    "referred_at": "移交(外部)?时间",
    "attributed_at": "责任认定时间|定责时间",
    "sanctioned_at": "处理决定时间|处分时间",
    "noticed_at": "公示时间|通报时间",
    "appealed_at": "^申诉时间|提出申诉时间",
    "appeal_decided_at": "申诉(复核|办结)时间",
    "severity_first": "初次(评定的)?严重程度|初始优先级",
    "safety": "涉及安全",
    "first_contact": "首次(接触)?解决",
    "satisfied": "对处理(是否)?满意",
    "remedy": "补救措施",
    "compensation": "补偿金额|赔偿金额",
    "currency": "^币种$|^货币$",
    "department": "^(责任)?部门$",
    "dimension": "^维度$",
    "violation": "违规行为|违规类型",
    "responsibility": "^责任方$",
    "sanction": "^处分$",
    "appeal_outcome": "申诉结果",
}
"""Roles of cases that are known by their own name, or by these words."""
_STAFF: Final = (
    r"^(staff|employee|agent|clerk|teller|advis[eo]r|operator|attendant)"
    r"([ -]?(id|no\.?|number|code|name))?$|^(served|handled|answered) by$"
    r"|员工(工?号|编号|代码|姓名)?$|^工号|[坐座]席(工?号|编号|姓名)?$|客服(工号|编号)$|柜员(号|编号)?$|经办(人|员)$"
)
"""Names of a column that says who served the customer; no statements about staff."""
_WORDS: Final[dict[str, dict[str, str]]] = {
    "survey": {
        "submitted_at": r"submi|timestamp|\bdate|\btime\b|when|answered|completed"
        r"|end.?date|recorded|created|提交|时间|日期|타임스탬프|タイムスタンプ",
        "response_id": r"resp.*(id|num(ber)?|no)\b|^id$|^#$|serial|case.?id|答卷|编号|序号"
        r"|^no\.?$",
        "respondent_id": r"customer.*(id|no|number)\b|respondent.*id|member|client.*id|user.*id"
        r"|客户.*(号|id)|会员",
        "branch": r"branch|\bstore\b|surgery|\bsite\b|location|office|outlet|\bshop\b|airport"
        r"|hospital|网点|分店|门店|机构|地点|分行|支行|营业厅",
        "channel": r"channel|\bmethod\b|\bmode\b|collector|source|渠道|来源|途径",
        "segment": r"segment|group|type of customer|customer.?type|tier|gender|\bsex\b|\bage\b"
        r"|客群|类别|客户类型|性别|年龄|等级",
        "touchpoint": r"touch.?point|journey|\bstep\b|\bstage\b|触点|环节|接触点",
        "staff": _STAFF,
        "form": r"\bform\b|questionnaire version|version|版本",
        "weight": r"\bweight|\bwgt|权重|加权",
        "stratum": r"\bstrat(um|a)\b|分层|抽样层",
        "cluster": r"\bcluster|\bpsu\b|primary sampling|sampling.?unit|整群|抽样单元|群编号",
        "comment": r"comment|feedback|verbatim|\bwhy\b|suggest|remark|improve|tell us|opinion"
        r"|意见|建议|评论|原因|反馈|留言",
    },
    "complaints": {
        "staff": _STAFF,
        "received_at": r"received|created|opened|submitted|^date$|date$|受理|接收|投诉时间|创建"
        r"|登记时间|提交时间",
        "acknowledged_at": r"acknowl|确认时间",
        "forwarded_at": r"forward|sent to|转办|转交|assigned at",
        "first_response_at": r"first.*(resp|reply|answer)|responded|首次|答复时间|回复时间",
        "resolved_at": r"resolved|closed|completed|solved|解决|办结|关闭|完成时间|结案",
        "reopened_at": r"reopen|重开",
        "complaint_id": r"(complaint|case|ticket|unique|request).*(id|key|no|num(ber)?"
        r"|ref(erence)?)\b|^(case|ticket|reference)$|^id$|^#$|工单|编号|单号|序号",
        "category_2": r"sub.?(product|categ|type|issue)|子类|小类|二级",
        "category": r"categ|product|complaint.?type|ticket.?type|issue|topic|类别|分类|类型",
        "cause": r"cause|reason|原因",
        "severity": r"sever|priority|urgen|严重|优先|紧急",
        "status": r"status|\bstate\b|状态",
        "timely": r"timely|in.?time|on.?time|按时|及时",
        "upheld": r"upheld|justified|成立|属实",
        "outcome": r"outcome|remedy|resolution$|response to consumer|结果|处理意见",
        "branch": r"branch|company|borough|\bstore\b|\bsite\b|office|airport|group|网点|门店|机构",
        "channel": r"channel|\bvia\b|method|渠道|方式|来源",
        "segment": r"segment|tier|客群|客户类型",
        "touchpoint": r"touch|\bstage\b|触点|环节",
        "respondent_id": r"customer.*(id|no|number)\b|requester.?id|member|客户.*(号|id)|会员",
        "narrative": r"narrative|description|\btext\b|comment|details|subject|title|内容|描述|诉求"
        r"|标题|^complaint$",
        **{role: rf"^{role.replace('_', '[_ ]')}$|{chinese}" for role, chinese in _SELDOM.items()},
    },
    "events": {
        "case_id": r"case|ticket|complaint|工单|投诉|个案|编号",
        "until_at": r"until|\bends?\b|结束|截止",
        "happened_at": r"happened|time|date|when|\bat$|时间|日期",
        "done_by": r"\bby\b|agent|actor|user|经办|操作人|处理人",
        "event": r"event|activity|action|stage|事件|动作|环节",
    },
    "exposure": {
        "month": r"month|period|date|月|日期",
        "customers": r"customer|transaction|visit|volume|count|passenger|人数|业务量|客户数|客流",
        "branch": r"branch|\bstore\b|\bsite\b|office|airport|网点|门店",
    },
    "margins": {
        "group_kind": r"variable|margin|kind|群体类别|分组变量|变量",
        "group_name": r"group|categor|level|name|群体|组别|类别",
        "people": r"served|people|population|share|percent|count|customers|人数|总体|占比|客户数",
        "invited": r"invit|asked|sent|邀请|发放",
        "month": r"month|period|date|月|日期",
    },
    "evaluations": {
        "evaluated_at": r"visit.?date|date|when|日期|时间",
        "visit": r"visit|audit.?(id|no)|走访|访问|编号",
        "rater": r"rater|shopper|auditor|expert|assessor|inspector|评估|评分人|神秘|专家",
        "method": r"method|kind|方法|方式",
        "organisation": r"organi|agency|company|机构|公司",
        "edition": r"edition|standard|版本|标准",
        "branch": r"branch|\bstore\b|\bsite\b|office|网点|门店",
        "channel": r"channel|渠道",
        "touchpoint": r"touch|\bstep\b|触点|环节",
        "criterion": r"criteri|question|\bitem\b|标准项|评分项|检查项|题",
        "dimension": r"dimension|\barea\b|维度",
        "weight": r"weight|权重",
        "critical": r"critical|knock|关键|一票否决",
        "result": r"result|score|rating|pass|结果|得分|评分",
        "scale_low": r"scale.?(low|min)|lowest|最低分",
        "scale_high": r"scale.?(high|max)|highest|最高分|满分",
        "note": r"note|remark|comment|备注|说明",
    },
    "findings": {
        "finding_no": r"finding.?(id|no)|^id$|^no\.?$|^#$|编号|序号",
        "found_on": r"found|raised|date|发现日|日期",
        "finding": r"finding|issue|description|发现|问题",
        "severity": r"sever|priority|严重|优先",
        "owner": r"owner|responsible|assignee|责任人|负责人",
        "due_on": r"due|deadline|期限|到期",
        "closed_on": r"clos|done|完成|关闭",
        "evidence": r"evidence|proof|证据|佐证",
        "visit": r"visit|走访|访问",
        "branch": r"branch|\bstore\b|\bsite\b|office|网点|门店",
        "touchpoint": r"touch|\bstep\b|触点|环节",
        "dimension": r"dimension|\barea\b|维度",
    },
    "comparisons": {
        "expert": r"expert|judge|rater|专家",
        "indicator": r"^(indicator|first|a)$|indicator|指标",
        "other": r"compared|other|second|^b$|相比|对比",
        "times": r"times|how much|value|ratio|倍",
    },
    "grades": {
        "grade": r"grade|level|等级",
        "floor": r"floor|from|minimum|下限|起",
        "cap": r"cap|critical|上限|关键",
    },
}
_SAME: Final[dict[str, frozenset[str]]] = {
    "submitted_at": frozenset(
        (
            *("submitted_at", "timestamp", "submitdate", "date_submitted", "recordeddate"),
            *("提交时间", "提交答卷时间", "答题时间", "时间戳记", "response_date", "submitted"),
        )
    ),
    "response_id": frozenset(("response_id", "responseid", "respondentid", "答卷编号", "序号")),
    "respondent_id": frozenset(("respondent_id", "customer_id", "member_id", "客户编号", "客户号")),
    "branch": frozenset(
        ("branch", "branch_name", "store", "company", "borough", "网点", "门店", "分店", "机构")
    ),
    "channel": frozenset(("channel", "渠道")),
    "segment": frozenset(("segment", "customer_segment", "客群")),
    "touchpoint": frozenset(("touchpoint", "touch_point", "触点", "接触点")),
    "staff": frozenset(
        (
            *("staff", "staff_id", "staff_code", "employee_id", "agent", "agent_id", "served_by"),
            *("员工", "员工编号", "员工工号", "工号", "坐席", "坐席工号", "座席", "柜员号"),
        )
    ),
    "weight": frozenset(
        (
            *("weight", "survey_weight", "sample_weight", "sampling_weight", "design_weight"),
            *("weights", "wgt", "wt", "pweight", "权重", "样本权重", "抽样权重"),
        )
    ),
    "stratum": frozenset(("stratum", "strata", "sampling_stratum", "层", "分层", "抽样层")),
    "cluster": frozenset(
        ("cluster", "cluster_id", "psu", "sampling_unit", "群", "整群", "抽样单元")
    ),
    "group_kind": frozenset(("group_kind", "variable", "margin", "群体类别", "分组变量", "变量")),
    "group_name": frozenset(("group", "group_name", "category", "level", "群体", "组别", "类别")),
    "people": frozenset(
        (
            *("served", "people", "population", "share", "count", "customers", "customers_served"),
            *("服务人数", "服务客户数", "人数", "总体", "占比", "客户数"),
        )
    ),
    "invited": frozenset(("invited", "invitations", "asked", "邀请人数", "发放数")),
    "comment": frozenset(("comment", "comments", "feedback", "意见", "建议", "意见建议", "评论")),
    "received_at": frozenset(
        ("received_at", "date_received", "created_at", "受理时间", "投诉时间")
    ),
    "closed_at": frozenset(("closed_at", "date_closed", "结案时间")),
    "resolved_at": frozenset(
        ("resolved_at", "resolved", "closed_at", "solved_at", "date_closed", "办结时间")
    ),
    "first_response_at": frozenset(("first_response_at", "首次响应时间", "首次回复时间")),
    "complaint_id": frozenset(
        ("complaint_id", "ticket_id", "case_id", "工单号", "工单编号", "投诉编号")
    ),
    "category": frozenset(("category", "complaint_type", "product", "类别", "投诉类别")),
    "status": frozenset(("status", "state", "状态")),
    "severity": frozenset(("severity", "priority", "严重程度", "优先级")),
    "narrative": frozenset(("narrative", "description", "投诉内容", "内容")),
    "month": frozenset(("month", "月份")),
    "customers": frozenset(("customers", "customers_served", "客户数", "业务量")),
}
MOMENT_WORDS: Final = re.compile(
    r"date|time|when|submitted|created|recorded|received|resolved|closed|solved|_at$|\bat$"
    r"|时间|日期|타임스탬프|タイムスタンプ|zeit|datum|fecha|horodat",
    re.IGNORECASE,
)
QUESTION_WORDS: Final = re.compile(
    r"question|\bitem\b|statement|variable|question.?(id|text|no)|题目|问题|题项|题号",
    re.IGNORECASE,
)
ANSWER_WORDS: Final = re.compile(
    r"\banswer|\bvalue\b|response.?(value|text)?$|rating|score|\bresult\b|答案|回答|评分|得分|取值"
    r"|选项",
    re.IGNORECASE,
)
RESPONSE_WORDS: Final = re.compile(
    r"resp.*(id|num|no)\b|^(response|respondent|submission|session|participant|case)$"
    r"|submission.?id|participant.?id|session.?id|^id$|答卷|编号|序号|被访者|受访者",
    re.IGNORECASE,
)


def guess_kind(columns: Sequence[str]) -> Kind:
    """Say which kind of record a file most likely holds.

    Examples
    --------
    >>> guess_kind(["Complaint ID", "Date received", "Timely response?"])
    'complaints'
    >>> guess_kind(["month", "branch", "customers"])
    'exposure'
    >>> guess_kind(["group_kind", "group", "served"])
    'margins'
    >>> guess_kind(["ticket", "event", "at", "agent"])
    'events'
    """
    names = {normalised(c) for c in columns}
    if len(columns) <= 6 and all(names & _SAME[r] for r in ("group_kind", "group_name", "people")):
        return "margins"
    text = " ".join(columns).lower()
    if (
        len(columns) <= 8
        and re.search(r"\bevents?\b|\bactivity\b|事件", text.replace("_", " "))
        and re.search(r"complain|\bcase|ticket|工单|投诉|个案", text)
        and not re.search(r"narrative|categor|received|description|subject|类别|内容", text)
    ):
        return "events"
    if re.search(r"complain|\bcase\b|ticket|narrative|resolved|closed|solved at|投诉|工单", text):
        return "complaints"
    if len(columns) <= 4 and re.search(
        r"customers|transactions|visits|passengers|业务量|客户数", text
    ):
        return "exposure"
    return "survey"


def roles_named(kind: Kind, column: str) -> list[tuple[str, bool]]:
    """Return the roles that a name may mean, and whether it is exactly a usual name of it.

    Examples
    --------
    >>> roles_named("survey", "Branch")
    [('branch', True)]
    >>> roles_named("survey", "Home branch of the member")
    [('respondent_id', False), ('branch', False)]
    """
    plain = normalised(column)
    exact = [r for r in _WORDS[kind] if plain in _SAME.get(r, frozenset())]
    if exact:
        return [(r, True) for r in exact]
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", column)
    return [
        (r, False) for r, words in _WORDS[kind].items() if re.search(words, spaced, re.IGNORECASE)
    ]
