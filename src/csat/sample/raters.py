"""What mystery shoppers, a third party and experts of the sample say, with what is planted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import pyarrow as pa

from csat.sample.draw import Flags, chance, spread
from csat.sample.instrument import DIMENSIONS
from csat.sample.organisation import BRANCHES, SMALL_BRANCH, TOUCHPOINTS, names

CRITICAL_BRANCH: Final = "Station"
CRITICAL_SHARE: Final = 0.45
"""Share of visits to `CRITICAL_BRANCH` at which nobody checked the identity."""
SLIPS: Final = 0.04
"""How often a shopper ticks the wrong box; never on a critical criterion."""
VISITS_PER_BRANCH: Final = 24
TWICE_SHARE: Final = 1 / 3
"""Share of visits that two shoppers rated."""
SHOPPERS: Final = ("Shopper A", "Shopper B", "Shopper C", "Shopper D", "Shopper E")
_LEAN: Final = 0.6
"""Part of the visit in each criterion; what is left is the criterion's own."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist: its dimension, weight, and how often it is met."""

    dimension: str
    weight: int
    met: float
    critical: bool = False


CHECKS: Final = (
    *(Check("tangibles", 1, 0.94) for _ in range(3)),
    *(Check("responsiveness", 2, 0.58) for _ in range(3)),
    *(Check("reliability", 3, 0.86) for _ in range(3)),
    *(Check("assurance", 3, 0.99, critical=True) for _ in range(2)),
    Check("assurance", 2, 0.70),
    Check("empathy", 2, 0.77),
    *(Check("empathy", 1, 0.77) for _ in range(2)),
)
_VISIT: Final = ("visit", "evaluated_at", "rater", "method", "branch", "touchpoint")
RATER_COLUMNS: Final = {
    "mystery-shopper": _VISIT,
    "evaluations": (
        *("visit", "evaluated_at", "rater", "method", "organisation", "edition", "branch"),
        *("criterion", "dimension", "weight", "result", "scale_low", "scale_high"),
    ),
    "findings": (
        *("finding_no", "found_on", "finding", "severity", "owner", "due_on", "closed_on"),
        *("evidence", "branch"),
    ),
    "comparisons": ("expert", "indicator", "other", "times"),
}
"""Name of the form -> the columns of its file, besides the checklist."""
IDENTITY: Final = 9
"""Place of the criterion that fails at `CRITICAL_BRANCH`."""
THIRD_PARTY: Final = ("Northline Institute", "Service code 2.0")
THIRD_PARTY_VISITS: Final = 3
THIRD_PARTY_SCALE: Final = (1, 5)
THIRD_PARTY_MEAN: Final = 3.8

EXPERT_WEIGHTS: Final = {
    "reliability": 0.40,
    "responsiveness": 0.26,
    "assurance": 0.16,
    "empathy": 0.10,
    "tangibles": 0.08,
}
EXPERTS: Final = {"Expert 1": 1.0, "Expert 2": 1.2, "Expert 3": 0.85}
"""Who compares, and the power that their ratios are raised to: bold or cautious."""
MUDDLED: Final = "Expert 4"
"""An expert whose comparisons go round in a circle."""


def ticked(check: Check) -> float:
    """Return how often a line is ticked as met: slips go both ways.

    Examples
    --------
    >>> round(ticked(Check("empathy", 1, 0.75)), 3), ticked(Check("x", 1, 0.9, critical=True))
    (0.73, 0.9)
    """
    if check.critical:
        return check.met
    return check.met * (1 - SLIPS) + (1 - check.met) * SLIPS


def planted_score(dimension: str) -> float:
    """Return the planted score of a dimension, 0 to 100, away from `CRITICAL_BRANCH`.

    Examples
    --------
    >>> round(planted_score("responsiveness"), 1)
    57.4
    """
    own = [c for c in CHECKS if c.dimension == dimension]
    return 100 * sum(c.weight * ticked(c) for c in own) / sum(c.weight for c in own)


