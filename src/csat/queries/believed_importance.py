"""What managers believe matters to customers, beside what customers say: two times 100 points.

Part of the first gap (methods.md 2.15): managers spread the points as they think customers would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.settings import Thresholds
from csat.queries.blocks import allocation, source
from csat.queries.catalogue import ItemRow
from csat.queries.facts import Facts
from csat.queries.gap_levels import Sides
from csat.queries.isolation import refusals
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.stats.allocation import leaders, share_moments
from csat.stats.comoments import Comoments
from csat.stats.comparison import Comparison, welch_difference
from csat.stats.intervals import mean_interval
from csat.stats.moments import Moments
from csat.stats.paired import adjust
from csat.stats.verdict import verdict
from csat.store.scores import POINT_UNIT, POINTS_SCALE, points_sql
from csat.store.store import Store

BELIEVED: Final = "management_importance"
NEEDS: Final = msg("needs managers' 100 points: how they believe customers would spread them")
NEEDS_CUSTOMERS: Final = msg("needs customers' 100 points, spread over the same dimensions")
_DIVISOR: Final = POINT_UNIT // POINTS_SCALE[1]


@dataclass(frozen=True, slots=True)
class Share:
    """Mean points out of 100 with the 95% t interval over people; None where there is none."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class BelievedRow:
    """One dimension: managers' points, customers' points, and the first less the second.

    ``verdict`` is ``underrated`` or ``overrated`` where the difference is clear, else
    ``no_clear_change``, ``too_few`` or ``not_compared``.
    """

    dimension: str
    managers: Share
    customers: Share
    difference: Share
    verdict: str


@dataclass(frozen=True, slots=True)
class BelievedImportance:
    """The two allocations side by side, or what is missing.

    Parameters
    ----------
    rows
        Empty where it is not measured or withheld.
    managers_first, customers_first
        What gets most points on each side, with what is not clearly behind it.
    needs
        What is missing or why it is withheld; None where it is measured.
    questionnaire
        The ready-made questionnaire that asks for what is missing; empty where none would help.
    """

    rows: tuple[BelievedRow, ...] = ()
    managers: int | None = None
    customers: int | None = None
    managers_first: tuple[str, ...] = ()
    customers_first: tuple[str, ...] = ()
    needs: Message | None = None
    withheld: bool = False
    questionnaire: str = ""

    @property
    def most_underrated(self) -> BelievedRow | None:
        """Return the dimension that managers clearly underrate most, or None."""
        found = [r for r in self.rows if r.verdict == "underrated"]
        return min(found, key=lambda r: r.difference.value, default=None)

    def to_json(self) -> dict[str, Any]:
        """Return what the command line prints, unrounded."""
        return {
            "n_managers": self.managers,
            "n_customers": self.customers,
            "managers_first": list(self.managers_first),
            "customers_first": list(self.customers_first),
            "rows": [
                {
                    "dimension": r.dimension,
                    **_share_json("managers", r.managers),
                    **_share_json("customers", r.customers),
                    **_share_json("difference", r.difference),
                    "verdict": r.verdict,
                }
                for r in self.rows
            ],
            "withheld": self.withheld,
            "needs": None if self.needs is None else str(self.needs),
        }


def _share_json(name: str, share: Share) -> dict[str, float | None]:
    return {name: share.value, f"{name}_low": share.low, f"{name}_high": share.high}


def believed_importance(
    store: Store,
    reader: Reader,
    facts: Facts,
    filters: Filters,
    sides: Sides,
    limits: Thresholds,
) -> BelievedImportance:
    """Answer how managers' 100 points differ from those that customers gave.

    Parameters
    ----------
    sides
        Whose answers may be counted, as `csat.queries.gaps.gaps` works it out: a survey of
        managers that states no branch counts for all of them.

    Returns
    -------
    BelievedImportance
        After the privacy gate. Points are brought to 100 for each person first. A difference is
        managers' mean less customers' (below zero: managers underrate), its interval Welch's;
        verdicts are corrected for the number of dimensions. Only surveys that ask for the same
        dimensions are compared: shares of different wholes are not alike.
    """
    asked = _by_survey(sides.items(BELIEVED))
    if not asked:
        refused = sides.refusal((BELIEVED,))
        if refused is not None:
            return BelievedImportance(needs=refused, withheld=True)
        return BelievedImportance(needs=NEEDS, questionnaire="managers")
    given = _by_survey(allocation(facts, filters))
    common = [
        whole
        for whole in dict.fromkeys(frozenset(i.dimension for i in own) for own in asked.values())
        if any({i.dimension for i in own} == whole for own in given.values())
    ]
    if not common:
        return BelievedImportance(needs=NEEDS_CUSTOMERS, questionnaire="importance")
    whole = max(common, key=len)
    slots = {key: slot for key, slot in facts.slots if key in whole}
    columns = [f"points_d{slot:d}" for slot in slots.values()]
    apart = refusals(store, filters, limits, columns)
    if apart:
        return BelievedImportance(needs=next(iter(apart.values())), withheld=True)
    managers = _managers(reader, sides, slots, [k for k, own in asked.items() if _on(own, whole)])
    surveys = [k for k, own in given.items() if _on(own, whole)]
    customers = _customers(reader, filters, columns, surveys)
    for found, needs in ((managers, NEEDS), (customers, NEEDS_CUSTOMERS)):
        if not found.n:
            return BelievedImportance(needs=msg("{needs}, in the chosen period", needs=needs))
    if min(managers.n, customers.n) < limits.withhold_under:
        few = msg("Withheld: fewer than {n} people gave points.", n=limits.withhold_under)
        return BelievedImportance(needs=few, withheld=True)
    names = list(slots)
    return BelievedImportance(
        _rows(names, managers, customers, limits),
        managers.n,
        customers.n,
        leaders(managers, names),
        leaders(customers, names),
    )


