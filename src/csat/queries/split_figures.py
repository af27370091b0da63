"""One metric over time for every group of a cut."""

from __future__ import annotations

from csat.model.answer import Answer
from csat.model.filters import Filters
from csat.model.metrics import metric
from csat.model.ordering import alphabetical
from csat.model.settings import Thresholds
from csat.queries.apart import groups_apart, kept_apart, table_apart
from csat.queries.cells import figures_of, unavailable
from csat.queries.complaint_tallies import NotAvailable, Tallies
from csat.queries.facts import facts as facts_of
from csat.queries.facts import left_out
from csat.queries.figures import breaks_of, time_cells
from csat.queries.gate import gate_table
from csat.queries.gather import NOT_STATED
from csat.queries.months import MONTH, gather_series
from csat.queries.reader import Reader
from csat.store.store import Store


def evaluate_split(
    store: Store,
    filters: Filters,
    key: str,
    grain: str,
    cut: str,
    thresholds: Thresholds | None = None,
) -> Answer:
    """Answer what one metric is over time for every group of a cut.

    Returns
    -------
    Answer
        Figures with ``group`` set, after the privacy gate in both directions: neither the
        groups of a period nor the periods of a group let a withheld cell be subtracted.
    """
    facts = facts_of(store, filters.program)
    m, limits = metric(key), thresholds or Thresholds()
    reader = Reader(store, facts)
    _, hidden = kept_apart(store, facts, filters, [m], limits)
    if hidden:
        return Answer(hidden, reader.provenance(filters))
    found = gather_series(reader, facts, filters, [m], (MONTH, cut))[m.key]
    provenance = reader.provenance(filters, exclusions=left_out(facts, filters, [m]))
    if isinstance(found, NotAvailable):
        return Answer((unavailable(m, found.note),), provenance)
    by_group: dict[str, Tallies] = {}
    for (month, group), tally in found.items():
        by_group.setdefault(NOT_STATED if group is None else str(group), {})[(month,)] = tally
    breaks = breaks_of(facts, filters, m)
    months = [g[0] for g in found]
    lines = {
        group: figures_of(
            m, time_cells(m, tallies, filters, grain, facts.span, breaks, months), group
        )
        for group, tallies in sorted(by_group.items(), key=lambda own: alphabetical(own[0]))
    }
    refused = groups_apart(store, facts, filters, m, cut, limits, in_series=True)
    labels = [f.by for f in next(iter(lines.values()), ())]
    series = table_apart(store, facts, filters, m, cut, labels, grain, limits)
    gated = gate_table(lines, limits, refused, series)
    return Answer(tuple(f for line in gated for f in line), provenance)
