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
from csat.sample.plan import Plan
from csat.sample.survey import survey_table
from csat.sample.truths import SAMPLE_AS_OF

SAMPLE_SEED: Final = 20241001
SURVEY_FILE: Final = "survey_responses.csv"
COMPLAINT_FILE: Final = "complaints.csv"
EXPOSURE_FILE: Final = "exposure.csv"
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


def generate(
    folder: Path,
    *,
    as_of: date = SAMPLE_AS_OF,
    seed: int = SAMPLE_SEED,
    responses: int = 40_000,
    complaints: int = 8_000,
    planted: bool = True,
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

    Returns
    -------
    SampleFiles
        Paths of the files written.
    """
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(8)]
    plan = Plan(as_of, planted=planted)
    customers = draw_customers(streams[0], responses)
    served = draw_customers_served(streams[1], plan, complaints)
    folder.mkdir(parents=True, exist_ok=True)
    company = tuple((name, folder / f"{name}.csv") for name in PEOPLE)
    files = SampleFiles(
        folder / SURVEY_FILE,
        folder / COMPLAINT_FILE,
        folder / EXPOSURE_FILE,
        folder / EVENT_FILE,
        folder / CONDUCT_FILE,
        as_of,
        company,
    )
    cases = complaint_table(streams[3], plan, customers, served, complaints)
    _write(survey_table(streams[2], plan, customers, responses, streams[4]), files.survey)
    _write(cases, files.complaints)
    _write(case_event_table(streams[6], plan, cases), files.events)
    _write(conduct_table(streams[7], plan, complaints), files.conduct)
    _write(exposure_table(plan, served), files.exposure)
    for name, path in company:
        _write(company_table(streams[5], name, as_of), path)
    return files


def _write(table: Any, path: Path) -> None:
    csv.write_csv(table, path, csv.WriteOptions(quoting_header="none"))
