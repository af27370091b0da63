"""Respondent scores as SQL: the mean over a respondent's answered items, as a whole number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb

SCORE_UNIT: Final = 2520
"""Respondent scores are stored as 2520 x mean: 2520 = lcm(1..10), exact up to ten items."""


def score_sql(values: Sequence[str], counted: Sequence[str] = ()) -> str:
    """Return SQL for 2520 x the mean of the answered values, from half of them up.

    Parameters
    ----------
    values
        SQL of each value, NULL where it is not answered.
    counted
        SQL that is NULL where a value does not count, such as the difference of its pair;
        the values themselves where left out.

    Examples
    --------
    >>> score_sql([])
    'CAST(NULL AS INTEGER)'
    """
    if not values:
        return "CAST(NULL AS INTEGER)"
    told = list(zip(values, counted or values, strict=True))
    total = " + ".join(
        f"COALESCE(CAST({v} AS INTEGER), 0)"
        if v == c
        else f"CASE WHEN {c} IS NULL THEN 0 ELSE CAST({v} AS INTEGER) END"
        for v, c in told
    )
    count = " + ".join(f"CASE WHEN {c} IS NULL THEN 0 ELSE 1 END" for _, c in told)
    return (
        f"CAST(CASE WHEN 2 * ({count}) >= {len(told):d} "
        f"THEN ROUND(CAST({SCORE_UNIT:d} * ({total}) AS DOUBLE) / NULLIF({count}, 0)) END "
        "AS INTEGER)"
    )


def fill_expectation_scores(cursor: duckdb.DuckDBPyConnection) -> None:
    """Give the answers that were loaded without them their scores of the desired level."""
    found = cursor.execute(
        "SELECT p.survey_id, p.dim_no, p.item_no, d.item_no FROM item p JOIN item d "
        "ON d.survey_id = p.survey_id AND d.pair = p.pair AND d.viewpoint = 'desired' "
        "WHERE p.viewpoint = 'perception' AND p.dim_no IS NOT NULL ORDER BY ALL"
    ).fetchall()
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for survey, slot, perceived, desired in found:
        pairs.setdefault((int(survey), int(slot)), []).append((int(perceived), int(desired)))
    for (survey, slot), own in pairs.items():
        gaps = [f"(a.i{p:d} - a.i{d:d})" for p, d in own]
        score = score_sql([f"a.i{d:d}" for _, d in own], gaps)
        cursor.execute(
            f"UPDATE response SET e_d{slot:d} = {score} FROM answers_{survey:d} a "
            "WHERE a.response_id = response.response_id AND response.survey_id = $survey",
            {"survey": survey},
        )
