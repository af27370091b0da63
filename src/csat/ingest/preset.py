"""The mappings the product ships: data files, and those of its own questionnaires."""

from __future__ import annotations

from importlib import resources

from csat.ingest.instruments import all_instruments
from csat.ingest.mapping import Mapping
from csat.model.message import msg
from csat.model.problem import UsageProblem


def preset_names() -> list[str]:
    """Return the names of the mappings the product ships.

    Examples
    --------
    >>> "cfpb-complaints" in preset_names()
    True
    """
    folder = resources.files("csat.ingest") / "presets"
    files = sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".json"))
    return [*files, *(i.preset_name for i in all_instruments())]


def preset(name: str) -> Mapping:
    """Return a mapping the product ships.

    Raises
    ------
    UsageProblem
        When there is none of that name.
    """
    if name not in preset_names():
        raise UsageProblem(
            msg("There is no preset '{name}'", name=name),
            msg("Use one of: {names}", names=", ".join(preset_names())),
        )
    for made in all_instruments():
        if made.preset_name == name:
            return made.mapping()
    file = resources.files("csat.ingest") / "presets" / f"{name}.json"
    return Mapping.from_json(file.read_text(encoding="utf-8"), name=name)
