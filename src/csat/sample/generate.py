"""Write the files of the sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from pyarrow import csv

from csat.sample.case_events import case_event_table
from csat.sample.company import PEOPLE, company_table
from csat.sample.complaints import complaint_table
from csat.sample.conduct import conduct_table
from csat.sample.customers import draw_customers
from csat.sample.exposure import draw_customers_served, exposure_table
from csat.sample.language import ENGLISH, in_language
from csat.sample.margins import margins_table
from csat.sample.plan import Plan
from csat.sample.raters import (
    comparison_table,
    finding_table,
    shopper_table,
    third_party_table,
)
from csat.sample.registers import REGISTER_FILES, register_entries, write_register
from csat.sample.survey import survey_table
from csat.sample.truths import SAMPLE_AS_OF

SAMPLE_SEED: Final = 20241001
SURVEY_FILE: Final = "survey_responses.csv"
COMPLAINT_FILE: Final = "complaints.csv"
EXPOSURE_FILE: Final = "exposure.csv"
MARGIN_FILE: Final = "margins.csv"
RATER_FILES: Final = {
    "mystery-shopper": "mystery_shopper.csv",
    "evaluations": "third_party.csv",
    "findings": "findings.csv",
    "comparisons": "comparisons.csv",
}
"""Name of the form -> file."""
EVENT_FILE: Final = "case_events.csv"
CONDUCT_FILE: Final = "conduct_cases.csv"


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """Where the files of a sample lie and the last day they know of."""

    survey: Path
    complaints: Path
    exposure: Path
    events: Path
    conduct: Path
    as_of: date
    company: tuple[tuple[str, Path], ...] = ()
    """Answers of managers, staff and auditors: name of the questionnaire and file."""
    margins: Path | None = None
    """Customers served and invited by group."""
    raters: tuple[tuple[str, Path], ...] = ()
    """What raters and experts say: name of the form and file."""
    registers: tuple[tuple[str, Path], ...] = ()
    """Standards and promises: name of the register and file."""
    language: str = ENGLISH
    """What names and texts in them are written in."""


def generate(
    folder: Path,
    *,
    as_of: date = SAMPLE_AS_OF,
    seed: int = SAMPLE_SEED,
    responses: int = 40_000,
    complaints: int = 8_000,
    planted: bool = True,
    language: str = ENGLISH,
) -> SampleFiles:
    """Simulate the service organisation and write its files.

    Parameters
    ----------
    folder
        Where to write; made if it does not exist. Files of the same names are replaced.
    as_of
        Last day with data. The month that contains it is unfinished; 24 full months precede it.
    seed
        The same seed and arguments give the same bytes.
    responses, complaints
        Rows of the survey file and of the complaint file.
    planted
        False leaves out every planted effect: groups and months then differ by chance alone.
    language
        What names of groups, causes and people and all texts are written in: "en" or "zh-CN".
        Every number, code and date is the same in both.

    Returns
    -------
    SampleFiles
        Paths of the files written.
    """
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(13)]
    plan = Plan(as_of, planted=planted, language=language)
    customers = draw_customers(streams[0], responses)
    served = draw_customers_served(streams[1], plan, complaints)
    folder.mkdir(parents=True, exist_ok=True)
    company = tuple((name, folder / f"{name}.csv") for name in PEOPLE)
    registers = tuple((name, folder / file) for name, file in REGISTER_FILES.items())
    files = SampleFiles(
        folder / SURVEY_FILE,
        folder / COMPLAINT_FILE,
        folder / EXPOSURE_FILE,
        folder / EVENT_FILE,
        folder / CONDUCT_FILE,
        as_of,
        company,
        margins=folder / MARGIN_FILE,
        raters=tuple((name, folder / file) for name, file in RATER_FILES.items()),
        registers=registers,
        language=language,
    )
    cases = complaint_table(streams[3], plan, customers, served, complaints, streams[11])
    survey = survey_table(
        streams[2], plan, customers, responses, streams[4], streams[8], streams[11], streams[12]
    )
    raters = (
        shopper_table(streams[7], as_of, planted=planted),
        third_party_table(streams[7], as_of),
        finding_table(as_of),
        comparison_table(),
    )
    tables = (
        (survey, files.survey),
        (cases, files.complaints),
        (case_event_table(streams[9], plan, cases), files.events),
        (conduct_table(streams[10], plan, complaints), files.conduct),
        (exposure_table(plan, served), files.exposure),
        (margins_table(plan, served, responses), folder / MARGIN_FILE),
        *((company_table(streams[5], name, as_of), path) for name, path in company),
        *((table, path) for table, (_, path) in zip(raters, files.raters, strict=True)),
    )
    for table, path in tables:
        _write(in_language(table, language), path)
    for name, path in registers:
        write_register(path, name, register_entries(streams[6], name, as_of), language)
    return files


def _write(table: Any, path: Path) -> None:
    csv.write_csv(table, path, csv.WriteOptions(quoting_header="none"))
