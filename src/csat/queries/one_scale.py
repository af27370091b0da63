"""The scale on which a metric is asked: figures of one are never pooled with those of another."""

from __future__ import annotations

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.facts import Facts


def one_scale(facts: Facts, filters: Filters, metric: Metric) -> tuple[int, int]:
    """Return the scale of a metric's question, or refuse to pool several.

    Raises
    ------
    NotAvailable
        When no survey asks it, or the surveys chosen ask it on different scales.
    """
    asked = [
        i
        for i in facts.asked(filters.surveys)
        if (metric.argument and i.key == metric.argument)
        or (not metric.argument and metric.field in i.measures)
    ]
    if not asked:
        if metric.argument:
            raise NotAvailable(msg("No survey here asks '{name}'", name=metric.argument))
        raise NotAvailable(Message(metric.needs))
    # All answers from 0 to 10 have the same promoters, whatever is called a top box.
    scales = {(*i.scale, 0 if metric.family == "nps" else i.top_from) for i in asked}
    if len(scales) > 1:
        raise different_scales({(low, high) for low, high, _ in scales})
    low, high, _ = scales.pop()
    return low, high


def one_dimension_scale(facts: Facts, filters: Filters, metric: Metric) -> tuple[int, int] | None:
    """Return the scale of a dimension's questions, None where there are none.

    Raises
    ------
    NotAvailable
        When respondent scores of questions on different scales would be pooled.
    """
    views = ("perception",) if metric.key.startswith("perception") else ("perception", "desired")
    scales = {
        i.scale
        for i in facts.asked(filters.surveys)
        if i.dimension == metric.argument and i.viewpoint in views
    }
    if len(scales) > 1:
        raise different_scales(scales)
    return next(iter(scales), None)


def different_scales(scales: set[tuple[int, int]]) -> NotAvailable:
    """Return the refusal to pool answers on different scales of different surveys."""
    names = ", ".join(f"{low}-{high}" for low, high in sorted(scales))
    return NotAvailable(
        msg("The surveys ask on different scales ({scales}); choose one survey", scales=names)
    )
