"""The section of the benchmarks that says how fast a page feels."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any

NAMES = {
    "product": "**csat**",
    "floor": "floor: the same messages from memory",
    "pandas": "pandas and Plotly, plain",
    "empty": "csat, empty store",
}
HEAD = """## A page as its reader feels it

The overview in Chromium, four servers side by side taking turns: the product, the product with an
empty store, a plain page of pandas and Plotly with the same figures, and the floor, which sends
again from memory the very messages the product sent and so asks the least of a server that shows
this page. Times are medians in milliseconds, from the opening of the page or from the key that
adds a branch to the filter; each choice of branches is one that nobody made before. "Last change"
is the last change of anything on the page, "server" the processor time of the server's process."""
COLUMNS = (
    ("cold_card", "cold: first card ms"),
    ("cold_drawn", "last change ms"),
    ("warm_card", "warm: first card ms"),
    ("warm_drawn", "last change ms"),
    ("warm_cpu", "server ms"),
    ("filter_drawn", "filter: last change ms"),
    ("filter_cpu", "server ms"),
    ("resident", "memory MiB"),
)
AIMS = (
    ("warm_drawn", "Opened warm, to the last change", 1.2),
    ("filter_drawn", "One filter changed, to the last change", 1.2),
    ("filter_cpu", "Processor of the server for a filter change", 1.3),
)


def median(found: Any, name: str) -> float | None:
    """Return the median of one measurement, None where there is none."""
    values = getattr(found, name)
    return statistics.median(values) if values else None


def report(found: Mapping[str, Any], responses: int, load: float) -> str:
    """Return the section."""
    lines = [
        HEAD,
        "",
        f"| {responses:,d} responses | " + " | ".join(name for _, name in COLUMNS) + " |",
        "| --- |" + " --- |" * len(COLUMNS),
    ]
    for way, measured in found.items():
        cells = []
        for key, _ in COLUMNS:
            value = median(measured, key)
            cells.append(f"{value:,.0f}" if value else "")
        lines.append(f"| {NAMES[way]} | " + " | ".join(cells) + " |")
    lines += ["", "| csat against the floor | ratio | aim |", "| --- | --- | --- |"]
    for key, name, aim in AIMS:
        own, floor = median(found["product"], key), median(found["floor"], key)
        ratio = own / floor if own and floor else float("nan")
        lines.append(f"| {name} | {ratio:.2f} | {aim} ({'met' if ratio <= aim else 'missed'}) |")
    memory = median(found["product"], "resident") or 0.0
    lines.append(f"| Memory of the server, MiB | {memory:,.0f} | 300 |")
    shown = ", ".join(f"{NAMES[way]} {m.elements}" for way, m in found.items())
    lines += ["", f"Elements on the page: {shown}. Load at the end: {load:.1f}."]
    lines += ["", "```", ".venv/bin/python bench/page.py --out docs/benchmarks.md", "```"]
    return "\n".join(lines)
