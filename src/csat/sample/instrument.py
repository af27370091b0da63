"""The questionnaire of the sample: dimensions, their planted levels, and 22 items.

The items follow the order and the dimensions of the 22-item service-quality form; their wording
is our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of service quality and the mean ratings planted for it (1 to 7)."""

    key: str
    name_en: str
    name_zh: str
    desired: float
    adequate: float
    perceived: float
    weight: float
    """Part that the dimension has in overall satisfaction."""
    points: int = 20
    """Mean of the 100 points that respondents give to the dimension."""
    predicted: float = 5.0
    """Mean of what customers expect to get, which is no standard."""

    @property
    def gap(self) -> float:
        """Planted mean of perception minus desired level.

        Examples
        --------
        >>> Dimension("x", "X", "X", 6.5, 4.5, 5.5, 0.1).gap
        -1.0
        """
        return round(self.perceived - self.desired, 2)


@dataclass(frozen=True, slots=True)
class Item:
    """One statement of the questionnaire."""

    number: int
    dimension: str
    wording_en: str
    wording_zh: str
    lean: float
    """How far the item's mean lies from its dimension's mean; zero on average."""


DIMENSIONS: Final = (
    Dimension("tangibles", "Tangibles", "有形性", 6.2, 4.4, 5.8, 0.10, 11, 5.5),
    Dimension("reliability", "Reliability", "可靠性", 6.6, 4.9, 5.2, 0.36, 31, 5.4),
    Dimension("responsiveness", "Responsiveness", "响应性", 6.5, 4.8, 5.4, 0.30, 24, 5.5),
    Dimension("assurance", "Assurance", "保证性", 6.4, 4.7, 5.6, 0.20, 18, 5.4),
    Dimension("empathy", "Empathy", "移情性", 6.3, 4.5, 5.6, 0.18, 16, 5.2),
)

ITEMS: Final = (
    Item(
        1,
        "tangibles",
        "The tools and devices in use are up to date.",
        "所用的工具和设备先进。",
        0.05,
    ),
    Item(2, "tangibles", "The customer centre is clean and inviting.", "营业厅干净、舒适。", 0.10),
    Item(3, "tangibles", "Employees are tidily dressed.", "员工着装整洁。", 0.05),
    Item(
        4, "tangibles", "Bills and leaflets are easy on the eye.", "账单和资料版面清楚美观。", -0.20
    ),
    Item(5, "reliability", "Agreed dates are kept.", "约定的日期都能遵守。", -0.10),
    Item(
        6,
        "reliability",
        "When something goes wrong for me, it is taken seriously until it is solved.",
        "我遇到问题时，会有人认真跟进直到解决。",
        0.00,
    ),
    Item(7, "reliability", "Work is on the whole done well.", "工作总体完成得好。", -0.05),
    Item(
        8,
        "reliability",
        "The service comes at the hour I was told.",
        "在告知我的时间提供服务。",
        0.05,
    ),
    Item(9, "reliability", "Bills and account data are correct.", "账单和账户资料准确无误。", 0.10),
    Item(
        10,
        "responsiveness",
        "I am told in advance when the work will happen.",
        "事先告知我服务的时间。",
        0.10,
    ),
    Item(
        11, "responsiveness", "My request is dealt with quickly.", "我的请求很快得到处理。", -0.10
    ),
    Item(12, "responsiveness", "Employees are glad to lend a hand.", "员工乐意伸出援手。", 0.05),
    Item(
        13,
        "responsiveness",
        "I reach someone even at busy times.",
        "即使在繁忙时段也能找到人。",
        -0.05,
    ),
    Item(14, "assurance", "I trust what employees tell me.", "我相信员工所说的话。", 0.00),
    Item(
        15,
        "assurance",
        "My payments and my data are in safe hands.",
        "我的付款和资料很安全。",
        0.10,
    ),
    Item(16, "assurance", "I am treated politely every time.", "每次都受到礼貌对待。", 0.05),
    Item(
        17, "assurance", "Employees know the answer to my question.", "员工能解答我的问题。", -0.15
    ),
    Item(
        18,
        "empathy",
        "I am treated as a person, not as a number.",
        "把我当作一个人而不是编号。",
        -0.05,
    ),
    Item(19, "empathy", "The opening hours fit my day.", "营业时间适合我的作息。", 0.05),
    Item(20, "empathy", "Someone takes time for my situation.", "有人花时间了解我的情况。", 0.00),
    Item(21, "empathy", "Advice is given in my interest.", "建议是为我着想的。", 0.05),
    Item(22, "empathy", "They understand what I need.", "他们明白我需要什么。", -0.05),
)

FORMER_WORDING: Final = {
    7: ("Work is right at the first visit.", "一次上门就把工作做对。"),
}
"""Wordings of the form "2024" that the form "2026" replaced, by item number."""

VIEWPOINTS: Final = (
    ("D", "desired", "desired level"),
    ("A", "adequate", "minimum acceptable level"),
    ("P", "perceived", "perception"),
)
"""Column prefix, attribute of `Dimension` and name of each viewpoint of the form."""

PREDICTED: Final = "L"
"""Column prefix of the level that is predicted ("likely"), asked of a quarter."""

NOT_APPLICABLE: Final = 9
"""Special code of a perception that does not apply."""


def points_column(dimension: str) -> str:
    """Name the survey column of the points for a dimension.

    Examples
    --------
    >>> points_column("empathy")
    'W_empathy'
    """
    return f"W_{dimension}"


def column(prefix: str, number: int) -> str:
    """Name the survey column of one rating.

    Examples
    --------
    >>> column("P", 7)
    'P07'
    """
    return f"{prefix}{number:02d}"
