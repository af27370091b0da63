"""Respondent scores per dimension as columns of the load, from the questions asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from csat.ingest.catalogue import DIMENSION_SLOTS
from csat.ingest.columns import Item
from csat.store.prepared import BLOCK, ZONE, answering_sql, zone_sql
from csat.store.scores import POINTS_SCALE, points_sql, score_sql


def score_columns(
    items: Sequence[Item], alias: Mapping[str, str], slots: Mapping[str, int]
) -> list[str]:
    """Return SQL for respondent scores per dimension: perception, gap, level desired, points.

    The desired level is that of the pairs the gap is made of. A score needs at least half of its
    items (or pairs) answered; see methods 2.0 and 2.4.
    """
    out = []
    gap_of: dict[int, str] = {}
    points: dict[int, list[str]] = {}
    desired = {i.pair: alias[i.key] for i in items if i.viewpoint == "desired" and i.pair}
    for key, slot in slots.items():
        if slot >= DIMENSION_SLOTS:
            continue
        own = [i for i in items if i.dimension == key and i.viewpoint == "perception"]
        out.append(f"{score_sql([alias[i.key] for i in own])} AS p_d{slot:d}")
        paired = [i for i in own if i.pair in desired]
        gaps = [f"({alias[i.key]} - {desired[i.pair]})" for i in paired]
        gap_of[slot] = score_sql(gaps)
        out.append(f"{gap_of[slot]} AS g_d{slot:d}")
        wanted = [desired[i.pair] for i in paired]
        out.append(f"{score_sql(wanted, gaps)} AS e_d{slot:d}")
        given = [
            alias[i.key]
            for i in items
            if i.viewpoint == "importance"
            and i.dimension == key
            and not i.pair
            and (i.scale.minimum, i.scale.maximum) == POINTS_SCALE
        ]
        if given:
            points[slot] = given
    made = points_sql(points, gap_of) if points else {}
    made |= _prepared(items, alias, slots)
    return out + [f"{sql} AS {column}" for column, sql in made.items()]


def _prepared(
    items: Sequence[Item], alias: Mapping[str, str], slots: Mapping[str, int]
) -> dict[str, str]:
    """Return SQL of the block, the zone of tolerance and the manner of answering."""
    twins: dict[str, dict[str, str]] = {}
    for item in items:
        if item.pair:
            twins.setdefault(item.pair, {})[item.viewpoint] = alias[item.key]
    rated = [i for i in items if i.viewpoint == "perception" and (i.pair or i.dimension)]
    made = {"block": BLOCK.format(id="n.response_id")}
    made |= answering_sql([alias[i.key] for i in rated])
    for key, slot in slots.items():
        own = [twins[i.pair] for i in rated if i.dimension == key and i.pair]
        own = [views for views in own if set(ZONE) <= set(views)]
        if own and slot < DIMENSION_SLOTS:
            made |= zone_sql(own, slot)
    return made
