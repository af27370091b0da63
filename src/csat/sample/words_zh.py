"""Chinese words of the values of the sample, by the column that holds them."""

from __future__ import annotations

from typing import Final

from csat.sample.organisation import BRANCHES, CHANNELS, SEGMENTS, TOUCHPOINTS, Group


def _groups(groups: tuple[Group, ...]) -> dict[str, str]:
    return {group.name: group.name_zh for group in groups}


_BRANCHES: Final = _groups(BRANCHES)
_CATEGORIES: Final = {
    "Billing": "账单费用",
    "Service delivery": "供应与施工",
    "Staff conduct": "服务态度",
    "Appointments": "预约上门",
    "Information": "信息告知",
    "Facilities": "营业环境",
    "Digital": "线上渠道",
}
_SUBCATEGORIES: Final = {
    "Bill amount": "账单金额",
    "Payment": "缴费",
    "Refund": "退款",
    "Interruption": "停供",
    "Repair": "维修",
    "New connection": "新装接通",
    "Damage": "财产损坏",
    "Courtesy": "礼貌",
    "Competence": "业务能力",
    "Follow-through": "跟进",
    "Booking": "预约",
    "Visit": "上门",
    "Accuracy": "准确性",
    "Clarity": "清晰度",
    "Notice": "事先告知",
    "Access": "通行便利",
    "Comfort": "等候环境",
    "App": "手机应用",
    "Website": "网站",
    "Account": "账户",
}
_CAUSES: Final = {
    "Meter reading error": "抄表错误",
    "Estimated bill too high": "估算账单偏高",
    "Tariff applied wrongly": "价格套用错误",
    "Payment not credited": "缴费未入账",
    "Direct debit taken twice": "重复扣款",
    "Refund delayed": "退款延误",
    "Repeated outage": "反复停供",
    "Low pressure": "水压偏低",
    "Repair not completed": "维修未完成",
    "Fault returned": "故障复发",
    "Connection date missed": "接通逾期",
    "Property damaged": "损坏客户财物",
    "Dismissive staff": "员工态度敷衍",
    "Staff lacked knowledge": "员工业务不熟",
    "Call back not made": "未按承诺回电",
    "No slot available": "约不到时间",
    "Booking lost": "预约记录丢失",
    "Technician did not arrive": "师傅未上门",
    "Technician arrived late": "师傅迟到",
    "Wrong information given": "告知信息有误",
    "Contradictory answers": "答复前后矛盾",
    "Quotation hard to understand": "报价单难懂",
    "Planned works not announced": "施工未提前告知",
    "No step-free access": "缺少无障碍通道",
    "Parking not available": "停车不便",
    "Long queue at the counter": "柜台排队久",
    "App crashes": "手机应用闪退",
    "Reading upload fails": "读数上传失败",
    "Online form rejects entry": "网上表单无法提交",
    "Cannot log in": "无法登录",
}
_RATERS: Final = {f"Shopper {letter}": f"神秘顾客{letter}" for letter in "ABCDE"}
_EXPERTS: Final = {f"Expert {n}": f"专家{n}" for n in range(1, 5)}
_OWNERS: Final = {f"Manager {name}": f"{word}经理" for name, word in _BRANCHES.items()}

