"""Write the pages of the documentation that are made from the code.

``python docs/generate.py`` writes ``docs/metrics.md`` and ``docs/settings.md``;
``--check`` only compares them with what would be written and fails where they differ.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any, Final

DOCS: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent / "src"))

from worked_examples import EXAMPLES, Example  # noqa: E402

from csat.model.metrics import REGISTRY, TOTALS_RULE, Metric  # noqa: E402
from csat.model.people import ROLE_LABELS, ROLES, Permission, User  # noqa: E402
from csat.model.settings import SETTINGS  # noqa: E402
from csat.stats.verdict import verdict  # noqa: E402

_HEAD: Final = (
    "<!-- Written by docs/generate.py; change the code or that script, not this page. -->\n"
)
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
    top = f"{high:{sign},.{digits}f}" if isfinite(high) else "no upper limit yet"
    return f"{low:{sign},.{digits}f} to {top}{suffix if isfinite(high) else ''}"


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
    if isfinite(change.low):
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
