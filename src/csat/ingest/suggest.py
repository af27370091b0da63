"""A first guess of what each column is, from its name and its values; a person confirms it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.roles import ROLES, Kind
from csat.ingest.typing_sql import normalised
from csat.model.scale import Scale

_WORDS: Final[dict[str, dict[str, str]]] = {
    "survey": {
        "submitted_at": r"submi|timestamp|date|time|answered|完成|提交|时间|日期",
        "response_id": r"resp.*(id|num|no)|^id$|serial|答卷|编号|序号",
        "respondent_id": r"customer.*id|respondent.*id|member|客户.*(号|id)",
        "branch": r"branch|store|surgery|site|location|office|网点|分店|门店|机构|地点",
        "channel": r"channel|method|mode|渠道|方式|来源",
        "segment": r"segment|group|type of customer|客群|类别|客户类型",
        "touchpoint": r"touch|journey|step|stage|触点|环节",
        "form": r"form|version|版本",
        "weight": r"weight|权重",
        "comment": r"comment|feedback|verbatim|why|suggest|意见|建议|评论|原因",
    },
    "complaints": {
        "received_at": r"received|created|opened|submitted|date$|受理|接收|投诉时间|创建",
        "acknowledged_at": r"acknowl|确认",
        "forwarded_at": r"forward|sent to|转办|转交",
        "first_response_at": r"first.*(resp|reply)|responded|首次|答复时间",
        "resolved_at": r"resolved|closed|completed|解决|办结|关闭",
        "reopened_at": r"reopen|重开",
        "complaint_id": r"(complaint|case|ticket|unique).*(id|key|no|num)|^id$|工单|编号|单号",
        "category_2": r"sub.?(product|categ|type|issue)|子类|小类",
        "category": r"categ|product|complaint.?type|issue|topic|类别|分类|类型",
        "cause": r"cause|reason|原因",
        "severity": r"sever|priority|严重|优先",
        "status": r"status|state of case|状态",
        "timely": r"timely|in.?time|on.?time|按时|及时",
        "upheld": r"upheld|justified|成立",
        "outcome": r"outcome|remedy|response to consumer|结果|处理意见",
        "branch": r"branch|company|borough|store|site|office|网点|门店|机构",
        "channel": r"channel|via|method|渠道|方式",
        "segment": r"segment|客群",
        "touchpoint": r"touch|stage|触点|环节",
        "narrative": r"narrative|description|text|comment|内容|描述|诉求",
    },
    "exposure": {
        "month": r"month|period|date|月",
        "customers": r"customer|transaction|visit|volume|count|人数|业务量|客户数",
        "branch": r"branch|store|site|office|网点|门店",
    },
}
_MOST: Final = 0.9
"""Share of values that a date form must read to be proposed."""
FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%m/%d/%y",
    "%Y-%m",
)
_LABELS: Final[tuple[dict[str, int], ...]] = (
    {"Very dissatisfied": 1, "Dissatisfied": 2, "Neutral": 3, "Satisfied": 4, "Very satisfied": 5},
    {
        "Strongly disagree": 1,
        "Disagree": 2,
        "Neither agree nor disagree": 3,
        "Agree": 4,
        "Strongly agree": 5,
    },
    {
        "Extremely unlikely": 1,
        "Unlikely": 2,
        "Neither likely nor unlikely": 3,
        "Likely": 4,
        "Extremely likely": 5,
    },
    {"非常不满意": 1, "不满意": 2, "一般": 3, "满意": 4, "非常满意": 5},
    {"非常不同意": 1, "不同意": 2, "一般": 3, "同意": 4, "非常同意": 5},
)
_MEASURES: Final = (
    ("nps", r"\bnps\b|netpro|推荐"),
    ("ces", r"\bces\b|effort|easy|费力|容易"),
    ("csat", r"csat|overall.*satis|satisf.*overall|总体|整体满意"),
)


def guess_kind(columns: Sequence[str]) -> Kind:
    """Say which kind of record a file most likely holds.

    Examples
    --------
    >>> guess_kind(["Complaint ID", "Date received", "Timely response?"])
    'complaints'
    >>> guess_kind(["month", "branch", "customers"])
    'exposure'
    """
    text = " ".join(columns).lower()
    if re.search(r"complain|case|ticket|narrative|resolved|closed|投诉|工单", text):
        return "complaints"
    if len(columns) <= 4 and re.search(r"customers|transactions|visits|业务量|客户数", text):
        return "exposure"
    return "survey"


def date_format(values: Sequence[str]) -> str | None:
    """Return the first form that reads most values, judged over the whole column.

    A form that fails on a few is still proposed: the check then refuses those rows by name.

    Examples
    --------
    >>> date_format(["13/02/2026", "01/02/2026"])
    '%d/%m/%Y'
    """
    seen = list(dict.fromkeys(v for v in values if v))[:500]
    if not seen:
        return None
    read = [sum(_reads(v, form) for v in seen) for form in FORMATS]
    best = max(read)
    return FORMATS[read.index(best)] if best >= _MOST * len(seen) else None


def _reads(value: str, form: str) -> bool:
    try:
        datetime.strptime(value, form)
    except ValueError:
        return False
    return True


def rating_scale(values: Sequence[str]) -> Scale | None:
    """Return the scale that a column of answers most likely is on, or None.

    Worded scales are recognised by their words; numbers by their range. One code far outside
    the range (9, 99) is taken as "not applicable".
    """
    seen = {v for v in values if v}
    for labels in _LABELS:
        known = {k.lower(): k for k in labels}
        if len(seen & set(labels)) >= 2 and {s.lower() for s in seen} <= set(known) | {
            "don't know"
        }:
            special = {s: "dont_know" for s in seen if s.lower() == "don't know"}
            return Scale.of(1, 5, labels=labels, special=special)
    numbers = {int(float(v)) for v in seen if re.fullmatch(r"\d{1,2}(\.0)?", v)}
    if len(numbers) < 2 or len(numbers) < len(seen) or len(numbers) > 12:
        return None
    special = {str(n): "not_applicable" for n in (99, 88) if n in numbers}
    inside = {n for n in numbers if str(n) not in special}
    for low, high in ((1, 5), (1, 7), (0, 10)):
        if len(inside) > 1 and min(inside) >= low and max(inside) <= high:
            return Scale.of(low, high, special=special)
    return None


def suggest(
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    kind: Kind | None = None,
) -> Mapping:
    """Guess a mapping from header words and sample values.

    Parameters
    ----------
    name
        The file's name; it names the survey and the mapping.
    columns, rows
        Header and sample rows, texts as staged.

    Returns
    -------
    Mapping
        Not yet checked: a required role may be missing, which the person is asked for.
    """
    chosen = kind or guess_kind(columns)
    key = normalised(Path(name).stem)[:40] or "survey"
    taken: set[str] = set()
    measures: set[str] = set()
    out = []
    for i, column in enumerate(columns):
        values = [r[i] or "" for r in rows]
        guessed = _column(chosen, column, values, taken, measures)
        if guessed is not None:
            if guessed.role not in ("item", "comment"):
                taken.add(guessed.role)
            out.append(guessed)
    return Mapping(
        key,
        chosen,
        Path(name).stem,
        tuple(out),
        survey_key=key if chosen == "survey" else "",
        survey_title=Path(name).stem if chosen == "survey" else "",
    )


def _column(
    kind: Kind, column: str, values: Sequence[str], taken: set[str], measures: set[str]
) -> Column | None:
    form = date_format(values)
    scale = rating_scale(values) if kind == "survey" else None
    named = [r for r, words in _WORDS[kind].items() if re.search(words, column, re.IGNORECASE)]
    for role in named:
        moment = ROLES[kind][role][1] == "moment"
        if (
            role in taken
            or moment != (form is not None)
            or (scale is not None and role != "weight")
        ):
            continue
        return Column(column, role, (form,) if form else ())
    if scale is not None:
        return Column(column, "item", item=_item(column, scale, measures))
    if form is not None and kind == "survey" and "submitted_at" not in taken:
        return Column(column, "submitted_at", (form,))
    return None


def _item(column: str, scale: Scale, measures: set[str]) -> Item:
    use: tuple[str, ...] = ()
    for measure, words in _MEASURES:
        fits = (scale.minimum, scale.maximum) == (0, 10) or measure != "nps"
        if measure not in measures and fits and re.search(words, column, re.IGNORECASE):
            measures.add(measure)
            use = (measure,)
            break
    return Item(column.strip()[:60], column.strip(), scale, measures=use)
