"""How the answers of a file are spread over each question's scale, beside the last file."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from csat.ingest.catalogue import Target, item_numbers
from csat.ingest.mapping import Item, Mapping
from csat.ingest.typed_select import BAD_CODE
from csat.stats.drift import drift
from csat.stats.multiplicity import holm

NOTABLE: float = 0.1
"""Share of answers that must have moved before a change of spread is worth a sentence."""
_SURE = 0.05


@dataclass(frozen=True, slots=True)
class ItemSpread:
    """One question in a file, and in the file before it.

    Parameters
    ----------
    answered, rows
        Good rows with a rating, of all good rows that will be loaded.
    off_scale
        Rows refused because this rating is not on its scale.
    mean, mean_before
        Mean ratings; None where nobody answered.
    answered_before, rows_before
        The same of the file loaded last; 0 where there is none.
    distance
        Share of answers that would have to move to make both spreads equal, 0 to 1; None
        without two spreads.
    p_value
        Of the test that both spreads are one, adjusted by Holm over the questions of the file.
    """

    item: str
    answered: int
    rows: int
    off_scale: int
    mean: float | None
    answered_before: int
    rows_before: int
    mean_before: float | None
    distance: float | None
    p_value: float | None

    @property
    def drifted(self) -> bool:
        """Whether the spread has changed by more than chance and by a tenth of the answers."""
        return (
            self.distance is not None
            and self.distance >= NOTABLE
            and self.p_value is not None
            and self.p_value < _SURE
        )


def item_spreads(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target, last: int | None
) -> tuple[ItemSpread, ...]:
    """Return the spread of every question of a checked survey file, beside batch ``last``."""
    if mapping.kind != "survey":
        return ()
    items = [item for _, item in mapping.items()]
    now = {i: _counts(cursor, f"v{i:d}", _GOOD) for i in range(len(items))}
    off = {
        i: _number(cursor, f"SELECT COUNT(*) FROM typed WHERE v{i:d} = {BAD_CODE:d}")
        for i in range(len(items))
    }
    rows = _number(cursor, "SELECT COUNT(*) FROM accepted")
    numbers = item_numbers(cursor, target.survey_id) if last is not None else {}
    rows_before = 0
    before: dict[int, dict[int, int]] = {}
    if last is not None:
        of_last = f"response_id IN (SELECT response_id FROM response WHERE batch_id = {last:d})"
        rows_before = _number(cursor, f"SELECT COUNT(*) FROM response WHERE batch_id = {last:d}")
        before = {
            i: _counts(
                cursor,
                f"i{numbers[item.key]:d}",
                f"FROM answers_{target.survey_id or 0:d} WHERE {of_last}",
            )
            for i, item in enumerate(items)
            if item.key in numbers
        }
    found = {i: drift(*_aligned(before.get(i, {}), now[i], item)) for i, item in enumerate(items)}
    tested = {i: d.p_value for i, d in found.items() if d is not None and d.p_value is not None}
    adjusted = dict(zip(tested, holm(list(tested.values())), strict=True))
    return tuple(
        ItemSpread(
            item=item.key,
            answered=sum(now[i].values()),
            rows=rows,
            off_scale=off[i],
            mean=_mean(now[i]),
            answered_before=sum(before.get(i, {}).values()),
            rows_before=rows_before,
            mean_before=_mean(before.get(i, {})),
            distance=d.distance if (d := found[i]) is not None else None,
            p_value=adjusted.get(i),
        )
        for i, item in enumerate(items)
    )


_GOOD = "FROM typed WHERE row_no IN (SELECT row_no FROM accepted)"


def _counts(cursor: duckdb.DuckDBPyConnection, column: str, rows: str) -> dict[int, int]:
    found = cursor.execute(
        f"SELECT {column}, COUNT(*) {rows} AND {column} IS NOT NULL GROUP BY {column}"
    ).fetchall()
    return {int(code): int(n) for code, n in found}


def _number(cursor: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = cursor.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _aligned(
    before: dict[int, int], now: dict[int, int], item: Item
) -> tuple[list[int], list[int]]:
    codes = range(item.scale.minimum, item.scale.maximum + 1)
    return [before.get(c, 0) for c in codes], [now.get(c, 0) for c in codes]


def _mean(counts: dict[int, int]) -> float | None:
    n = sum(counts.values())
    return sum(code * k for code, k in counts.items()) / n if n else None
