"""The counts behind the worked number of every metric, in words and as tallies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from csat.queries.index_scores import IndexTally
from csat.queries.survival_tally import SurvivalTally
from csat.queries.tally import (
    CountTally,
    NpsTally,
    RateTally,
    RatingTally,
    ScoreTally,
    ShareTally,
    Tally,
)
from csat.stats.moments import Moments
from csat.store.scores import SCORE_UNIT


@dataclass(frozen=True, slots=True)
class Example:
    """A worked number: the counts now and before, in words and as tallies."""

    now: str
    before: str
    current: Tally
    reference: Tally


def _scores(respondents: list[tuple[int, float]]) -> ScoreTally:
    """Return the tally of respondent scores given as (how many, score)."""
    whole = [(n, round(score * SCORE_UNIT)) for n, score in respondents]
    return ScoreTally(
        Moments(
            sum(n for n, _ in whole),
            sum(n * x for n, x in whole),
            sum(n * x * x for n, x in whole),
            SCORE_UNIT,
        )
    )


def _indices(respondents: list[tuple[int, int]]) -> IndexTally:
    """Return the tally of respondents' indices given as (how many, index)."""
    sums = (sum(n * x**power for n, x in respondents) for power in range(3))
    return IndexTally(Moments(*sums))


def _clock(answered: dict[int, int], still_open: dict[int, int]) -> SurvivalTally:
    """Return the tally of cases that ended, and that are open, after so many days."""
    days = sorted({*answered, *still_open})
    return SurvivalTally(
        (np.array([d * 86_400 for d in days], dtype=np.int64),),
        (np.array([answered.get(d, 0) for d in days], dtype=np.int64),),
        (np.array([still_open.get(d, 0) for d in days], dtype=np.int64),),
    )


EXAMPLES: Final[dict[str, Example]] = {
    "csat_top_box": Example(
        "81 of 263 answers in the top boxes",
        "64 of 250",
        ShareTally(81, 263),
        ShareTally(64, 250),
    ),
    "csat_mean": Example(
        "on a scale from 1 to 5: 8, 14, 40, 90 and 48 answers",
        "12, 25, 60, 70 and 33 answers",
        RatingTally(((1, 8), (2, 14), (3, 40), (4, 90), (5, 48)), (1, 5)),
        RatingTally(((1, 12), (2, 25), (3, 60), (4, 70), (5, 33)), (1, 5)),
    ),
    "nps": Example(
        "462 promoters, 176 passives, 362 detractors",
        "410 promoters, 210 passives, 380 detractors",
        NpsTally(462, 176, 362),
        NpsTally(410, 210, 380),
    ),
    "ces": Example(
        "on a scale from 1 to 7: 3, 5, 12, 20, 45, 70 and 45 answers",
        "6, 10, 22, 34, 52, 50 and 26 answers",
        RatingTally(((1, 3), (2, 5), (3, 12), (4, 20), (5, 45), (6, 70), (7, 45)), (1, 7)),
        RatingTally(((1, 6), (2, 10), (3, 22), (4, 34), (5, 52), (6, 50), (7, 26)), (1, 7)),
    ),
    "recommend_share": Example(
        "56 of 70 answers in the top boxes", "48 of 80", ShareTally(56, 70), ShareTally(48, 80)
    ),
    "satisfaction_index": Example(
        "respondents' indices: 40 of 55, 90 of 75 and 50 of 90",
        "60 of 55, 80 of 75 and 40 of 90",
        _indices([(40, 55), (90, 75), (50, 90)]),
        _indices([(60, 55), (80, 75), (40, 90)]),
    ),
    "response_count": Example(
        "412 responses in 30 days",
        "380 in 31 days",
        CountTally(412, 30),
        CountTally(380, 31),
    ),
    "complaints_received": Example(
        "58 cases in 30 days", "96 in 31 days", CountTally(58, 30), CountTally(96, 31)
    ),
    "complaints_per_1000": Example(
        "12 complaints, 8,000 customers served",
        "25 complaints, 7,600 customers served",
        RateTally(12, 8_000),
        RateTally(25, 7_600),
    ),
    "timely_response_share": Example(
        "150 of 180 decided cases in time", "141 of 190", ShareTally(150, 180), ShareTally(141, 190)
    ),
    "median_days_to_response": Example(
        "40 cases: 8 answered after 1 day, 10 after 2, 9 after 4, 5 after 7; "
        "8 still open after 3 days",
        "40 cases: 4 answered after 1 day, 6 after 3, 12 after 6, 14 after 9; "
        "4 still open after 10 days",
        _clock({1: 8, 2: 10, 4: 9, 7: 5}, {3: 8}),
        _clock({1: 4, 3: 6, 6: 12, 9: 14}, {10: 4}),
    ),
    "median_days_to_resolution": Example(
        "50 cases: 6 resolved after 3 days, 9 after 6, 11 after 10, 8 after 15; "
        "16 still open after 12 days",
        "50 cases: 7 resolved after 3 days, 10 after 6, 12 after 10, 9 after 14; "
        "12 still open after 12 days",
        _clock({3: 6, 6: 9, 10: 11, 15: 8}, {12: 16}),
        _clock({3: 7, 6: 10, 10: 12, 14: 9}, {12: 12}),
    ),
    "mean": Example(
        "on a scale from 1 to 7: 2, 4, 9, 22, 48, 60 and 25 answers",
        "2, 5, 12, 25, 50, 52 and 20 answers",
        RatingTally(((1, 2), (2, 4), (3, 9), (4, 22), (5, 48), (6, 60), (7, 25)), (1, 7)),
        RatingTally(((1, 2), (2, 5), (3, 12), (4, 25), (5, 50), (6, 52), (7, 20)), (1, 7)),
    ),
    "perception": Example(
        "respondent scores: 30 of 4.0, 50 of 5.25 and 40 of 6.5",
        "45 of 4.0, 50 of 5.25 and 25 of 6.5",
        _scores([(30, 4.0), (50, 5.25), (40, 6.5)]),
        _scores([(45, 4.0), (50, 5.25), (25, 6.5)]),
    ),
    "expectation": Example(
        "respondent scores: 20 of 6.0, 40 of 6.5 and 60 of 7.0",
        "30 of 6.0, 40 of 6.5 and 50 of 7.0",
        _scores([(20, 6.0), (40, 6.5), (60, 7.0)]),
        _scores([(30, 6.0), (40, 6.5), (50, 7.0)]),
    ),
    "gap": Example(
        "respondent gaps: 40 of -2.0, 50 of -0.8 and 30 of 0.2",
        "50 of -2.0, 45 of -0.8 and 25 of 0.2",
        _scores([(40, -2.0), (50, -0.8), (30, 0.2)]),
        _scores([(50, -2.0), (45, -0.8), (25, 0.2)]),
    ),
}
