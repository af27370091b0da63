"""The two samples that the tests look at, written once and read with pandas."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

from csat.sample import SampleFiles, generate

EVENTS = ["received_at", "acknowledged_at", "first_response_at", "resolved_at", "reopened_at"]


@dataclass
class Sample:
    files: SampleFiles
    survey: pd.DataFrame
    complaints: pd.DataFrame
    exposure: pd.DataFrame

    def rated(self, columns: list[str]) -> pd.DataFrame:
        """Return ratings without the code for not applicable."""
        return self.survey[columns].where(self.survey[columns] != 9)


def read_sample(files: SampleFiles) -> Sample:
    survey = pd.read_csv(files.survey, parse_dates=["submitted_at"], dtype={"form": str}).copy()
    survey["month"] = survey["submitted_at"].dt.strftime("%Y-%m")
    complaints = pd.read_csv(
        files.complaints, parse_dates=EVENTS, keep_default_na=False, na_values=[""]
    )
    complaints["month"] = complaints["received_at"].dt.strftime("%Y-%m")
    return Sample(files, survey, complaints, pd.read_csv(files.exposure))


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return read_sample(generate(tmp_path_factory.mktemp("planted")))


@pytest.fixture(scope="session")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return read_sample(generate(tmp_path_factory.mktemp("noise"), planted=False))


@pytest.fixture(params=["planted", "noise"])
def either(request: pytest.FixtureRequest) -> Sample:
    return request.getfixturevalue(request.param)
