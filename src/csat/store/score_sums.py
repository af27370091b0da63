"""What respondents' scores add up to: kept for every month of a survey, under names (ADR 17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import duckdb
import pyarrow as pa

from csat.stats.answering import FEWEST_ITEMS
from csat.store.scores import SCORE_UNIT

PEOPLE: Final = "people"
"""Under this name the respondents of a month are counted: it says that the month is kept."""
Sums = dict[str, str]
"""Name of a sum -> SQL of it; names of a dimension end with its score column's number."""


def pair_sums(slot: int, *, small: bool = False) -> Sums:
    """Return sums of perceptions and gaps, and of the level desired beside the gaps.

    Parameters
    ----------
    small
        Whether squares are known to fit 32 bits, which takes half the time.

    Examples
    --------
    >>> pair_sums(1)["q_g_d1"]
    'SUM(CAST(g_d1 AS BIGINT) * g_d1)'
    """
    out: Sums = {}
    for c in (f"p_d{slot:d}", f"g_d{slot:d}"):
        square = f"{c} * {c}" if small else f"CAST({c} AS BIGINT) * {c}"
        out |= {f"n_{c}": f"COUNT({c})", f"s_{c}": f"SUM({c})", f"q_{c}": f"SUM({square})"}
    return {**out, f"s_e_d{slot:d}": f"SUM(e_d{slot:d})"}


def side_sums(slot: int) -> Sums:
    """Return sums of the level desired and the gap, their squares and product."""
    e, g = f"e_d{slot:d}", f"g_d{slot:d}"
    return {
        f"n_{g}": f"COUNT({g})",
        f"s_{e}": f"SUM({e})",
        f"s_{g}": f"SUM({g})",
        f"q_{e}": f"SUM(CAST({e} AS BIGINT) * {e})",
        f"x_{e}": f"SUM(CAST({e} AS BIGINT) * {g})",
        f"q_{g}": f"SUM(CAST({g} AS BIGINT) * {g})",
    }


def shortfall_sums(slot: int) -> Sums:
    """Return sums of gaps and of their size, and how many are below zero."""
    g = f"g_d{slot:d}"
    return {
        f"n_{g}": f"COUNT({g})",
        f"s_{g}": f"SUM({g})",
        f"q_{g}": f"SUM(CAST({g} AS BIGINT) * {g})",
        f"below_{g}": f"SUM(CAST({g} < 0 AS INTEGER))",
        f"size_{g}": f"SUM(ABS({g}))",
    }


def zone_sums(slot: int) -> Sums:
    """Return sums over places in the zone of tolerance.

    The width of a zone is how far the perception lies above the adequate level less how far it
    lies above the desired one.
    """
    a, d = f"msa_d{slot:d}", f"mss_d{slot:d}"
    p, w = f"zone_p_d{slot:d}", f"predicted_d{slot:d}"
    return {
        f"n_{a}": f"COUNT({a})",
        f"s_{a}": f"SUM({a})",
        f"q_{a}": f"SUM(CAST({a} AS BIGINT) * {a})",
        f"s_{d}": f"SUM({d})",
        f"q_{d}": f"SUM(CAST({d} AS BIGINT) * {d})",
        f"s_{p}": f"SUM({p})",
        f"below_{a}": f"COUNT(CASE WHEN {a} < 0 AND {a} >= {d} THEN 1 END)",
        f"above_{a}": f"COUNT(CASE WHEN {d} > 0 AND {a} >= {d} THEN 1 END)",
        f"inverted_{a}": f"COUNT(CASE WHEN {a} < {d} THEN 1 END)",
        f"rise_{a}": f"SUM(CASE WHEN {a} > {d} THEN {a} END)",
        f"apart_{a}": f"SUM(ABS({a} - {d}))",
        f"n_{w}": f"COUNT({w})",
        f"s_{w}": f"SUM({w})",
    }


