"""The sample files: same bytes, shape, scales, clocks, texts, and their description."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.sample import SAMPLE_AS_OF, SampleFiles, generate, truths_markdown
from csat.sample.causes import CAUSES
from csat.sample.comments_en import DIMENSIONS as PHRASES_EN
from csat.sample.comments_en import TOUCHPOINTS as CLAUSES_EN
from csat.sample.comments_zh import DIMENSIONS as PHRASES_ZH
from csat.sample.comments_zh import TOUCHPOINTS as CLAUSES_ZH
from csat.sample.document import COMPLAINT_COLUMNS, EXPOSURE_COLUMNS, SURVEY_COLUMNS
from csat.sample.instrument import DIMENSIONS, ITEMS, points_column
from csat.sample.narratives_en import CAUSES as NARRATIVES_EN
from csat.sample.narratives_zh import CAUSES as NARRATIVES_ZH

Sample = Any
README = Path(__file__).parents[3] / "data" / "README.md"
EVENTS = ["received_at", "acknowledged_at", "first_response_at", "resolved_at", "reopened_at"]
PERCEPTIONS = [f"P{n:02d}" for n in range(1, 23)]


def _digest(files: SampleFiles) -> list[str]:
    paths = (files.survey, files.complaints, files.exposure)
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def test_same_seed_gives_the_same_bytes(planted: Sample, tmp_path: Path) -> None:
    assert _digest(generate(tmp_path / "again")) == _digest(planted.files)
    other = _digest(generate(tmp_path / "other", seed=1))
    assert not set(other) & set(_digest(planted.files))


def test_sizes_and_columns(either: Sample) -> None:
    ratings = [f"{prefix}{n:02d}" for prefix in "DAP" for n in range(1, 23)]
    points = [points_column(d.key) for d in DIMENSIONS]
    likely = [f"L{n:02d}" for n in range(1, 23)]
    assert list(either.survey.columns) == [
        *("response_id", "submitted_at", "form", "branch", "channel", "touchpoint", "segment"),
        *("respondent_id", "staff", "language", *ratings, "csat", "nps", "ces", *points, *likely),
        *(f"{side}{n}" for n in range(1, 6) for side in "FX"),
        *("comment", "month"),
    ]
    assert list(either.complaints.columns) == [
        *("complaint_id", *EVENTS, "category", "subcategory", "cause", "severity", "status"),
        *("branch", "channel", "touchpoint", "segment", "respondent_id", "staff"),
        *("answered_in_time", "upheld", "outcome", "compensation", "currency"),
        *("narrative", "month"),
    ]
    assert list(either.exposure.columns) == ["month", "branch", "customers"]
    assert (len(either.survey), len(either.complaints), len(either.exposure)) == (40000, 8000, 300)
    assert either.survey["response_id"].is_unique
    assert either.complaints["complaint_id"].is_unique
    levels = {"branch": 12, "channel": 5, "touchpoint": 10, "segment": 8, "language": 2}
    assert either.survey[list(levels)].nunique().to_dict() == levels


def test_ratings_stay_on_their_scales(either: Sample) -> None:
    survey = either.survey
    for prefix in "DA":
        block = survey[[f"{prefix}{n:02d}" for n in range(1, 23)]]
        assert block.min().min() >= 1
        assert block.max().max() == 7
    values = survey[PERCEPTIONS].to_numpy()
    assert set(values[~np.isnan(values)]) == {1, 2, 3, 4, 5, 6, 7, 9}
    for name, low, high in (("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7)):
        assert (survey[name].min(), survey[name].max()) == (low, high)
    assert survey[PERCEPTIONS].isna().mean().mean() == pytest.approx(0.03, abs=0.003)
    assert (survey[PERCEPTIONS] == 9).mean().mean() == pytest.approx(0.01, abs=0.002)
    assert survey["respondent_id"].notna().mean() == pytest.approx(0.7, abs=0.02)
    assert survey["comment"].notna().mean() == pytest.approx(0.2, abs=0.02)


def test_months_and_the_unfinished_one(either: Sample) -> None:
    months = [str(m) for m in pd.period_range("2024-10", "2026-10", freq="M")]
    for frame in (either.survey, either.complaints, either.exposure):
        assert sorted(frame["month"].unique()) == months
    assert either.survey["submitted_at"].is_monotonic_increasing
    assert either.survey["submitted_at"].max().date() == SAMPLE_AS_OF
    assert either.complaints["received_at"].is_monotonic_increasing
    for counts in (
        either.survey["month"].value_counts(),
        either.complaints["month"].value_counts(),
        either.exposure.groupby("month")["customers"].sum(),
    ):
        assert 0.45 < counts["2026-10"] / counts["2026-09"] < 0.75


def test_small_branch_stays_small(either: Sample) -> None:
    small = either.survey[either.survey["branch"] == "Lighthouse Point"]
    assert 40 <= len(small) <= 60
    assert small["month"].value_counts().max() <= 3


def test_events_are_in_order_and_cut_off(either: Sample) -> None:
    cases = either.complaints
    end = pd.Timestamp(SAMPLE_AS_OF) + pd.Timedelta(days=1)
    assert (cases[EVENTS].max() < end).all()
    for earlier, later in (
        *(("received_at", event) for event in EVENTS[1:]),
        ("acknowledged_at", "first_response_at"),
        ("first_response_at", "resolved_at"),
        ("resolved_at", "reopened_at"),
    ):
        both = cases[[earlier, later]].dropna()
        assert (both[earlier] <= both[later]).all()
    resolved, reopened = cases["resolved_at"].notna(), cases["reopened_at"].notna()
    assert not (cases["first_response_at"].isna() & resolved).any()
    assert not (reopened & ~resolved).any()
    expected = np.where(reopened, "reopened", np.where(resolved, "resolved", "open"))
    assert (cases["status"] == expected).all()
    assert (cases["outcome"].notna() == resolved).all()
    assert (cases["upheld"].notna() == resolved).all()
    assert (~resolved).mean() == pytest.approx(0.06, abs=0.015)
    assert reopened.mean() == pytest.approx(0.05, abs=0.015)
    recent = cases["month"] >= "2026-08"
    assert (~resolved)[recent].mean() > 3 * (~resolved)[~recent].mean()
    limit = pd.to_timedelta(
        cases["severity"].isin(["high", "critical"]).map({True: 24, False: 72}), unit="h"
    )
    answered = cases["first_response_at"].notna()
    late = (cases["first_response_at"].fillna(end) - cases["received_at"]) > limit
    decided = np.where(late, "no", np.where(answered, "yes", "blank"))
    assert (cases["answered_in_time"].fillna("blank") == decided).all()


def test_headlines_and_scales_hang_together(planted: Sample) -> None:
    survey = planted.survey
    assert (survey["csat"].dropna() >= 4).mean() == pytest.approx(0.72, abs=0.02)
    nps = survey["nps"].dropna()
    assert (nps >= 9).mean() - (nps <= 6).mean() == pytest.approx(0.20, abs=0.04)
    assert survey["ces"].mean() == pytest.approx(5.2, abs=0.1)
    for dimension in DIMENSIONS:
        block = planted.rated([f"P{i.number:02d}" for i in ITEMS if i.dimension == dimension.key])
        block = block.dropna()
        k = block.shape[1]
        alpha = k / (k - 1) * (1 - block.var().sum() / block.sum(axis=1).var())
        assert 0.75 < alpha < 0.9
    hours = (planted.complaints["first_response_at"] - planted.complaints["received_at"]) / (
        pd.Timedelta(hours=1)
    )
    assert hours.median() == pytest.approx(20, abs=3)
    days = (planted.complaints["resolved_at"] - planted.complaints["received_at"]).median()
    assert days / pd.Timedelta(days=1) == pytest.approx(4, abs=0.6)
    rate = len(planted.complaints) / planted.exposure["customers"].sum() * 1000
    assert 3 < rate < 6


def test_texts_are_safe_and_in_their_language(either: Sample) -> None:
    chinese = "[\u4e00-\u9fff]"
    comments = either.survey[either.survey["comment"].notna()]
    for texts in (comments["comment"], either.complaints["narrative"]):
        assert not texts.str.match(r"[=+\-@\t\r\s]").any()
        assert not texts.str.contains("\n").any()
        assert texts.str.len().min() >= 5
        assert texts.nunique() > 1000
    written = comments["comment"].str.contains(chinese)
    assert (written == (comments["language"] == "zh")).all()
    share = either.complaints["narrative"].str.contains(chinese).mean()
    assert share == pytest.approx(0.3, abs=0.03)


def test_some_complainants_answered_the_survey(planted: Sample) -> None:
    known = set(planted.survey["respondent_id"].dropna())
    assert planted.complaints["respondent_id"].isin(known).mean() > 0.1
    assert planted.survey["respondent_id"].dropna().str.fullmatch(r"C\d{5}").all()


def test_phrases_exist_in_both_languages() -> None:
    causes = {cause.name for cause in CAUSES}
    assert set(NARRATIVES_EN) == set(NARRATIVES_ZH) == causes
    for english, chinese in ((CLAUSES_EN, CLAUSES_ZH), (PHRASES_EN, PHRASES_ZH)):
        assert list(english) == list(chinese)
        for key, sides in english.items():
            assert [len(side) for side in sides] == [len(side) for side in chinese[key]]


def test_readme_is_what_the_generator_says(planted: Sample) -> None:
    assert README.read_text(encoding="utf-8") == truths_markdown(planted.files)


@settings(max_examples=15, deadline=None)
@given(
    as_of=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    responses=st.integers(0, 300),
    complaints=st.integers(0, 300),
)
def test_any_size_and_date(
    tmp_path_factory: pytest.TempPathFactory, as_of: date, responses: int, complaints: int
) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    files = generate(folder, as_of=as_of, responses=responses, complaints=complaints)
    for path, rows, column in (
        (files.survey, responses, "submitted_at"),
        (files.complaints, complaints, "received_at"),
    ):
        frame = pd.read_csv(path, parse_dates=[column])
        assert len(frame) == rows
        if rows:
            assert frame[column].max().date() <= as_of
    exposure = pd.read_csv(files.exposure)
    assert exposure["month"].iloc[-1] == as_of.strftime("%Y-%m")
    assert exposure["customers"].min() >= 1


def test_every_column_is_described(planted: Sample) -> None:
    for frame, columns in (
        (planted.survey, SURVEY_COLUMNS),
        (planted.complaints, COMPLAINT_COLUMNS),
        (planted.exposure, EXPOSURE_COLUMNS),
    ):
        described = [name for names, _ in columns for name in names.split(", ")]
        ends = [end for name in described for end in name.split(" to ")]
        assert set(ends) <= set(frame.columns)
        plain = {name for name in frame.columns if not name[1:].isdigit()}
        assert plain - set(described) <= {"month"}


def test_points_are_fives_that_add_up_to_a_hundred_for_the_third_that_was_asked(
    planted: Sample,
) -> None:
    points = planted.survey[[points_column(d.key) for d in DIMENSIONS]]
    given = points.dropna()
    assert points.isna().all(axis=1).sum() + len(given) == len(points)
    assert len(given) / len(points) == pytest.approx(1 / 3, abs=0.01)
    assert (given.sum(axis=1) == 100).all()
    assert (given % 5 == 0).all(axis=None)
    assert given.mean().to_numpy() == pytest.approx([d.points for d in DIMENSIONS], abs=0.3)


def test_a_quarter_says_what_it_foresees_and_the_planted_level_is_met(planted: Sample) -> None:
    for dimension in DIMENSIONS:
        numbers = [i.number for i in ITEMS if i.dimension == dimension.key]
        foreseen = planted.survey[[f"L{n:02d}" for n in numbers]]
        told = foreseen.dropna(how="all")
        assert len(told) / len(foreseen) == pytest.approx(1 / 4, abs=0.01)
        assert told.isin(range(1, 8)).all(axis=None)
        assert told.mean().mean() == pytest.approx(dimension.predicted, abs=0.05)
        assert dimension.adequate < dimension.predicted < dimension.desired
