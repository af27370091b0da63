"""Reads name a program by its key; the store puts its number there before it reads."""

from __future__ import annotations

from csat.store.store import Store

READ = (
    "SELECT COUNT(*) AS n FROM response WHERE program_id = "
    "(SELECT program_id FROM program WHERE key = $program)"
)
BOTH = f"{READ} AND $program <> 'nobody'"


def add(store: Store, number: int, key: str, responses: int) -> None:
    with store.write() as cursor:
        cursor.execute(
            "INSERT INTO program (program_id, key, title, timezone, created_at) "
            "VALUES ($n, $key, $key, 'UTC', TIMESTAMP '2026-01-05')",
            {"n": number, "key": key},
        )
        for _ in range(responses):
            cursor.execute(
                "INSERT INTO response (response_id, program_id, survey_id, batch_id, source_key, "
                "submitted_at, day_key, month_key) VALUES ((SELECT COUNT(*) FROM response), $n, 1, "
                "1, 'k', TIMESTAMP '2026-01-05', 20260105, 202601)",
                {"n": number},
            )


def count(store: Store, program: str, sql: str = READ) -> int:
    params = {"program": program}
    found = {
        store.rows(sql, params)[0]["n"],
        store.query(sql, params)["n"][0].as_py(),
        next(iter(store.batches(sql, params)))["n"][0].as_py(),
    }
    assert len(found) == 1
    return int(found.pop())


def test_each_program_reads_its_own_rows(store: Store) -> None:
    add(store, 7, "one", 2)
    add(store, 9, "two", 3)
    assert [count(store, key) for key in ("one", "two")] == [2, 3]


def test_a_key_that_stands_elsewhere_too_is_still_known_there(store: Store) -> None:
    add(store, 7, "one", 2)
    assert count(store, "one", BOTH) == 2


def test_an_unknown_program_has_no_rows(store: Store) -> None:
    assert count(store, "nobody") == 0


def test_a_program_made_meanwhile_is_known_at_once(store: Store) -> None:
    assert count(store, "late") == 0
    add(store, 3, "late", 1)
    assert count(store, "late") == 1