def planted_alpha() -> float:
    """Return the Krippendorff alpha that the slips leave between two shoppers.

    Two shoppers differ where one of them slips; by chance they would differ as often as two
    ticks drawn from all (Krippendorff 2011).

    Examples
    --------
    >>> round(planted_alpha(), 2)
    0.8
    """
    differ = sum(2 * SLIPS * (1 - SLIPS) for c in CHECKS if not c.critical) / len(CHECKS)
    met = sum(ticked(c) for c in CHECKS) / len(CHECKS)
    return 1 - differ / (2 * met * (1 - met))


def rater_truths() -> list[tuple[str, str, str, float]]:
    """List what is planted in what raters and experts say: key, sentence, where, and size."""
    elsewhere = f"without {CRITICAL_BRANCH}"
    found = [
        (
            "critical_fails",
            f"{CRITICAL_BRANCH}: at {100 * CRITICAL_SHARE:.0f}% of the visits nobody checks the "
            "identity, which is critical; elsewhere critical criteria fail at 2%.",
            f"mystery_shopper.csv, branch {CRITICAL_BRANCH}, column C{IDENTITY + 1:02d}",
            CRITICAL_SHARE,
        ),
        (
            "rater_agreement",
            f"Two shoppers of one visit slip at {100 * SLIPS:.0f}% of the criteria each, so that "
            f"Krippendorff's alpha is about {planted_alpha():.2f}.",
            "mystery_shopper.csv, visits with two rows",
            round(planted_alpha(), 2),
        ),
    ]
    for d in DIMENSIONS:
        score = planted_score(d.key)
        told = f"{d.name_en}: mystery shoppers' score is {score:.1f} of 100."
        where = f"mystery_shopper.csv, dimension {d.key}, {elsewhere}"
        found.append((f"visits_{d.key}", told, where, round(score, 2)))
    for key, weight in EXPERT_WEIGHTS.items():
        told = f"Experts 1 to 3 together give {key} a weight of {weight:.2f}; "
        told += f"{MUDDLED} contradicts himself."
        found.append((f"expert_{key}", told, "comparisons.csv", weight))
    return found


def shopper_table(rng: np.random.Generator, as_of: date, *, planted: bool) -> Any:
    """Simulate the visits of mystery shoppers over the last year: one row per visit and rater.

    Columns are ``visit``, ``evaluated_at``, ``rater``, ``method``, ``branch``, ``touchpoint``
    and ``C01`` to ``C15`` (pass or fail) in the order of the checklist.
    """
    places = [b for b in names(BRANCHES) if b != SMALL_BRANCH]
    count = len(places) * VISITS_PER_BRANCH
    branch = np.array(sorted(places * VISITS_PER_BRANCH))
    day = np.datetime64(as_of, "D") - 1 - rng.integers(0, 360, count)
    steps = np.array(names(TOUCHPOINTS))[rng.integers(0, 4, count)]
    lean = spread(rng, count) * np.float32(_LEAN)
    truth = np.empty((len(CHECKS), count), dtype=bool)
    for k, check in enumerate(CHECKS):
        own = lean + spread(rng, count) * np.float32((1 - _LEAN**2) ** 0.5)
        truth[k] = own < NormalDist().inv_cdf(check.met)
    if planted:
        there = branch == CRITICAL_BRANCH
        truth[IDENTITY, there] = ~chance(rng, CRITICAL_SHARE, int(there.sum()))
    twice = chance(rng, TWICE_SHARE, count)
    first = rng.integers(0, len(SHOPPERS), count)
    second = (first + rng.integers(1, len(SHOPPERS), count)) % len(SHOPPERS)
    columns: dict[str, list[Any]] = {}
    for raters, chosen in ((first, np.ones(count, dtype=bool)), (second, twice)):
        seen = _seen(rng, truth)[:, chosen]
        rows = np.flatnonzero(chosen)
        part = {
            "visit": [f"V{n + 1:04d}" for n in rows],
            "evaluated_at": [str(d) for d in day[chosen]],
            "rater": [SHOPPERS[n] for n in raters[chosen]],
            "method": ["mystery_shopper"] * len(rows),
            "branch": branch[chosen].tolist(),
            "touchpoint": steps[chosen].tolist(),
        }
        part |= {
            f"C{k + 1:02d}": ["pass" if met else "fail" for met in line]
            for k, line in enumerate(seen)
        }
        for name, values in part.items():
            columns.setdefault(name, []).extend(values)
    return pa.table(columns)


