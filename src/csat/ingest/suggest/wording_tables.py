"""The words of answer scales in English and Chinese, from one end to the other."""

from __future__ import annotations

from typing import Final

Levels = tuple[tuple[str, ...], ...]
"""From the lowest rating to the highest: the words for each."""
STRONG: Final = ("strongly", "extremely", "completely", "totally", "entirely", "highly")
WEAK: Final = ("somewhat", "slightly", "a little", "rather", "fairly", "moderately", "mostly")
NEUTRAL: Final = ("neutral", "neither", "undecided", "no opinion either way")
PAIRS: Final[tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]] = (
    (
        ("dissatisfied", "unsatisfied"),
        ("satisfied",),
        ("neither satisfied nor dissatisfied", "neither dissatisfied nor satisfied"),
    ),
    (("disagree",), ("agree",), ("neither agree nor disagree", "neither disagree nor agree")),
    (("unlikely",), ("likely",), ("neither likely nor unlikely", "neither unlikely nor likely")),
    (
        ("difficult", "hard"),
        ("easy",),
        ("neither easy nor difficult", "neither difficult nor easy"),
    ),
    (("unimportant",), ("important",), ("neither important nor unimportant",)),
    (("unhelpful",), ("helpful",), ("neither helpful nor unhelpful",)),
    (
        ("unfavorably", "unfavourably", "unfavorable", "unfavourable"),
        ("favorably", "favourably", "favorable", "favourable"),
        ("neither favorably nor unfavorably", "neither favourably nor unfavourably"),
    ),
    (("negative",), ("positive",), ("neither positive nor negative",)),
    (("bad", "poor"), ("good",), ("neither good nor bad", "average", "fair", "ok", "okay")),
)
ONE_WAY: Final = (
    *("important", "likely", "satisfied", "easy", "helpful", "useful", "confident"),
    *("willing", "clear", "friendly", "knowledgeable", "responsive", "well", "professional"),
)
GRADES: Final[tuple[Levels, ...]] = (
    (("poor",), ("fair",), ("good",), ("excellent",)),
    (("poor",), ("fair",), ("good",), ("very good",), ("excellent",)),
    (
        ("very poor", "very bad", "terrible", "awful"),
        ("poor", "bad"),
        ("fair", "average", "ok", "okay", "acceptable", "neutral", "neither good nor poor"),
        ("good",),
        ("very good", "excellent"),
    ),
    (
        ("much worse than expected", "far below expectations"),
        ("worse than expected", "below expectations"),
        ("as expected", "about what i expected", "met expectations", "meets expectations"),
        ("better than expected", "above expectations", "exceeded expectations"),
        ("much better than expected", "far exceeded expectations", "far above expectations"),
    ),
    (("never",), ("sometimes",), ("usually",), ("always",)),
    (
        ("never",),
        ("rarely", "seldom"),
        ("sometimes", "occasionally"),
        ("often", "usually", "frequently"),
        ("always", "very often"),
    ),
    (  # how one feels about a feature (Kano), in the order of its codes
        ("i like it", "i like it that way", "like", "i enjoy it that way", "很喜欢", "我很喜欢"),
        (
            *("must be", "must-be", "it must be that way", "i expect it", "expect it"),
            *("i expect it to be that way", "理应如此", "它理应如此", "理所当然", "必须如此"),
        ),
        ("neutral", "i am neutral", "i don't care", "无所谓", "我无所谓"),
        (
            *("i can live with it", "live with it", "can live with", "i can tolerate it"),
            *("i can live with it that way", "勉强接受", "能忍受", "可以忍受", "能够忍受"),
        ),
        ("i dislike it", "dislike", "i dislike it that way", "很不喜欢", "我很不喜欢"),
    ),
    (("差",), ("中", "一般"), ("良", "良好"), ("优", "优秀")),
    (
        ("很差", "非常差", "极差"),
        ("差", "较差", "比较差"),
        ("一般", "中", "中等", "普通"),
        ("好", "较好", "比较好", "良好"),
        ("很好", "非常好", "极好", "优秀"),
    ),
    (
        ("从不", "从未"),
        ("很少", "偶尔"),
        ("有时", "一般"),
        ("经常", "常常"),
        ("总是", "一直"),
    ),
)
ROOTS: Final = (
    *("满意", "同意", "赞同", "认同", "符合", "重要", "容易", "可能", "愿意", "必要", "方便"),
    *("清楚", "及时", "专业", "关注", "喜欢"),
)
VERY: Final = ("非常", "很", "十分", "极其", "极", "完全", "强烈", "特别", "最")
QUITE: Final = ("", "比较", "较", "较为")
BIT: Final = ("有点", "稍微", "略", "略微", "有些")
MIDDLE: Final = (
    *("一般", "中立", "普通", "无所谓", "说不清", "不确定", "基本", "尚可", "不好说"),
    *("既不同意也不反对",),
)
TRADITIONAL: Final = str.maketrans("滿讚認較極強時從經總優務點", "满赞认较极强时从经总优务点")
SPECIAL: Final[dict[str, tuple[str, ...]]] = {
    "dont_know": (
        *("don't know", "dont know", "do not know", "dk", "not sure", "unsure", "no opinion"),
        *("can't say", "cannot say", "can't remember", "unknown", "i don't know", "no idea"),
        *("不知道", "不清楚", "不了解", "说不清", "不确定", "不好说", "不记得", "没有意见"),
    ),
    "not_applicable": (
        *("n/a", "na", "#n/a", "not applicable", "does not apply", "not relevant", "none"),
        *("unfamiliar", "not familiar", "不适用", "不涉及", "无", "无关", "没有", "不熟悉"),
    ),
    "never_used": (
        *("never used", "not used", "have not used", "did not use", "haven't used"),
        *("未使用", "没用过", "没有用过", "从未使用", "未接触", "没有使用过"),
    ),
    "blank": (
        *("no answer", "no response", "not answered", "prefer not to say", "refused", "blank"),
        *("null", "nan", "missing", "skipped", "-", "--", ".", "*", "**", "***", "****", "*****"),
        *("未答", "未填", "未作答", "拒答", "空", "跳过", "不愿回答"),
    ),
}
