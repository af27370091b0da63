"""What a control chart says, in words: first the answer, then the method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from csat.charts.wording import NumberFormat, PeriodFormat, Translate, sentences, why_empty
from csat.model.control import ChartPhase, ChartSignal, ControlAnswer
from csat.model.message import N_, msg
from csat.stats.control_charts import FEWEST_POINTS

KINDS: Final[dict[str, str]] = {
    "p": N_("p chart"),
    "p_prime": N_("Laney p′ chart"),
    "u": N_("u chart"),
    "u_prime": N_("Laney u′ chart"),
    "xmr": N_("XmR chart"),
    "score": N_("chart of means with limits from their standard errors"),
    "g": N_("g chart"),
    "t": N_("t chart"),
}
VARIATION: Final[dict[str, tuple[str, str, str]]] = {
    "improving": (N_("special cause: better than usual"), "▲", "improvement"),
    "worsening": (N_("special cause: worse than usual"), "▼", "concern"),
    "shifting": (N_("special cause: different from usual"), "◆", "undirected"),
    "stable": (N_("common variation"), "■", "neutral"),
    "unknown": (N_("too early to say"), "□", "neutral"),
}
"""Does it change? Text, sign and name of the colour in ``theme.Palette``."""
ASSURANCE: Final[dict[str, tuple[str, str, str]]] = {
    "meets": (N_("reliably meets the target"), "✔", "improvement"),
    "misses": (N_("reliably misses the target"), "✘", "concern"),
    "at_random": (N_("does not reliably meet the target"), "?", "neutral"),
    "unknown": (N_("too early to say whether the target is met"), "□", "neutral"),
    "no_target": (N_("no target set"), "–", "neutral"),
}
"""Does it reliably meet its target?"""


def variation_sign(answer: ControlAnswer) -> str:
    """Return the sign beside a variation: a triangle points to the side the signal lies on."""
    sign = VARIATION[answer.variation][1]
    if sign not in "▲▼":
        return sign
    newest = max(answer.signals, key=lambda s: s.labels[-1])
    return "▲" if newest.above else "▼"


def signal_words(signal: ChartSignal, *, t: Translate, fmt_period: PeriodFormat) -> str:
    """Say a signal as a sentence: what pattern, and when."""
    said = _pattern(signal, t, fmt_period)
    return said[:1].upper() + said[1:]


def _pattern(signal: ChartSignal, t: Translate, fmt_period: PeriodFormat) -> str:
    first, last = fmt_period(signal.labels[0]), fmt_period(signal.labels[-1])
    n = len(signal.labels)
    side = t("above") if signal.above else t("below")
    if signal.rule == "beyond_limits" and n == 1:
        text = (
            msg("{period}: above the upper limit", period=first)
            if signal.above
            else msg("{period}: below the lower limit", period=first)
        )
        return t(text)
    if signal.rule == "beyond_limits":
        text = (
            msg("{first} to {last}: {n} points above the upper limit", first=first, last=last, n=n)
            if signal.above
            else msg(
                "{first} to {last}: {n} points below the lower limit", first=first, last=last, n=n
            )
        )
        return t(text)
    if signal.rule == "eight_one_side":
        return t(
            msg(
                "{first} to {last}: {n} in a row {side} the centre line",
                first=first,
                last=last,
                n=n,
                side=side,
            )
        )
    return t(
        msg(
            "{first} to {last}: {n} points far {side} the centre line",
            first=first,
            last=last,
            n=n,
            side=side,
        )
    )


def verdict_sentence(answer: ControlAnswer, *, t: Translate, fmt_period: PeriodFormat) -> str:
    """Say first whether anything unusual happens, in one sentence."""
    if not answer.tested:
        return t("Too early to say whether this changes.")
    if not answer.signals:
        return t("Nothing unusual: the changes are within common variation.")
    said = signal_words(answer.signals[-1], t=t, fmt_period=fmt_period)
    if answer.variation == "improving":
        return t(msg("Better than usual. {signal}.", signal=_latest(answer, t, fmt_period)))
    if answer.variation == "worsening":
        return t(msg("Worse than usual. {signal}.", signal=_latest(answer, t, fmt_period)))
    if answer.variation == "shifting":
        return t(msg("Different from usual. {signal}.", signal=_latest(answer, t, fmt_period)))
    return t(msg("Nothing unusual now. Earlier: {signal}.", signal=said))


def _latest(answer: ControlAnswer, t: Translate, fmt_period: PeriodFormat) -> str:
    newest = max(answer.signals, key=lambda s: s.labels[-1])
    return signal_words(newest, t=t, fmt_period=fmt_period)


def chance_sentence(answer: ControlAnswer, *, t: Translate) -> str:
    """Say how many signals chance alone would make among the points tested."""
    return t(
        msg(
            "{n} points tested: by chance alone about {expected} signals would be expected, "
            "{found} were found.",
            n=answer.tested,
            expected=f"{answer.expected_false:.1f}",
            found=len(answer.signals),
        )
    )


def phase_words(phase: ChartPhase, *, t: Translate, fmt_period: PeriodFormat) -> list[str]:
    """Say the method of one phase: the chart and why, what limits rest on, why it began."""
    parts = []
    start = fmt_period(phase.start)
    if phase.reason is not None:
        parts.append(
            t(msg("New phase from {start}: {reason}.", start=start, reason=t(phase.reason)))
        )
    if phase.kind is None:
        return [*parts, t(phase.why)]
    parts.append(t(msg("From {start}: {kind}.", start=start, kind=t(KINDS[phase.kind]))))
    parts.append(t(phase.why))
    parts.append(t(msg("Limits rest on {n} points and are then frozen.", n=phase.points)))
    if phase.provisional:
        parts.append(t(msg("Provisional: fewer than {n} points.", n=FEWEST_POINTS)))
    return parts


def control_alt(
    answer: ControlAnswer, *, t: Translate, fmt: NumberFormat, fmt_period: PeriodFormat
) -> str:
    """Say in words what a control chart shows, for readers who do not see it."""
    known = [p for p in answer.points if p.figure.value is not None]
    if not known:
        return why_empty([p.figure for p in answer.points], t=t)
    last = known[-1]
    parts = [
        t(
            msg(
                "{n} periods from {start} to {end}; the last is {value}.",
                n=len(known),
                start=fmt_period(known[0].figure.by),
                end=fmt_period(last.figure.by),
                value=fmt(last.figure.value, answer.unit),
            )
        )
    ]
    if last.low is not None and last.high is not None:
        low, high = fmt(last.low, answer.unit), fmt(last.high, answer.unit)
        parts.append(t(msg("Limits {low} to {high}.", low=low, high=high)))
    parts.append(verdict_sentence(answer, t=t, fmt_period=fmt_period))
    return sentences(parts, t=t)


def multiples_alt(
    answers: Sequence[ControlAnswer], *, t: Translate, fmt_period: PeriodFormat
) -> str:
    """Say in words which of several groups change."""
    changing = [a for a in answers if a.variation in ("improving", "worsening", "shifting")]
    parts = [t(msg("{n} groups on one scale.", n=len(answers)))]
    if not changing:
        parts.append(t("Nothing unusual: the changes are within common variation."))
    for a in changing:
        said = verdict_sentence(a, t=t, fmt_period=fmt_period)
        parts.append(t(msg("{name}: {text}", name=a.group or t("not stated"), text=said)))
    return sentences(parts, t=t)
