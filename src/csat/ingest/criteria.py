"""What a mapping of raters' evaluations must say of its criteria."""

from __future__ import annotations

from typing import Final

from csat.ingest.columns import Item
from csat.model.message import msg
from csat.model.problem import ImportProblem

_OF_ONE_CRITERION: Final = ("dimension", "weight", "critical", "scale_low", "scale_high")


def check_criteria(seen: dict[str, str], items: list[Item]) -> None:
    """Refuse evaluations that are neither one row per criterion nor one column for each.

    Parameters
    ----------
    seen
        Role -> a column of the file that is mapped as it.
    items
        The criteria that have a column of their own.

    Raises
    ------
    ImportProblem
        Saying what to map.
    """
    long = [role for role in ("criterion", "result") if role in seen]
    remedy = msg("Map the criterion and its result, or one column for each criterion")
    if "item" in seen and long:
        raise ImportProblem(
            msg("Column '{column}' is a criterion of its own", column=seen["item"]), remedy
        )
    of_one = [role for role in _OF_ONE_CRITERION if role in seen]
    if "item" in seen and of_one:
        raise ImportProblem(
            msg(
                "Column '{column}' is about one criterion, but each row holds a whole visit",
                column=seen[of_one[0]],
            ),
            msg("Leave it out, or map the criterion and its result"),
        )
    if "item" not in seen and len(long) < 2:
        raise ImportProblem(msg("No column holds what was rated"), remedy)
    if "item" in seen and len({i.wording for i in items}) < len(items):
        raise ImportProblem(
            msg("Two criteria have the same wording"), msg("Give each criterion its own wording")
        )
    if any(not i.weight > 0 for i in items):
        raise ImportProblem(msg("A criterion weighs nothing"), msg("Give it a weight above 0"))
