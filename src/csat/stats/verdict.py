"""The one word beside a figure: what a change means, if it means anything."""

from __future__ import annotations

from typing import Literal

from csat.stats.comparison import Comparison

Verdict = Literal[
    "better",
    "worse",
    "changed",
    "no_clear_change",
    "too_few",
    "unfinished",
    "not_compared",
]
"""``changed`` is a clear change of a figure that has no good direction; see `verdict`."""

Direction = Literal["up", "down", "none"]
"""The way a figure moves when things improve; ``none`` where neither way is good."""


def verdict(
    comparison: Comparison | None,
    *,
    direction: Direction,
    n_current: int,
    n_reference: int,
    finished: bool = True,
    minimum: int = 30,
    alpha: float = 0.05,
    p_value: float | None = None,
) -> Verdict:
    """Return what may honestly be said of a figure against its reference.

    The first rule that applies decides:

    1. ``unfinished``: the current period still runs, so it is not tested.
    2. ``not_compared``: there is no comparison and nothing to compare with.
    3. ``too_few``: either group has fewer than `minimum` answers.
    4. ``not_compared``: there is no comparison although both groups suffice, for instance since
       no answer differs from another.
    5. ``no_clear_change``: the p-value is not below `alpha`.
    6. ``better`` or ``worse``: the change is clear, and `direction` says which way is good.
       ``changed``: the change is clear, but the figure has no good direction (the number of
       answers, say).

    Parameters
    ----------
    comparison : Comparison or None
        Current minus reference; None where the two could not be compared.
    direction : {"up", "down", "none"}
        Way the figure moves when things improve: a property of the metric, not of the change.
    n_current, n_reference : int
        Unweighted answers (or events, or cases) behind each side.
    finished : bool
        Whether the current period is over.
    minimum : int
        Answers needed on each side.
    alpha : float
        A p-value below this counts as a clear change.
    p_value : float, optional
        Adjusted for the number of comparisons; stands in for the comparison's own.

    Returns
    -------
    Verdict
        One of the seven words above.

    Raises
    ------
    ValueError
        If a number of answers is negative, `direction` is unknown, or the p-value used is not
        between 0 and 1.

    Examples
    --------
    Waiting time fell by 3 minutes, and for waiting down is good:

    >>> change = Comparison(difference=-3.0, low=-5.0, high=-1.0, p_value=0.003)
    >>> verdict(change, direction="down", n_current=80, n_reference=95)
    'better'
    >>> verdict(change, direction="down", n_current=80, n_reference=95, p_value=0.09)
    'no_clear_change'
    >>> verdict(change, direction="down", n_current=12, n_reference=95)
    'too_few'
    """
    if n_current < 0 or n_reference < 0:
        raise ValueError(f"answers must be at least 0, got {n_current} and {n_reference}")
    if direction not in ("up", "down", "none"):
        raise ValueError(f"direction must be up, down or none, got {direction!r}")
    if not finished:
        return "unfinished"
    if comparison is None and n_reference == 0:
        return "not_compared"
    if n_current < minimum or n_reference < minimum:
        return "too_few"
    if comparison is None:
        return "not_compared"
    p = comparison.p_value if p_value is None else p_value
    if not 0 <= p <= 1:
        raise ValueError(f"a p-value must lie between 0 and 1, got {p}")
    if p >= alpha or comparison.difference == 0:
        return "no_clear_change"
    if direction == "none":
        return "changed"
    return "better" if (comparison.difference > 0) == (direction == "up") else "worse"
