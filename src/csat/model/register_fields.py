"""What stands in the columns of a register: their headings, and how their cells are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from csat.model.message import Message, msg
from csat.model.problem import UsageProblem
from csat.model.registers import DIRECTIONS, PERCENTILE, Entry, Promise, Standard
from csat.model.vocabulary import SERVQUAL_DIMENSIONS

_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_MOST_LETTERS: Final = 500


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a register: its name, headings by language, and what to write into it."""

    name: str
    en: str
    zh: str
    about: str
    about_zh: str
    read: Callable[[str], Any]
    required: bool = False

    def heading(self, language: str) -> str:
        """Return the heading of the column in a template."""
        return self.zh if language.startswith("zh") else self.en


_YES: Final = frozenset({"yes", "y", "true", "1", "x", "是", "有", "已"})
_NO: Final = frozenset({"no", "n", "false", "0", "否", "无", "未"})
_WORDS: Final[dict[str, str]] = {
    **{"≥": "at least", ">=": "at least", "不低于": "at least", "至少": "at least"},
    **{"≤": "at most", "<=": "at most", "不超过": "at most", "至多": "at most"},
    **{"均值": "mean", "平均": "mean", "最大值": "max", "占比": "share", "比例": "share"},
    **{"可靠性": "reliability", "响应性": "responsiveness", "保证性": "assurance"},
    **{"移情性": "empathy", "有形性": "tangibles"},
}


def text_of(cell: str) -> str:
    """Return a text of at most 500 characters; raises UsageProblem for a longer one."""
    if len(cell) > _MOST_LETTERS:
        raise _wrong(cell[:40] + "…", msg("Write at most {n} characters", n=_MOST_LETTERS))
    return cell


def yes_or_no(cell: str) -> bool | None:
    """Read yes or no; an empty cell is None.

    Examples
    --------
    >>> yes_or_no("是"), yes_or_no("No"), yes_or_no("")
    (True, False, None)
    """
    word = cell.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if not word:
        return None
    raise _wrong(cell, msg("Write yes or no"))


def number_or_none(cell: str) -> float | None:
    """Read a number, with a point or a comma; raises UsageProblem for anything else."""
    plain = cell.removesuffix("%").strip()
    if not plain:
        return None
    if not _NUMBER.fullmatch(plain):
        raise _wrong(cell, msg("Write a number such as 24 or 0.5, without a unit"))
    return float(plain.replace(",", "."))


def day_or_none(cell: str) -> date | None:
    """Read a day such as 2026-09-30 or 2026/9/30; raises UsageProblem for anything else."""
    if not cell:
        return None
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?", cell)
    try:
        if parts:
            return date(*(int(p) for p in parts.groups()))
    except ValueError:
        pass
    raise _wrong(cell, msg("Write days as 2026-09-30"))


def day_or_number(cell: str) -> date | float | None:
    """Read a day or a number; raises UsageProblem for anything else.

    Examples
    --------
    >>> day_or_number("2026-03-01"), day_or_number("48")
    (datetime.date(2026, 3, 1), 48.0)
    """
    if _NUMBER.fullmatch(cell) or not cell:
        return number_or_none(cell)
    return day_or_none(cell)


def _known(cell: str, options: Mapping[str, str] | tuple[str, ...], default: str = "") -> str:
    word = _WORDS.get(cell, cell.lower())
    if not word:
        return default
    if word not in options:
        raise _wrong(cell, msg("Use one of: {names}", names=", ".join(options)))
    return word


def direction(cell: str) -> str:
    """Read "at least" or "at most", also as a sign; an empty cell is "at least"."""
    return _known(cell, DIRECTIONS, "at least")


def statistic(cell: str) -> str:
    """Read a statistic; raises UsageProblem for one that is not known.

    Examples
    --------
    >>> statistic("P90"), statistic("均值")
    ('p90', 'mean')
    """
    word = _WORDS.get(cell, cell.lower())
    found = PERCENTILE.fullmatch(word)
    if found and 0 < float(found[1]) < 100:
        return word
    if word in ("", "mean", "max", "share"):
        return word
    raise _wrong(cell, msg("Use one of: {names}", names="mean, max, share, p50, p90, p95"))


def dimension(cell: str) -> str:
    """Read the key of a dimension, also by the Chinese names of the usual five."""
    word = _WORDS.get(cell, cell)
    return word.lower() if word.lower() in SERVQUAL_DIMENSIONS else word


def _wrong(cell: str, remedy: Message) -> UsageProblem:
    return UsageProblem(msg("'{value}' cannot be read", value=cell), remedy)


