"""Every interval that the product shows, and the rows of the table that measure it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Shown:
    """An interval: what has it, where, how it is made, and the figures of its situations."""

    what: str
    where: str
    interval: str
    rows: tuple[str, ...]


SHOWN: Final = (
    Shown(
        "shares: satisfied, would recommend, answered in time, service level, stages reached, "
        "coming back, record complete, dissatisfied, in a band of the zone, standards, promises, "
        "response rate",
        "every page",
        "Wilson score interval",
        ("share", "share below the adequate level"),
    ),
    Shown(
        "their change, and one group against the others",
        "Overview, Trends, Complaints",
        "Newcombe hybrid-score interval of the difference; pooled z test",
        ("change of a share",),
    ),
    Shown(
        "mean ratings, effort",
        "every page",
        "t interval; BCa bootstrap within 0.5 of an end of the scale",
        ("mean rating",),
    ),
    Shown(
        "perception and expectation of a dimension",
        "Dimensions, Gaps",
        "t interval",
        ("performance of an item", "mean rating"),
    ),
    Shown(
        "changes and contrasts of means, gaps and the index; the knowledge gap",
        "Overview, Trends, Dimensions, Gaps",
        "Welch t test",
        ("change of a mean", "managers' belief less customers'"),
    ),
    Shown("net promoter score", "every page", "Adjusted Wald interval (Rocks 2016)", ("NPS",)),
    Shown(
        "its change",
        "Overview, Trends",
        "z test of the difference with each score's own variance",
        ("change of an NPS",),
    ),
    Shown(
        "satisfaction index",
        "Dimensions, Overview",
        "t interval over respondents, cut to the scale",
        ("satisfaction index",),
    ),
    Shown(
        "gaps, service adequacy and superiority, themes beside each other",
        "Dimensions, Gaps, Complaints",
        "Paired t interval over respondents",
        ("gap", "service adequacy and superiority", "theme less the other themes"),
    ),
    Shown(
        "weighted SERVQUAL score",
        "Dimensions",
        "t over respondents",
        ("weighted SERVQUAL score",),
    ),
    Shown(
        "counts of answers and complaints",
        "Overview, Trends",
        "Exact Poisson interval",
        ("complaints per transaction",),
    ),
    Shown(
        "complaints per 1,000",
        "Overview, Complaints, Trends",
        "Exact Poisson interval (Garwood)",
        ("complaints per transaction",),
    ),
    Shown(
        "the change of both",
        "Overview, Trends",
        "MOVER on the exact limits; exact conditional test",
        ("change of a rate",),
    ),
    Shown(
        "medians, times by which 80 or 90% are done, curves of cases still open",
        "Complaints",
        "Log-log interval of the Kaplan-Meier curve",
        ("median waiting time", "time by which 80% are done", "share still open after a time"),
    ),
    Shown(
        "mean time of a standard",
        "Gaps",
        "t on the logarithm, Greenwood's error",
        ("mean time of a standard",),
    ),
    Shown(
        "attainment over several standards",
        "Gaps",
        "Wilson at the least size that is sure",
        ("share met over standards",),
    ),
    Shown(
        "reliability",
        "Dimensions",
        "Feldt",
        ("Cronbach's alpha",),
    ),
    Shown("key drivers", "Dimensions", "bootstrap percentile", ("driver's share of R²",)),
    Shown("what to put right first", "Dimensions", "delta method", ("priority of a dimension",)),
    Shown(
        "penalty and reward",
        "Dimensions",
        "t with HC3 errors",
        ("penalty of a dimension", "reward of a dimension"),
    ),
    Shown("Kano's CS+ and CS-", "Dimensions", "Wilson", ("Kano's CS+ and CS-",)),
    Shown(
        "importance against performance",
        "Dimensions",
        "t on both axes",
        ("importance of a dimension", "performance of an item"),
    ),
    Shown(
        "weighted shares",
        "Overview and Trends, with weights",
        "Wilson at the effective size (Korn and Graubard)",
        ("weighted share", "raked share", "share, drawn by branches"),
    ),
    Shown(
        "weighted means, scores and gaps, of questions too",
        "Overview, Trends and Dimensions, with weights",
        "t on the logit of the scale, Taylor's errors, effective degrees of freedom",
        (
            "weighted mean",
            "weighted NPS",
            "raked mean",
            "mean, drawn by branches",
            "mean of a group, drawn by branches",
            "weighted gap of a question",
        ),
    ),
    Shown(
        "their change",
        "Overview, Trends and Dimensions, with weights",
        "Welch on the linearised errors",
        ("change of a weighted share", "change of a weighted mean"),
    ),
    Shown(
        "one weighted group against the others",
        "Trends and Dimensions, with weights",
        "t on the difference linearised as a whole",
        ("weighted group less the others", "weighted share of a group less the others"),
    ),
    Shown("raters' scores", "Gaps, raters", "t over visits", ("raters' score of visits",)),
    Shown("raters less customers", "Gaps, raters", "Welch", ("raters less customers",)),
    Shown(
        "agreement of raters on scores",
        "Gaps, raters",
        "exact F, or McGraw and Wong",
        ("agreement of any raters (ICC)", "agreement of the same raters (ICC)"),
    ),
    Shown(
        "agreement of raters on criteria",
        "Gaps, raters",
        "bootstrap over visits",
        ("agreement on criteria (Krippendorff's alpha)",),
    ),
    Shown(
        "what is real and what is mix in a change",
        "Trends",
        "normal",
        ("real part of a change", "mix in a change"),
    ),
    Shown(
        "effect of an action",
        "Improve",
        "difference in differences, t",
        ("effect of an action on a mean", "effect of an action on a rate"),
    ),
    Shown(
        "limits of a funnel",
        "Trends, Complaints",
        "p̄ ± 1.96 errors, widened",
        ("95% limits of a funnel of shares", "95% limits of a funnel of rates"),
    ),
)

ELSEWHERE: Final = (
    "Shown without an interval: Cohen's and Fleiss' kappa (the alpha beside them has one), omega, "
    "Kendall's W, the consistency of experts' comparisons, Kish's effective number, R-indicators, "
    "VIF. Limits of control charts are no intervals; how often they call a change that is none is "
    "on [control charts](control-charts.md)."
)
