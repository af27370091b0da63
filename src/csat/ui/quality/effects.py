"""What punishes and what rewards: penalty and reward of dimensions, and Kano of features."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from csat.charts.sides import Side, TwoSides, two_sides
from csat.charts.wording import sentences
from csat.model.filters import Filters
from csat.model.message import N_, Message, msg
from csat.queries.kano import Feature, KanoAnswer
from csat.queries.penalty_reward import PenaltyRewardAnswer
from csat.stats.kano import CLASSES
from csat.stats.penalty_reward import Asymmetry, Effect
from csat.ui.cached import cached
from csat.ui.charts import draw, show_table
from csat.ui.language import dark, formats, t
from csat.ui.quality.words import dimension_name, listed, question_words
from csat.ui.view import View

ROLES: Final[dict[str, str]] = {
    "basic": N_("basic"),
    "performance": N_("performance"),
    "excitement": N_("excitement"),
    "unclear": N_("not clear"),
}
_ROLE_SENTENCES: Final[dict[str, str]] = {
    "basic": N_("**{names}: low ratings cost satisfaction, high ones add nothing.**"),
    "performance": N_("**{names}: low ratings cost satisfaction, high ones add to it.**"),
    "excitement": N_("**{names}: high ratings add satisfaction, low ones cost none.**"),
}
KANO_CLASSES: Final[dict[str, str]] = {
    "M": N_("Must-be"),
    "O": N_("Linear"),
    "A": N_("Delight"),
    "I": N_("Indifferent"),
    "R": N_("Unwanted"),
    "Q": N_("Contradictory"),
}
_KANO_SENTENCES: Final[dict[str, str]] = {
    "M": N_("**Taken for granted – missing, it annoys; present, it wins nothing**: {names}"),
    "O": N_("**Linear – the more of it, the better**: {names}"),
    "A": N_("**A delight when it is there, not missed when it is not**: {names}"),
    "I": N_("**Makes no difference**: {names}"),
    "R": N_("**Better left out**: {names}"),
    "Q": N_("**Answers contradict each other**: {names}"),
}
_MOST_NAMED: Final = 3


def penalty_and_reward(filters: Filters, view: View) -> None:
    """Draw what a low rating of each dimension costs, and what a high one adds."""
    st.header(t("What punishes, what rewards"), anchor=False)
    answer: PenaltyRewardAnswer = cached("penalty_reward", filters, view.limits)
    if answer.note is not None:
        st.info(t(answer.note), icon=":material/info:")
        return
    f = formats()
    st.markdown("  \n".join(_roles(answer)))
    rows = [
        TwoSides(
            row.name,
            dimension_name(row.name),
            _effect(row.penalty, clear=row.role in ("basic", "performance")),
            _effect(row.reward, clear=row.role in ("excitement", "performance")),
            t(ROLES[row.role]),
            _told(row, answer),
        )
        for row in answer.rows
    ]
    beside = t("kind")
    empty = t("Too few low and high ratings to compare")
    picture = two_sides(
        rows, fmt=f.value, dark=dark(), unit="rating", beside=beside, empty=empty, apart=True
    )
    draw(picture, sentences(_roles(answer), t=t).replace("*", ""), key="penalty-reward")
    bands = {band for name, band in answer.bands.items() if name not in answer.rescaled}
    lines = [
        t(
            msg(
                "Orange: a low rating; blue: a high one. Points of overall satisfaction beside a "
                "middling rating, the other dimensions held, with 95% intervals. Hollow: may be "
                "chance. Association, not cause (R² {r2}, n {n}).",
                r2=f.value(answer.r_squared, "rating"),
                n=f.count(answer.n or 0),
            )
        )
    ]
    if len(bands) == 1:
        low, high = bands.pop()
        low_text, high_text = _short(low), _short(high)
        lines.append(t(msg("Low: up to {low}; high: from {high}.", low=low_text, high=high_text)))
    lines += [t(note) for note in answer.notes]
    if answer.rescaled:
        lines.append(t("Of places on a scale, the lower half is low, and the upper sixth is high."))
    st.caption(sentences(lines, t=t))
    with st.expander(t("Table"), icon=":material/table:", key="table-penalty-reward"):
        show_table(_effects(answer), alt=t("What punishes, what rewards"))


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _roles(answer: PenaltyRewardAnswer) -> list[str]:
    """Say which dimensions only punish, only reward, or do both."""
    found = []
    for role, text in _ROLE_SENTENCES.items():
        names = [dimension_name(r.name) for r in answer.rows if r.role == role]
        if names:
            found.append(t(Message(text, {"names": listed(names)})))
    return found or [t("**No dimension clearly costs or adds satisfaction by itself.**")]


def _effect(effect: Effect, *, clear: bool) -> Side | None:
    if effect.points is None:
        return None
    return Side(effect.points, effect.low, effect.high, clear)


def _told(row: Asymmetry, answer: PenaltyRewardAnswer) -> tuple[str, ...]:
    f = formats()
    lines = []
    for text, effect in (
        (N_("low rating: {points} ({interval}), n {n}"), row.penalty),
        (N_("high rating: {points} ({interval}), n {n}"), row.reward),
    ):
        if effect.points is not None:
            parts = {
                "points": f.difference(effect.points, "rating"),
                "interval": f.interval(effect.low, effect.high, "rating"),
                "n": _base(answer, effect),
            }
            lines.append(t(Message(text, parts)))
    return (*lines, t(ROLES[row.role]))


def _base(answer: PenaltyRewardAnswer, effect: Effect) -> str:
    size = answer.size(effect)
    return t("withheld") if size is None else formats().count(size)


def _effects(answer: PenaltyRewardAnswer) -> pd.DataFrame:
    f, rows = formats(), answer.rows

    def sides(part: Callable[[Asymmetry], Effect]) -> tuple[list[str], list[str], list[str]]:
        effects = [part(r) for r in rows]
        return (
            [f.difference(e.points, "rating") for e in effects],
            [f.interval(e.low, e.high, "rating") for e in effects],
            [_base(answer, e) for e in effects],
        )

    penalty, reward = sides(lambda r: r.penalty), sides(lambda r: r.reward)
    return pd.DataFrame(
        {
            t("Dimension"): [dimension_name(r.name) for r in rows],
            t("Penalty (points)"): penalty[0],
            t("Penalty, 95% interval"): penalty[1],
            t("n low"): penalty[2],
            t("Reward (points)"): reward[0],
            t("Reward, 95% interval"): reward[1],
            t("n high"): reward[2],
            t("Span (points)"): [f.value(r.span, "rating") for r in rows],
            t("Asymmetry (−1 to 1)"): [
                f.value(None if r.role == "unclear" else r.asymmetry, "rating") for r in rows
            ],
            t("Kind"): [t(ROLES[r.role]) for r in rows],
        }
    )


def kano_features(filters: Filters, view: View) -> None:
    """Draw what each feature does to satisfaction when it is there and when it is missing."""
    st.header(t("Must-be or delight (Kano)"), anchor=False)
    answer: KanoAnswer = cached("kano", filters, view.limits)
    if answer.note is not None:
        st.info(t(answer.note), icon=":material/info:")
        if not answer.asked:
            asks = t("The questionnaire “Must-be or delight (Kano)” under Questionnaires asks so.")
            st.caption(asks)
        return
    f = formats()
    said = _classes(answer.rows)
    st.markdown("  \n".join(said))
    rows = [_sides(row) for row in answer.rows]
    empty = t("Withheld: too few answers")
    picture = two_sides(
        rows, fmt=f.value, dark=dark(), unit="percent", beside=t("class"), empty=empty
    )
    draw(picture, sentences(said, t=t).replace("*", ""), key="kano")
    key = t(
        "Left: share whom its absence makes dissatisfied; right: share whom it pleases, each "
        "with its 95% interval. “?”: two classes are too close to tell apart."
    )
    st.caption(f"{key} {_bases(answer.rows)}")
    faulty = [
        question_words(r.key, r.wording) for r in answer.rows if r.found and r.found.wording_fault
    ]
    if faulty:
        told = msg(
            "Many answers contradict themselves; check the wording: {names}",
            names=t("; ").join(faulty),
        )
        st.warning(t(told), icon=":material/warning:")
    with st.expander(t("Table"), icon=":material/table:", key="table-kano"):
        show_table(_features(answer.rows), alt=t("Must-be or delight (Kano)"))


def _bases(rows: Sequence[Feature]) -> str:
    """Return how many answered both questions on a feature, from the fewest to the most."""
    found, f = sorted({r.found.n for r in rows if r.found}), formats()
    if not found:
        return ""
    ends = dict.fromkeys((f.count(found[0]), f.count(found[-1])))
    return t(msg("n {n}", n=" – ".join(ends)))


def _classes(rows: Sequence[Feature]) -> list[str]:
    """Say of each class which features are in it, those that matter most first."""
    found = []
    for name, text in _KANO_SENTENCES.items():
        own = [
            question_words(r.key, r.wording) for r in rows if r.found and r.found.decided == name
        ]
        if own:
            names = t("; ").join(own[:_MOST_NAMED])
            if len(own) > _MOST_NAMED:
                more = msg("{names}; and {n} more", names=names, n=len(own) - _MOST_NAMED)
                names = t(more)
            found.append(t(Message(text, {"names": names})))
    return found or [t("**Too few answers to tell the classes apart (30 needed).**")]


def _sides(row: Feature) -> TwoSides:
    f, k = formats(), row.found
    if k is None:
        return TwoSides(row.key, question_words(row.key, row.wording), None, None, t("withheld"))
    sides: list[Side | None] = []
    told = []
    for share, sign, text in (
        (k.worse, -1, N_("dissatisfied without it: {share} ({interval})")),
        (k.better, 1, N_("pleased with it: {share} ({interval})")),
    ):
        if share.share is None or share.low is None or share.high is None:
            sides.append(None)
            continue
        ends = sorted((sign * 100 * share.low, sign * 100 * share.high))
        sides.append(Side(sign * 100 * share.share, ends[0], ends[1]))
        parts = {
            "share": f.value(100 * share.share, "percent"),
            "interval": f.interval(100 * share.low, 100 * share.high, "percent"),
        }
        told.append(t(Message(text, parts)))
    told.append(" · ".join(f"{t(KANO_CLASSES[c])} {f.count(k.counts[c])}" for c in CLASSES))
    told.append(t(msg("n {n}", n=f.count(k.n))))
    name = question_words(row.key, row.wording)
    return TwoSides(row.key, name, sides[0], sides[1], _class_of(row), tuple(told))


def _class_of(row: Feature) -> str:
    k = row.found
    if k is None:
        return t("withheld")
    if k.decided is None:
        return t("too few")
    return t(KANO_CLASSES[k.decided]) + ("" if k.clear else "?")


def _features(rows: Sequence[Feature]) -> pd.DataFrame:
    f = formats()

    def percent(row: Feature, which: str) -> str:
        share = getattr(row.found, which) if row.found else None
        if share is None or share.share is None:
            return "—"
        interval = f.interval(100 * share.low, 100 * share.high, "percent")
        return f"{f.value(100 * share.share, 'percent')} ({interval})"

    return pd.DataFrame(
        {
            t("Feature"): [question_words(r.key, r.wording) for r in rows],
            t("Class"): [_class_of(r) for r in rows],
            t("Pleased with it"): [percent(r, "better") for r in rows],
            t("Dissatisfied without it"): [percent(r, "worse") for r in rows],
            **{
                t(KANO_CLASSES[c]): [f.count(r.found.counts[c]) if r.found else "" for r in rows]
                for c in CLASSES
            },
            "n": [f.count(r.found.n) if r.found else t("withheld") for r in rows],
        }
    )
