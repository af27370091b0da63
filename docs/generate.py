"""Write the pages of the documentation that are made from the code.

``python docs/generate.py`` writes ``docs/metrics.md`` and ``docs/settings.md``;
``--check`` only compares them with what would be written and fails where they differ.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

DOCS: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent / "src"))

import numpy as np  # noqa: E402 (the package is found without being installed)

from csat.model.metrics import REGISTRY, TOTALS_RULE, Metric  # noqa: E402
from csat.model.people import ROLE_LABELS, ROLES, Permission, User  # noqa: E402
from csat.model.settings import SETTINGS  # noqa: E402
from csat.queries.gather import SCORE_UNIT  # noqa: E402
from csat.queries.index_scores import IndexTally  # noqa: E402
from csat.queries.tally import (  # noqa: E402
    CountTally,
    NpsTally,
    RateTally,
    RatingTally,
    ScoreTally,
    ShareTally,
    SurvivalTally,
    Tally,
)
from csat.stats.moments import Moments  # noqa: E402
from csat.stats.verdict import verdict  # noqa: E402

_HEAD: Final = (
    "<!-- Written by docs/generate.py; change the code or that script, not this page. -->\n"
)


@dataclass(frozen=True, slots=True)
class Example:
    """A worked number: the counts now and before, in words and as tallies."""

    now: str
    before: str
    current: Tally
    reference: Tally


def _scores(respondents: list[tuple[int, float]]) -> ScoreTally:
    """Return the tally of respondent scores given as (how many, score)."""
    whole = [(n, round(score * SCORE_UNIT)) for n, score in respondents]
    return ScoreTally(
        Moments(
            sum(n for n, _ in whole),
            sum(n * x for n, x in whole),
            sum(n * x * x for n, x in whole),
            SCORE_UNIT,
        )
    )


def _indices(respondents: list[tuple[int, int]]) -> IndexTally:
    """Return the tally of respondents' indices given as (how many, index)."""
    sums = (sum(n * x**power for n, x in respondents) for power in range(3))
    return IndexTally(Moments(*sums))


def _clock(answered: dict[int, int], still_open: dict[int, int]) -> SurvivalTally:
    """Return the tally of cases that ended, and that are open, after so many days."""
    days = sorted({*answered, *still_open})
    return SurvivalTally(
        (np.array([d * 86_400 for d in days], dtype=np.int64),),
        (np.array([answered.get(d, 0) for d in days], dtype=np.int64),),
        (np.array([still_open.get(d, 0) for d in days], dtype=np.int64),),
    )


