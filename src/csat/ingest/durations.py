"""How long the answering of a survey took: read in any usual form, and who was too quick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb

from csat.ingest.mapping import Mapping

TOO_QUICK: Final = 1 / 3
"""Responses quicker than this share of the median count as speeders (Greszki, Meyer and Schoen
2015 compare 0.3, 0.4 and 0.5)."""
FEWEST: Final = 10
"""With fewer timed responses the median says nothing."""
_LONGEST: Final = 10_000_000
_PARTS: Final = (
    (3600, r"([0-9]+)\s*(?:小时|时|hours?|hrs?|h)"),
    (60, r"([0-9]+)\s*(?:分钟|分|minutes?|mins?|m)"),
    (1, r"([0-9]+(?:[.][0-9]+)?)\s*(?:秒钟|秒|seconds?|secs?|s)"),
)
_CLOCK: Final = "([0-9]+:)?[0-9]{1,2}:[0-9]{2}"


@dataclass(frozen=True, slots=True)
class Durations:
    """Responses that say how long they took, their median in seconds, and those too quick."""

    timed: int = 0
    median: float = 0.0
    speeders: int = 0


def seconds_sql(text: str) -> str:
    """Return SQL of the seconds that a text tells, NULL where it tells none.

    Bare numbers are seconds, as Qualtrics and LimeSurvey write them; else the text names its
    units (``2分3秒``, ``1h 2m``) or is a clock (``2:03``, ``0:02:03``).

    Examples
    --------
    >>> import duckdb
    >>> for text in ("38", "2分3秒", "1h 2m", "0:02:03", "soon"):
    ...     print(duckdb.execute(f"SELECT {seconds_sql('$t')}", {"t": text}).fetchone()[0])
    38.0
    123.0
    3720.0
    123.0
    None
    """
    low = f"LOWER({text})"
    parts = [
        (unit, f"TRY_CAST(NULLIF(REGEXP_EXTRACT({low}, '{form}', 1), '') AS DOUBLE)")
        for unit, form in _PARTS
    ]
    said = " + ".join(f"{unit:d} * COALESCE({part}, 0)" for unit, part in parts)
    clock = (
        f"LIST_REDUCE(LIST_TRANSFORM(STRING_SPLIT({text}, ':'), lambda x: "
        "CAST(x AS DOUBLE)), lambda a, b: 60 * a + b)"
    )
    read = (
        f"COALESCE(TRY_CAST({text} AS DOUBLE), CASE WHEN REGEXP_FULL_MATCH({text}, '{_CLOCK}') "
        f"THEN {clock} ELSE NULLIF({said}, 0) END)"
    )
    return f"CASE WHEN {read} > 0 AND {read} < {_LONGEST:d} THEN {read} END"


def durations(cursor: duckdb.DuckDBPyConnection, mapping: Mapping) -> Durations:
    """Count the speeders among the good rows of a checked file; nothing where it has no times."""
    if mapping.kind != "survey" or mapping.column("duration") is None:
        return Durations()
    row = cursor.execute(
        "WITH told AS (SELECT duration FROM typed WHERE duration IS NOT NULL "
        "AND row_no NOT IN (SELECT row_no FROM refused)), "
        "m AS (SELECT COUNT(*) AS n, MEDIAN(duration) AS middle FROM told) "
        "SELECT n, middle, (SELECT COUNT(*) FROM told WHERE duration < middle * $share) FROM m",
        {"share": TOO_QUICK},
    ).fetchone()
    if row is None or row[0] < FEWEST:
        return Durations(int(row[0]) if row else 0)
    return Durations(int(row[0]), float(row[1]), int(row[2]))
