"""The log of events and the conduct cases: in order, cut off, and with what is planted in them."""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd
import pytest

from csat.model.case_stages import EVENT_LABELS
from csat.sample import SAMPLE_AS_OF, truths
from csat.sample.document import CONDUCT_COLUMNS, EVENT_COLUMNS
from csat.sample.handling import (
    ACCEPTED_SHARE,
    AUTO_REPLY_CHANNELS,
    AUTO_REPLY_SECONDS,
    PAUSE_SHARE,
    PAUSED_CAUSE,
)

Sample = Any
TRUTH = {truth.key: truth for truth in truths(SAMPLE_AS_OF)}
END = pd.Timestamp(SAMPLE_AS_OF) + pd.Timedelta(days=1)


@pytest.fixture
def log(either: Sample) -> pd.DataFrame:
    return pd.read_csv(either.files.events, parse_dates=["happened_at", "until_at"])


@pytest.fixture
def conduct(either: Sample) -> pd.DataFrame:
    path = either.files.conduct
    moments = [c for c in pd.read_csv(path, nrows=1).columns if c.endswith("_at")]
    return pd.read_csv(path, parse_dates=moments)


def test_every_column_of_both_files_is_described(log: pd.DataFrame, conduct: pd.DataFrame) -> None:
    for frame, columns in ((log, EVENT_COLUMNS), (conduct, CONDUCT_COLUMNS)):
        described = [name for names, _ in columns for name in names.split(", ")]
        assert described == list(frame.columns) or set(described) == set(frame.columns)


def test_events_happen_to_cases_after_they_came_in_and_before_the_end(
    either: Sample, log: pd.DataFrame
) -> None:
    both = log.merge(either.complaints, on="complaint_id", how="left", validate="m:1")
    assert both["received_at"].notna().all()
    assert (both["happened_at"] >= both["received_at"]).all()
    assert both["happened_at"].max() < END
    assert set(log["event"]) <= set(EVENT_LABELS)
    assert (log["until_at"].dropna() >= log.loc[log["until_at"].notna(), "happened_at"]).all()
    assert set(log.loc[log["until_at"].notna(), "event"]) == {"paused"}
    assert set(log.loc[log.duplicated(["complaint_id", "event"]), "event"]) == {"assessed"}


def test_escalated_and_reopened_cases_are_assessed_again_as_often_as_planted(
    either: Sample, log: pd.DataFrame
) -> None:
    cases = either.complaints.set_index("complaint_id")
    higher = log[log["event"] == "escalated"].set_index("complaint_id")["happened_at"]
    start = higher.reindex(cases.index).fillna(cases["reopened_at"]).dropna()
    assessed = log[log["event"] == "assessed"].set_index("complaint_id")["happened_at"]
    last = assessed.groupby(level=0).max().reindex(start.index)
    old = start < END - pd.Timedelta(days=10)  # the others may still come to it
    share = (last > start)[old].mean()
    assert share == pytest.approx(TRUTH["assessed_again"].size, abs=0.05)
    twice = assessed.index[assessed.index.duplicated()]
    assert set(twice) <= set(start.index)


def test_stages_of_a_conduct_case_follow_one_another(conduct: pd.DataFrame) -> None:
    stages = [c for c in conduct.columns if c.endswith("_at")]
    for before, after in itertools.pairwise(stages):
        if before in ("noticed_at", "appealed_at", "appeal_decided_at"):
            continue  # a notice and an appeal are no stage of every case
        known = conduct[[before, after]].dropna()
        assert (known[after] >= known[before]).all(), (before, after)
    assert conduct[stages].max().max() < END
    assert (conduct["status"] == "resolved").eq(conduct["closed_at"].notna()).all()
    assert conduct.loc[conduct["sanction"] == "none: not proven", "noticed_at"].isna().all()
    assert conduct.loc[conduct["appealed_at"].isna(), "appeal_outcome"].isna().all()


def test_online_cases_get_an_automatic_reply_within_a_minute_and_a_half(
    either: Sample, log: pd.DataFrame
) -> None:
    replies = log[log["event"] == "auto_replied"].merge(either.complaints, on="complaint_id")
    seconds = (replies["happened_at"] - replies["received_at"]).dt.total_seconds()
    assert seconds.between(*AUTO_REPLY_SECONDS).all()
    assert (replies["happened_at"] != replies["first_response_at"]).all()
    online = either.complaints[either.complaints["channel"].isin(AUTO_REPLY_CHANNELS)]
    assert len(replies) / len(online) == pytest.approx(TRUTH["auto_reply"].size, abs=0.001)
    assert set(replies["by"]) == {"system"}


def pauses_by_cause(sample: Sample) -> tuple[float, float]:
    log = pd.read_csv(sample.files.events)
    answered = sample.complaints[sample.complaints["first_response_at"].notna()]
    waits = answered["complaint_id"].isin(log.loc[log["event"] == "paused", "complaint_id"])
    often = answered["cause"] == PAUSED_CAUSE
    return float(waits[often].mean()), float(waits[~often].mean())


def test_refunds_wait_for_customers_more_often_where_that_is_planted(
    planted: Sample, noise: Sample
) -> None:
    refunds, others = pauses_by_cause(planted)
    assert refunds / others == pytest.approx(TRUTH["pause_refunds"].size, rel=0.15)
    assert others == pytest.approx(PAUSE_SHARE, abs=0.02)
    refunds, others = pauses_by_cause(noise)
    assert refunds / others == pytest.approx(1, abs=0.25)


def test_half_of_the_cases_are_closed_within_the_days_planted(
    either: Sample, log: pd.DataFrame
) -> None:
    closed = log[log["event"] == "closed"].merge(either.complaints, on="complaint_id")
    early = closed[closed["resolved_at"] < END - pd.Timedelta(days=30)]
    days = (early["happened_at"] - early["resolved_at"]).dt.total_seconds() / 86_400
    assert days.median() == pytest.approx(TRUTH["closing"].size, rel=0.1)
    said = log["event"].isin(["accepted", "rejected"])
    share = (log.loc[said, "event"] == "accepted").mean()
    assert share == pytest.approx(ACCEPTED_SHARE, abs=0.02)


def test_investigations_of_conduct_are_the_longest_stage_before_the_sanction(
    conduct: pd.DataFrame,
) -> None:
    stages = ["received_at", "assessed_at", "investigated_at", "attributed_at", "sanctioned_at"]
    medians = {
        after: (conduct[after] - conduct[before]).dt.total_seconds().median() / 86_400
        for before, after in itertools.pairwise(stages)
    }
    assert max(medians, key=lambda s: medians[s]) == "investigated_at"
    planted = TRUTH["conduct_investigation"].size
    assert medians["investigated_at"] == pytest.approx(planted, rel=0.15)
    decided = conduct["appeal_outcome"].dropna()
    size = TRUTH["conduct_overturned"].size
    # about 65 appeals: two standard errors are a tenth
    assert (decided == "overturned").mean() == pytest.approx(size, abs=0.12)