EXAMPLES: Final[dict[str, Example]] = {
    "csat_top_box": Example(
        "81 of 263 answers in the top boxes",
        "64 of 250",
        ShareTally(81, 263),
        ShareTally(64, 250),
    ),
    "csat_mean": Example(
        "on a scale from 1 to 5: 8, 14, 40, 90 and 48 answers",
        "12, 25, 60, 70 and 33 answers",
        RatingTally(((1, 8), (2, 14), (3, 40), (4, 90), (5, 48)), (1, 5)),
        RatingTally(((1, 12), (2, 25), (3, 60), (4, 70), (5, 33)), (1, 5)),
    ),
    "nps": Example(
        "462 promoters, 176 passives, 362 detractors",
        "410 promoters, 210 passives, 380 detractors",
        NpsTally(462, 176, 362),
        NpsTally(410, 210, 380),
    ),
    "ces": Example(
        "on a scale from 1 to 7: 3, 5, 12, 20, 45, 70 and 45 answers",
        "6, 10, 22, 34, 52, 50 and 26 answers",
        RatingTally(((1, 3), (2, 5), (3, 12), (4, 20), (5, 45), (6, 70), (7, 45)), (1, 7)),
        RatingTally(((1, 6), (2, 10), (3, 22), (4, 34), (5, 52), (6, 50), (7, 26)), (1, 7)),
    ),
    "recommend_share": Example(
        "56 of 70 answers in the top boxes", "48 of 80", ShareTally(56, 70), ShareTally(48, 80)
    ),
    "satisfaction_index": Example(
        "respondents' indices: 40 of 55, 90 of 75 and 50 of 90",
        "60 of 55, 80 of 75 and 40 of 90",
        _indices([(40, 55), (90, 75), (50, 90)]),
        _indices([(60, 55), (80, 75), (40, 90)]),
    ),
    "response_count": Example(
        "412 responses in 30 days",
        "380 in 31 days",
        CountTally(412, 30),
        CountTally(380, 31),
    ),
    "complaints_received": Example(
        "58 cases in 30 days", "96 in 31 days", CountTally(58, 30), CountTally(96, 31)
    ),
    "complaints_per_1000": Example(
        "12 complaints, 8,000 customers served",
        "25 complaints, 7,600 customers served",
        RateTally(12, 8_000),
        RateTally(25, 7_600),
    ),
    "timely_response_share": Example(
        "150 of 180 decided cases in time", "141 of 190", ShareTally(150, 180), ShareTally(141, 190)
    ),
    "median_days_to_response": Example(
        "40 cases: 8 answered after 1 day, 10 after 2, 9 after 4, 5 after 7; "
        "8 still open after 3 days",
        "40 cases: 4 answered after 1 day, 6 after 3, 12 after 6, 14 after 9; "
        "4 still open after 10 days",
        _clock({1: 8, 2: 10, 4: 9, 7: 5}, {3: 8}),
        _clock({1: 4, 3: 6, 6: 12, 9: 14}, {10: 4}),
    ),
    "median_days_to_resolution": Example(
        "50 cases: 6 resolved after 3 days, 9 after 6, 11 after 10, 8 after 15; "
        "16 still open after 12 days",
        "50 cases: 7 resolved after 3 days, 10 after 6, 12 after 10, 9 after 14; "
        "12 still open after 12 days",
        _clock({3: 6, 6: 9, 10: 11, 15: 8}, {12: 16}),
        _clock({3: 7, 6: 10, 10: 12, 14: 9}, {12: 12}),
    ),
    "mean": Example(
        "on a scale from 1 to 7: 2, 4, 9, 22, 48, 60 and 25 answers",
        "2, 5, 12, 25, 50, 52 and 20 answers",
        RatingTally(((1, 2), (2, 4), (3, 9), (4, 22), (5, 48), (6, 60), (7, 25)), (1, 7)),
        RatingTally(((1, 2), (2, 5), (3, 12), (4, 25), (5, 50), (6, 52), (7, 20)), (1, 7)),
    ),
    "perception": Example(
        "respondent scores: 30 of 4.0, 50 of 5.25 and 40 of 6.5",
        "45 of 4.0, 50 of 5.25 and 25 of 6.5",
        _scores([(30, 4.0), (50, 5.25), (40, 6.5)]),
        _scores([(45, 4.0), (50, 5.25), (25, 6.5)]),
    ),
    "expectation": Example(
        "respondent scores: 20 of 6.0, 40 of 6.5 and 60 of 7.0",
        "30 of 6.0, 40 of 6.5 and 50 of 7.0",
        _scores([(20, 6.0), (40, 6.5), (60, 7.0)]),
        _scores([(30, 6.0), (40, 6.5), (50, 7.0)]),
    ),
    "gap": Example(
        "respondent gaps: 40 of -2.0, 50 of -0.8 and 30 of 0.2",
        "50 of -2.0, 45 of -0.8 and 25 of 0.2",
        _scores([(40, -2.0), (50, -0.8), (30, 0.2)]),
        _scores([(50, -2.0), (45, -0.8), (25, 0.2)]),
    ),
}

_UNITS: Final[dict[str, tuple[str, int]]] = {
    "percent": ("%", 1),
    "share": (" percentage points", 1),
    "points": (" points", 1),
    "rating": ("", 2),
    "index": (" points", 1),
    "count": ("", 0),
    "per_1000": (" per 1,000", 2),
    "days": (" days", 1),
}
_UNIT_WORDS: Final = {
    "percent": "percent, 0 to 100",
    "points": "points, -100 to 100",
    "rating": "units of the question's own scale",
    "index": "points, 0 to 100",
    "count": "a count",
    "per_1000": "per 1,000 customers served",
    "days": "days",
}
_GOOD: Final = {"up": "higher is better", "down": "lower is better", "none": "neither way is good"}
_FAMILY: Final = {
    "mean": "ITEM",
    "perception": "DIMENSION",
    "expectation": "DIMENSION",
    "gap": "DIMENSION",
}


def _number(value: float, unit: str, *, signed: bool = False) -> str:
    suffix, digits = _UNITS[unit]
    return f"{value:{'+' if signed else ''},.{digits}f}{suffix}"


def _range(low: float, high: float, unit: str, *, signed: bool = False) -> str:
    sign = "+" if signed else ""
    suffix, digits = _UNITS[unit]
    top = f"{high:{sign},.{digits}f}" if np.isfinite(high) else "no upper limit yet"
    return f"{low:{sign},.{digits}f} to {top}{suffix if np.isfinite(high) else ''}"


