"""A register as a file: which one it is by its columns, and the entries in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from csat.ingest.reading import Source
from csat.ingest.staging import stage
from csat.model.message import msg
from csat.model.problem import ImportProblem, UsageProblem
from csat.model.register_fields import FIELDS, read_entry
from csat.model.registers import Entry
from csat.store.store import Store

MOST_ENTRIES: Final = 20_000
"""Entries that one register may hold: it is read whole for every figure on it."""


def read_entries(store: Store, register: str, source: Source) -> list[Entry]:
    """Return the entries of a file, in its order; raises ImportProblem naming row and column."""
    columns = _columns(register, source)
    with store.cursor() as cursor:
        stage(cursor, source)
        names = ", ".join(f"c{place:d}" for place in columns.values())
        rows = cursor.execute(
            f"SELECT row_no, {names} FROM staged ORDER BY row_no LIMIT $most",
            {"most": MOST_ENTRIES + 1},
        ).fetchall()
        ragged = cursor.execute("SELECT MIN(row_no) FROM ragged").fetchone()
    if ragged is not None and ragged[0] is not None:
        raise ImportProblem(
            msg("{file}, row {row}: another number of cells", file=source.name, row=ragged[0]),
            msg("Put texts that hold the separator into quotation marks"),
        )
    not_too_many(len(rows))
    found: dict[str, Entry] = {}
    for number, *texts in rows:
        cells = dict(zip(columns, texts, strict=True))
        try:
            entry = read_entry(register, cells)
        except UsageProblem as problem:
            raise ImportProblem(
                msg("{file}, row {row}: {what}", file=source.name, row=number, what=problem.title),
                problem.remedy,
            ) from problem
        if entry.code in found:
            raise ImportProblem(
                msg(
                    "{file}, row {row}: the code '{code}' stands twice",
                    file=source.name,
                    row=number,
                    code=entry.code,
                ),
                msg("Give every row its own code"),
            )
        found[entry.code] = entry
    return list(found.values())


def register_of(columns: Sequence[str]) -> str | None:
    """Return which register a file with these columns is, or None.

    Examples
    --------
    >>> register_of(["Code", "Promise", "Promised", "Delivered"])
    'promises'
    """
    there = {c.strip().lower() for c in columns}
    for register, fields in FIELDS.items():
        names = [{f.name, f.en.lower(), f.zh} for f in fields if f.required]
        own = [{f.en.lower(), f.zh} for f in fields]
        if all(n & there for n in names) and 2 * sum(bool(n & there) for n in own) >= len(own):
            return register
    return None


def _columns(register: str, source: Source) -> Mapping[str, int]:
    """Return the place of each field in a file, by the headings of either language."""
    places = {name.strip().lower(): i for i, name in enumerate(source.reading.columns)}
    found: dict[str, int] = {}
    for field in FIELDS[register]:
        names = (field.en.lower(), field.zh, field.name)
        place = next((places[n] for n in names if n in places), None)
        if place is not None:
            found[field.name] = place
        elif field.required:
            raise ImportProblem(
                msg("{file} has no column '{column}'", file=source.name, column=field.en),
                msg("Use the template of this register; its headings say what each column is"),
            )
    return found


def not_too_many(count: int) -> None:
    """Refuse more entries than a register may hold; raises ImportProblem."""
    if count > MOST_ENTRIES:
        raise ImportProblem(
            msg("A register holds at most {n} entries", n=MOST_ENTRIES),
            msg("Keep what is in force; sum up single promises by campaign"),
        )
