"""The part of the benchmark page that says how quickly files are loaded."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024**2
SHARE = 0.5
MEMORY = 1 / 3
READER = 10.0
NAMES = {
    "product": "**csat**, the import as a function",
    "command": "`csat import`, its process included",
    "bare": "DuckDB, bare `read_csv` into a table",
    "pandas": "pandas: read, coerce, insert",
    "workbook": "the reader of the import",
    "openpyxl": "openpyxl, read-only",
}


@dataclass(frozen=True)
class Measured:
    """The medians of one way."""

    rows: int
    seconds: float
    cpu: float
    peak: float

    @property
    def rate(self) -> float:
        return self.rows / self.seconds


def section(
    tables: list[tuple[int, dict[str, Measured]]], readers: dict[str, Measured], repeats: int
) -> str:
    """Return the part of docs/benchmarks.md."""
    lines = [
        "## Import",
        "",
        "The whole way of a survey file of 50 columns (an id, a moment, three groups, 44 ratings, "
        "a comment) into a store: detect how it is written, check every value against its scale, "
        "refuse duplicates, load, derive five dimension scores for each respondent, keep the "
        "original. Beside it what others do with less: DuckDB's own reader into a table, its "
        "kinds guessed and nothing checked; and a pandas script that reads, coerces and inserts.",
        "",
    ]
    for size, found in tables:
        lines += _table(size, found)
    size, found = tables[-1]
    own, bare, pandas = found["product"], found["bare"], found["pandas"]
    share, memory = own.rate / bare.rate, own.peak / pandas.peak
    faster = own.rate / pandas.rate
    quicker = readers["workbook"].rate / readers["openpyxl"].rate
    lines += [
        f"The aim was half of bare DuckDB's rate, faster than pandas, at a third of its memory. "
        f"At {own.rows:,} rows: {share:.2f} of bare DuckDB's rate ({_met(share >= SHARE)}), "
        f"{faster:.2f} times pandas ({_met(faster > 1)}), {memory:.2f} of its memory "
        f"({_met(memory <= MEMORY)}). In processor time, which neighbours disturb less: "
        f"{bare.cpu / own.cpu:.2f} of bare DuckDB's rate, {pandas.cpu / own.cpu:.2f} times "
        "pandas.",
        "",
        f"Workbooks: {readers['workbook'].rows:,} rows of the same columns as XLSX.",
        "",
        "| | rows a second | seconds | processor seconds | peak memory |",
        "| --- | --- | --- | --- | --- |",
        *(_line(way, m) for way, m in readers.items()),
        "",
        f"The aim was a reader ten times as fast as openpyxl; it is {quicker:.1f} times "
        f"({_met(quicker >= READER)}).",
        "",
        f"Medians of {repeats} repeats, the ways taking turns, each in a process of its own that "
        "has imported its libraries before the clocks start. The machine is shared with other "
        "work: compare the ratios rather than the seconds.",
        "",
        "```",
        ".venv/bin/python bench/import_speed.py --rows 100000 1000000 --repeats 3",
        ".venv/bin/python bench/import_speed.py --quick",
        "```",
    ]
    return "\n".join(lines)


def _table(size: int, found: dict[str, Measured]) -> list[str]:
    rows = found["bare"].rows
    return [
        f"{rows:,} rows ({size / MIB:.0f} MiB):",
        "",
        "| | rows a second | seconds | processor seconds | peak memory |",
        "| --- | --- | --- | --- | --- |",
        *(_line(way, m) for way, m in found.items()),
        "",
    ]


def _line(way: str, m: Measured) -> str:
    return f"| {NAMES[way]} | {m.rate:,.0f} | {m.seconds:.2f} | {m.cpu:.2f} | {m.peak:,.0f} MiB |"


def _met(true: bool) -> str:
    return "met" if true else "missed"
