"""By what a metric can be split."""

from __future__ import annotations

from csat.model.message import Message, msg
from csat.model.metrics import Metric
from csat.model.problem import UsageProblem
from csat.model.vocabulary import CUTS, SURVEY_CUTS


def splits(m: Metric, cut: str) -> bool:
    """Say whether the records of a metric know a kind of group.

    Answers have no category and no cause; complaints have every kind.

    Examples
    --------
    >>> from csat.model.metrics import metric
    >>> splits(metric("nps"), "branch"), splits(metric("nps"), "category")
    (True, False)
    """
    return cut in (CUTS if m.subject == "complaints" else SURVEY_CUTS)


def no_split(m: Metric, cut: str) -> Message:
    """Return what is said where a metric cannot be split so."""
    return msg("{metric} cannot be split by {by}", metric=m.key, by=cut)


def require_split(m: Metric, cut: str) -> None:
    """Let only a split pass that the records of a metric know.

    Raises
    ------
    UsageProblem
        For a kind of group that does not exist, or that answers do not have.

    Examples
    --------
    >>> from csat.model.metrics import metric
    >>> require_split(metric("complaints_received"), "category")
    """
    if cut not in CUTS:
        raise UsageProblem(
            msg("'{by}' is no grouping", by=cut), msg("Use one of: {names}", names=", ".join(CUTS))
        )
    if not splits(m, cut):
        raise UsageProblem(
            no_split(m, cut),
            msg("Survey answers split by: {names}", names=", ".join(SURVEY_CUTS)),
        )
