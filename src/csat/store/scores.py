"""Respondent scores as SQL: the mean over a respondent's answered items, as a whole number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import lcm
from typing import Final

import duckdb

SCORE_UNIT: Final = 2520
"""Respondent scores are stored as 2520 x mean: 2520 = lcm(1..10), exact up to ten items."""
POINTS_SCALE: Final = (0, 100)
"""The scale of an allocation of 100 points over the dimensions."""
POINT_UNIT: Final = 10_000_000
"""Shares of the points a respondent gave are stored as whole ten-millionths."""
OWN_GAP_UNIT: Final = 1_000 * SCORE_UNIT
"""A respondent's gap under his own points is kept to a thousandth of a `SCORE_UNIT`."""


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


def place_sql(values: Sequence[str], scales: Sequence[tuple[int, int]]) -> str:
    """Return SQL for 2520 x the mean place of the answered values, each on its own scale.

    The low end of a scale is 0 and its high end 1, so that answers on different scales can be
    averaged (methods.md section 2.0); from half of the values up, as in `score_sql`.

    Parameters
    ----------
    values
        SQL of each value, NULL where it is not answered.
    scales
        Lowest and highest code of each.

    Examples
    --------
    >>> place_sql(["a.i1"], [(1, 5)]).count("(CAST(a.i1 AS BIGINT) - 1) * 1")
    1
    """
    whole = lcm(*(high - low for low, high in scales))
    told = list(zip(values, scales, strict=True))
    total = " + ".join(
        f"COALESCE((CAST({v} AS BIGINT) - {low:d}) * {whole // (high - low):d}, 0)"
        for v, (low, high) in told
    )
    count = " + ".join(f"CASE WHEN {v} IS NULL THEN 0 ELSE 1 END" for v, _ in told)
    return (
        f"CAST(CASE WHEN 2 * ({count}) >= {len(told):d} "
        f"THEN ROUND(CAST({SCORE_UNIT:d} * ({total}) AS DOUBLE) / "
        f"NULLIF({whole:d} * ({count}), 0)) END AS INTEGER)"
    )


def points_sql(points: Mapping[int, Sequence[str]], gaps: Mapping[int, str]) -> dict[str, str]:
    """Return SQL of the share of the points in every dimension, and of the gap under them.

    Parameters
    ----------
    points
        Slot of a dimension -> SQL of the points a respondent gave it, one for each question.
    gaps
        Slot -> SQL of his stored gap in it.

    Returns
    -------
    dict
        Column -> SQL. A dimension left blank counts 0 where another one has points; all is NULL
        where none has. The gap needs dimensions with gaps that hold half of the points, which
        are shared out over these (methods.md 2.4).

    Examples
    --------
    >>> list(points_sql({0: ["a.i9"]}, {0: "g_d0"}))
    ['points_d0', 'own_gap']
    """
    given = {
        slot: f"({' + '.join(f'COALESCE(CAST({sql} AS BIGINT), 0)' for sql in asked)})"
        for slot, asked in points.items()
    }
    whole = " + ".join(given.values())
    out = {
        f"points_d{slot:d}": f"CAST(ROUND({POINT_UNIT:d}.0 * {sql} / NULLIF({whole}, 0)) "
        "AS INTEGER)"
        for slot, sql in given.items()
    }
    known = {slot: sql for slot, sql in given.items() if slot in gaps}
    if known:
        counted = " + ".join(
            f"CASE WHEN {gaps[slot]} IS NULL THEN 0 ELSE {sql} END" for slot, sql in known.items()
        )
        total = " + ".join(f"{sql} * COALESCE({gaps[slot]}, 0)" for slot, sql in known.items())
        scale = OWN_GAP_UNIT // SCORE_UNIT
        out["own_gap"] = (
            f"CAST(CASE WHEN 2 * ({counted}) >= {whole} "
            f"THEN ROUND({scale:d}.0 * ({total}) / NULLIF({counted}, 0)) END AS INTEGER)"
        )
    return out


def fill_points_scores(cursor: duckdb.DuckDBPyConnection) -> None:
    """Give the answers that were loaded without them the shares of their points."""
    found = cursor.execute(
        "SELECT survey_id, dim_no, item_no FROM item WHERE viewpoint = 'importance' "
        "AND COALESCE(pair, '') = '' AND dim_no IS NOT NULL "
        "AND scale_min = $low AND scale_max = $high ORDER BY ALL",
        dict(zip(("low", "high"), POINTS_SCALE, strict=True)),
    ).fetchall()
    given: dict[int, dict[int, list[str]]] = {}
    for survey, slot, item in found:
        given.setdefault(int(survey), {}).setdefault(int(slot), []).append(f"a.i{item:d}")
    for survey, points in given.items():
        made = points_sql(points, {slot: f"response.g_d{slot:d}" for slot in points})
        cursor.execute(
            f"UPDATE response SET {', '.join(f'{c} = {sql}' for c, sql in made.items())} "
            f"FROM answers_{survey:d} a "
            "WHERE a.response_id = response.response_id AND response.survey_id = $survey",
            {"survey": survey},
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
