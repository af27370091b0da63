"""Sentences about figures, in the reader's language, made from tests."""

from __future__ import annotations

from csat.charts.control_words import signal_words
from csat.model.answer import Figure
from csat.model.message import Message, msg
from csat.model.metrics import metric
from csat.model.vocabulary import DIMENSION_LABELS
from csat.queries.movers import Mover
from csat.ui import url
from csat.ui.card import change_words, label
from csat.ui.language import formats, t, translate


def group_name(cut: str, group: str) -> str:
    """Return a group's name as the reader sees it."""
    if cut == "dimension":
        return t(DIMENSION_LABELS.get(group, group))
    return group or t("not stated")


def mover_sentence(mover: Mover) -> str:
    """Say what moved, by how much, how sure, and on which base."""
    figure, f = mover.figure, formats()
    before = f.value(figure.reference_value, figure.unit)
    now = f.value(figure.value, figure.unit)
    name = group_name(mover.cut, mover.group)
    rose = (figure.difference or 0) > 0
    what = label(metric(figure.metric)) if mover.cut != "dimension" else t("Perception")
    text: Message = (
        msg(
            "{group}: {metric} rose from {before} to {now}",
            group=name,
            metric=what,
            before=before,
            now=now,
        )
        if rose
        else msg(
            "{group}: {metric} fell from {before} to {now}",
            group=name,
            metric=what,
            before=before,
            now=now,
        )
    )
    return t(text)


def mover_detail(mover: Mover) -> str:
    """Give the change with its interval and base, for the line below the sentence."""
    figure, f = mover.figure, formats()
    change = change_words(figure)
    base = f.count(figure.n or 0)
    if figure.difference_low is None:
        return t(msg("{change}, n {n}", change=change, n=base))
    low = f.difference(figure.difference_low, figure.unit)
    high = f.difference(figure.difference_high, figure.unit)
    return t(
        msg("{change} (95% {low} to {high}), n {n}", change=change, low=low, high=high, n=base)
    )


def mover_since(mover: Mover) -> str:
    """Say which special cause the control chart of a mover shows, if it is long enough."""
    if mover.signal is None:
        return ""
    f = formats()
    said = signal_words(mover.signal, t=translate(), fmt_period=f.period)
    if mover.before is None:
        return said
    first, last = (f.period(mover.before.labels[i]) for i in (0, -1))
    when = first if first == last else t(msg("{first} to {last}", first=first, last=last))
    rose = mover.before.above
    text = msg("{said}; unusually high before, {when}", said=said, when=when)
    if not rose:
        text = msg("{said}; unusually low before, {when}", said=said, when=when)
    return t(text)


def is_good(figure: Figure) -> bool:
    """Say whether a figure's verdict is "better"."""
    return figure.verdict == "better"


def mover_link(mover: Mover) -> dict[str, str | list[str]]:
    """Return the URL query of the trend that shows a mover, under the filters of this run."""
    query: dict[str, str | list[str]] = {**url.noted(), "metric": mover.figure.metric}
    if mover.cut in ("category", "cause"):
        query["split"] = mover.cut  # the shared filters hold no categories and causes
    elif mover.cut != "dimension":
        query[mover.cut] = [mover.group]
    return query