def _seen(rng: np.random.Generator, truth: Flags) -> Flags:
    """Return what a shopper ticks of what is true."""
    slips = np.array([chance(rng, SLIPS, truth.shape[1]) for _ in CHECKS])
    slips[[c.critical for c in CHECKS]] = False
    seen: Flags = truth ^ slips
    return seen


def third_party_table(rng: np.random.Generator, as_of: date) -> Any:
    """Simulate an institute's visits: one row per visit and criterion, rated from 1 to 5."""
    low, high = THIRD_PARTY_SCALE
    rows: list[dict[str, Any]] = []
    number = 0
    for place in (b for b in names(BRANCHES) if b != SMALL_BRANCH):
        for _ in range(THIRD_PARTY_VISITS):
            number += 1
            day = as_of - timedelta(days=int(rng.integers(20, 80)))
            for d in DIMENSIONS:
                drawn = round(THIRD_PARTY_MEAN + 0.8 * float(rng.standard_normal()))
                rows.append(
                    {
                        "visit": f"T{number:03d}",
                        "evaluated_at": day.isoformat(),
                        "rater": "Institute",
                        "method": "third_party",
                        "organisation": THIRD_PARTY[0],
                        "edition": THIRD_PARTY[1],
                        "branch": place,
                        "criterion": f"{d.name_en} as a whole",
                        "dimension": d.key,
                        "weight": 1,
                        "result": str(min(high, max(low, drawn))),
                        "scale_low": low,
                        "scale_high": high,
                    }
                )
    return pa.Table.from_pylist(rows)


def finding_table(as_of: date) -> Any:
    """Return the findings: some closed, some open, three of them overdue on the last day."""
    rows = []
    for number, (text, severity, place, found, due, closed) in enumerate(_FINDINGS, start=1):
        rows.append(
            {
                "finding_no": f"F{number:02d}",
                "found_on": (as_of - timedelta(days=found)).isoformat(),
                "finding": text,
                "severity": severity,
                "owner": f"Manager {place}",
                "due_on": (as_of - timedelta(days=due)).isoformat(),
                "closed_on": "" if closed is None else (as_of - timedelta(days=closed)).isoformat(),
                "evidence": "" if closed is None else "Photo and signed checklist",
                "branch": place,
            }
        )
    return pa.Table.from_pylist(rows)


_FINDINGS: Final = (
    ("Identity is not checked at the counter", "critical", "Station", 95, 65, None),
    ("Posted waiting time is out of date", "medium", "Airport Road", 80, 20, None),
    ("Screens can be read by the next in line", "high", "Old Town", 60, 10, None),
    ("No signs from the car park", "low", "Hillcrest", 50, -30, None),
    ("Requests are sent on without a receipt", "high", "North Gate", 40, -14, None),
    ("Forms in one language only", "medium", "University", 35, -45, None),
    ("Badges are not worn", "low", "Market Square", 150, 120, 128),
    ("Old price list on display", "high", "East Quay", 140, 110, 104),
    ("Call-back promised without a date", "medium", "Riverside", 130, 90, 95),
)
"""What was found, how severe, where, and days before the end: found, due, closed."""
OVERDUE: Final = 3


def comparison_table() -> Any:
    """Return the experts' comparisons in pairs: three who agree with themselves, one who not."""
    keys = list(EXPERT_WEIGHTS)
    rows = []
    for expert in (*EXPERTS, MUDDLED):
        for i, one in enumerate(keys):
            for j, other in enumerate(keys[i + 1 :], start=i + 1):
                ratio = EXPERT_WEIGHTS[one] / EXPERT_WEIGHTS[other]
                steps = min(9, max(1, round(ratio ** EXPERTS.get(expert, 1.0))))
                text = str(steps)
                if expert == MUDDLED:
                    text = "5" if (j - i) % 2 else "1/5"
                rows.append({"expert": expert, "indicator": one, "other": other, "times": text})
    return pa.Table.from_pylist(rows)
