"""The number card and its explanation: value, base, interval, verdict, sparkline, origin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from csat import __version__
from csat.charts import wording
from csat.model.answer import Answer, Figure
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import TOTALS_RULE, Metric, metric
from csat.model.settings import Thresholds
from csat.model.vocabulary import DIMENSION_LABELS
from csat.queries.weighted import WeightedAnswer, WeightedFigure
from csat.ui.cached import cached
from csat.ui.filter_bar import sentence
from csat.ui.language import formats, t, translate
from csat.ui.origin import reads_of

_COLOURS: Final[dict[str, str]] = {"better": "blue", "worse": "orange", "changed": "violet"}


def verdict_words(figure: Figure) -> str:
    """Return icon and words of a figure's verdict, with the change where it is earned."""
    text = wording.verdict_words(figure, t=translate(), direction=metric(figure.metric).direction)
    if figure.verdict in _COLOURS and figure.difference is not None:
        text += f" ({change_words(figure)})"
    return text


def change_words(figure: Figure) -> str:
    """Return the signed change of a figure; of counts of unlike periods, that days are equal."""
    change = formats().difference(figure.difference, figure.unit)
    return t(msg("{change} on equal days", change=change)) if figure.on_equal_days else change


def label(m: Metric) -> str:
    """Return a metric's name; parametrised ones name their item."""
    if not m.argument:
        return t(m.label)
    named = DIMENSION_LABELS.get(m.argument) if m.field == "dimension" else None
    return t(Message(m.label, {"item": m.argument if named is None else Message(named)}))


def shown(figure: Figure, limits: Thresholds) -> str:
    """Return a figure as the reader sees it: the value, a dash, or withheld."""
    if figure.withheld:
        return t(msg("withheld (n < {n})", n=limits.withhold_under))
    return formats().value(figure.value, figure.unit)


def number_card(
    figure: Figure,
    filters: Filters,
    trend: Sequence[float],
    limits: Thresholds,
    weighted: WeightedFigure | None = None,
    aim: str = "",
) -> None:
    """Draw one figure as a card; a weighted one names its effective base and its plain value.

    Parameters
    ----------
    aim
        Its target and whether that is reliably met, in words; "" without a target.
    """
    m = metric(figure.metric)
    with st.container(border=True, height="stretch", gap="xsmall", key=f"card-{m.key}"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.markdown(label(m), width="stretch")
            explain(figure, filters, limits, weighted=weighted is not None)
        st.metric(
            label(m),
            shown(figure, limits),
            verdict_words(figure),
            label_visibility="collapsed",
            delta_color=_COLOURS.get(figure.verdict, "gray"),  # type: ignore[arg-type]
            delta_arrow="off",
            chart_data=list(trend) if len(trend) > 1 else None,
        )
        base = _base(figure, limits, weighted)
        st.caption("  \n".join(filter(None, (base, aim))))
        if weighted is not None and not figure.withheld:
            st.caption(_beside(figure, weighted))
        if figure.note is not None:
            st.caption(t(figure.note))


def _base(figure: Figure, limits: Thresholds, weighted: WeightedFigure | None = None) -> str:
    if figure.n is None:
        return t("too few answers to show")
    f = formats()
    worth = weighted.effective_n if weighted is not None else None
    least = figure.n if worth is None else min(figure.n, worth)
    caution = "⚠ " if least < limits.caution_under else ""
    base = f"{caution}n {f.count(figure.n)}"
    if worth is not None:
        effective = f.count(round(worth))
        return t(msg("{base} · effective n {effective}", base=base, effective=effective))
    if figure.low is None and figure.high is None:
        return base
    return f"{base} · {f.interval(figure.low, figure.high, figure.unit)}"


def _beside(figure: Figure, weighted: WeightedFigure) -> str:
    """Return the interval of a weighted figure, and the unweighted value."""
    f = formats()
    plain = f.value(weighted.plain.value, figure.unit)
    said = t(msg("weighted; {plain} unweighted", plain=plain))
    if figure.low is None:
        return said
    return f"{f.interval(figure.low, figure.high, figure.unit)} · {said}"


def explain(
    figure: Figure, filters: Filters, limits: Thresholds, *, weighted: bool = False
) -> None:
    """Draw the button that opens everything a figure rests on."""
    button = st.popover(
        "",
        type="tertiary",
        icon=":material/info:",
        key=f"explain-{figure.metric}",
        on_change="rerun",
        help=t("Explain this figure"),
    )
    if button.open:
        with button:
            if weighted:
                found: WeightedAnswer = cached("weighted", filters, (figure.metric,), limits)
                st.markdown(weighted_method())
                explanation(figure, Answer((figure,), found.provenance))
                return
            answer = cached("evaluate", filters, (figure.metric,), "total", limits)
            explanation(answer.one(figure.metric), answer)


def weighted_method() -> str:
    """Say in words how weighted figures and their intervals are made."""
    return t(
        "Weighted: each answer counts by its survey weight, raked to the population margins "
        "(Deming and Stephan 1940). The 95% interval is linearised over strata and clusters "
        "where the file names them, and takes the weights as known. The effective n is Kish's: "
        "(sum of weights) squared over the sum of squared weights. Weights are made for everybody "
        "who answered in the period, before any group is chosen."
    )


def explanation(figure: Figure, answer: Answer) -> None:
    """Write definition, formula, filters, base, exclusions, batches, SQL and version."""
    m, origin = metric(figure.metric), answer.provenance
    lines = [
        (t("What it is"), t(m.definition)),
        (t("Formula"), t(m.formula)),
        (t("Interval"), f"95%, {t(m.interval)}"),
        (t("Test behind the verdict"), t(m.test)),
        (t("Totals"), t(TOTALS_RULE)),
        (t("Filters"), sentence(origin.filters)),
    ]
    if figure.reference_value is not None:
        f = formats()
        change = change_words(figure)
        spread = (
            f" [{f.difference(figure.difference_low, figure.unit)}; "
            f"{f.difference(figure.difference_high, figure.unit)}]"
            if figure.difference_low is not None
            else ""
        )
        before = f.value(figure.reference_value, figure.unit)
        base = f.count(figure.reference_n or 0)
        lines.append(
            (
                t("Compared with"),
                f"{before} (n {base}): {change}{spread}, p {_p(figure.p_value)}",
            )
        )
    if origin.exclusions:
        lines.append((t("Left out"), t("; ").join(t(e) for e in origin.exclusions)))
    lines.append((t("Batches"), t("; ").join(origin.batches) or t("none")))
    lines.append((t("Data version and software"), f"{origin.data_version} · csat {__version__}"))
    for name, text in lines:
        with st.container(gap=None):
            st.markdown(f"**{name}**")
            st.text(text)
    reads_of(origin)


def _p(value: float | None) -> str:
    if value is None:
        return "—"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
