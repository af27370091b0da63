"""Questions that Kano asks about a feature: how one feels with it, and how without it."""

from __future__ import annotations

from collections.abc import Sequence

from csat.ingest.columns import Item
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.model.vocabulary import FEELINGS, KANO_SIDES


def check_kano(items: Sequence[Item]) -> None:
    """Refuse pairs of Kano questions whose answers have no class.

    Raises
    ------
    ImportProblem
        For a question of a pair that is not answered from 1 to 5.
    """
    asked = [item for item in items if item.pair and item.viewpoint in KANO_SIDES]
    sides = {(item.pair, item.viewpoint) for item in asked}
    for item in asked:
        whole = all((item.pair, side) in sides for side in KANO_SIDES)
        if whole and item.scale.ends != FEELINGS:
            raise ImportProblem(
                msg("'{key}' is a Kano question and not answered from 1 to 5", key=item.key),
                msg(
                    "Map its answers to 1 like, 2 must be so, 3 neutral, 4 can live with it, "
                    "5 dislike"
                ),
            )
