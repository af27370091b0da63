"""Mappings that people saved in the store, beside those the product ships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from csat.ingest.layout import fits
from csat.ingest.mapping import Mapping
from csat.ingest.preset import preset, preset_names
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import ImportProblem, UsageProblem
from csat.store.migration import utc_now
from csat.store.store import Store


def save(store: Store, mapping: Mapping, user: User) -> None:
    """Keep a mapping under its name; saving again replaces it.

    Raises
    ------
    UsageProblem
        When the name is one of a shipped preset.
    """
    user.require("import")
    mapping.check()
    if mapping.name in preset_names():
        raise UsageProblem(
            msg("'{name}' is the name of a shipped preset", name=mapping.name),
            msg("Choose another name"),
        )
    with store.write() as cursor:
        cursor.execute("DELETE FROM mapping WHERE name = $name", {"name": mapping.name})
        cursor.execute(
            "INSERT INTO mapping VALUES ($name, $json, $now, $who)",
            {"name": mapping.name, "json": mapping.to_json(), "now": utc_now(), "who": user.name},
        )


def saved(store: Store) -> list[Mapping]:
    """Return the mappings kept in the store, newest first; one that cannot be read is left out."""
    found = []
    for row in store.rows("SELECT name, mapping_json FROM mapping ORDER BY saved_at DESC, name"):
        try:
            mapping = Mapping.from_json(row["mapping_json"], name=row["name"])
        except ImportProblem:
            continue
        found.append(replace(mapping, name=row["name"]))
    return found


def known(store: Store) -> list[Mapping]:
    """Return every mapping that can be used: saved ones first, then the shipped presets."""
    return [*saved(store), *(preset(n) for n in preset_names())]


def find(store: Store, name: str) -> Mapping:
    """Return a saved mapping or a shipped preset by its name.

    Raises
    ------
    UsageProblem
        When there is none of that name.
    """
    everything = known(store)
    found = next((m for m in everything if m.name == name), None)
    if found is None:
        raise UsageProblem(
            msg("There is no mapping '{name}'", name=name),
            msg("Use one of: {names}", names=", ".join(m.name for m in everything)),
        )
    return found


def read_shared(content: bytes, file_name: str) -> Mapping:
    """Read a mapping that someone saved as a file; without a name of its own it takes the file's.

    Raises
    ------
    ImportProblem
        When the file is no mapping.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportProblem(
            msg("The mapping {name} is not written in UTF-8", name=file_name),
            msg("Save it as UTF-8 text"),
        ) from error
    return Mapping.from_json(text, name=Path(file_name).stem)


def fitting(store: Store, columns: Sequence[str]) -> list[Mapping]:
    """Return every known mapping that fits a file, the one naming most columns first.

    Saved mappings come before shipped ones of the same size; equal ones count once.
    """
    found: list[Mapping] = []
    for mapping in known(store):
        if fits(mapping, columns) and not any(_same(mapping, other) for other in found):
            found.append(mapping)
    return sorted(found, key=lambda m: -len(m.columns))


def _same(one: Mapping, other: Mapping) -> bool:
    def parts(m: Mapping) -> tuple[object, ...]:
        return (m.kind, m.survey_key, m.columns, m.blanks)

    return parts(one) == parts(other)
