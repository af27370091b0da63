"""Programs, surveys, items and dimensions that a load needs: found, or made on the way."""

from __future__ import annotations

from typing import Final

import duckdb

from csat.ingest.mapping import Item, Mapping
from csat.model.message import msg
from csat.model.problem import ImportProblem, UsageProblem
from csat.model.vocabulary import SERVQUAL_DIMENSIONS
from csat.store.migration import utc_now

DIMENSION_SLOTS: Final = 8


def find_program(cursor: duckdb.DuckDBPyConnection, key: str) -> tuple[int, str] | None:
    """Return a program's id and time zone, or None."""
    row = cursor.execute(
        "SELECT program_id, timezone FROM program WHERE key = $key", {"key": key}
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else None


def find_survey(cursor: duckdb.DuckDBPyConnection, program_id: int, key: str) -> int | None:
    """Return a survey's id, or None."""
    row = cursor.execute(
        "SELECT survey_id FROM survey WHERE program_id = $p AND key = $key",
        {"p": program_id, "key": key},
    ).fetchone()
    return int(row[0]) if row else None


def time_zone(cursor: duckdb.DuckDBPyConnection, program: str, chosen: str) -> str:
    """Return the time zone of a program's days: its own, or the chosen one where it is new.

    Raises
    ------
    UsageProblem
        When the chosen one does not exist.
    """
    found = find_program(cursor, program)
    if found is not None:
        return found[1]
    try:
        cursor.execute("SELECT CAST(TIMESTAMP '2000-01-01' AT TIME ZONE $z AS DATE)", {"z": chosen})
    except duckdb.Error as error:
        raise UsageProblem(
            msg("There is no time zone '{name}'", name=chosen),
            msg("Use a name such as Europe/Berlin or Asia/Shanghai"),
        ) from error
    return chosen


def ensure_program(
    cursor: duckdb.DuckDBPyConnection, key: str, title: str, timezone: str, *, simulated: bool
) -> int:
    """Return the program's id, making the program where it is new."""
    found = find_program(cursor, key)
    if found is not None:
        return found[0]
    row = cursor.execute(
        "INSERT INTO program (key, title, timezone, simulated, created_at) "
        "VALUES ($key, $title, $tz, $sim, $now) RETURNING program_id",
        {"key": key, "title": title, "tz": timezone, "sim": simulated, "now": utc_now()},
    ).fetchone()
    return int(row[0]) if row else 0


def ensure_survey(
    cursor: duckdb.DuckDBPyConnection, program_id: int, mapping: Mapping
) -> tuple[int, dict[str, int]]:
    """Return the survey's id and the number of each item, making what is new.

    The wide table ``answers_<survey id>`` gains a column for every new item. Its names are
    made of our numbers, never of text from a file.

    Raises
    ------
    ImportProblem
        When an item is already known on another scale.
    """
    survey_id = find_survey(cursor, program_id, mapping.survey_key)
    if survey_id is None:
        row = cursor.execute(
            "INSERT INTO survey (program_id, key, title) VALUES ($p, $key, $title) "
            "RETURNING survey_id",
            {"p": program_id, "key": mapping.survey_key, "title": mapping.survey_title},
        ).fetchone()
        survey_id = int(row[0]) if row else 0
        cursor.execute(f"CREATE TABLE answers_{survey_id:d} (response_id BIGINT NOT NULL)")
    known = {
        str(r[0]): (int(r[1]), (int(r[2]), int(r[3])))
        for r in cursor.execute(
            "SELECT key, item_no, scale_min, scale_max FROM item WHERE survey_id = $s",
            {"s": survey_id},
        ).fetchall()
    }
    numbers: dict[str, int] = {}
    next_no = max((n for n, _ in known.values()), default=0) + 1
    for _, item in mapping.items():
        if item.key in known:
            number, scale = known[item.key]
            _same_scale(item, scale)
        else:
            number, next_no = next_no, next_no + 1
            _add_item(cursor, program_id, survey_id, number, item)
        numbers[item.key] = number
    return survey_id, numbers


def _same_scale(item: Item, known: tuple[int, int]) -> None:
    if known != (item.scale.minimum, item.scale.maximum):
        raise ImportProblem(
            msg(
                "Question '{key}' was on a scale from {low} to {high} in this survey",
                key=item.key,
                low=known[0],
                high=known[1],
            ),
            msg("Load this file as another survey: answers on two scales are never pooled"),
        )


def _add_item(
    cursor: duckdb.DuckDBPyConnection, program_id: int, survey_id: int, number: int, item: Item
) -> None:
    dim_no = _dimension(cursor, program_id, item.dimension) if item.dimension else None
    cursor.execute(
        "INSERT INTO item VALUES ($survey, $no, $key, $wording, $viewpoint, $dim, $pair, "
        "$low, $high, $top, $measures)",
        {
            "survey": survey_id,
            "no": number,
            "key": item.key,
            "wording": item.wording,
            "viewpoint": item.viewpoint,
            "dim": dim_no,
            "pair": item.pair or None,
            "low": item.scale.minimum,
            "high": item.scale.maximum,
            "top": item.scale.top_from,
            "measures": ",".join(item.measures),
        },
    )
    cursor.execute(f"ALTER TABLE answers_{survey_id:d} ADD COLUMN i{number:d} SMALLINT")


def _dimension(cursor: duckdb.DuckDBPyConnection, program_id: int, key: str) -> int:
    rows = cursor.execute(
        "SELECT key, dim_no FROM dimension WHERE program_id = $p", {"p": program_id}
    ).fetchall()
    known = {str(r[0]): int(r[1]) for r in rows}
    if key in known:
        return known[key]
    if key in SERVQUAL_DIMENSIONS and SERVQUAL_DIMENSIONS.index(key) not in known.values():
        slot = SERVQUAL_DIMENSIONS.index(key)
    else:
        free = [n for n in range(DIMENSION_SLOTS) if n not in known.values()]
        own = [n for n in free if n >= len(SERVQUAL_DIMENSIONS)] or free
        if not own:
            raise ImportProblem(
                msg("Dimension '{key}' is one too many", key=key),
                msg("A program holds at most {n} dimensions", n=DIMENSION_SLOTS),
            )
        slot = own[0]
    cursor.execute(
        "INSERT INTO dimension VALUES ($p, $slot, $key)",
        {"p": program_id, "slot": slot, "key": key},
    )
    return slot


def dimension_slots(cursor: duckdb.DuckDBPyConnection, program_id: int) -> dict[str, int]:
    """Return the slot of each dimension of a program."""
    rows = cursor.execute(
        "SELECT key, dim_no FROM dimension WHERE program_id = $p", {"p": program_id}
    ).fetchall()
    return {str(r[0]): int(r[1]) for r in rows}
