"""The metric registry: every figure the product shows, defined once.

Cards, charts, exports, the command line and ``docs/metrics.md`` read these entries.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

from csat.model.message import N_, msg
from csat.model.metric import Direction, Family, Metric, Subject, Unit
from csat.model.problem import UsageProblem

__all__ = [
    "HEADLINES",
    "REGISTRY",
    "TOTALS_RULE",
    "Direction",
    "Family",
    "Metric",
    "Subject",
    "Unit",
    "metric",
]

_TOTALS = N_("Totals are made from the counts of their parts; ratios and means are never averaged.")
TOTALS_RULE: Final = _TOTALS

_SURVEY_NEEDS = N_("Load a survey file and map a column as this question on the Data page.")
_CLOCK_NEEDS = N_(
    "Load a complaint file that holds when the case was received and when it was answered."
)

_METRICS: Final[tuple[Metric, ...]] = (
    Metric(
        "csat_top_box",
        N_("Satisfied customers"),
        N_("Share of valid answers to the overall satisfaction question in the top boxes."),
        N_("Answers at or above the scale's top-box cut / valid answers x 100."),
        _SURVEY_NEEDS,
        "percent",
        "up",
        "survey",
        "share",
        "csat",
        N_("Wilson score interval"),
        N_("Newcombe hybrid-score interval of the difference; pooled z test"),
    ),
    Metric(
        "csat_mean",
        N_("Mean satisfaction"),
        N_("Mean of the valid answers to the overall satisfaction question."),
        N_("Sum of ratings / valid answers, in the units of the scale."),
        _SURVEY_NEEDS,
        "rating",
        "up",
        "survey",
        "mean",
        "csat",
        N_("t interval; BCa bootstrap within 0.5 of an end of the scale"),
        N_("Welch t test"),
    ),
    Metric(
        "nps",
        N_("Net promoter score"),
        N_("Share of promoters (9-10) less share of detractors (0-6) on a 0-10 scale."),
        N_("100 x (promoters - detractors) / valid answers."),
        _SURVEY_NEEDS,
        "points",
        "up",
        "survey",
        "nps",
        "nps",
        N_("Adjusted Wald interval (Rocks 2016)"),
        N_("z test of the difference with each score's own variance"),
    ),
    Metric(
        "ces",
        N_("Customer effort score"),
        N_("Mean agreement (1-7) that it was easy to get the matter handled."),
        N_("Sum of ratings / valid answers; 7 means no effort."),
        _SURVEY_NEEDS,
        "rating",
        "up",
        "survey",
        "mean",
        "ces",
        N_("t interval; BCa bootstrap within 0.5 of an end of the scale"),
        N_("Welch t test"),
    ),
    Metric(
        "recommend_share",
        N_("Would recommend"),
        N_("Share of valid answers to a worded recommendation question in the top boxes."),
        N_("Answers at or above the scale's top-box cut / valid answers x 100."),
        _SURVEY_NEEDS,
        "percent",
        "up",
        "survey",
        "share",
        "recommend",
        N_("Wilson score interval"),
        N_("Newcombe hybrid-score interval of the difference; pooled z test"),
    ),
    Metric(
        "satisfaction_index",
        N_("Satisfaction index"),
        N_("Weighted mean of the program's own indicators, each put on 0 (worst) to 100 (best)."),
        N_(
            "Mean over respondents of the sum of weight x (answer - worst) / (best - worst) x 100; "
            "who answered at least half of the weight counts, those weights shared out."
        ),
        N_("Define the index of this program on the Dimensions page, under Index."),
        "index",
        "up",
        "survey",
        "mean",
        "index",
        N_("t interval over respondents, cut to the scale"),
        N_("Welch t test"),
    ),
    Metric(
        "response_count",
        N_("Responses"),
        N_("Submissions received, whether or not every question was answered."),
        N_("Count of responses."),
        N_("Load a survey file on the Data page."),
        "count",
        "none",
        "survey",
        "count",
        "responses",
        N_("Exact Poisson interval"),
        N_("Exact conditional test of two Poisson counts over the days of each period"),
        0,
    ),
    Metric(
        "complaints_received",
        N_("Complaints received"),
        N_("Cases received in the period, each counted once."),
        N_("Count of cases by the day they were received."),
        N_("Load a complaint file on the Data page."),
        "count",
        "down",
        "complaints",
        "count",
        "complaints",
        N_("Exact Poisson interval"),
        N_("Exact conditional test of two Poisson counts over the days of each period"),
        0,
    ),
    Metric(
        "complaints_per_1000",
        N_("Complaints per 1,000"),
        N_("Complaints received for every 1,000 customers served in the same months and branches."),
        N_("1,000 x complaints / customers served, over whole months where both are known."),
        N_("Load a file of customers served per month and branch on the Data page."),
        "per_1000",
        "down",
        "complaints",
        "rate",
        "complaints",
        N_("Exact Poisson interval (Garwood)"),
        N_("Exact conditional test of the rate ratio"),
        0,
    ),
    Metric(
        "timely_response_share",
        N_("Answered in time"),
        N_("Share of complaints answered within the time promised, among those already decided."),
        N_("Cases marked answered in time / cases marked either way x 100."),
        N_("Load a complaint file with a column that says whether the answer came in time."),
        "percent",
        "up",
        "complaints",
        "share",
        "timely",
        N_("Wilson score interval"),
        N_("Newcombe hybrid-score interval of the difference; pooled z test"),
    ),
    Metric(
        "median_days_to_response",
        N_("Time to first response"),
        N_("Median: time within which half of the cases got a first answer, open ones included."),
        N_("Kaplan-Meier median of received to first response; cases still open are censored."),
        _CLOCK_NEEDS,
        "days",
        "down",
        "complaints",
        "median",
        "response",
        N_("Log-log interval of the Kaplan-Meier curve"),
        N_("Log-rank test"),
    ),
    Metric(
        "median_days_to_resolution",
        N_("Time to resolution"),
        N_("Median: time within which half of the cases were resolved, open ones included."),
        N_("Kaplan-Meier median of received to resolved; cases still open are censored."),
        _CLOCK_NEEDS,
        "days",
        "down",
        "complaints",
        "median",
        "resolution",
        N_("Log-log interval of the Kaplan-Meier curve"),
        N_("Log-rank test"),
    ),
)

_FAMILIES: Final[tuple[Metric, ...]] = (
    Metric(
        "mean",
        N_("Mean rating of {item}"),
        N_("Mean of the valid answers to one question, in the units of its scale."),
        N_("Sum of ratings / valid answers. Special codes and blanks are left out."),
        _SURVEY_NEEDS,
        "rating",
        "up",
        "survey",
        "mean",
        "item",
        N_("t interval; BCa bootstrap within 0.5 of an end of the scale"),
        N_("Welch t test"),
    ),
    Metric(
        "perception",
        N_("Perception: {item}"),
        N_("Mean over respondents of their mean perception rating in one dimension."),
        N_("Mean of respondent scores; a respondent counts with at least half the items answered."),
        _SURVEY_NEEDS,
        "rating",
        "up",
        "survey",
        "mean",
        "dimension",
        N_("t interval"),
        N_("Welch t test"),
    ),
    Metric(
        "expectation",
        N_("Expectation: {item}"),
        N_("Mean level desired in one dimension, over respondents who also gave a perception."),
        N_("Mean over respondents of the mean desired level of their answered pairs."),
        N_("Load a survey that asks both the desired level and the perception."),
        "rating",
        "none",
        "survey",
        "mean",
        "dimension",
        N_("t interval"),
        N_("Welch t test"),
    ),
    Metric(
        "gap",
        N_("Gap: {item}"),
        N_("Perception less desired level in one dimension; negative means below what is desired."),
        N_("Mean over respondents of the mean of their answered pairs, perception - desired."),
        N_("Load a survey that asks both the desired level and the perception."),
        "rating",
        "up",
        "survey",
        "mean",
        "dimension",
        N_("Paired t interval over respondents"),
        N_("Welch t test between periods"),
    ),
)

REGISTRY: Final[dict[str, Metric]] = {m.key: m for m in (*_METRICS, *_FAMILIES)}
HEADLINES: Final[tuple[str, ...]] = tuple(m.key for m in _METRICS)


@lru_cache(maxsize=1_024)
def metric(key: str) -> Metric:
    """Return the registry entry of a key; ``mean:Q7ALL`` names the item after the colon.

    Raises
    ------
    UsageProblem
        For a key that is not registered, listing those that are.

    Examples
    --------
    >>> metric("nps").unit, metric("mean:Q7ALL").argument
    ('points', 'Q7ALL')
    """
    name, _, argument = key.partition(":")
    entry = REGISTRY.get(name)
    takes_argument = name in {m.key for m in _FAMILIES}
    if entry is None or takes_argument != bool(argument):
        known = [*HEADLINES, *(f"{m.key}:NAME" for m in _FAMILIES)]
        raise UsageProblem(
            msg("There is no metric '{key}'", key=key),
            msg("Use one of: {keys}", keys=", ".join(known)),
        )
    return replace(entry, key=key, argument=argument) if argument else entry
