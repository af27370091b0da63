"""Ready-made definitions of a satisfaction index, as data files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from csat.ingest.columns import LANGUAGES
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.model.satisfaction_index import IndexDefinition, index_definition


@dataclass(frozen=True, slots=True)
class IndexPreset:
    """A ready-made definition with its title and what it is, in every language."""

    name: str
    titles: dict[str, str]
    about: dict[str, str]
    indicators: IndexDefinition

    def definition(self, language: str = "en") -> IndexDefinition:
        """Return the definition with its title in a language.

        Examples
        --------
        >>> index_preset("five-content").definition("zh_CN").title
        '满意度调查五项内容'
        """
        return IndexDefinition(self.indicators.indicators, self.titles[language])


@lru_cache(maxsize=1)
def index_presets() -> tuple[IndexPreset, ...]:
    """Return the definitions the product ships.

    Examples
    --------
    >>> [p.name for p in index_presets()]
    ['five-content', 'five-facet', 'service-quality']
    """
    folder = resources.files("csat.ingest") / "index_presets"
    found = []
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".json"):
            raw = json.loads(file.read_text(encoding="utf-8"))
            found.append(
                IndexPreset(
                    file.name[:-5],
                    {code: raw[code] for code in LANGUAGES},
                    {code: raw[f"about_{code}"] for code in LANGUAGES},
                    index_definition({"indicators": raw["indicators"]}),
                )
            )
    return tuple(found)


def index_preset(name: str) -> IndexPreset:
    """Return a definition the product ships; raises UsageProblem where there is none."""
    for made in index_presets():
        if made.name == name:
            return made
    raise UsageProblem(
        msg("There is no ready-made index '{name}'", name=name),
        msg("Use one of: {names}", names=", ".join(p.name for p in index_presets())),
    )
