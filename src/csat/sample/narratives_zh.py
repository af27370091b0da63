"""Chinese phrases that complaint narratives are assembled from; same shape as the English."""

from __future__ import annotations

from typing import Final

CAUSES: Final = {
    "Meter reading error": ("账单上的读数和我的表不一致。", "抄表抄错了，两位数字颠倒了。"),
    "Estimated bill too high": (
        "账单按估算收费，是平时用量的两倍。",
        "已经第三次按过高的估算出账单了。",
    ),
    "Tariff applied wrongly": ("我是居民用户，却按商业价格收费。", "新价格的起算日期弄错了。"),
    "Payment not credited": ("按时付款却收到催缴单和滞纳金。", "上个月的转账没有入账。"),
    "Direct debit taken twice": ("一周之内同一笔费用扣了两次。", "重复扣款导致我的账户透支。"),
    "Refund delayed": ("书面确认的退款至今没有到账。", "退款等了六个多星期。"),
    "Repeated outage": ("我们这条街本月已经第三次停供。", "晚上又停电，几个小时后才恢复。"),
    "Low pressure": ("高层水压低了好几天。", "自从门口施工以后，水龙头几乎不出水。"),
    "Repair not completed": ("施工队挖开人行道后就没再来。", "漏水只是临时堵住，一直没有修好。"),
    "Fault returned": ("修好的故障四天后又出现了。", "换了零件，锅炉控制器还是出故障。"),
    "Connection date missed": ("约定的接通日期已过，没有人来施工。", "接通没完成，店铺无法开业。"),
    "Property damaged": ("施工时弄坏了我家的院墙。", "师傅打碎了两块瓷砖，一声不吭就走了。"),
    "Dismissive staff": ("柜台人员说话很不耐烦。", "话没说完电话就被挂断了。"),
    "Staff lacked knowledge": ("电话里没人知道搬家怎么办手续。", "每个问题客服都要去问同事。"),
    "Call back not made": ("两次答应回电话，都没有回。", "说好一天内回电，已经过了两个星期。"),
    "No slot available": ("未来四个星期都约不上。", "预约页面每天都显示没有名额。"),
    "Booking lost": ("已确认的预约，到了现场却查不到。", "我的预约在系统里不见了。"),
    "Technician did not arrive": ("在家等了一上午，没有人来。", "短信确认了上门时间，却没人出现。"),
    "Technician arrived late": ("师傅比约定时间晚了三个小时。", "约的是上午，结果晚上才来。"),
    "Wrong information given": ("告诉我不用押金，后来又要交。", "信上写的营业时间是错的。"),
    "Contradictory answers": ("电话和营业厅的说法正好相反。", "每个人说的截止日期都不一样。"),
    "Quotation hard to understand": ("报价单上全是代码，没有说明。", "看不出报价里包含什么。"),
    "Planned works not announced": ("计划施工停供，事先没有任何通知。", "封路施工，居民都不知道。"),
    "No step-free access": ("我坐轮椅，进不了营业厅。", "电梯坏了好几个星期。"),
    "Parking not available": ("客户车位全被你们自己的车占了。", "营业厅附近没有地方停车。"),
    "Long queue at the counter": (
        "只开一个窗口，排队一个多小时。",
        "排了很久，到下班时间被打发走。",
    ),
    "App crashes": ("一打开账单应用程序就闪退。", "上次更新以后应用程序打不开。"),
    "Reading upload fails": ("每次上传表的照片都被拒绝。", "提交读数试了五次都报错。"),
    "Online form rejects entry": (
        "网上表单不接受我的客户编号。",
        "填了三次表单都被退回，没有原因。",
    ),
    "Cannot log in": ("无法登录，也收不到重置密码的邮件。", "账户被锁，没人能解开。"),
}

CONSEQUENCES: Final = (
    "",
    "",
    "我已经打过两次电话。",
    "这是今年第二次了。",
    "为此我请了一天假。",
    "邻居也有同样的问题。",
    "我有照片，可以提供。",
    "我们是多年的老客户。",
)
REQUESTS: Final = (
    "",
    "",
    "请核实并更正。",
    "请告知何时能解决。",
    "希望得到书面答复。",
    "要求退还差额。",
    "请下午给我打电话。",
)
SEPARATOR: Final = ""
