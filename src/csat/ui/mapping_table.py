"""The mapping as rows of a table and back: one row per column of the file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from csat.ingest.columns import HASH, PLAIN, usual_keep
from csat.ingest.dates import BETWEEN
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.roles import HASHABLE, ROLES
from csat.ingest.suggest import Finding, Suggestion
from csat.ingest.suggest.personal import masked
from csat.model.message import N_, msg
from csat.model.problem import ImportProblem
from csat.model.scale import Scale
from csat.ui.language import t

CONFIDENCE: Final[dict[str, str]] = {
    "high": N_("●●● sure"),
    "medium": N_("●●○ likely"),
    "low": N_("●○○ a guess"),
}
KEEP: Final[dict[str, str]] = {PLAIN: N_("as it is"), HASH: N_("as a keyed hash")}
_SAMPLES: Final = 4
_SHOWN: Final = 24


@dataclass(frozen=True, slots=True)
class Table:
    """What a table of a mapping is made of: the file's columns and rows, and what was guessed.

    Questions of a long file stand below its columns.
    """

    columns: tuple[str, ...]
    rows: Sequence[Sequence[str | None]]
    suggestion: Suggestion | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every row of the table: the columns, then the questions of a long file."""
        more = self.suggestion.findings if self.suggestion else ()
        return tuple(dict.fromkeys([*self.columns, *more]))

    def finding(self, name: str) -> Finding | None:
        """Return what a column seemed to be."""
        return self.suggestion.findings.get(name) if self.suggestion else None

    def personal(self, name: str) -> str:
        """Return what personal data a column holds, empty where none."""
        found = self.finding(name)
        return found.personal if found else ""


def role_names(mapping: Mapping) -> dict[str, str]:
    """Return the roles of a mapping's kind with their names in the reader's language."""
    return {role: t(label) for role, (label, _) in ROLES[mapping.kind].items()}


def table_frame(mapping: Mapping, table: Table, edited: Collection[str]) -> pd.DataFrame:
    """Return the rows of the table; what a person has edited shows no confidence any more."""
    known = {c.source: c for c in mapping.columns}
    roles = role_names(mapping)
    names = list(dict.fromkeys([*table.names, *known]))
    records = [_record(n, known.get(n), table, roles, n in edited) for n in names]
    return pd.DataFrame(records).astype({"low": "Int64", "high": "Int64"})


def _record(
    name: str, column: Column | None, table: Table, roles: dict[str, str], edited: bool
) -> dict[str, Any]:
    item = column.item if column else None
    found = None if edited else table.finding(name)
    words = item.scale.labels if item else column.labels if column else {}
    return {
        "column": name,
        "samples": _samples(name, table),
        "role": roles[column.role] if column else t("left out"),
        "sure": t(CONFIDENCE[found.confidence]) if found and found.confidence else "",
        "low": item.scale.minimum if item else None,
        "high": item.scale.maximum if item else None,
        "reversed": bool(item and item.reversed),
        "special": pairs_text(item.scale.special) if item else "",
        "labels": pairs_text(words),
        "measure": list(item.measures) if item else [],
        "dimension": item.dimension if item else "",
        "viewpoint": item.viewpoint if item else "",
        "pair": item.pair if item else "",
        "format": BETWEEN.join(column.formats) if column else "",
        "zone": column.timezone if column else "",
        "keep": t(KEEP[column.keep]) if column and column.role in HASHABLE else "",
        "why": t(found.reason) if found else "",
    }


def _samples(name: str, table: Table) -> str:
    if name not in table.columns:
        return ""
    place = table.columns.index(name)
    values = dict.fromkeys(str(row[place]) for row in table.rows if row[place])
    shown = [v[:_SHOWN] for v in list(values)[:_SAMPLES]]
    return " · ".join(masked(v) if table.personal(name) else v for v in shown)


def read_table(mapping: Mapping, table: Table, records: Sequence[dict[Any, Any]]) -> Mapping:
    """Return the mapping that the rows of the table say.

    Raises
    ------
    ImportProblem
        When a scale, a special code or a word cannot be read.
    """
    known = {c.source: c for c in mapping.columns}
    words = {label: role for role, label in role_names(mapping).items()}
    out = []
    for row in records:
        name, role = str(row["column"]), words.get(row["role"] or "", "")
        if role:
            out.append(_column(known.get(name), role, row, table.personal(name)))
    return replace(mapping, columns=tuple(out))


