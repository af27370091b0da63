"""Which known mappings fit the columns of a file: saved ones, and those the product ships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from csat.ingest.mapping import Mapping, preset, preset_names
from csat.ingest.typing_sql import locate
from csat.model.problem import ImportProblem
from csat.store.store import Store


def saved_mappings(store: Store) -> list[Mapping]:
    """Return the mappings people saved, by name; one that cannot be read is left out."""
    found = []
    for row in store.rows("SELECT name, mapping_json FROM mapping ORDER BY name"):
        try:
            mapping = Mapping.from_json(row["mapping_json"], name=row["name"])
        except ImportProblem:
            continue
        found.append(replace(mapping, name=row["name"]))
    return found


def fits(mapping: Mapping, columns: Sequence[str]) -> bool:
    """Say whether the file has every column that a mapping names.

    Examples
    --------
    >>> fits(preset("nhs-fft"), ("time", "rating", "surgery"))
    True
    """
    try:
        locate(mapping, columns)
    except ImportProblem:
        return False
    return True


def fitting(store: Store, columns: Sequence[str]) -> list[Mapping]:
    """Return every known mapping that fits, saved ones first; equal ones count once."""
    found: list[Mapping] = []
    for mapping in (*saved_mappings(store), *(preset(n) for n in preset_names())):
        if fits(mapping, columns) and not any(_same(mapping, other) for other in found):
            found.append(mapping)
    return found


def _same(one: Mapping, other: Mapping) -> bool:
    return (one.kind, one.survey_key, one.columns, one.blanks) == (
        other.kind,
        other.survey_key,
        other.columns,
        other.blanks,
    )
