"""What each column of a file is: confirmed by a person, saved, and used again."""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from csat.ingest.roles import MANY, REQUIRED, ROLES, Kind
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.model.scale import Scale
from csat.model.vocabulary import MEASURES, VIEWPOINTS


@dataclass(frozen=True, slots=True)
class Item:
    """One rated question: its key, wording, scale, viewpoint, dimension and headline uses."""

    key: str
    wording: str
    scale: Scale
    viewpoint: str = "perception"
    dimension: str = ""
    pair: str = ""
    measures: tuple[str, ...] = ()


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
        Date forms to try, in ``strptime`` notation; empty means ISO.
    template
        A text with ``{}`` that a bare value is put into before its date is read.
    fallback
        Another column that speaks where this one is blank.
    labels
        Raw value to the value kept, e.g. channel codes to names, or words to yes and no.
    item
        For role "item": the rated question.
    """

    source: str
    role: str
    formats: tuple[str, ...] = ()
    template: str = ""
    fallback: str = ""
    labels: MappingABC[str, str] = field(default_factory=dict)
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A day from which a question's answers are no longer comparable with those before."""

    day: date
    item: str
    note: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """A confirmed reading of one kind of file.

    Examples
    --------
    >>> Mapping("ours", "complaints", "Ours", (Column("received", "received_at"),)).kind
    'complaints'
    """

    name: str
    kind: Kind
    title: str
    columns: tuple[Column, ...]
    description: str = ""
    survey_key: str = ""
    survey_title: str = ""
    as_of: date | None = None
    blanks: tuple[str, ...] = ()
    simulated: bool = False
    breaks: tuple[Break, ...] = ()

    def check(self) -> None:
        """Refuse a mapping that contradicts itself.

        Raises
        ------
        ImportProblem
            Naming the column and what to change.
        """
        roles = ROLES.get(self.kind)
        if roles is None:
            raise ImportProblem(
                msg("The mapping is for '{kind}'", kind=self.kind),
                msg("Use one of: {kinds}", kinds=", ".join(ROLES)),
            )
        seen: dict[str, str] = {}
        for column in self.columns:
            if column.role not in roles:
                raise ImportProblem(
                    msg(
                        "Column '{column}': there is no role '{role}'",
                        column=column.source,
                        role=column.role,
                    ),
                    msg("Use one of: {roles}", roles=", ".join(roles)),
                )
            if column.role not in MANY and column.role in seen:
                raise ImportProblem(
                    msg(
                        "Columns '{first}' and '{second}' are both mapped as '{role}'",
                        first=seen[column.role],
                        second=column.source,
                        role=column.role,
                    ),
                    msg("Leave one of them out"),
                )
            seen[column.role] = column.source
        for role in REQUIRED[self.kind]:
            if role not in seen:
                raise ImportProblem(
                    msg("No column is mapped as '{role}'", role=role),
                    msg("Choose the column that holds it"),
                )
        if self.kind == "survey":
            self._check_items()

    def _check_items(self) -> None:
        if not self.survey_key:
            raise ImportProblem(
                msg("The survey has no name"), msg("Give it a short name, such as staff-2026")
            )
        keys: set[str] = set()
        taken: dict[str, str] = {}
        for column in self.columns:
            if column.role != "item":
                continue
            item = column.item
            if item is None or not item.key:
                raise ImportProblem(
                    msg(
                        "Column '{column}' is a rated question without a scale",
                        column=column.source,
                    ),
                    msg("Give its lowest and highest rating"),
                )
            if item.key in keys:
                raise ImportProblem(
                    msg("Two questions share the key '{key}'", key=item.key),
                    msg("Give each question its own key"),
                )
            keys.add(item.key)
            if item.viewpoint not in VIEWPOINTS:
                raise ImportProblem(
                    msg("'{viewpoint}' is no viewpoint", viewpoint=item.viewpoint),
                    msg("Use one of: {names}", names=", ".join(VIEWPOINTS)),
                )
            for measure in item.measures:
                if measure not in MEASURES:
                    raise ImportProblem(
                        msg("'{measure}' is no headline question", measure=measure),
                        msg("Use one of: {names}", names=", ".join(MEASURES)),
                    )
                if measure in taken:
                    raise ImportProblem(
                        msg(
                            "'{first}' and '{second}' are both the {measure} question",
                            first=taken[measure],
                            second=item.key,
                            measure=measure,
                        ),
                        msg("Choose one of them"),
                    )
                taken[measure] = item.key
            if "nps" in item.measures and (item.scale.minimum, item.scale.maximum) != (0, 10):
                raise ImportProblem(
                    msg(
                        "'{key}' is not on a scale from 0 to 10, so it is no NPS question",
                        key=item.key,
                    ),
                    msg("Map it as a worded recommendation question instead"),
                )

    def items(self) -> list[tuple[Column, Item]]:
        """Return the rated questions with their columns, in file order."""
        return [(c, c.item) for c in self.columns if c.role == "item" and c.item is not None]

    def column(self, role: str) -> Column | None:
        """Return the column mapped to a role that one column holds."""
        return next((c for c in self.columns if c.role == role), None)

    def to_json(self) -> str:
        """Return the text that `from_json` reads back to an equal mapping."""
        raw: dict[str, Any] = {
            "format": 1,
            "name": self.name,
            "kind": self.kind,
            "title": self.title,
            "description": self.description,
            "survey": {"key": self.survey_key, "title": self.survey_title},
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "blanks": list(self.blanks),
            "simulated": self.simulated,
            "breaks": [
                {"day": b.day.isoformat(), "item": b.item, "note": b.note} for b in self.breaks
            ],
            "columns": [_column_json(c) for c in self.columns],
        }
        return json.dumps(raw, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str, *, name: str = "") -> Mapping:
        """Read a mapping from its JSON text and check it.

        Raises
        ------
        ImportProblem
            When the text is no JSON, misses a part, or contradicts itself.
        """
        try:
            raw = json.loads(text)
            scales = {k: Scale.from_json(v) for k, v in raw.get("scales", {}).items()}
            survey = raw.get("survey") or {}
            mapping = cls(
                name=_text(raw, "name") or name,
                kind=_text(raw, "kind"),  # type: ignore[arg-type]  # check() refuses others
                title=_text(raw, "title") or _text(raw, "name") or name,
                description=_text(raw, "description"),
                survey_key=_text(survey, "key"),
                survey_title=_text(survey, "title") or _text(survey, "key"),
                as_of=date.fromisoformat(raw["as_of"]) if raw.get("as_of") else None,
                blanks=_texts(raw, "blanks"),
                simulated=bool(raw.get("simulated", False)),
                breaks=tuple(
                    Break(date.fromisoformat(b["day"]), _text(b, "item"), _text(b, "note"))
                    for b in raw.get("breaks") or ()
                ),
                columns=tuple(_column(c, scales) for c in raw["columns"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ImportProblem(
                msg("The mapping '{name}' cannot be read: {reason}", name=name, reason=str(error)),
                msg("Correct it, or make a new one on the Data page"),
            ) from error
        mapping.check()
        return mapping


def _text(raw: dict[str, Any], key: str) -> str:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"'{key}' is no text")
    return value or ""


def _texts(raw: dict[str, Any], key: str) -> tuple[str, ...]:
    values = raw.get(key) or ()
    if not isinstance(values, list | tuple) or not all(isinstance(v, str) for v in values):
        raise ValueError(f"'{key}' is no list of texts")
    return tuple(values)


def _column(raw: dict[str, Any], scales: dict[str, Scale]) -> Column:
    spec = raw.get("item")
    source = _text(raw, "column")
    item = None
    if spec is not None:
        scale = spec.get("scale")
        key = _text(spec, "key") or source
        item = Item(
            key=key,
            wording=_text(spec, "wording") or key,
            scale=scales[scale] if isinstance(scale, str) else Scale.from_json(scale),
            viewpoint=_text(spec, "viewpoint") or "perception",
            dimension=_text(spec, "dimension"),
            pair=_text(spec, "pair"),
            measures=_texts(spec, "measures"),
        )
    return Column(
        source=source,
        role=_text(raw, "role"),
        formats=_texts(raw, "formats"),
        template=_text(raw, "template"),
        fallback=_text(raw, "fallback"),
        labels={str(k): str(v) for k, v in (raw.get("labels") or {}).items()},
        item=item,
    )


def _column_json(column: Column) -> dict[str, Any]:
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
    return raw
