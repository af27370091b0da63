"""What the verdict on an action says, in the reader's language."""

from __future__ import annotations

from typing import Final

from csat.model.action import OTHERS, VERDICT_LABELS, ActionPlan
from csat.model.message import msg
from csat.model.metrics import metric
from csat.model.vocabulary import DIMENSION_LABELS
from csat.queries.effects import Held, Judged
from csat.ui.card import label
from csat.ui.inert import inert
from csat.ui.language import formats, t

OUTCOMES: Final[dict[str, tuple[str, str]]] = {
    "worked": ("✔", "blue"),
    "did_not": ("✕", "orange"),
    "too_early": ("○", "gray"),
}
"""Verdict -> sign and colour."""


def outcome_badge(judged: Judged) -> str:
    """Return the verdict as a coloured badge with its sign."""
    sign, colour = OUTCOMES[judged.outcome]
    return f":{colour}-badge[{sign} {t(VERDICT_LABELS[judged.outcome])}]"


def effect_words(judged: Judged) -> str:
    """Return the size of an effect with its interval, or nothing where there is none."""
    if judged.effect is None:
        return ""
    return t(
        msg(
            "{effect}, 95% interval {low} to {high}",
            effect=_size(judged.effect, judged),
            low=_size(judged.low, judged),
            high=_size(judged.high, judged),
        )
    )


def action_words(judged: Judged) -> str:
    """Return an action in two lines: verdict and title; since when, against what, its effect."""
    plan, said = judged.action.plan, effect_words(judged)
    line = t(
        msg(
            "since {day}, against {name}",
            day=formats().day(plan.start),
            name=addressed_name(plan),
        )
    )
    parts = [line, said] if said and judged.outcome != "too_early" else [line]
    return f"{outcome_badge(judged)} {inert(plan.title)}  \n:gray[{t('; ').join(parts)}]"


def addressed_name(plan: ActionPlan) -> str:
    """Return what an action is about; a dimension as the reader's language names it."""
    known = DIMENSION_LABELS.get(plan.addressed.lower())
    return inert(plan.addressed) if known is None else t(known)


def _size(value: float | None, judged: Judged) -> str:
    if not judged.relative or value is None:
        return formats().difference(value, metric(judged.action.plan.metric).unit)
    return formats().changed_by(value)


def because(judged: Judged) -> str:
    """Return the reason of a verdict in one sentence, with the effect where there is one."""
    said = effect_words(judged)
    reason = t(judged.reason)
    if not said:
        whole = reason.endswith((".", "。"))
        return reason if whole else t(msg("{reason}.", reason=reason))
    return t(msg("{reason}: {effect}.", reason=reason, effect=said))


def question(plan: ActionPlan, program: str) -> str:
    """Say by what an action is judged: figure, records and comparison group."""
    parts = [f"**{label(metric(plan.metric))}**", inert(_where(plan, program))]
    if plan.against == (OTHERS,):
        parts.append(t("beside all other groups"))
    elif plan.against:
        parts.append(t(msg("beside {group}", group=inert(t("; ").join(plan.against)))))
    else:
        parts.append(t("without a comparison group"))
    return " · ".join(parts)


def _where(plan: ActionPlan, program: str) -> str:
    parts = plan.filters(program).sentence()[1:]  # the first are its dates, which are all
    return t("; ").join(t(part) for part in parts) or t("all records")


def stretches(judged: Judged) -> str:
    """Say what the figure was before and since, here and beside."""
    if judged.before is None or judged.after is None:
        return ""
    here = _from_to(judged.before, judged.after, judged)
    if judged.other_before is None or judged.other_after is None:
        return here
    there = _from_to(judged.other_before, judged.other_after, judged)
    return t(msg("{here}; the others: {there}", here=here, there=there))


def _from_to(before: Held, after: Held, judged: Judged) -> str:
    f, m = formats(), metric(judged.action.plan.metric)
    levels = [_level(held.value, m.unit) for held in (before, after)]
    if m.family == "count":
        levels = [t(msg("{n} a month", n=level)) for level in levels]
    return t(
        msg(
            "{before} before (n {n}), {after} since (n {m})",
            before=levels[0],
            after=levels[1],
            n=f.count(before.n),
            m=f.count(after.n),
        )
    )


def _level(value: float | None, unit: str) -> str:
    if unit == "count" and value is not None:
        return formats().value(value, "rating") if value < 10 else formats().value(value, unit)
    return formats().value(value, unit)