WORDS: Final[dict[str, dict[str, str]]] = {
    "branch": _BRANCHES,
    "channel": _groups(CHANNELS),
    "touchpoint": _groups(TOUCHPOINTS),
    "segment": _groups(SEGMENTS),
    "group": _groups((*CHANNELS, *TOUCHPOINTS, *SEGMENTS)),
    "category": _CATEGORIES,
    "subcategory": _SUBCATEGORIES,
    "cause": _CAUSES,
    "by": {"system": "系统", **{f"agent-{n:02d}": f"坐席{n:02d}" for n in range(1, 25)}},
    "outcome": {
        "explanation": "解释说明",
        "apology": "致歉",
        "refund": "退款",
        "repair": "修复",
        "none": "无措施",
    },
    "currency": {"EUR": "CNY"},
    "class": {
        "Breach of service norms": "违反服务规范",
        "Disclosure of customer data": "泄露客户信息",
        "Quality failure with complaint": "质量问题引发投诉",
        "Breach of professional ethics": "违反职业操守",
    },
    "violation": {
        "Dismissive towards a customer": "对客户敷衍冷淡",
        "Refused a service that is due": "推诿拒办应办业务",
        "Promise not kept knowingly": "故意不履行承诺",
        "Customer data shared": "外传客户资料",
        "Records left open": "客户档案未妥善保管",
        "Work skipped and signed off": "漏做工序仍签字完工",
        "Same fault left three times": "同一故障三次未修好",
        "Gift accepted": "收受礼品",
        "Readings invented": "编造抄表读数",
    },
    "responsibility": {"individual": "个人", "supervisor": "班组长", "department": "部门"},
    "sanction": {
        "warning": "警告",
        "fine": "罚款",
        "demotion": "降级",
        "dismissal": "解除劳动合同",
        "none: not proven": "不予处分（查无实据）",
    },
    "appeal_outcome": {"upheld": "维持", "overturned": "撤销"},
    "department": {
        "Front desk": "前台",
        "Field service": "现场服务部",
        "Call centre": "客服中心",
        "Billing": "账务部",
    },
    "rater": {**_RATERS, "Institute": "评估机构"},
    "organisation": {"Northline Institute": "北线服务评价研究院"},
    "edition": {"Service code 2.0": "《服务规范》2.0 版"},
    "criterion": {
        "Tangibles as a whole": "有形性总评",
        "Reliability as a whole": "可靠性总评",
        "Responsiveness as a whole": "响应性总评",
        "Assurance as a whole": "保证性总评",
        "Empathy as a whole": "移情性总评",
    },
    "finding": {
        "Identity is not checked at the counter": "柜台未核验身份",
        "Posted waiting time is out of date": "公示的等候时间未更新",
        "Screens can be read by the next in line": "后排客户能看到办理屏幕",
        "No signs from the car park": "停车场到营业厅没有指引",
        "Requests are sent on without a receipt": "转办申请未给回执",
        "Forms in one language only": "表单只有一种语言",
        "Badges are not worn": "员工未佩戴工牌",
        "Old price list on display": "张贴的价目表已过期",
        "Call-back promised without a date": "承诺回电却未约定日期",
    },
    "owner": {**_OWNERS, "Service quality": "服务质量部", "Metering": "计量部",
              "Riverside branch": "河畔营业厅", "Contact centre": "客服中心"},
    "evidence": {"Photo and signed checklist": "照片及签字的检查表"},
    "expert": _EXPERTS,
    "text": {
        "Rooms, forms and vans are clean and complete": "营业厅、表单和工程车整洁齐备",
        "What was agreed is done right the first time": "约定的事一次办好",
        "Nine complaints in ten are answered within a day and a half":
            "九成投诉在一天半内得到答复",
        "Advice is given by certified staff only": "只由持证员工提供咨询",
        "Every customer is asked what else is needed": "主动询问每位客户还需要什么",
        "Renovated branch opened on the day announced": "营业厅改造后按公布日期开放",
        "Connection completed on the day agreed": "按约定日期完成接通",
        "Call back by the day named": "在约定日期前回电",
        "Fixed price confirmed in writing by the day named": "在约定日期前书面确认一口价",
        "Personal adviser introduced by the day named": "在约定日期前安排专属顾问",
        "Answer within 48 hours": "48 小时内答复",
    },
    "source": {"advert": "广告", "sales": "销售", "contract": "合同"},
    "action": {
        "A photo with every meter reading": "每次抄表都拍照留底",
        "A second counter at Riverside": "河畔营业厅增开第二个柜台",
        "Call back within the hour": "一小时内回电",
        "Responsiveness": "响应性",
        "Waiting on the phone": "电话等候时间长",
        "Compared with the months before the spike, so that its end is not counted.":
            "与激增之前的月份比较，避免把激增自然消退算作成效。",
        "Simulated target of the board": "管理层目标（模拟）",
    },
}  # fmt: skip
"""Column -> English value -> Chinese word."""
