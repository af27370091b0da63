"""Who the simulated organisation is: branches, channels, touchpoints, segments.

Shares are of survey answers and of customers. A lean moves satisfaction (in standard deviations
of the general impression) and only exists when effects are planted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NAME_EN: Final = "Harbour Utilities"
NAME_ZH: Final = "海港公用事业"


@dataclass(frozen=True, slots=True)
class Group:
    """One value of a cut."""

    name: str
    name_zh: str
    share: float
    lean: float = 0.0
    complaint_rate: float = 1.0
    """Complaints per customer relative to the average; used for branches."""


SLIDING_BRANCH: Final = "Riverside"
STABLE_BRANCH: Final = "University"
SMALL_BRANCH: Final = "Lighthouse Point"
IMPROVED_TOUCHPOINT: Final = "Appointment"

BRANCHES: Final = (
    Group("Harbour Street", "海港街营业厅", 0.17, 0.05, 0.95),
    Group("Old Town", "老城营业厅", 0.12, -0.08, 1.15),
    Group("North Gate", "北门营业厅", 0.11, 0.00, 1.00),
    Group("University", "大学营业厅", 0.08, 0.00, 0.90),
    Group("Airport Road", "机场路营业厅", 0.07, -0.12, 1.20),
    Group("Riverside", "河畔营业厅", 0.10, 0.00, 1.00),
    Group("Hillcrest", "山顶营业厅", 0.06, 0.15, 0.80),
    Group("Market Square", "集市广场营业厅", 0.09, 0.03, 1.00),
    Group("East Quay", "东码头营业厅", 0.06, -0.05, 1.05),
    Group("Parkside", "公园营业厅", 0.05, 0.10, 0.85),
    Group("Station", "车站营业厅", 0.09, -0.03, 1.10),
    Group("Lighthouse Point", "灯塔角营业厅", 0.00),
)
CHANNELS: Final = (
    Group("Branch", "营业厅", 0.22, 0.03),
    Group("Phone", "电话", 0.34, -0.05),
    Group("Web", "网站", 0.18, 0.00),
    Group("App", "手机应用", 0.17, 0.08),
    Group("E-mail", "电子邮件", 0.09, -0.08),
)
TOUCHPOINTS: Final = (
    Group("Enquiry", "咨询", 0.17, 0.05),
    Group("Appointment", "预约", 0.12, 0.00),
    Group("Reception", "接待", 0.09, 0.10),
    Group("Diagnosis", "故障诊断", 0.08, 0.00),
    Group("Quotation", "报价", 0.06, -0.05),
    Group("Service delivery", "上门服务", 0.19, 0.04),
    Group("Handover", "验收移交", 0.06, 0.06),
    Group("Billing", "账单", 0.12, -0.10),
    Group("Follow-up", "回访", 0.06, 0.02),
    Group("Complaint handling", "投诉处理", 0.05, -0.30),
)
SEGMENTS: Final = (
    Group("New household", "新装家庭", 0.14, -0.02),
    Group("Established household", "老用户家庭", 0.37, 0.02),
    Group("Senior", "老年客户", 0.15, 0.10),
    Group("Student", "学生租客", 0.09, -0.06),
    Group("Small business", "小微企业", 0.12, -0.06),
    Group("Large business", "大型企业", 0.03, 0.00),
    Group("Public sector", "公共机构", 0.03, 0.02),
    Group("Landlord", "房东", 0.07, -0.04),
)

CHANNELS_AT: Final = {
    "Enquiry": (0.20, 0.40, 0.16, 0.12, 0.12),
    "Appointment": (0.12, 0.42, 0.20, 0.22, 0.04),
    "Reception": (0.72, 0.22, 0.02, 0.02, 0.02),
    "Quotation": (0.20, 0.22, 0.18, 0.10, 0.30),
    "Billing": (0.10, 0.26, 0.28, 0.26, 0.10),
}
"""Channel shares of the touchpoints that differ from the average; order of `CHANNELS`."""

LANGUAGES: Final = ("en", "zh")
CHINESE_SHARE: Final = 0.30


def names(groups: tuple[Group, ...]) -> list[str]:
    """List the English names of the values of a cut.

    Examples
    --------
    >>> names(CHANNELS)
    ['Branch', 'Phone', 'Web', 'App', 'E-mail']
    """
    return [group.name for group in groups]
