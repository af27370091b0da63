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
from csat.ui.cached import cached
from csat.ui.filter_bar import sentence
from csat.ui.language import formats, t, translate

_COLOURS: Final[dict[str, str]] = {"better": "blue", "worse": "orange", "changed": "violet"}


def verdict_words(figure: Figure) -> str:
    """Return icon and words of a figure's verdict, with the change where it is earned."""
    text = wording.verdict_words(figure, t=translate(), direction=metric(figure.metric).direction)
    if figure.verdict in _COLOURS and figure.difference is not None:
        text += f" ({formats().difference(figure.difference, figure.unit)})"
    return text


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
    figure: Figure, filters: Filters, trend: Sequence[float], limits: Thresholds, aim: str = ""
) -> None:
    """Draw one figure as a card.

    Parameters
    ----------
    aim
        Its target and whether that is reliably met, in words; "" without a target.
    """
    m = metric(figure.metric)
    with st.container(border=True, height="stretch", gap="xsmall", key=f"card-{m.key}"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.markdown(label(m), width="stretch")
            explain(figure, filters, limits)
        st.metric(
            label(m),
            shown(figure, limits),
            verdict_words(figure),
            label_visibility="collapsed",
            delta_color=_COLOURS.get(figure.verdict, "gray"),  # type: ignore[arg-type]
            delta_arrow="off",
            chart_data=list(trend) if len(trend) > 1 else None,
        )
        st.caption("  \n".join(filter(None, (_base(figure, limits), aim))))
        if figure.note is not None:
            st.caption(t(figure.note))


def _base(figure: Figure, limits: Thresholds) -> str:
    if figure.n is None:
        return t("too few answers to show")
    f = formats()
    caution = "⚠ " if figure.n < limits.caution_under else ""
    base = f"{caution}n {f.count(figure.n)}"
    if figure.low is None and figure.high is None:
        return base
    return f"{base} · {f.interval(figure.low, figure.high, figure.unit)}"


def explain(figure: Figure, filters: Filters, limits: Thresholds) -> None:
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
            answer = cached("evaluate", filters, (figure.metric,), "total", limits)
            explanation(answer.one(figure.metric), answer)


def explanation(figure: Figure, answer: Answer) -> None:
    """Write definition, formula, filters, base, exclusions, batches, SQL and version."""
    m, origin = metric(figure.metric), answer.provenance
    lines = [
        (t("What it is"), t(m.definition)),
        (t("Formula"), t(m.formula)),
        (t("Interval"), f"95 %, {t(m.interval)}"),
        (t("Test behind the verdict"), t(m.test)),
        (t("Totals"), t(TOTALS_RULE)),
        (t("Filters"), sentence(origin.filters)),
    ]
    if figure.reference_value is not None:
        f = formats()
        change = f.difference(figure.difference, figure.unit)
        spread = (
            f"[{f.difference(figure.difference_low, figure.unit)}; "
            f"{f.difference(figure.difference_high, figure.unit)}]"
            if figure.difference_low is not None
            else ""
        )
        before = f.value(figure.reference_value, figure.unit)
        base = f.count(figure.reference_n or 0)
        lines.append(
            (
                t("Compared with"),
                f"{before} (n {base}): {change} {spread}, p {_p(figure.p_value)}",
            )
        )
    if origin.exclusions:
        lines.append((t("Left out"), "; ".join(t(e) for e in origin.exclusions)))
    lines.append((t("Batches"), "; ".join(origin.batches) or t("none")))
    lines.append((t("Data version and software"), f"{origin.data_version} · csat {__version__}"))
    for name, text in lines:
        with st.container(gap=None):
            st.markdown(f"**{name}**")
            st.text(text)
    for sql, params in origin.reads:
        st.code(sql, language="sql", wrap_lines=True)
        st.json({k: str(v) for k, v in params.items()}, expanded=False)


def _p(value: float | None) -> str:
    if value is None:
        return "—"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