def _flag(cell: str) -> bool:
    return bool(yes_or_no(cell))


_CODE: Final = Field(
    "code", "Code", "编号", "A short name of its own, such as 01",
    "每条唯一的编号，例如 01", text_of, required=True,
)  # fmt: skip
_DIMENSION: Final = Field(
    "dimension", "Dimension", "维度", "reliability, responsiveness, assurance, empathy, tangibles, "
    "or a dimension of your own", "可靠性、响应性、保证性、移情性、有形性，或自定义维度", dimension,
)  # fmt: skip
_DIRECTION: Final = Field(
    "direction", "Direction", "方向", "at least or at most", "不低于 或 不超过", direction
)
FIELDS: Final[dict[str, tuple[Field, ...]]] = {
    "standards": (
        _CODE,
        Field("text", "Standard", "标准", "What it says, in words", "标准内容", text_of,
              required=True),
        Field("touchpoint", "Touchpoint", "触点", "Empty: all of them", "留空表示全部触点",
              text_of),
        _DIMENSION,
        Field("metric", "Metric", "指标", "response_time, resolution_time (hours), audit, the key "
              "of a service target, or a metric such as csat_top_box",
              "response_time、resolution_time（小时）、audit、服务目标的键，或 csat_top_box 等指标",
              text_of),
        Field("statistic", "Statistic", "统计量", "mean, max, share, or p90 and the like",
              "均值、最大值、占比，或百分位数如 p90", statistic),
        Field("target", "Target", "目标值", "A number in the metric's unit",
              "以指标单位计的数值", number_or_none),
        _DIRECTION,
        Field("written", "Written", "成文", "yes or no", "是 或 否", _flag),
        Field("measurable", "Measurable", "可衡量", "yes or no", "是 或 否", _flag),
        Field("owner", "Owner", "责任人", "Role or department, no person's name needed",
              "岗位或部门，无需姓名", text_of),
        Field("valid_to", "Valid to", "有效期至", "Last day, as 2026-12-31; empty: no end",
              "最后有效日，如 2026-12-31；留空表示长期有效", day_or_none),
    ),
    "promises": (
        _CODE,
        Field("source", "Source", "来源", "advert, sales, contract ...", "广告、销售、合同等",
              text_of),
        Field("text", "Promise", "承诺", "What was promised, in words", "承诺内容", text_of,
              required=True),
        _DIMENSION,
        Field("promised", "Promised", "承诺值或日期", "A day or a number", "日期或数值",
              day_or_number),
        Field("delivered", "Delivered", "实际值或日期", "A day or a number; empty: not yet",
              "日期或数值；留空表示尚未兑现", day_or_number),
        _DIRECTION,
        Field("broken", "Broken", "未兑现", "yes or no; empty: told by the two before",
              "是 或 否；留空则由前两列判断", yes_or_no),
    ),
}  # fmt: skip
"""Register -> its columns, in the order of the template."""
_MADE: Final[dict[str, type[Standard] | type[Promise]]] = {
    "standards": Standard,
    "promises": Promise,
}


def read_entry(register: str, cells: Mapping[str, str | None]) -> Entry:
    """Make an entry from texts.

    Parameters
    ----------
    cells
        Name of a field -> what is written there; what is left out is empty.

    Raises
    ------
    UsageProblem
        Naming the column, the value, and what to write instead.

    Examples
    --------
    >>> made = read_entry("standards", {"code": "S1", "text": "Answer", "statistic": "P90"})
    >>> made.percentile
    0.9
    """
    values: dict[str, Any] = {}
    for field in FIELDS[register]:
        cell = (cells.get(field.name) or "").strip()
        if field.required and not cell:
            raise UsageProblem(
                msg("Column '{column}' is empty", column=field.en),
                msg("Fill it in, or take the row out"),
            )
        try:
            values[field.name] = field.read(cell)
        except UsageProblem as problem:
            raise UsageProblem(
                msg("Column '{column}': {what}", column=field.en, what=problem.title),
                problem.remedy,
            ) from problem
    made = _MADE[register](**values)
    if isinstance(made, Promise) and len(_kinds(made)) > 1:
        raise UsageProblem(
            msg("Promised and delivered are a day and a number"), msg("Give two of one kind")
        )
    return made


def _kinds(promise: Promise) -> set[type[object]]:
    return {type(v) for v in (promise.promised, promise.delivered) if v is not None}


def cells_of(entry: Entry) -> dict[str, str]:
    """Return an entry as texts that `read_entry` reads back to an equal one."""
    return {name: _cell(value) for name, value in asdict(entry).items()}


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)
