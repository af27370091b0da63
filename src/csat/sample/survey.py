"""The survey file: circumstances, ratings and comments of each response."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from csat.sample.chinese_texts import remark_texts
from csat.sample.comments import comment_texts
from csat.sample.customers import Customers, identifiers, numbered
from csat.sample.draw import chance, text_column
from csat.sample.features import feature_columns
from csat.sample.language import CHINESE
from csat.sample.organisation import BRANCHES, CHANNELS, LANGUAGES, SEGMENTS, TOUCHPOINTS, names
from csat.sample.plan import Plan
from csat.sample.ratings import Answers, draw_answers, draw_points, draw_predicted
from csat.sample.staff import staff_column
from csat.sample.truths import CURRENT_FORM, FORM_CHANGE, FORMER_FORM
from csat.sample.visits import Visits, draw_visits

KNOWN_SHARE: Final = 0.7
COMMENT_SHARE: Final = 0.2


def survey_table(
    rng: np.random.Generator,
    plan: Plan,
    customers: Customers,
    responses: int,
    points: np.random.Generator,
    predicted: np.random.Generator,
    staff: np.random.Generator,
    features: np.random.Generator,
) -> Any:
    """Simulate the survey file.

    Parameters
    ----------
    rng
        Source of randomness.
    plan
        Calendar and planted effects.
    customers
        Pool that respondents come from.
    responses
        Number of rows.
    points
        Source of randomness of the points of 100, apart so that nothing else depends on them.
    predicted
        The same of the level that is predicted.
    staff
        The same of who served.
    features
        The same of how features are felt about.

    Returns
    -------
    pyarrow.Table
        One row per response, ordered by time.
    """
    visits = draw_visits(rng, plan, customers, responses)
    answers = draw_answers(rng, plan, visits)
    form = (visits.at >= np.datetime64(FORM_CHANGE, "s")).astype(np.int64)
    known = chance(rng, KNOWN_SHARE, responses)
    all_chinese = plan.language == CHINESE
    columns: dict[str, Any] = {
        "response_id": numbered("R", responses),
        "submitted_at": pa.array(visits.at),
        "form": text_column((FORMER_FORM, CURRENT_FORM), form),
        "branch": text_column(names(BRANCHES), visits.branch),
        "channel": text_column(names(CHANNELS), visits.channel),
        "touchpoint": text_column(names(TOUCHPOINTS), visits.touchpoint),
        "segment": text_column(names(SEGMENTS), visits.segment),
        "respondent_id": identifiers(visits.customer, known),
        "staff": staff_column(
            staff,
            visits.branch,
            visits.channel,
            csat=np.array(answers.columns["csat"].to_numpy(zero_copy_only=False), dtype=float),
            planted=plan.planted,
        ),
        "language": text_column(LANGUAGES, (visits.chinese | all_chinese).astype(np.int64)),
        **answers.columns,
        **draw_points(points, responses),
        **draw_predicted(predicted, responses),
        **feature_columns(features, form),
        "comment": _comments(rng, visits, answers, chinese=all_chinese),
    }
    return pa.table(columns)


def _comments(rng: np.random.Generator, visits: Visits, answers: Answers, *, chinese: bool) -> Any:
    written = chance(rng, COMMENT_SHARE, len(visits.at))
    row = np.flatnonzero(written)
    mood = np.digitize(answers.satisfaction[row], (2.5, 3.5)).astype(np.int64)
    in_branch = visits.channel[row] == names(CHANNELS).index("Branch")
    about = (
        mood,
        visits.touchpoint[row],
        np.where(mood == 2, answers.strongest[row], answers.weakest[row]),
        np.where(in_branch, visits.branch[row], -1),
    )
    if chinese:
        texts = remark_texts(rng, *about)
    else:
        texts = comment_texts(rng, visits.chinese[row], *about)
    return texts.take(pa.array(np.cumsum(written) - 1, mask=~written))
