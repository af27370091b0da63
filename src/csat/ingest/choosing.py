"""Which mapping a file is read by: the one named, or the only one that fits."""

from __future__ import annotations

from csat.ingest.library import fitting, saved
from csat.ingest.mapping import Mapping
from csat.ingest.preset import preset, preset_names
from csat.ingest.source import Source
from csat.model.message import msg
from csat.model.problem import ImportProblem, UsageProblem
from csat.store.store import Store


def sole_fitting(store: Store, source: Source) -> Mapping:
    """Return the one known mapping that fits the columns of a file.

    Raises
    ------
    UsageProblem
        When none fits, or several do, naming them.
    """
    found = fitting(store, source.reading.columns)
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageProblem(
            msg(
                "Several mappings fit the columns of {name}: {names}",
                name=source.name,
                names=", ".join(m.name for m in found),
            ),
            msg("Choose one with --preset NAME or --mapping NAME"),
        )
    raise UsageProblem(
        msg("No known mapping fits the columns of {name}", name=source.name),
        msg(
            "Have one suggested with 'csat presets --suggest FILE' or on the Data page, or give "
            "--preset NAME as 'csat presets' lists them"
        ),
    )


def saved_mapping(store: Store, name: str) -> Mapping:
    """Return the mapping that a person saved under a name.

    Raises
    ------
    ImportProblem
        When there is none, naming those there are.
    """
    kept = {m.name: m for m in saved(store)}
    if name in kept:
        return kept[name]
    raise ImportProblem(
        msg("There is neither a mapping file nor a saved mapping '{name}'", name=name),
        msg("Saved mappings: {names}", names=", ".join(kept) or "—"),
    )


def named_mapping(store: Store, name: str) -> Mapping:
    """Return a shipped preset or a saved mapping by its name.

    Raises
    ------
    UsageProblem
        When there is neither.
    """
    if name in preset_names():
        return preset(name)
    kept = {m.name: m for m in saved(store)}
    if name in kept:
        return kept[name]
    raise UsageProblem(
        msg("There is neither a preset nor a saved mapping '{name}'", name=name),
        msg("Use one of: {names}", names=", ".join([*kept, *preset_names()])),
    )
