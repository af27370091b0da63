"""Gaps as records tell them: cases answered within their standard, standards, promises kept."""

from __future__ import annotations

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.settings import Thresholds
from csat.queries.figures import evaluate
from csat.queries.gap_rows import GapRow, Measured
from csat.queries.reader import Reader
from csat.store.store import Store

_WHOLE = 100.0


def records(store: Store, filters: Filters, limits: Thresholds, reader: Reader) -> list[GapRow]:
    """Return gap 3 from complaint clocks, in percentage points below 100."""
    answer = evaluate(store, filters, ["timely_response_share"], thresholds=limits)
    reader.asked += [(sql, dict(params)) for sql, params in answer.provenance.reads]
    figure = answer.one("timely_response_share")
    return [_kept(3, None, figure, limits)]


def _kept(gap: int, dimension: str | None, figure: Figure, limits: Thresholds) -> GapRow:
    if figure.withheld:
        hidden = Measured(None, None, None, None, verdict="too_few")
        return GapRow(gap, dimension, "record", hidden, "share", withheld=True)
    if figure.value is None or not figure.n:
        return GapRow(
            gap,
            dimension,
            "record",
            form="share",
            needs=msg("needs complaint records that say whether each was answered in time"),
        )
    low = None if figure.low is None else figure.low - _WHOLE
    high = None if figure.high is None else figure.high - _WHOLE
    told = "worse" if high is not None and high < 0 else "no_clear_change"
    if figure.n < limits.caution_under:
        told = "too_few"
    return GapRow(
        gap,
        dimension,
        "record",
        Measured(
            figure.value - _WHOLE,
            low,
            high,
            figure.n,
            verdict=told,
            actual=figure.value,
            reference=_WHOLE,
        ),
        "share",
    )
