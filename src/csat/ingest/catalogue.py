"""Programs, surveys, items and dimensions that a load needs: found, or made on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from csat.ingest.item_wording import add_wordings, word_again, wordings_json
from csat.ingest.mapping import Item, Mapping
from csat.model.message import N_, msg
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


def require_program(cursor: duckdb.DuckDBPyConnection, key: str) -> tuple[int, str]:
    """Return a program's id and time zone.

    Raises
    ------
    UsageProblem
        When there is no such program.
    """
    found = find_program(cursor, key)
    if found is None:
        raise UsageProblem(msg("There is no program '{key}'", key=key), msg("Load its files first"))
    return found


def find_survey(cursor: duckdb.DuckDBPyConnection, program_id: int, key: str) -> int | None:
    """Return a survey's id, or None."""
    row = cursor.execute(
        "SELECT survey_id FROM survey WHERE program_id = $p AND key = $key",
        {"p": program_id, "key": key},
    ).fetchone()
    return int(row[0]) if row else None


def item_numbers(cursor: duckdb.DuckDBPyConnection, survey_id: int | None) -> dict[str, int]:
    """Return the number of each question of a survey, by its key."""
    rows = cursor.execute(
        "SELECT key, item_no FROM item WHERE survey_id = $s ORDER BY item_no", {"s": survey_id}
    ).fetchall()
    return {str(r[0]): int(r[1]) for r in rows}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a file would go: ids of what exists already, and the time zone of its days."""

    program_id: int | None
    survey_id: int | None
    timezone: str


def find_target(
    cursor: duckdb.DuckDBPyConnection, program: str, survey: str, timezone: str
) -> Target:
    """Find the program and survey of a file; a program without data takes the time zone given.

    Raises
    ------
    UsageProblem
        When that time zone does not exist.
    """
    found = find_program(cursor, program)
    if found is not None and _has_data(cursor, "program_id", found[0]):
        return Target(found[0], find_survey(cursor, found[0], survey), found[1])
    try:
        cursor.execute(
            "SELECT CAST(TIMESTAMP '2000-01-01' AT TIME ZONE $z AS DATE)", {"z": timezone}
        )
    except duckdb.Error as error:
        raise UsageProblem(
            msg("There is no time zone '{name}'", name=timezone),
            msg("Use a name such as Europe/Berlin or Asia/Shanghai"),
        ) from error
    return Target(None, None, timezone)


def _has_data(cursor: duckdb.DuckDBPyConnection, column: str, number: int) -> bool:
    return bool(
        cursor.execute(
            f"SELECT 1 FROM batch WHERE {column} = $n AND status = 'active' LIMIT 1", {"n": number}
        ).fetchone()
    )


def ensure_program(
    cursor: duckdb.DuckDBPyConnection, key: str, title: str, timezone: str, *, simulated: bool
) -> int:
    """Return the program's id, making the program where it is new or holds no data."""
    found = find_program(cursor, key)
    values = {"title": title, "tz": timezone, "sim": simulated}
    if found is not None:
        if not _has_data(cursor, "program_id", found[0]):
            cursor.execute(
                "UPDATE program SET title = $title, timezone = $tz, simulated = $sim "
                "WHERE program_id = $p",
                {"p": found[0], **values},
            )
        return found[0]
    row = cursor.execute(
        "INSERT INTO program (key, title, timezone, simulated, created_at) "
        "VALUES ($key, $title, $tz, $sim, $now) RETURNING program_id",
        {"key": key, "now": utc_now(), **values},
    ).fetchone()
    return int(row[0]) if row else 0


def ensure_survey(cursor: duckdb.DuckDBPyConnection, program_id: int, mapping: Mapping) -> int:
    """Return the survey's id, making what is new of it and of its items.

    The wide table ``answers_<survey id>`` gains a column for every new item. Its names are
    made of our numbers, never of text from a file. A survey all of whose batches are undone
    starts afresh.

    Raises
    ------
    ImportProblem
        When an item is already known with another meaning.
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
    elif not _has_data(cursor, "survey_id", survey_id):
        forget_items(cursor, program_id, survey_id)  # an older version left them there
        word_again(cursor, survey_id, [mapping])
    known = {
        str(r[0]): (int(r[1]), r[2:])
        for r in cursor.execute(
            "SELECT i.key, i.item_no, i.scale_min, i.scale_max, i.top_from, i.measures, "
            "i.viewpoint, COALESCE(d.key, ''), COALESCE(i.pair, ''), "
            "CASE WHEN i.reversed THEN 'bad' ELSE 'good' END, "
            "COALESCE(i.wordings, '{}') FROM item i "
            "LEFT JOIN dimension d ON d.program_id = $p AND d.dim_no = i.dim_no "
            "WHERE i.survey_id = $s",
            {"p": program_id, "s": survey_id},
        ).fetchall()
    }
    next_no = max((n for n, _ in known.values()), default=0) + 1
    for _, item in mapping.items():
        if item.key in known:
            number, meaning = known[item.key]
            _same_meaning(item, meaning[:-1])
            add_wordings(cursor, survey_id, number, item, str(meaning[-1]))
        else:
            _add_item(cursor, program_id, survey_id, next_no, item)
            next_no += 1
    return survey_id


def forget_items(
    cursor: duckdb.DuckDBPyConnection, program_id: int, survey_id: int, used: Iterable[str] = ()
) -> None:
    """Forget the questions of a survey that no loaded file holds, and dimensions left empty."""
    keep = set(used)
    for key in item_numbers(cursor, survey_id):
        if key not in keep:
            cursor.execute(
                "DELETE FROM item WHERE survey_id = $s AND key = $key",
                {"s": survey_id, "key": key},
            )
    cursor.execute(
        "DELETE FROM dimension WHERE program_id = $p AND dim_no NOT IN (SELECT i.dim_no "
        "FROM item i JOIN survey s USING (survey_id) "
        "WHERE s.program_id = $p AND i.dim_no IS NOT NULL)",
        {"p": program_id},
    )


_MEANING: Final = (
    N_("lowest rating"),
    N_("highest rating"),
    N_("top-box cut"),
    N_("headline use"),
    N_("viewpoint"),
    N_("dimension"),
    N_("pair"),
    N_("meaning of a high rating"),
)


def _same_meaning(item: Item, known: Sequence[object]) -> None:
    scale = item.scale
    now = (
        *(scale.minimum, scale.maximum, scale.top_from),
        *(",".join(item.measures), item.viewpoint, item.dimension, item.pair),
        "bad" if item.reversed else "good",
    )
    for part, old, new in zip(_MEANING, known, now, strict=True):
        if old != new:
            raise ImportProblem(
                msg(
                    "Question '{key}' has another {part} in this survey: '{old}', not '{new}'",
                    key=item.key,
                    part=msg(part),
                    old=old,
                    new=new,
                ),
                msg("Map it as before, or load this file as another survey"),
            )


def _add_item(
    cursor: duckdb.DuckDBPyConnection, program_id: int, survey_id: int, number: int, item: Item
) -> None:
    dim_no = _dimension(cursor, program_id, item.dimension) if item.dimension else None
    cursor.execute(
        "INSERT INTO item VALUES ($survey, $no, $key, $wording, $viewpoint, $dim, $pair, "
        "$low, $high, $top, $measures, $reversed, $wordings)",
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
            "reversed": item.reversed,
            "wordings": wordings_json(item.wordings),
        },
    )
    cursor.execute(
        f"ALTER TABLE answers_{survey_id:d} ADD COLUMN IF NOT EXISTS i{number:d} SMALLINT"
    )


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
