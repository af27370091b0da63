"""What questions over many answers ask of each respondent, made once when he is loaded.

Counting is cheap and telling, from dozens of ratings, where one respondent stands is not; so it
is told at the import (ADR 17).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import duckdb

from csat.store.scores import score_sql

ZONE: Final = ("adequate", "desired", "perception")
"""The viewpoints between which the zone of tolerance lies."""
BLOCKS: Final = 1_000
"""Respondents are dealt into so many blocks for resampling, by a fixed hash of their number."""
BLOCK: Final = (
    f"CAST(FLOOR((({{id}} * 2654435761) % 4294967296) * {BLOCKS}.0 / 4294967296.0) AS SMALLINT)"
)
"""SQL of the block of a respondent's ``id``."""


def zone_sql(questions: Sequence[Mapping[str, str]], slot: int) -> dict[str, str]:
    """Return SQL of a respondent's place in his zone of tolerance of one dimension.

    Parameters
    ----------
    questions
        Each question's viewpoints -> SQL of the rating: those of `ZONE`, and "predicted" where
        it is asked, which counts where all have it.

    Returns
    -------
    dict
        Column -> SQL, in `SCORE_UNIT`; questions count that are answered from all three.

    Examples
    --------
    >>> list(zone_sql([{"adequate": "a", "desired": "d", "perception": "p"}], 2))
    ['msa_d2', 'mss_d2', 'zone_p_d2', 'predicted_d2']
    """
    whole = [" + ".join(f"({views[view]})" for view in ZONE) for views in questions]
    means = {view: score_sql([views[view] for views in questions], whole) for view in ZONE}
    told = all("predicted" in views for views in questions)
    predicted = [views["predicted"] for views in questions] if told else []
    return {
        f"msa_d{slot:d}": f"{means['perception']} - {means['adequate']}",
        f"mss_d{slot:d}": f"{means['perception']} - {means['desired']}",
        f"zone_p_d{slot:d}": means["perception"],
        f"predicted_d{slot:d}": score_sql(predicted),
    }


def answering_sql(ratings: Sequence[str]) -> dict[str, str]:
    """Return SQL of how many questions a respondent answered, and whether all with one rating.

    Examples
    --------
    >>> list(answering_sql(["i1", "i2"]))
    ['answered', 'alike']
    """
    given = " + ".join(f"CASE WHEN {r} IS NULL THEN 0 ELSE 1 END" for r in ratings) or "0"
    all_of = ", ".join(ratings) or "0"
    same = f"GREATEST({all_of}) = LEAST({all_of})"
    return {
        "answered": f"CAST({given} AS SMALLINT)",
        "alike": f"CAST(CASE WHEN ({given}) > 0 THEN CASE WHEN {same} THEN 1 ELSE 0 END END "
        "AS SMALLINT)",
    }


def fill_prepared_scores(cursor: duckdb.DuckDBPyConnection) -> None:
    """Give the answers that were loaded without them what is prepared of each respondent."""
    found = cursor.execute(
        "SELECT survey_id, item_no, viewpoint, pair, dim_no FROM item "
        "WHERE COALESCE(pair, '') <> '' OR dim_no IS NOT NULL ORDER BY survey_id, item_no"
    ).fetchall()
    surveys: dict[int, list[tuple[str, str, str, int | None]]] = {}
    for survey, item, viewpoint, pair, slot in found:
        surveys.setdefault(int(survey), []).append((f"a.i{item:d}", viewpoint, pair or "", slot))
    for survey, asked in surveys.items():
        made = {"block": BLOCK.format(id="response.response_id"), **_of_survey(asked)}
        cursor.execute(
            f"UPDATE response SET {', '.join(f'{c} = {sql}' for c, sql in made.items())} "
            f"FROM answers_{survey:d} a "
            "WHERE a.response_id = response.response_id AND response.survey_id = $survey",
            {"survey": survey},
        )


def _of_survey(asked: Sequence[tuple[str, str, str, int | None]]) -> dict[str, str]:
    twins: dict[str, dict[str, str]] = {}
    for column, viewpoint, pair, _ in asked:
        if pair:
            twins.setdefault(pair, {})[viewpoint] = column
    rated = [(c, pair, slot) for c, viewpoint, pair, slot in asked if viewpoint == "perception"]
    made = answering_sql([column for column, _, _ in rated])
    for slot in sorted({slot for _, _, slot in rated if slot is not None}):
        own = [twins[pair] for _, pair, at in rated if at == slot and pair]
        own = [views for views in own if set(ZONE) <= set(views)]
        if own:
            made |= zone_sql(own, slot)
    return made
