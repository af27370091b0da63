"""Each branch, channel, segment or touchpoint against all others together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import metric
from csat.model.ordering import alphabetical
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.model.vocabulary import SURVEY_CUTS
from csat.queries.apart import groups_apart, kept_apart
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.gather import NOT_STATED, gather
from csat.queries.reader import Reader
from csat.queries.tally import ScoreTally
from csat.stats.paired import Contrast, against_complement
from csat.stats.verdict import verdict
from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class ContrastAnswer:
    """One figure for each group, with its difference to all others.

    ``difference`` and its interval are group less others; the verdict speaks of that
    difference, its p-value corrected by ``correction``.
    """

    figures: tuple[Figure, ...]
    correction: str
    provenance: Provenance
    note: Message | None = None


def contrasts(
    store: Store,
    filters: Filters,
    key: str,
    cut: str,
    thresholds: Thresholds | None = None,
) -> ContrastAnswer:
    """Answer which groups differ from all others together.

    Parameters
    ----------
    key
        ``gap:DIMENSION`` or ``perception:DIMENSION``.
    cut
        "branch", "channel", "segment" or "touchpoint".

    Returns
    -------
    ContrastAnswer
        After the privacy gate. Up to ten groups are corrected by Holm's method, more by
        Benjamini and Hochberg's.

    Raises
    ------
    UsageProblem
        For an unknown program, metric or grouping.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    if cut not in SURVEY_CUTS:
        raise UsageProblem(
            msg("'{by}' is no grouping", by=cut),
            msg("Use one of: {names}", names=", ".join(SURVEY_CUTS)),
        )
    m = metric(key)
    reader = Reader(store, facts)
    _, apart = kept_apart(store, facts, filters.with_(compare="none"), [m], limits)
    if apart:
        return ContrastAnswer((), "", reader.provenance(filters), apart[0].note)
    found = gather(reader, facts, filters, [m], (cut,))[key]
    if isinstance(found, NotAvailable):
        return ContrastAnswer((), "", reader.provenance(filters), found.note)
    moments = {
        NOT_STATED if group[0] is None else str(group[0]): tally.moments
        for group, tally in found.items()
        if isinstance(tally, ScoreTally)
    }
    told = against_complement(moments, m.minimum_base)
    everybody = sum(x.n for x in moments.values())
    figures = [
        _figure(key, name, ScoreTally(moments[name]), told[name], everybody - moments[name].n)
        for name in sorted(moments, key=lambda name: (name == NOT_STATED, alphabetical(name)))
    ]
    correction = next(iter(told.values())).correction if told else ""
    refused = groups_apart(store, facts, filters, m, cut, limits)
    hidden = gate(figures, limits, parts_of_whole=True, refused=refused)
    return ContrastAnswer(hidden, correction, reader.provenance(filters))


def _figure(key: str, name: str, tally: ScoreTally, told: Contrast, others: int) -> Figure:
    m, interval, comparison = metric(key), tally.interval(), told.comparison
    figure = Figure(
        metric=key,
        by=name,
        value=tally.value(),
        unit=m.unit,
        n=tally.n,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        verdict=verdict(
            comparison,
            direction=m.direction,
            n_current=tally.n,
            n_reference=others,
            minimum=m.minimum_base,
            p_value=told.p_adjusted,
        ),
    )
    if comparison is None:
        return figure
    return replace(
        figure,
        difference=comparison.difference,
        difference_low=comparison.low,
        difference_high=comparison.high,
        p_value=told.p_adjusted,
    )
