"""A mapping as a table that a person edits: one row per column of the file."""

from __future__ import annotations

from collections.abc import Mapping as Mapping_
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.roles import ROLES
from csat.ingest.suggest import Suggestion
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.model.scale import Scale
from csat.model.vocabulary import (
    DIMENSION_LABELS,
    MEASURES,
    SPECIAL_KINDS,
    SPECIAL_LABELS,
    VIEWPOINT_LABELS,
)
from csat.ui.language import t

_IGNORE: Final = ""


def edit_mapping(
    mapping: Mapping,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    *,
    key: str,
    suggestion: Suggestion | None = None,
) -> Mapping:
    """Draw the table and return the mapping as edited.

    Raises
    ------
    ImportProblem
        When a scale or a special code cannot be read.
    """
    by_source = {c.source: c for c in mapping.columns}
    roles = {r: t(label) for r, (label, _) in ROLES[mapping.kind].items()}
    frame = _frame(by_source, columns, rows, roles)
    config = _config(roles, survey=mapping.kind == "survey")
    edited = st.data_editor(
        frame,
        hide_index=True,
        num_rows="fixed",
        key=key,
        column_config=config,
        disabled=["column", "samples"],
        height=min(560, 40 + 36 * len(columns)),
        alt=t("What each column of the file is"),
    )
    words = {label: role for role, label in roles.items()}
    out = []
    for row in edited.to_dict("records"):
        role = words.get(row["role"] or "", _IGNORE)
        if role:
            out.append(_column(by_source.get(row["column"]), role, row))
    return replace(mapping, columns=tuple(out))


def _frame(
    known: dict[str, Column],
    columns: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    roles: dict[str, str],
) -> pd.DataFrame:
    records = []
    for i, name in enumerate(columns):
        column = known.get(name)
        item = column.item if column else None
        values = dict.fromkeys(str(r[i]) for r in rows if r[i])
        records.append(
            {
                "column": name,
                "samples": " · ".join(v[:24] for v in list(values)[:4]),
                "role": roles[column.role] if column else t("left out"),
                "low": item.scale.minimum if item else None,
                "high": item.scale.maximum if item else None,
                "special": _pairs_text(item.scale.special) if item else "",
                "labels": _pairs_text(item.scale.labels if item else column.labels)
                if column
                else "",
                "measure": list(item.measures) if item else [],
                "dimension": item.dimension if item else "",
                "viewpoint": item.viewpoint if item else "",
                "format": ", ".join(column.formats) if column else "",
            }
        )
    frame = pd.DataFrame(records)
    return frame.astype({"low": "Int64", "high": "Int64"})


def _config(roles: dict[str, str], *, survey: bool) -> dict[str, Any]:
    kinds = ", ".join(f"{k} ({t(SPECIAL_LABELS[k])})" for k in SPECIAL_KINDS)
    config: dict[str, Any] = {
        "column": st.column_config.TextColumn(t("Column"), pinned=True),
        "samples": st.column_config.TextColumn(t("Values")),
        "role": st.column_config.SelectboxColumn(
            t("What it is"),
            options=[t("left out"), *roles.values()],
            required=True,
        ),
        "labels": st.column_config.TextColumn(
            t("Words"),
            help=t("VALUE=MEANING, such as Likely=4 or 1=At the counter."),
        ),
        "format": st.column_config.TextColumn(
            t("Date form"),
            help=t("Year %Y, month %m, day %d, hour %H, minute %M, second %S."),
        ),
    }
    rating = {
        "low": st.column_config.NumberColumn(t("Lowest"), step=1),
        "high": st.column_config.NumberColumn(t("Highest"), step=1),
        "special": st.column_config.TextColumn(
            t("Special codes"),
            help=t(msg("CODE=REASON; reasons: {kinds}", kinds=kinds)),
        ),
        "measure": st.column_config.MultiselectColumn(
            t("Headline"),
            options=list(MEASURES),
            help=t("Which headline figure this question feeds."),
        ),
        "dimension": st.column_config.SelectboxColumn(
            t("Dimension"),
            options=["", *DIMENSION_LABELS],
        ),
        "viewpoint": st.column_config.SelectboxColumn(
            t("Viewpoint"),
            options=list(VIEWPOINT_LABELS),
        ),
    }
    config.update(rating if survey else dict.fromkeys(rating))
    return config


def _column(known: Column | None, role: str, row: dict[Any, Any]) -> Column:
    name = str(row["column"])
    formats = tuple(f.strip() for f in str(row["format"] or "").split(",") if f.strip())
    same = known if known is not None and known.role == role else Column(name, role)
    if role != "item":
        labels = _pairs(row["labels"], name)
        return replace(same, formats=formats, labels=labels, item=None)
    return replace(same, formats=(), labels={}, item=_item(same.item, name, row))


def _item(known: Item | None, name: str, row: dict[Any, Any]) -> Item:
    low, high = row["low"], row["high"]
    if pd.isna(low) or pd.isna(high):
        raise ImportProblem(
            msg("Column '{column}' is a rated question without a scale", column=name),
            msg("Give its lowest and highest rating"),
        )
    special = _pairs(row["special"], name)
    labels = _codes(_pairs(row["labels"], name), name)
    minimum, maximum = int(str(low)), int(str(high))
    same = known is not None and (known.scale.minimum, known.scale.maximum) == (minimum, maximum)
    scale = Scale.of(
        minimum,
        maximum,
        known.scale.top_from if known is not None and same else None,
        labels,
        special,
    )
    item = known or Item(name[:60], name, scale)
    chosen = row["measure"] if isinstance(row["measure"], list) else []
    measures = tuple(str(m) for m in chosen)
    return replace(
        item,
        scale=scale,
        measures=measures,
        dimension=str(row["dimension"] or ""),
        viewpoint=str(row["viewpoint"] or "perception"),
    )


def _pairs_text(pairs: Mapping_[str, object]) -> str:
    return "; ".join(f"{raw}={kind}" for raw, kind in pairs.items())


def _pairs(text: object, column: str) -> dict[str, str]:
    """Read ``VALUE=MEANING; VALUE=MEANING``."""
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


def _codes(labels: dict[str, str], column: str) -> dict[str, int]:
    """Read the codes of worded answers."""
    for text, code in labels.items():
        if not code.lstrip("-").isdecimal():
            raise ImportProblem(
                msg(
                    "Column '{column}': '{part}' is no rating", column=column, part=f"{text}={code}"
                ),
                msg("Write WORDS=NUMBER, several parted by ;"),
            )
    return {text: int(code) for text, code in labels.items()}
