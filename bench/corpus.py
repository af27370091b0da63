"""Open, stage and suggest a mapping for every file of the real corpora; count what became of it.

``python bench/corpus.py [--data ../shared/data] [--out docs/corpus.md] [--quick]``

Each file is read in a process of its own, with a time limit, so that a hang or a crash is
counted and ends nothing else. Three checks run beside the product, none of which uses its
readers:

- every record of a text, as the plain reader of Python sees them, is staged, listed as refused,
  set aside, blank or part of the header;
- the engine's own guessing reader, where it reads the file at all, sees the same table;
- where a corpus states rows and columns, or holds the same data in another form, they agree.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

import duckdb  # noqa: E402 (the package is found without being installed)
from corpus_report import page  # noqa: E402

from csat.ingest.source import Source, open_source  # noqa: E402
from csat.ingest.staging import sample_rows, stage  # noqa: E402
from csat.ingest.suggest import suggest  # noqa: E402
from csat.model.problem import Problem  # noqa: E402

LIMIT = 30.0
"""Seconds one file may take; the largest takes one or two."""
NOT_DATA = ("SOURCE", "LICENSE", "LICENCE")
STATED: dict[str, tuple[int, int]] = {
    "cfpb_complaints/cfpb_2023_payday_narratives.csv": (2827, 18),
    "cfpb_complaints/cfpb_2012_2017_all_products_sample.csv": (145, 18),
    "kiosk_servqual/kiosk_responses_cp949.csv": (211, 163),
    "kiosk_servqual/survey_answers_multisheet_nopii.xlsx": (200, 156),
    "nhs_gp_fft/gp_fft_responses.csv": (3882, 3),
    "nyc311_2020/nyc_311_noheader_raw.csv": (17418, 5),
    "nyc311_2020/nyc_311_with_header.csv": (14716, 5),
    "surveymonkey_538/StarWars_surveymonkey_raw.csv": (1186, 38),
    "surveymonkey_538/flying-etiquette.csv": (1040, 27),
    "tsa_complaints/complaints-by-airport.csv": (44563, 4),
    "wjx_export_zh/[问卷星数据]800_800_0.xls": (800, 14),
}
"""Rows below the header and columns, as the note beside each corpus states them."""
STATED_HEADERS: dict[str, tuple[int, str]] = {
    "qualtrics_fixture/sample.csv": (3, "qualtrics"),
    "qualtrics_fixture/sample_legacy.csv": (2, "qualtrics"),
    "surveymonkey_538/StarWars_surveymonkey_raw.csv": (2, "surveymonkey"),
    "nyc311_2020/nyc_311_noheader_raw.csv": (0, ""),
    "excel_merged_headers/FFT_AE_template.xlsm": (2, ""),
}
"""Rows of the header and the tool, as the note beside each corpus states them."""
TWINS = (
    (
        "spss_and_labelled/pyreadstat/sample.sav",
        (
            "spss_and_labelled/pyreadstat/sample.zsav",
            "spss_and_labelled/pyreadstat/sample.por",
            "spss_and_labelled/pyreadstat/sample.dta",
        ),
    ),
    ("spss_and_labelled/haven/iris.sav", ("spss_and_labelled/haven/iris.dta",)),
    (
        "nasty_csv_duckdb/files/encodings/latin1.csv",
        ("nasty_csv_duckdb/files/encodings/latin1.csv.gz",),
    ),
    (
        "nasty_csv_duckdb/files/encodings/utf16.csv",
        ("nasty_csv_duckdb/files/encodings/utf16.csv.gz",),
    ),
)
"""Files that hold the same data in several forms."""


@dataclass
class Outcome:
    """What became of one file."""

    path: str
    kind: str
    reason: str = ""
    said: str = ""
    seconds: float = 0.0
    rows: int = 0
    columns: int = 0
    header_rows: int = 0
    tool: str = ""
    suggested: bool = False
    unaccounted: str = ""
    engine: str = ""
    cells: list[tuple[str | None, ...]] = field(default_factory=list)


def files_in(data: Path) -> list[Path]:
    """Return every data file below a folder, in order."""
    found = [p for p in data.rglob("*") if p.is_file()]
    return sorted(p for p in found if not p.name.startswith(NOT_DATA))


def read(path: Path, name: str) -> Outcome:
    """Read one file as the product does, and check it."""
    con = duckdb.connect()
    try:
        source = open_source(path)
        rows = stage(con, source)
        sample = sample_rows(con, source, 400)
        mapping = suggest(source.name, source.reading.columns, sample).mapping
    except Problem as problem:
        return Outcome(name, "refused", problem.title.text, str(problem))
    cells = con.execute("SELECT * EXCLUDE row_no FROM staged ORDER BY row_no").fetchall()
    return Outcome(
        name,
        "table",
        rows=rows,
        columns=len(source.reading.columns),
        header_rows=source.reading.header_rows,
        tool=source.reading.tool,
        suggested=bool(mapping.columns),
        unaccounted=unaccounted(con, source) if source.reading.form == "csv" else "",
        engine=beside_engine(con, source, cells),
        cells=cells if rows < 2000 else [],
    )


def unaccounted(con: duckdb.DuckDBPyConnection, source: Source) -> str:
    """Say which records, read plainly, are neither staged, refused, set aside nor blank."""
    reading = source.reading
    if reading.member or reading.escape != reading.quote:
        return ""
    name = "utf-8-sig" if reading.encoding == "utf-8" else reading.encoding
    csv.field_size_limit(100_000_000)
    with source.path.open(encoding=name, newline="") as stream:
        records = list(csv.reader(stream, delimiter=reading.delimiter, quotechar=reading.quote))
    known = {
        int(r[0])
        for r in con.execute(
            "SELECT row_no FROM staged UNION ALL SELECT row_no FROM ragged "
            "UNION ALL SELECT row_no FROM aside"
        ).fetchall()
    }
    lost = [
        n
        for n, record in enumerate(records, start=1)
        if n >= reading.data_row and n not in known and any(c.strip() for c in record)
    ]
    return f"rows {lost[:5]}" if lost else ""


def beside_engine(
    con: duckdb.DuckDBPyConnection, source: Source, cells: list[tuple[str | None, ...]]
) -> str:
    """Compare with the engine's own guessing reader: "same", "not read by it" or the difference."""
    reading = source.reading
    if reading.form != "csv" or reading.member:
        return ""
    encoding = {"utf-8": "utf-8", "utf-16": "utf-16", "cp1252": "latin-1", "latin-1": "latin-1"}
    try:
        other = con.execute(
            "SELECT * FROM read_csv($path, all_varchar = true, encoding = $encoding)",
            {"path": str(source.path), "encoding": encoding.get(reading.encoding, "utf-8")},
        ).fetchall()
    except duckdb.Error:
        return "not read by it"
    theirs = [tuple(_plain(c) for c in row) for row in other]
    ours = [tuple(_plain(c) for c in row) for row in cells]
    theirs = [row for row in theirs if any(row)]
    if theirs == ours:
        return "same"
    widths = (len(theirs[0]) if theirs else 0, len(ours[0]) if ours else 0)
    if widths[0] != widths[1]:
        return f"{widths[0]} columns there, {widths[1]} here"
    if len(theirs) != len(ours):
        return f"{len(theirs)} rows there, {len(ours)} here"
    return "some cells differ"