def _by_survey(items: Sequence[ItemRow]) -> dict[int, list[ItemRow]]:
    out: dict[int, list[ItemRow]] = {}
    for item in items:
        if item.dimension and item.scale == POINTS_SCALE:
            out.setdefault(item.survey_id, []).append(item)
    return out


def _on(items: Sequence[ItemRow], whole: frozenset[str]) -> bool:
    return {i.dimension for i in items} == whole


def _sums(columns: Sequence[str]) -> str:
    """Return SQL of the count, sums and sums of products of shares."""
    parts = ["COUNT(*) AS n"]
    for i, one in enumerate(columns):
        parts.append(f"SUM({one}) AS s{i}")
        for j, other in enumerate(columns[i:], i):
            parts.append(f"SUM(CAST({one} AS BIGINT) * {other}) AS p{i}_{j}")
    return ", ".join(parts)


def _comoments(row: dict[str, Any], k: int) -> Comoments:
    return Comoments(
        int(row["n"]),
        [int(row[f"s{i}"] or 0) for i in range(k)],
        [[int(row[f"p{i}_{j}"] or 0) for j in range(i, k)] for i in range(k)],
        _DIVISOR,
    )


def _managers(
    reader: Reader, sides: Sides, slots: dict[str, int], surveys: Sequence[int]
) -> Comoments:
    """Count managers' shares from their answers, survey by survey."""
    columns = [f"points_d{slot:d}" for slot in slots.values()]
    given = " AND ".join(f"{c} IS NOT NULL" for c in columns)
    found = Comoments(0, [0] * len(columns), [[0] * len(columns)] * len(columns), _DIVISOR)
    for survey_id in surveys:
        points: dict[int, list[str]] = {}
        for item in sides.items(BELIEVED):
            if item.survey_id == survey_id:
                points.setdefault(slots[item.dimension], []).append(f"a.i{item.item_no:d}")
        shares = points_sql(points, {})
        origin, params = source(survey_id, sides.filters_of(survey_id))
        inner = ", ".join(f"{sql} AS {column}" for column, sql in shares.items())
        row = reader.rows(
            f"SELECT {_sums(columns)} FROM (SELECT {inner} {origin}) WHERE {given}", params
        )[0]
        found = found + _comoments(row, len(columns))
    return found


def _customers(
    reader: Reader, filters: Filters, columns: Sequence[str], surveys: Sequence[int]
) -> Comoments:
    """Count customers' shares, which were worked out as they were loaded."""
    given = " AND ".join(f"{c} IS NOT NULL" for c in columns)
    named = ", ".join(f"{k:d}" for k in surveys)
    where, params = survey_predicate(filters.for_survey())
    row = reader.rows(
        f"SELECT {_sums(columns)} FROM response "
        f"WHERE survey_id IN ({named}) AND {given} AND {where}",
        params,
    )[0]
    return _comoments(row, len(columns))


def _rows(
    names: Sequence[str], managers: Comoments, customers: Comoments, limits: Thresholds
) -> tuple[BelievedRow, ...]:
    sides = [(share_moments(managers, k), share_moments(customers, k)) for k in range(len(names))]
    compared = [welch_difference(one, other) for one, other in sides]
    adjusted, _ = adjust([None if c is None else c.p_value for c in compared])
    return tuple(
        BelievedRow(
            name,
            _share(one),
            _share(other),
            _difference(one, other, c),
            _verdict(c, p, managers.n, customers.n, limits),
        )
        for name, (one, other), c, p in zip(names, sides, compared, adjusted, strict=True)
    )


def _share(found: Moments) -> Share:
    spread = mean_interval(found)
    ends = (spread.low, spread.high) if spread else (None, None)
    return Share(found.mean or 0.0, *ends)


def _difference(one: Moments, other: Moments, found: Comparison | None) -> Share:
    if found is None:
        return Share((one.mean or 0.0) - (other.mean or 0.0), None, None)
    return Share(found.difference, found.low, found.high)


def _verdict(
    found: Comparison | None, p: float | None, managers: int, customers: int, limits: Thresholds
) -> str:
    told = verdict(
        found,
        direction="none",
        n_current=managers,
        n_reference=customers,
        minimum=limits.caution_under,
        p_value=p,
    )
    if told != "changed" or found is None:
        return told
    return "underrated" if found.difference < 0 else "overrated"
