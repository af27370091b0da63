"""What each column of a file is: confirmed by a person, saved, and used again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from csat.ingest.columns import (
    Break,
    Column,
    Item,
    check_pauses,
    column_from_json,
    column_to_json,
    text_of,
    texts_of,
)
from csat.ingest.criteria import check_criteria
from csat.ingest.kano_pairs import check_kano
from csat.ingest.mapping_checks import check_column, check_long
from csat.ingest.roles import ARRIVAL, ID_ROLE, MANY, REQUIRED, ROLES, Kind
from csat.model.case_stages import EVENT_COLUMNS
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.model.scale import Scale
from csat.model.vocabulary import MEASURES, VIEWPOINTS

__all__ = ["Break", "Column", "Item", "Mapping"]

_GAP: Final = ("perception", "desired")
_OF_ONE_CASE: Final = (
    "complaint_id",
    *EVENT_COLUMNS.values(),
    "pause_from",
    "respondent_id",
    "narrative",
    "compensation",
)


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
    day: date | None = None
    """The day of every answer of a survey whose file holds no date."""

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
                        "Columns '{first}' and '{second}' are both mapped as '{label}' ({role})",
                        first=seen[column.role],
                        second=column.source,
                        label=msg(roles[column.role][0]),
                        role=column.role,
                    ),
                    msg("Leave one of them out"),
                )
            seen[column.role] = column.source
            check_column(column)
        for role in REQUIRED[self.kind]:
            undated = role == ARRIVAL.get(self.kind) and (self.day or self.only_updates)
            if role not in seen and not undated:
                raise ImportProblem(
                    msg("No column is mapped as '{label}' ({role})",
                        label=msg(roles[role][0]), role=role),
                    msg("Choose the column that holds it, or give the day of all answers")
                    if role == "submitted_at"
                    else msg("Choose the column that holds it"),
                )  # fmt: skip
        if self.kind == "survey":
            check_long(seen)
            self._check_items()
        elif self.kind == "evaluations":
            check_criteria(seen, [item for _, item in self.items()])
        check_pauses([c.role for c in self.columns])
        own = [c.source for c in self.columns if c.role in _OF_ONE_CASE]
        if "cases" in seen and own:
            raise ImportProblem(
                msg(
                    "Column '{count}' counts cases, but '{column}' is about one case",
                    count=seen["cases"],
                    column=own[0],
                ),
                msg("Leave one of them out"),
            )

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
            if "nps" in item.measures and item.scale.ends != (0, 10):
                raise ImportProblem(
                    msg(
                        "'{key}' is not on a scale from 0 to 10, so it is no NPS question",
                        key=item.key,
                    ),
                    msg("Map it as a worded recommendation question instead"),
                )

        self._check_pairs()

    def _check_pairs(self) -> None:
        """Refuse pairs whose difference would mean nothing."""
        sides: dict[tuple[str, str], Item] = {}
        for _, item in self.items():
            if not item.pair:
                continue
            twin = sides.setdefault((item.pair, item.viewpoint), item)
            other = "desired" if item.viewpoint == "perception" else "perception"
            facing = sides.get((item.pair, other)) if item.viewpoint in _GAP else None
            if twin is not item or (facing and facing.scale.ends != item.scale.ends):
                raise ImportProblem(
                    msg(
                        "'{first}' and '{second}' cannot be one pair",
                        first=(twin if twin is not item else facing or item).key,
                        second=item.key,
                    ),
                    msg("A pair is two views of one question on the same scale"),
                )
        check_kano([item for _, item in self.items()])

    def items(self) -> list[tuple[Column, Item]]:
        """Return the rated questions with their columns, in file order."""
        return [(c, c.item) for c in self.columns if c.role == "item" and c.item is not None]

    @property
    def only_updates(self) -> bool:
        """Whether rows are known by an id and have no date, so that none of them can be new."""
        arrival = ARRIVAL.get(self.kind)
        return (
            arrival is not None
            and self.column(arrival) is None
            and self.day is None
            and self.column(ID_ROLE[self.kind]) is not None
        )

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
            "day": self.day.isoformat() if self.day else None,
            "blanks": list(self.blanks),
            "simulated": self.simulated,
            "breaks": [
                {"day": b.day.isoformat(), "item": b.item, "note": b.note} for b in self.breaks
            ],
            "columns": [column_to_json(c) for c in self.columns],
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
                name=text_of(raw, "name") or name,
                kind=text_of(raw, "kind"),  # type: ignore[arg-type]  # check() refuses others
                title=text_of(raw, "title") or text_of(raw, "name") or name,
                description=text_of(raw, "description"),
                survey_key=text_of(survey, "key"),
                survey_title=text_of(survey, "title") or text_of(survey, "key"),
                as_of=date.fromisoformat(raw["as_of"]) if raw.get("as_of") else None,
                blanks=texts_of(raw, "blanks"),
                simulated=bool(raw.get("simulated", False)),
                breaks=tuple(
                    Break(date.fromisoformat(b["day"]), text_of(b, "item"), text_of(b, "note"))
                    for b in raw.get("breaks") or ()
                ),
                columns=tuple(column_from_json(c, scales) for c in raw["columns"]),
                day=date.fromisoformat(raw["day"]) if raw.get("day") else None,
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ImportProblem(
                msg("The mapping '{name}' cannot be read: {reason}", name=name, reason=str(error)),
                msg("Correct it, or make a new one on the Data page"),
            ) from error
        mapping.check()
        return mapping
