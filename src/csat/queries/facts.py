"""What the catalogue says of one program, read once for each state of the data.

A page asks many questions of one state of the store, and each needs the same few facts. They
change only with a committed write, which raises the data version, so they are remembered until
then and never cleared by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric
from csat.model.vocabulary import COMPANY_VIEWPOINTS, SPECIAL_LABELS
from csat.queries import catalogue, loads
from csat.queries.catalogue import ItemRow, Program, SeriesBreak
from csat.queries.expert_weights import read_experts
from csat.queries.extent import Extent, extent
from csat.queries.index_versions import Defined, defined, index_versions
from csat.queries.own_weights import OwnWeights, own_weights
from csat.store.remembered import until_changed
from csat.store.store import Store

_UNWEIGHTED: Final = msg("Not weighted: every answer counts once in these figures.")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a program besides its answers and cases.

    Parameters
    ----------
    version
        Data version that the facts are of.
    slots
        Dimensions; the place of each is the number of its score column.
    excluded
        Survey, question, reason and number of the answers that special codes keep out.
    batches
        Number and file of every active batch.
    served, served_by_branch
        Whether customers served are known at all, and for every row by branch.
    weights
        What the program itself says how much its dimensions count, sets taken back too.
    designed
        Whether answers carry weights, strata or clusters, or population margins are loaded.
    experts
        Dimension and weight that experts give it together; empty without experts who count.
    panel
        How many experts are behind them.
    index
        What the satisfaction index is made of, by the year from which it is.
    """

    version: int
    program: Program
    span: Extent
    items: tuple[ItemRow, ...]
    breaks: tuple[SeriesBreak, ...]
    slots: tuple[tuple[str, int], ...]
    excluded: tuple[tuple[str, str, str, int], ...]
    batches: tuple[str, ...]
    served: bool
    served_by_branch: bool
    weights: tuple[OwnWeights, ...]
    designed: bool = False
    experts: tuple[tuple[str, float], ...] = ()
    panel: int = 0
    index: Defined = ()

    def asked(self, surveys: tuple[str, ...]) -> tuple[ItemRow, ...]:
        """Return the customers' questions of the chosen surveys; of all where none is chosen.

        What managers, staff and auditors are asked is for the gaps alone: so few people need
        `csat.queries.isolation.isolated_within` before anything of theirs is shown.
        """
        return tuple(
            i
            for i in self.items
            if (not surveys or i.survey in surveys) and i.viewpoint not in COMPANY_VIEWPOINTS
        )

    def of_customers(self, surveys: tuple[str, ...]) -> str:
        """Return SQL that keeps what managers, staff and auditors said out of the count.

        Empty where there is nothing to keep out, or where surveys were chosen by name.
        """
        customers = {i.survey_id for i in self.items if i.viewpoint not in COMPANY_VIEWPOINTS}
        ours = sorted({i.survey_id for i in self.items} - customers)
        named = ", ".join(f"{n:d}" for n in ours)
        return f" AND survey_id NOT IN ({named})" if ours and not surveys else ""

    @property
    def unweighted(self) -> Message | None:
        """What to say of figures of answers that are not weighted; None where nothing weighs."""
        return _UNWEIGHTED if self.designed else None

    def slot(self, dimension: str) -> int | None:
        """Return the score column number of a dimension, or None where it is not measured."""
        return dict(self.slots).get(dimension)


@until_changed
def facts(store: Store, program: str) -> Facts:
    """Return the facts of a program at the present data version.

    Raises
    ------
    UsageProblem
        When there is no such program, listing those that exist.
    """
    version = store.data_version()
    known = catalogue.require_program(store, program)
    items = catalogue.items(store, program)
    excluded = loads.exclusions(store, program, tuple(dict.fromkeys(i.key for i in items)))
    rows, by_branch = catalogue.customers_served(store, program)
    experts = read_experts(store, program)
    return Facts(
        version=version,
        program=known,
        span=extent(store, program),
        items=items,
        breaks=catalogue.series_breaks(store, program),
        slots=catalogue.dimension_slots(store, program),
        excluded=tuple((r["survey"], r["item_key"], r["kind"], r["n"]) for r in excluded),
        batches=tuple(
            f"{b['batch_id']} · {b['file_name']}"
            for b in reversed(loads.batches(store, program))
            if b["status"] == "active"
        ),
        served=bool(rows),
        served_by_branch=bool(rows) and rows == by_branch,
        weights=own_weights(store, program),
        designed=_designed(store, program),
        experts=tuple(experts.weights.items()),
        panel=experts.counted,
        index=defined(index_versions(store, program)),
    )


def _designed(store: Store, program: str) -> bool:
    """Say whether anything of a program weighs answers: in its files, or population margins."""
    [row] = store.rows(
        "WITH p AS (SELECT program_id FROM program WHERE key = $program) SELECT "
        "EXISTS (SELECT 1 FROM population_margin WHERE program_id = (SELECT program_id FROM p)) "
        "OR EXISTS (SELECT 1 FROM response WHERE program_id = (SELECT program_id FROM p) AND "
        "(weight IS NOT NULL OR stratum IS NOT NULL OR cluster IS NOT NULL)) AS designed",
        {"program": program},
    )
    return bool(row["designed"])


def left_out(facts: Facts, filters: Filters, metrics: Sequence[Metric]) -> tuple[Message, ...]:
    """Say how many answers special codes keep out of the base, over all active batches."""
    wanted = {
        (item.survey, item.key)
        for item in facts.asked(filters.surveys)
        if any(item.key == m.argument or m.field in item.measures for m in metrics)
    }
    found: Counter[tuple[str, str]] = Counter()
    for survey, key, kind, n in facts.excluded:
        if (survey, key) in wanted:
            found[key, kind] += n
    return tuple(
        msg(
            "{item}: {n} answers left out as {reason}",
            item=key,
            n=n,
            reason=Message(SPECIAL_LABELS.get(kind, kind)),
        )
        for (key, kind), n in found.items()
    )