def _worked(metric: Metric, example: Example) -> list[str]:
    """Return the worked number of a metric, computed by the code that serves the pages."""
    value, interval = example.current.value(), example.current.interval()
    before = example.reference.value()
    change = example.current.compare(example.reference)
    if value is None or interval is None or before is None or change is None:
        raise ValueError(f"the example of {metric.key} gives no figure")
    word = verdict(
        change,
        direction=metric.direction,
        n_current=example.current.n,
        n_reference=example.reference.n,
        minimum=metric.minimum_base,
    ).replace("_", " ")
    step = "share" if metric.unit == "percent" else metric.unit
    moved = _number(change.difference, step, signed=True)
    if np.isfinite(change.low):
        moved += f" ({_range(change.low, change.high, step, signed=True)})"
    fair = " on equal days" if metric.family == "count" else ""
    return [
        f"**Worked number.** Now: {example.now}. That is "
        f"**{_number(value, metric.unit)}** (95% interval "
        f"{_range(interval.low, interval.high, metric.unit)}; base {example.current.n:,}). "
        f"Before: {example.before}, which is {_number(before, metric.unit)}. "
        f"The change{fair} is {moved}, p = {change.p_value:.3g}: *{word}*.",
        "",
    ]


def _entry(metric: Metric) -> list[str]:
    argument = _FAMILY.get(metric.key)
    key = f"{metric.key}:{argument}" if argument else metric.key
    label = metric.label.format(item=f"one {argument.lower()}") if argument else metric.label
    base = f"{metric.minimum_base} on both sides" if metric.minimum_base else "none of its own"
    return [
        f"## {label}",
        "",
        f"`{key}`. {metric.definition}",
        "",
        "| | |",
        "| --- | --- |",
        f"| Formula | {metric.formula} |",
        f"| Unit | {_UNIT_WORDS[metric.unit]}; {_GOOD[metric.direction]} |",
        f"| 95% interval | {metric.interval} |",
        f"| Test of a change | {metric.test} |",
        f"| Base needed for a verdict | {base} |",
        f"| To fill it | {metric.needs} |",
        "",
        *_worked(metric, EXAMPLES[metric.key]),
    ]


def metrics_page() -> str:
    """Return the reference of every figure, with a worked number each."""
    lines = [
        _HEAD,
        "# Metrics",
        "",
        "Every figure has a value, an unweighted base, a 95% interval and a verdict. The worked "
        "numbers are computed by the code that serves the pages; their counts are made up.",
        "",
        TOTALS_RULE,
        "",
        "A verdict is one of *better*, *worse*, *changed* (clear, but neither way is good), "
        "*no clear change*, *too few*, *unfinished* and *not compared*. It goes by the p-value, "
        "below .05; where several groups or periods are tested together, by the p-value adjusted "
        "for their number: Holm up to ten, Benjamini-Hochberg beyond.",
        "",
        "On the command line and in addresses a figure is named by its key; `ITEM` stands for the "
        "key of a question, `DIMENSION` for that of a dimension.",
        "",
    ]
    for metric in REGISTRY.values():
        lines += _entry(metric)
    return "\n".join(lines).rstrip() + "\n"


_PERMISSIONS: Final[tuple[tuple[Permission, str], ...]] = (
    ("read_figures", "see figures"),
    (
        "read_narratives",
        "open complaints with texts and respondent ids; see names of raters and owners",
    ),
    ("read_staff", "see the funnel of staff, those on too small a base withheld"),
    ("annotate", "mark phases, events and targets, explain signals, state findings"),
    ("act", "keep actions and take them back"),
    ("import", "load files"),
    ("undo", "undo batches"),
)


def settings_page() -> str:
    """Return the reference of every environment variable and of the roles."""
    lines = [
        _HEAD,
        "# Settings",
        "",
        "Environment variables, read once when the process starts. A value that does not fit is "
        "refused with a message that names it.",
        "",
        "| variable | default | meaning |",
        "| --- | --- | --- |",
        *(f"| `{s.name}` | `{s.default}` | {s.meaning} |" for s in SETTINGS),
        "",
        "Streamlit's own settings (address, port, theme, upload limit) stand in "
        "[`.streamlit/config.toml`](../.streamlit/config.toml). Whoever raises "
        "`CSAT_MAX_UPLOAD_MB` raises `server.maxUploadSize` there too: the smaller one counts.",
        "",
        "## Roles",
        "",
        "What the roles of `CSAT_ROLES`, or those a trusted proxy names, permit. A person with "
        "several roles may do what any of them permits.",
        "",
        f"| | {' | '.join(f'{ROLE_LABELS[r]} (`{r}`)' for r in ROLES)} |",
        f"| --- |{' --- |' * len(ROLES)}",
    ]
    for permission, words in _PERMISSIONS:
        marks = ("yes" if User("", (role,)).may(permission) else "no" for role in ROLES)
        lines.append(f"| {words} | {' | '.join(marks)} |")
    return "\n".join(lines) + "\n"


PAGES: Final[dict[str, Callable[[], str]]] = {
    "metrics.md": metrics_page,
    "settings.md": settings_page,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` say which of them are out of date."""
    stale: list[Any] = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    if "--check" not in arguments:
        print("written: " + (", ".join(stale) or "nothing, all up to date"))
        return 0
    if stale:
        print(f"out of date: {', '.join(stale)}; run: python docs/generate.py")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
