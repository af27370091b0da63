"""One column of a file: its role, how its values are read, and the question it may answer."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from csat.ingest.roles import HASHED
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.model.scale import Scale

LANGUAGES: Final = ("en", "zh_CN")
"""Languages that a question may be worded in."""
PLAIN: Final = "plain"
HASH: Final = "hash"


@dataclass(frozen=True, slots=True)
class Item:
    """One rated question: its key, wording, scale, viewpoint, dimension and headline uses.

    The answers to a ``reversed`` one are turned when they are loaded, x to min + max - x
    (methods.md section 2.0). For a criterion that raters check: how much it ``weighs``, and
    whether failing it is ``critical``. ``wordings`` says the question by language (``en``,
    ``zh_CN``), where it is known in more than the one of ``wording``.
    """

    key: str
    wording: str
    scale: Scale
    viewpoint: str = "perception"
    dimension: str = ""
    pair: str = ""
    measures: tuple[str, ...] = ()
    reversed: bool = False
    weight: float = 1.0
    critical: bool = False
    wordings: MappingABC[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of the file is.

    Parameters
    ----------
    source
        The column's name in the file.
    role
        A key of `ROLES` for the kind of file.
    formats
        Date forms to try, as `csat.ingest.moments` reads them; empty means ISO.
    template
        A text with ``{}`` that a bare value is put into before its date is read.
    fallback
        Another column that speaks where this one is blank.
    labels
        Raw value to the value kept, e.g. channel codes to names, or words to yes and no.
    item
        For role "item": the rated question.
    undecided
        Date forms that all read the column, of which a person must choose one.
    keep
        "plain", or "hash" where a keyed hash replaces an id of a person; in the JSON form
        "hash" for staff where nothing is said.
    timezone
        Zone of moments without an offset; empty means that of the program.
    """

    source: str
    role: str
    formats: tuple[str, ...] = ()
    template: str = ""
    fallback: str = ""
    labels: MappingABC[str, str] = field(default_factory=dict)
    item: Item | None = None
    undecided: tuple[str, ...] = ()
    keep: str = PLAIN
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A day from which a question's answers are no longer comparable with those before."""

    day: date
    item: str
    note: str


def usual_keep(role: str) -> str:
    """Return how the values of a role are kept where nothing is said.

    Examples
    --------
    >>> usual_keep("staff"), usual_keep("branch")
    ('hash', 'plain')
    """
    return HASH if role in HASHED else PLAIN


def text_of(raw: dict[str, Any], key: str) -> str:
    """Return a text of a JSON object, empty where it is absent; raise ValueError for others."""
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"'{key}' is no text")
    return value or ""


def texts_of(raw: dict[str, Any], key: str) -> tuple[str, ...]:
    """Return a list of texts of a JSON object; raise ValueError for anything else."""
    values = raw.get(key) or ()
    if not isinstance(values, list | tuple) or not all(isinstance(v, str) for v in values):
        raise ValueError(f"'{key}' is no list of texts")
    return tuple(values)


def by_language(raw: dict[str, Any]) -> dict[str, str]:
    """Return the wordings of a question by language; raise ValueError for anything else."""
    said = raw.get("wordings") or {}
    if not isinstance(said, dict) or not all(isinstance(v, str) for v in said.values()):
        raise ValueError("'wordings' is no object of texts by language")
    unknown = sorted(set(said) - set(LANGUAGES))
    if unknown:
        raise ValueError(f"'wordings' knows no language {unknown[0]}: {', '.join(LANGUAGES)}")
    return {code: text for code, text in said.items() if text}


def column_from_json(raw: dict[str, Any], scales: dict[str, Scale]) -> Column:
    """Read a column from its JSON form; its scale may be one of the named ones."""
    spec = raw.get("item")
    source = text_of(raw, "column")
    item = None
    if spec is not None:
        scale = spec.get("scale")
        key = text_of(spec, "key") or source
        item = Item(
            key=key,
            wording=text_of(spec, "wording") or key,
            scale=scales[scale] if isinstance(scale, str) else Scale.from_json(scale),
            viewpoint=text_of(spec, "viewpoint") or "perception",
            dimension=text_of(spec, "dimension"),
            pair=text_of(spec, "pair"),
            measures=texts_of(spec, "measures"),
            reversed=bool(spec.get("reversed", False)),
            weight=float(spec.get("weight", 1.0)),
            critical=bool(spec.get("critical", False)),
            wordings=by_language(spec),
        )
    return Column(
        source=source,
        role=text_of(raw, "role"),
        formats=texts_of(raw, "formats"),
        template=text_of(raw, "template"),
        fallback=text_of(raw, "fallback"),
        labels={str(k): str(v) for k, v in (raw.get("labels") or {}).items()},
        item=item,
        undecided=texts_of(raw, "undecided"),
        keep=text_of(raw, "keep") or usual_keep(text_of(raw, "role")),
        timezone=text_of(raw, "timezone"),
    )


def column_to_json(column: Column) -> dict[str, Any]:
    """Return the JSON form that `column_from_json` reads back to an equal column."""
    raw: dict[str, Any] = {"column": column.source, "role": column.role}
    if column.formats:
        raw["formats"] = list(column.formats)
    if column.template:
        raw["template"] = column.template
    if column.fallback:
        raw["fallback"] = column.fallback
    if column.labels:
        raw["labels"] = dict(column.labels)
    if column.item is not None:
        item = column.item
        raw["item"] = {
            "key": item.key,
            "wording": item.wording,
            "scale": item.scale.to_json(),
            "viewpoint": item.viewpoint,
            "dimension": item.dimension,
            "pair": item.pair,
            "measures": list(item.measures),
        }
        if item.reversed:
            raw["item"]["reversed"] = True
        if item.weight != 1:
            raw["item"]["weight"] = item.weight
        if item.critical:
            raw["item"]["critical"] = True
        if item.wordings:
            raw["item"]["wordings"] = dict(item.wordings)
    if column.undecided:
        raw["undecided"] = list(column.undecided)
    if column.keep != usual_keep(column.role):
        raw["keep"] = column.keep
    if column.timezone:
        raw["timezone"] = column.timezone
    return raw


def check_pauses(roles: list[str]) -> None:
    """Refuse columns of pauses of which one side is missing."""
    if roles.count("pause_from") != roles.count("pause_to"):
        raise ImportProblem(
            msg("Each pause needs a column with its start and one with its end"),
            msg("Map them in pairs, in the order of the file"),
        )
