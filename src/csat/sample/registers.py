"""The registers of the sample: its standards and promises, with what is planted in them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from csat.model.register_fields import FIELDS, cells_of
from csat.model.registers import REGISTERS, Entry, Promise, Standard
from csat.sample.language import ENGLISH, said
from csat.sample.organisation import TOUCHPOINTS, names

REGISTER_FILES: Final[dict[str, str]] = {name: f"{name}.csv" for name in REGISTERS}
PROMISES: Final = 160
"""Promises of each dimension, over the year before the data end."""
PROMISE_DAYS: Final = 365
OPEN_DAYS: Final = 20
"""The last of them are promised for days after the data end."""
DATED_SHARE: Final = 0.75
_SOURCES: Final = ("advert", "sales", "contract")


@dataclass(frozen=True, slots=True)
class Planted:
    """What is planted in the registers of one dimension.

    Parameters
    ----------
    formal
        Touchpoints with a standard that is written, measurable, owned and in date.
    informal
        Touchpoints whose standard lacks one of these.
    metric, statistic, target, direction
        What all its standards ask for.
    attained
        Whether the service reaches it.
    kept
        Share of promises kept.
    """

    formal: int
    informal: int
    metric: str
    statistic: str
    target: float
    direction: str
    attained: bool
    kept: float
    text: str
    promise: str


REGISTERED: Final[dict[str, Planted]] = {
    "tangibles": Planted(9, 1, "audit", "mean", 5.0, "at least", True, 0.94,
                         "Rooms, forms and vans are clean and complete",
                         "Renovated branch opened on the day announced"),
    "reliability": Planted(8, 1, "audit", "mean", 6.2, "at least", False, 0.78,
                           "What was agreed is done right the first time",
                           "Connection completed on the day agreed"),
    "responsiveness": Planted(3, 4, "response_time", "p90", 36.0, "at most", False, 0.86,
                              "Nine complaints in ten are answered within a day and a half",
                              "Call back by the day named"),
    "assurance": Planted(7, 2, "audit", "mean", 5.2, "at least", True, 0.55,
                         "Advice is given by certified staff only",
                         "Fixed price confirmed in writing by the day named"),
    "empathy": Planted(6, 2, "audit", "mean", 4.8, "at least", True, 0.90,
                       "Every customer is asked what else is needed",
                       "Personal adviser introduced by the day named"),
}  # fmt: skip


def register_entries(rng: np.random.Generator, register: str, as_of: date) -> Sequence[Entry]:
    """Return the entries of one register of the sample."""
    return _standards(as_of) if register == "standards" else _promises(rng, as_of)


def write_register(
    path: Path, register: str, entries: Sequence[Entry], language: str = ENGLISH
) -> None:
    """Write entries under the headings of the template, their texts in a language."""
    fields = FIELDS[register]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([f.heading(language) for f in fields])
        for entry in entries:
            cells = cells_of(entry)
            writer.writerow([said(cells[f.name], f.name, language) for f in fields])


def _standards(as_of: date) -> list[Entry]:
    """Return one standard for each touchpoint that has one, in the order of the touchpoints."""
    places = names(TOUCHPOINTS)
    lacks = ("written", "measurable", "owner", "valid_to")
    out: list[Entry] = []
    for k, (name, plan) in enumerate(REGISTERED.items()):
        for i in range(plan.formal + plan.informal):
            lack = lacks[(i + k) % len(lacks)] if i >= plan.formal else ""
            out.append(
                Standard(
                    f"{name[:3].upper()}-{i + 1:02d}",
                    plan.text,
                    name,
                    places[(i + 2 * k) % len(places)],
                    plan.metric,
                    plan.statistic,
                    plan.target,
                    plan.direction,
                    written=lack != "written",
                    measurable=lack != "measurable",
                    owner="" if lack == "owner" else "Service quality",
                    valid_to=as_of + timedelta(days=-110 if lack == "valid_to" else 260),
                )
            )
    return out


def _promises(rng: np.random.Generator, as_of: date) -> list[Entry]:
    out: list[Entry] = []
    for name, plan in REGISTERED.items():
        days = np.sort(rng.integers(-PROMISE_DAYS, OPEN_DAYS, PROMISES))
        kept = rng.permutation(np.arange(PROMISES) < round(plan.kept * PROMISES))
        dated = rng.random(PROMISES) < DATED_SHARE
        late = rng.integers(1, 22, PROMISES)
        early = rng.integers(0, 6, PROMISES)
        source = rng.integers(0, len(_SOURCES), PROMISES)
        for i in range(PROMISES):
            code = f"P-{name[:3].upper()}-{i + 1:03d}"
            made = (code, _SOURCES[int(source[i])], plan.promise, name)
            day = as_of + timedelta(days=int(days[i]))
            if not dated[i]:
                hours = 48.0 + (-4.0 * int(early[i]) if kept[i] else float(late[i]))
                text = "Answer within 48 hours"
                out.append(Promise(*made[:2], text, name, 48.0, hours, "at most"))
                continue
            shift = -int(early[i]) if kept[i] else int(late[i])
            done = day + timedelta(days=shift)
            out.append(Promise(*made, day, done if done <= as_of else None))
    return out