def points_sums(slot: int) -> Sums:
    """Return sums of the shares of 100 points."""
    c = f"points_d{slot:d}"
    return {f"n_{c}": f"COUNT({c})", f"s_{c}": f"SUM({c})"}


def low_sums(slot: int, ends: int) -> Sums:
    """Return how many perceptions there are, and how many below the middle of their scale.

    Parameters
    ----------
    ends
        Lowest and highest rating added up. Of those in `ENDS` the sums are kept.
    """
    p, name = f"p_d{slot:d}", f"low{ends:d}".replace("-", "minus")
    below = f"COUNT(CASE WHEN 2 * {p} < {SCORE_UNIT * ends:d} THEN 1 END)"
    return {f"n_{p}": f"COUNT({p})", f"{name}_{p}": below}


ENDS: Final = (5, 6, 7, 8, 10, 11)
"""Of the usual scales: 1 to 4, 5, 6 and 7, 0 to 10 and 1 to 10."""
OWN_GAP: Final[Sums] = {
    "n_own_gap": "COUNT(own_gap)",
    "s_own_gap": "SUM(own_gap)",
    "q_own_gap": "SUM(CAST(own_gap AS BIGINT) * own_gap)",
}
"""Sums of the gaps under respondents' own points."""
ANSWERING: Final[Sums] = {
    "shown": "COUNT(CASE WHEN answered > 0 THEN 1 END)",
    "judged": f"COUNT(CASE WHEN answered >= {FEWEST_ITEMS:d} THEN 1 END)",
    "straight": f"COUNT(CASE WHEN answered >= {FEWEST_ITEMS:d} AND alike = 1 THEN 1 END)",
}
"""Who was shown the questions, who answered enough of them and who gave one rating only."""


def all_sums(slots: Iterable[int]) -> Sums:
    """Return everything that is kept of some dimensions."""
    out = {PEOPLE: "COUNT(*)", **OWN_GAP, **ANSWERING}
    for slot in slots:
        for part in (pair_sums, side_sums, shortfall_sums, zone_sums, points_sums):
            out |= part(slot)
    return out


def forget_scores(
    cursor: duckdb.DuckDBPyConnection, months: str, params: Mapping[str, object]
) -> None:
    """Forget the sums of months, of the survey named in the parameters."""
    cursor.execute(
        f"DELETE FROM score_sum WHERE survey_id = $survey AND month_key IN ({months})", params
    )


def fill_scores(cursor: duckdb.DuckDBPyConnection, survey_id: int) -> None:
    """Add up the months of a survey that are not kept. What adds up to 0 is not written."""
    params = {"survey": survey_id}
    asked = cursor.execute(
        "SELECT dim_no, CASE WHEN viewpoint = 'perception' THEN scale_min + scale_max END AS ends "
        "FROM item WHERE survey_id = $survey AND dim_no IS NOT NULL "
        "GROUP BY ALL ORDER BY dim_no, ends",
        params,
    ).fetchall()
    wanted = all_sums(dict.fromkeys(int(slot) for slot, _ in asked))
    for slot, ends in asked:
        wanted |= low_sums(slot, ends) if ends in ENDS else {}
    rows = cursor.execute(
        f"SELECT month_key, {', '.join(wanted.values())} FROM response WHERE survey_id = $survey "
        "AND month_key NOT IN (SELECT month_key FROM score_sum WHERE survey_id = $survey) "
        "GROUP BY month_key ORDER BY month_key",
        params,
    ).fetchall()
    found = [
        {"month_key": month, "name": name, "total": int(total)}
        for month, *totals in rows
        for name, total in zip(wanted, totals, strict=True)
        if total
    ]
    if found:
        kinds = [("month_key", pa.int32()), ("name", pa.string()), ("total", pa.int64())]
        cursor.register("sums_found", pa.Table.from_pylist(found, pa.schema(kinds)))
        cursor.execute(
            "INSERT INTO score_sum SELECT $survey, month_key, name, total FROM sums_found", params
        )
        cursor.unregister("sums_found")
