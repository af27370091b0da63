"""Mappings that people saved in the store, beside those the product ships."""

from __future__ import annotations

from csat.ingest.mapping import Mapping, preset, preset_names
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import UsageProblem
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
    """Return the mappings kept in the store, newest first."""
    rows = store.rows("SELECT name, mapping_json FROM mapping ORDER BY saved_at DESC, name")
    return [Mapping.from_json(r["mapping_json"], name=r["name"]) for r in rows]


def known(store: Store) -> list[Mapping]:
    """Return every mapping that can be used: saved ones first, then the shipped presets."""
    return [*saved(store), *(preset(n) for n in preset_names())]