def _column(known: Column | None, role: str, row: dict[Any, Any], personal: str) -> Column:
    name = str(row["column"])
    formats = tuple(f.strip() for f in str(row["format"] or "").split(";") if f.strip())
    same = known if known is not None and known.role == role else Column(name, role)
    if role == "item":
        plain = replace(same, formats=(), labels={}, undecided=(), keep=PLAIN)
        return replace(plain, item=_item(same.item, name, row))
    open_ = () if formats else same.undecided
    return replace(
        same,
        formats=formats,
        undecided=open_,
        labels=read_pairs(row["labels"], name),
        item=None,
        keep=_keep(role, str(row["keep"] or ""), personal),
        timezone=str(row["zone"] or "").strip(),
    )


def _keep(role: str, chosen: str, personal: str) -> str:
    """Return how an id is kept; one that tells who someone is as a hash, unless a person says."""
    if role not in HASHABLE:
        return PLAIN
    by_name = {t(label): keep for keep, label in KEEP.items()}
    return by_name.get(chosen, HASH if personal else usual_keep(role))


def _item(known: Item | None, name: str, row: dict[Any, Any]) -> Item:
    low, high = row["low"], row["high"]
    if pd.isna(low) or pd.isna(high):
        raise ImportProblem(
            msg("Column '{column}' is a rated question without a scale", column=name),
            msg("Give its lowest and highest rating"),
        )
    special = read_pairs(row["special"], name)
    labels = read_codes(read_pairs(row["labels"], name), name)
    ends = (int(str(low)), int(str(high)))
    cut = known.scale.top_from if known is not None and known.scale.ends == ends else None
    scale = Scale.of(*ends, top_from=cut, labels=labels, special=special)
    item = known or Item(name[:60], name, scale)
    chosen = row["measure"] if isinstance(row["measure"], list) else []
    return replace(
        item,
        scale=scale,
        measures=tuple(str(m) for m in chosen),
        dimension=str(row["dimension"] or ""),
        viewpoint=str(row["viewpoint"] or "perception"),
        pair=str(row["pair"] or "").strip(),
        reversed=bool(row["reversed"]),
    )


def pairs_text(pairs: MappingABC[str, object]) -> str:
    """Write values with their meanings as `read_pairs` reads them.

    Examples
    --------
    >>> pairs_text({"9": "dont_know", "0": "blank"})
    '9=dont_know; 0=blank'
    """
    return "; ".join(f"{raw}={kind}" for raw, kind in pairs.items())


def read_pairs(text: object, column: str) -> dict[str, str]:
    """Read ``VALUE=MEANING; VALUE=MEANING``.

    Raises
    ------
    ImportProblem
        When a part has no meaning.

    Examples
    --------
    >>> read_pairs("不适用＝not_applicable；9=dont_know", "q")
    {'不适用': 'not_applicable', '9': 'dont_know'}
    """
    out = {}
    plain = str(text or "").replace("；", ";").replace("＝", "=")
    for part in filter(None, (p.strip() for p in plain.split(";"))):
        raw, sep, meaning = part.rpartition("=")
        if not sep:
            raise ImportProblem(
                msg("Column '{column}': '{part}' cannot be read", column=column, part=part),
                msg("Write VALUE=MEANING, several parted by ;"),
            )
        out[raw.strip()] = meaning.strip()
    return out


def read_codes(labels: dict[str, str], column: str) -> dict[str, int]:
    """Read the codes of worded answers.

    Raises
    ------
    ImportProblem
        When a meaning is no whole number.
    """
    for text, code in labels.items():
        if not code.lstrip("-").isdecimal():
            raise ImportProblem(
                msg(
                    "Column '{column}': '{part}' is no rating", column=column, part=f"{text}={code}"
                ),
                msg("Write WORDS=NUMBER, several parted by ;"),
            )
    return {text: int(code) for text, code in labels.items()}
