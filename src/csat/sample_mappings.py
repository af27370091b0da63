"""What the columns of the simulated files are, as the ordinary import reads them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from csat.ingest.instruments import instrument
from csat.ingest.mapping import Break, Column, Item, Mapping
from csat.ingest.preset import preset
from csat.model.case_stages import CONDUCT, EVENT_COLUMNS, STAGES
from csat.model.message import N_
from csat.model.scale import Scale
from csat.model.vocabulary import FEELINGS
from csat.sample import SampleFiles
from csat.sample.features import FEATURES, WITH, WITHOUT, feature_column
from csat.sample.instrument import (
    DIMENSIONS,
    ITEMS,
    NOT_APPLICABLE,
    PREDICTED,
    column,
    points_column,
)
from csat.sample.raters import RATER_COLUMNS
from csat.sample.truths import FORM_CHANGE

_MOMENT: Final = ("%Y-%m-%d %H:%M:%S",)
_VIEWPOINTS: Final = (
    ("D", "desired"),
    ("A", "adequate"),
    ("P", "perception"),
    (PREDICTED, "predicted"),
)


def survey_mapping(files: SampleFiles) -> Mapping:
    """Return what the columns of the simulated survey file are."""
    rating = Scale.of(1, 7, special={str(NOT_APPLICABLE): "not_applicable"})
    plain = ("response_id", "form", "branch", "channel", "touchpoint", "segment", "respondent_id")
    columns = [Column("submitted_at", "submitted_at", _MOMENT)]
    columns += [Column(c, c) for c in (*plain, "staff")]
    for letter, viewpoint in _VIEWPOINTS:
        for item in ITEMS:
            key = column(letter, item.number)
            columns.append(
                Column(
                    key,
                    "item",
                    item=Item(
                        key,
                        item.wording_en,
                        rating,
                        viewpoint,
                        item.dimension,
                        f"{item.number:02d}",
                        wordings={"en": item.wording_en, "zh_CN": item.wording_zh},
                    ),
                )
            )
    for key, wording, chinese, scale in (
        ("csat", "Overall, how satisfied are you?", "总体而言，您有多满意？", Scale.of(1, 5)),
        ("nps", "How likely are you to recommend us?", "您有多大可能推荐我们？", Scale.of(0, 10)),
        ("ces", "It was easy to get my matter handled", "我的事情很容易办成", Scale.of(1, 7)),
    ):
        said = {"en": wording, "zh_CN": chinese}
        question = Item(key, wording, scale, measures=(key,), wordings=said)
        columns.append(Column(key, "item", item=question))
    for dimension in DIMENSIONS:
        key = points_column(dimension.key)
        points = Item(
            key,
            dimension.name_en,
            Scale.of(0, 100),
            "importance",
            dimension.key,
            wordings={"en": dimension.name_en, "zh_CN": dimension.name_zh},
        )
        columns.append(Column(key, "item", item=points))
    for prefix, view in ((WITH, "functional"), (WITHOUT, "dysfunctional")):
        for feature in FEATURES:
            key = feature_column(prefix, feature)
            said = {"en": feature.wording_en, "zh_CN": feature.wording_zh}
            pair = f"feature {feature.number}"
            felt = Item(
                key, feature.wording_en, Scale.of(*FEELINGS), view, pair=pair, wordings=said
            )
            columns.append(Column(key, "item", item=felt))
    columns.append(Column("comment", "comment"))
    return Mapping(
        "sample-survey",
        "survey",
        "Simulated customer survey",
        tuple(columns),
        survey_key="customer-survey",
        survey_title="Customer survey (simulated)",
        as_of=files.as_of,
        simulated=True,
        breaks=(Break(FORM_CHANGE, column("P", 7), N_("New wording")),),
    )


def complaints_mapping(files: SampleFiles) -> Mapping:
    """Return what the columns of the simulated complaint file are."""
    moments = (
        "received_at",
        "acknowledged_at",
        "first_response_at",
        "resolved_at",
        "reopened_at",
    )
    same = (
        "complaint_id",
        "category",
        "cause",
        "severity",
        "status",
        "branch",
        "channel",
        "touchpoint",
        "segment",
        "respondent_id",
        "staff",
        "upheld",
        "outcome",
        "compensation",
        "currency",
        "narrative",
    )
    columns = [Column(m, m, _MOMENT) for m in moments]
    columns += [Column(c, c) for c in same]
    columns += [Column("subcategory", "category_2"), Column("answered_in_time", "timely")]
    return Mapping(
        "sample-complaints",
        "complaints",
        "Simulated complaints",
        tuple(columns),
        as_of=files.as_of,
        simulated=True,
    )


def event_mapping(files: SampleFiles) -> Mapping:
    """Return what the columns of the simulated log of events are."""
    columns = (
        Column("complaint_id", "case_id"),
        Column("event", "event"),
        Column("happened_at", "happened_at", _MOMENT),
        Column("until_at", "until_at", _MOMENT),
        Column("by", "done_by"),
    )
    return Mapping(
        "sample-case-events",
        "events",
        "Simulated events of complaints",
        columns,
        as_of=files.as_of,
        simulated=True,
    )


def conduct_mapping(files: SampleFiles) -> Mapping:
    """Return what the columns of the simulated file of conduct cases are."""
    stages = [c for s, c in EVENT_COLUMNS.items() if s in STAGES[CONDUCT]]
    columns = [Column(m, m, _MOMENT) for m in ("received_at", *stages)]
    same = ("violation", "responsibility", "sanction", "appeal_outcome")
    columns += [Column(c, c) for c in (*same, "branch", "department", "status")]
    columns += [Column("case_id", "complaint_id"), Column("class", "category")]
    return Mapping(
        "sample-conduct",
        "complaints",
        "Simulated conduct cases",
        tuple(columns),
        as_of=files.as_of,
        simulated=True,
    )


def exposure_mapping(files: SampleFiles) -> Mapping:
    """Return what the columns of the simulated file of customers served are."""
    columns = (
        Column("month", "month"),
        Column("branch", "branch"),
        Column("customers", "customers"),
    )
    return Mapping(
        "sample-exposure",
        "exposure",
        "Simulated customers served",
        columns,
        as_of=files.as_of,
        simulated=True,
    )


def margins_mapping(files: SampleFiles) -> Mapping:
    """Return what the columns of the simulated population margins are."""
    made = preset("population-margins")
    return replace(made, name="sample-margins", as_of=files.as_of, simulated=True)


def company_mapping(name: str, files: SampleFiles) -> Mapping:
    """Return what the columns of a simulated file of managers, staff or auditors are.

    They are those of the questionnaire of that name, under the keys of its questions.
    """
    made = instrument(name).mapping()
    plain = {c.role: replace(c, source=c.role) for c in made.columns if c.item is None}
    plain["submitted_at"] = Column("submitted_at", "submitted_at", _MOMENT)
    asked = [replace(c, source=c.item.key) for c in made.columns if c.item is not None]
    return replace(
        made,
        name=f"sample-{name}",
        columns=(*plain.values(), *asked),
        as_of=files.as_of,
        simulated=True,
    )


def rater_mapping(name: str, files: SampleFiles) -> Mapping:
    """Return what the columns of a simulated file of raters or experts are.

    They are those of the form of that name, its criteria called C01, C02 and so on.
    """
    made = instrument(name).mapping()
    columns = [replace(c, source=c.role) for c in made.columns if c.item is None]
    columns = [c for c in columns if c.role in RATER_COLUMNS[name]]
    asked = [c for c in made.columns if c.item is not None]
    columns += [replace(c, source=f"C{k:02d}") for k, c in enumerate(asked, 1)]
    return replace(
        made, name=f"sample-{name}", columns=tuple(columns), as_of=files.as_of, simulated=True
    )
