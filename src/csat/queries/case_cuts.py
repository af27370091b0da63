"""By what cases may be grouped."""

from __future__ import annotations

from collections.abc import Sequence

from csat.model.message import msg
from csat.model.problem import UsageProblem


def require_cut(by: str | None, cuts: Sequence[str]) -> None:
    """Let only a grouping of cases pass, or None for all of them together.

    Raises
    ------
    UsageProblem
        Naming the groupings there are.

    Examples
    --------
    >>> require_cut("cause", ("cause", "branch"))
    """
    if by is not None and by not in cuts:
        raise UsageProblem(
            msg("'{by}' is no grouping of cases", by=by),
            msg("Use one of: {names}", names=", ".join(cuts)),
        )
