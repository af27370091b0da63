"""Every planted truth can be found again by plain arithmetic, and none of them in noise."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from scipy.stats import linregress

from csat.sample import SAMPLE_AS_OF, truths
from csat.sample.causes import REFUNDS
from csat.sample.features import FEATURES
from csat.sample.instrument import DIMENSIONS, ITEMS
from csat.sample.truths import CURRENT_FORM, FORMER_FORM
from csat.stats.kano import kano, kano_counts

Sample = Any
TRUTH = {truth.key: truth for truth in truths(SAMPLE_AS_OF)}
PERCEPTIONS = [f"P{n:02d}" for n in range(1, 23)]
RESPONSIVENESS = ["P10", "P11", "P12", "P13"]


@pytest.mark.parametrize("dimension", DIMENSIONS, ids=lambda d: d.key)
def test_gap_of_each_dimension(planted: Sample, dimension: Any) -> None:
    rows = planted.survey
    rows = rows[(rows["branch"] != "Riverside") & (rows["form"] == "2024")]
    numbers = [i.number for i in ITEMS if i.dimension == dimension.key]
    perceived = planted.rated([f"P{n:02d}" for n in numbers]).loc[rows.index].mean().mean()
    desired = rows[[f"D{n:02d}" for n in numbers]].mean().mean()
    assert perceived - desired == pytest.approx(TRUTH[f"gap_{dimension.key}"].size, abs=0.05)


def _slide(sample: Sample, values: pd.Series) -> float:
    """Fall of Riverside against the others, last two full months against before the slide."""
    survey = sample.survey
    here = survey["branch"] == "Riverside"
    late = survey["month"].isin(["2026-08", "2026-09"])
    early = survey["month"] < TRUTH["slide_csat"].months[0]
    own = values[here & late].mean() - values[here & early].mean()
    return float(own - (values[~here & late].mean() - values[~here & early].mean()))


def test_riverside_slides(planted: Sample, noise: Sample) -> None:
    # The last two months hold 7/8 and 8/8 of the fall: 15/16 on average.
    survey = planted.survey
    fall = _slide(planted, planted.rated(RESPONSIVENESS).mean(axis=1)) * 16 / 15
    assert fall == pytest.approx(TRUTH["slide_responsiveness"].size, abs=0.25)
    assert _slide(planted, survey["csat"]) * 16 / 15 == pytest.approx(-0.6, abs=0.2)
    assert _slide(planted, survey["nps"]) * 16 / 15 == pytest.approx(-1.2, abs=0.4)
    assert abs(_slide(planted, planted.rated(PERCEPTIONS[:4]).mean(axis=1))) < 0.2
    assert abs(_slide(noise, noise.rated(RESPONSIVENESS).mean(axis=1))) < 0.2


def _cause_rates(sample: Sample) -> tuple[float, float]:
    cases = sample.complaints[sample.complaints["branch"] != "University"]
    monthly = cases[cases["cause"] == "Meter reading error"]["month"].value_counts()
    months = sorted(sample.exposure["month"].unique())
    monthly = monthly.reindex(months, fill_value=0)
    spike, cured = TRUTH["cause_spike"].months, TRUTH["cause_cured"].months[:-1]
    before = monthly[[m for m in months if m < spike[0]]].mean()
    return monthly[list(spike)].mean() / before, monthly[list(cured)].mean() / before


def test_cause_spikes_and_is_cured(planted: Sample, noise: Sample) -> None:
    spiked, cured = _cause_rates(planted)
    assert spiked == pytest.approx(5, rel=0.25)
    assert cured == pytest.approx(0.45, abs=0.2)
    spiked, cured = _cause_rates(noise)
    assert spiked == pytest.approx(1, abs=0.3)
    assert cured == pytest.approx(1, abs=0.3)


def _season(sample: Sample) -> tuple[float, float, float]:
    cases = sample.complaints[sample.complaints["branch"] != "University"]
    cases = cases[cases["cause"] != "Meter reading error"]
    served = sample.exposure[sample.exposure["branch"] != "University"]
    winter = cases["month"].str[-2:].isin(["12", "01"])
    served_winter = served["month"].str[-2:].isin(["12", "01"])
    rates = [
        mask.sum() / served["customers"][base].sum()
        for mask, base in ((winter, served_winter), (~winter, ~served_winter))
    ]
    wait = cases["first_response_at"] - cases["received_at"]
    rows = sample.survey
    rows = rows[~rows["branch"].isin(["University", "Riverside"])]
    rows = rows[rows["touchpoint"] != "Appointment"]
    cold = rows["month"].str[-2:].isin(["12", "01"])
    csat = rows["csat"][cold].mean() - rows["csat"][~cold].mean()
    return rates[0] / rates[1], wait[winter].median() / wait[~winter].median(), csat


def test_winter_is_worse(planted: Sample, noise: Sample) -> None:
    complaints, waiting, csat = _season(planted)
    assert complaints == pytest.approx(TRUTH["season_complaints"].size, abs=0.1)
    assert waiting == pytest.approx(TRUTH["season_waiting"].size, abs=0.15)
    assert csat == pytest.approx(TRUTH["season_csat"].size, abs=0.06)
    complaints, waiting, csat = _season(noise)
    assert complaints == pytest.approx(1, abs=0.08)
    assert waiting == pytest.approx(1, abs=0.1)
    assert abs(csat) < 0.05


def _wording(sample: Sample) -> float:
    means = sample.rated(PERCEPTIONS[4:9]).groupby(sample.survey["form"]).mean()
    change = means.loc["2026"] - means.loc["2024"]
    return float(change["P07"] - change.drop("P07").mean())


def test_wording_moves_one_item_only(planted: Sample, noise: Sample) -> None:
    assert planted.survey.groupby("form")["submitted_at"].min()["2026"] >= pd.Timestamp(2026, 1, 1)
    assert _wording(planted) == pytest.approx(TRUTH["wording"].size, abs=0.06)
    assert abs(_wording(noise)) < 0.06


def _booking(sample: Sample, name: str) -> float:
    rows = sample.survey[~sample.survey["branch"].isin(["University", "Riverside"])]
    means = rows.groupby([rows["touchpoint"] == "Appointment", rows["month"] >= "2025-10"])[
        name
    ].mean()
    return float(means[True, True] - means[True, False] - means[False, True] + means[False, False])


def test_appointments_improve_for_real(planted: Sample, noise: Sample) -> None:
    assert TRUTH["booking_csat"].months[0] == "2025-10"
    assert _booking(planted, "csat") == pytest.approx(TRUTH["booking_csat"].size, abs=0.1)
    assert _booking(planted, "ces") == pytest.approx(TRUTH["booking_ces"].size, abs=0.12)
    assert abs(_booking(noise, "csat")) < 0.1


def _csat_trend(sample: Sample, branch: str) -> float:
    rows = sample.survey[sample.survey["branch"] == branch].dropna(subset=["csat"])
    when = (rows["submitted_at"] - rows["submitted_at"].min()) / pd.Timedelta(days=1)
    return float(linregress(when, rows["csat"]).pvalue)


def test_the_control_is_stable(planted: Sample) -> None:
    assert _csat_trend(planted, "Riverside") < 1e-6
    assert _csat_trend(planted, "University") > 0.05


def test_noise_has_no_branch_trend_and_no_branch_difference(noise: Sample) -> None:
    branches = noise.survey["branch"].unique()
    assert min(_csat_trend(noise, branch) for branch in branches) > 0.05 / len(branches)
    groups = noise.survey.groupby("branch")["csat"]
    z = (groups.mean() - noise.survey["csat"].mean()) / groups.sem()
    assert z.abs().max() < 3.2
    rates = (
        noise.complaints["branch"].value_counts()
        / noise.exposure.groupby("branch")["customers"].sum()
    )
    large = rates.drop("Lighthouse Point")
    assert large.max() / large.min() < 1.3


@pytest.mark.parametrize("category", REFUNDS)
def test_refunds_of_a_category_are_as_large_as_planted(planted: Sample, category: str) -> None:
    rows = planted.complaints
    own = rows.loc[rows["category"] == category, "compensation"].dropna()
    wanted = TRUTH[f"refund_{category.lower().replace(' ', '_')}"].size
    assert own.mean() == pytest.approx(wanted, rel=0.06)
    assert (rows["outcome"] == "refund").equals(rows["compensation"].notna())
    assert set(rows["currency"].dropna()) == {"EUR"}


@pytest.mark.parametrize("feature", FEATURES, ids=lambda f: f"feature-{f.number}")
def test_each_feature_is_of_the_class_that_is_planted(planted: Sample, feature: Any) -> None:
    pairs = planted.survey[[f"F{feature.number}", f"X{feature.number}"]].dropna().astype(int)
    found = kano(kano_counts(map(tuple, pairs.to_numpy().tolist())))
    truth = TRUTH[f"kano_{feature.number}"]
    assert found.decided == found.mode == feature.usual
    assert found.clear
    assert found.counts[feature.usual] / found.n == pytest.approx(truth.size, abs=0.04)


def test_features_are_asked_on_the_current_form_alone(either: Sample) -> None:
    asked = either.survey.groupby("form")["F1"].count()
    assert asked[FORMER_FORM] == 0
    assert 0.15 < asked[CURRENT_FORM] / (either.survey["form"] == CURRENT_FORM).sum() < 0.25
