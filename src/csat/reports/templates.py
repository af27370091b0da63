"""Questionnaires as files to fill in: CSV for any tool, a workbook with the questions beside."""

from __future__ import annotations

from typing import Final

from csat.ingest.instruments import Instrument
from csat.reports.spreadsheet import csv_bytes
from csat.reports.workbook import workbook_bytes

FORMATS: Final[dict[str, str]] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SHEETS: Final = {"en": ("Answers", "Questionnaire"), "zh_CN": ("答卷", "问卷")}
_HEADS: Final = {"en": ("Column", "Question", "Scale"), "zh_CN": ("列", "问题", "量表")}


def template_name(chosen: Instrument, kind: str) -> str:
    """Return the file name of a template.

    Examples
    --------
    >>> from csat.ingest.instruments import instrument
    >>> template_name(instrument("headline", "zh_CN"), "xlsx")
    'questionnaire-headline-zh.xlsx'
    """
    return f"{chosen.preset_name}.{kind}"


def template_bytes(chosen: Instrument, kind: str) -> bytes:
    """Return a template: one row per response under the questions as column names.

    Parameters
    ----------
    kind
        "csv", or "xlsx", whose second sheet lists the questions with their scales.

    Raises
    ------
    ValueError
        For another kind.
    """
    header = [a.header for a in chosen.asked]
    if kind == "csv":
        return csv_bytes(header, [])
    if kind != "xlsx":
        raise ValueError(f"no format of a template: {kind}")
    answers, questions = _SHEETS[chosen.language]
    listed = [_HEADS[chosen.language], *((a.header, a.question, a.scale) for a in chosen.asked)]
    return workbook_bytes({answers: [header], questions: listed})
