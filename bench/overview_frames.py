"""The figures of the overview from frames that lie in memory, to hold the product against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from overview import CLOCKS, DAY, Asked, Values, median_wait

from csat.model.period import Period, month_key
from csat.sample import SampleFiles


@dataclass(frozen=True)
class Frames:
    """The columns that the figures need, as pandas keeps them, and nothing more."""

    responses: pd.DataFrame
    complaints: pd.DataFrame
    served: pd.DataFrame

    @classmethod
    def load(cls, files: SampleFiles, *, branches: bool = False) -> Frames:
        """Read the needed columns; with those of the branches where one may choose among them."""
        extra = ["branch"] if branches else []
        responses = pd.read_csv(
            files.survey,
            usecols=["submitted_at", "csat", "nps", "ces", *extra],
            parse_dates=["submitted_at"],
            engine="pyarrow",
        )
        responses["month_key"] = _months(responses.pop("submitted_at"))
        complaints = pd.read_csv(
            files.complaints,
            usecols=["received_at", "first_response_at", "resolved_at", "answered_in_time", *extra],
            parse_dates=["received_at", "first_response_at", "resolved_at"],
            engine="pyarrow",
        )
        end = pd.Timestamp(files.as_of) + pd.Timedelta(days=1)
        for clock, column in (("response", "first_response_at"), ("resolution", "resolved_at")):
            moment = complaints.pop(column)
            waited = moment.fillna(end) - complaints["received_at"]
            complaints[f"{clock}_s"] = waited.dt.total_seconds().clip(lower=0)
            complaints[f"{clock}_event"] = moment.notna().astype("int64")
        complaints["month_key"] = _months(complaints.pop("received_at"))
        complaints["timely"] = complaints.pop("answered_in_time").map({"yes": 1.0, "no": 0.0})
        served = pd.read_csv(files.exposure, usecols=["month", "customers", *extra])
        served["month_key"] = served.pop("month").str.replace("-", "").astype("int64")
        for frame in (responses, complaints, served) if branches else ():
            frame["branch"] = frame["branch"].astype("category")
        return cls(responses, complaints, served)


def _months(moments: pd.Series) -> pd.Series:
    return moments.dt.year * 100 + moments.dt.month


class Pandas:
    """C: the same figures from frames that lie in memory already."""

    def __init__(self, frames: Frames, asked: Asked) -> None:
        self._frames = frames
        self._asked = asked

    def cards(self) -> Values:
        span = Period(self._asked.before.first, self._asked.now.last)
        split = month_key(self._asked.now.first)
        return self._answer(span, lambda months: np.where(months >= split, "now", "before"))

    def sparklines(self) -> Values:
        found = self._answer(self._asked.months, lambda months: months)
        return {(m, f"{int(k) // 100}-{int(k) % 100:02d}"): v for (m, k), v in found.items()}

    def _answer(self, span: Period, key: Any) -> dict[tuple[str, Any], float]:
        responses, complaints, served = (
            f[f["month_key"].between(month_key(span.first), month_key(span.last))]
            for f in (self._frames.responses, self._frames.complaints, self._frames.served)
        )
        answers = responses.groupby(key(responses["month_key"]))
        nps = responses["nps"]
        net = (nps >= 9).astype("int64") - (nps <= 6).astype("int64")
        top = (responses["csat"] >= 4).groupby(key(responses["month_key"])).sum()
        cases = complaints.groupby(key(complaints["month_key"]))
        received = cases.size()
        customers = served.groupby(key(served["month_key"]))["customers"].sum()
        series = {
            "response_count": answers.size(),
            "csat_top_box": 100 * top / answers["csat"].count(),
            "nps": 100 * net.groupby(key(responses["month_key"])).sum() / answers["nps"].count(),
            "ces": answers["ces"].sum() / answers["ces"].count(),
            "complaints_received": received,
            "complaints_per_1000": 1000 * received / customers,
            "timely_response_share": 100 * cases["timely"].sum() / cases["timely"].count(),
        }
        out = {(m, k): float(v) for m, s in series.items() for k, v in s.items()}
        for k, own in cases:
            for metric, clock in CLOCKS.items():
                median = median_wait(own[f"{clock}_s"].to_numpy(), own[f"{clock}_event"].to_numpy())
                if median is not None:
                    out[metric, k] = median / DAY
        return out