def _plain(cell: str | None) -> str:
    return (cell or "").strip()


def _work(path: Path, name: str, answer: Any) -> None:
    try:
        outcome = read(path, name)
    except BaseException:
        outcome = Outcome(name, "trace", said=traceback.format_exc()[-600:])
    answer.send(outcome)


def run(paths: Iterable[Path], data: Path) -> list[Outcome]:
    """Read every file in a process of its own; one that says nothing in time hangs."""
    context = multiprocessing.get_context("fork")
    outcomes = []
    for path in paths:
        name = path.relative_to(data).as_posix()
        here, there = context.Pipe(duplex=False)
        worker = context.Process(target=_work, args=(path, name, there))
        begun = time.monotonic()
        worker.start()
        there.close()
        try:
            answered = here.poll(LIMIT)
            outcome = here.recv() if answered else Outcome(name, "hang")
        except EOFError:
            outcome = Outcome(name, "crash")
        outcome.seconds = time.monotonic() - begun
        if worker.is_alive():
            worker.kill()
        worker.join()
        here.close()
        outcomes.append(outcome)
    return outcomes


def verdicts(outcomes: list[Outcome]) -> list[tuple[str, str, bool]]:
    """Return every stated answer as (file, what is stated, whether it was met)."""
    by_name = {o.path: o for o in outcomes}
    found = []
    for name, (rows, columns) in STATED.items():
        if (o := by_name.get(name)) is not None:
            said = f"{rows:,} rows of {columns} columns"
            found.append((name, said, (o.rows, o.columns) == (rows, columns)))
    for name, (header, tool) in STATED_HEADERS.items():
        if (o := by_name.get(name)) is not None:
            said = f"{header} header rows" + (f", by {tool}" if tool else "")
            found.append(
                (name, said, o.kind == "table" and (o.header_rows, o.tool) == (header, tool))
            )
    for name, twins in TWINS:
        for twin in twins:
            one, other = by_name.get(name), by_name.get(twin)
            if one is not None and other is not None:
                said = f"the same data as {Path(name).name}"
                found.append((twin, said, bool(one.cells) and _alike(one, other)))
    return found


def _alike(one: Outcome, other: Outcome) -> bool:
    """Whether two tables agree but for the day a bare time is written with, and label or code."""
    if len(one.cells) != len(other.cells):
        return False
    codes: dict[tuple[int, str], str] = {}
    for left, right in zip(one.cells, other.cells, strict=True):
        for i, (a, b) in enumerate(zip(left, right, strict=True)):
            a, b = (a or "").removeprefix("1960-01-01 "), (b or "").removeprefix("1960-01-01 ")
            if a != b and codes.setdefault((i, a), b) != b:
                return False
    return True


def main() -> int:
    """Read the corpora and write the page; 1 where a file ended in anything but a right answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "corpus.md")
    parser.add_argument("--quick", action="store_true", help="every tenth file of the large corpus")
    parser.add_argument("--list", action="store_true", help="say what became of each file")
    args = parser.parse_args()
    paths = files_in(args.data)
    if args.quick:
        large = [p for p in paths if "nasty_csv_duckdb" in p.parts]
        paths = [p for p in paths if p not in set(large)] + large[::10]
    outcomes = run(paths, args.data)
    if args.list:
        for o in outcomes:
            print(o.kind, o.path, o.rows, o.columns, o.engine, o.unaccounted, o.said, sep="\t")
    stated = verdicts(outcomes)
    args.out.write_text(page(outcomes, stated), encoding="utf-8")
    counts = Counter(o.kind for o in outcomes)
    bad = [o for o in outcomes if o.kind not in ("table", "refused") or o.unaccounted]
    wrong = [s for s in stated if not s[2]]
    print(f"{dict(counts)}; {len(stated) - len(wrong)} of {len(stated)} stated answers met")
    for outcome in bad:
        print(f"{outcome.kind}: {outcome.path}: {outcome.said or outcome.unaccounted}")
    for name, said, _ in wrong:
        print(f"wrong: {name}: {said}")
    return int(bool(bad or wrong))


if __name__ == "__main__":
    sys.exit(main())
