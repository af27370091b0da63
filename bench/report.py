"""The page of the documentation that says what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from run import Results

GOAL = 1.5
MIB = 1024**2


def page(results: Results) -> str:
    """Return docs/benchmarks.md."""
    lines = [
        "<!-- Written by bench/run.py (make bench); change that script, not this page. -->",
        "",
        "# Benchmarks",
        "",
        *_what(results),
        *_table(results),
        *_where(results),
        *_memory(results),
        *_how(results),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _what(r: Results) -> list[str]:
    return [
        f"How long the figures of the overview take on {r.built.responses:,} simulated responses "
        f"and {r.built.complaints:,} complaints, in three ways:",
        "",
        "- **A**, the product: `csat.queries.figures.evaluate` as the page calls it, its cache of "
        "answers left out, and the months counted anew for each question, which cards and "
        "sparklines share on a page. Each figure comes with its base, 95% interval, comparison, "
        "verdict, privacy gate and provenance.",
        "- **B**, the least one can do: short SQL by hand on the same store, written for these "
        "figures alone, in as few scans as possible. It gives the bare values: no intervals, no "
        "tests, no filters. Counts, sums and survival tables come from DuckDB; the medians of "
        "waiting times are read off those tables in numpy, which is faster than in SQL.",
        "- **C**, a dashboard without a store: pandas on frames that lie in memory already and "
        "hold the needed columns only. Loading them is measured apart.",
        "",
        f"All three gave the same {sum(r.figures.values())} values, to within 1e-9, before "
        "anything was timed; otherwise the run fails. The simulated survey does not ask the worded "
        "recommendation question, so that card is empty in every way.",
        "",
    ]


def _table(r: Results) -> list[str]:
    rows = {
        f"Cards ({r.figures['cards']} values: a quarter and the one before)": ("cards",),
        f"Sparklines ({r.figures['sparklines']} values: thirteen months)": ("sparklines",),
        "**Both**": ("cards", "sparklines"),
    }
    lines = [
        "## Results",
        "",
        "| | A / B | C / A | A ms | B ms | C ms |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, parts in rows.items():
        a, b, c = (r.median(*(f"{way} {part}" for part in parts)) for way in "ABC")
        lines.append(f"| {name} | {a / b:.2f} | {c / a:.2f} | {a:.1f} | {b:.1f} | {c:.1f} |")
    lines += [
        f"| What moved, all groups screened | | | {r.median('A movers'):.1f} | | |",
        "",
        f"Medians of {r.repeats} repeats, warm; the ways take turns within one run, so that a "
        "busy moment of the machine falls on all of them. The machine is shared with other work: "
        "compare the ratios rather than the milliseconds.",
        "",
    ]
    return lines


def _where(r: Results) -> list[str]:
    a, b, c = (r.median(f"{way} cards", f"{way} sparklines") for way in "ABC")
    reads = r.median("A reads cards", "A reads sparklines")
    in_sql = r.median("B medians in SQL cards", "B medians in SQL sparklines")
    met = "met" if a / b <= GOAL else "missed"
    lines = [
        "## Reading the ratios",
        "",
        f"The goal was A within {GOAL} times B and far ahead of C. The first is {met} "
        f"({a / b:.2f}); "
        + (
            f"C takes {c / a:.1f} times as long as A."
            if c > a
            else f"C, once its frames are loaded, takes {c / a:.2f} times as long as A."
        ),
        "",
        f"- Of A's {a:.1f} ms, {reads:.1f} ms are the reads themselves, {reads / b:.2f} times all "
        "of B. They carry more than B's: counts per rating for the interval of a mean, branch by "
        "branch the cases that customers served are known for, and any program by its name.",
        f"- The other {a - reads:.1f} ms make what B does not: an interval for every value, a "
        "comparison of every card with its reference (for waiting times a log-rank test over "
        "thousands of distinct times), verdicts adjusted for their "
        "number, the privacy gate and the provenance.",
        f"- With the medians in SQL as well, B takes {in_sql:.1f} ms; A is "
        f"{a / in_sql:.2f} times that.",
        *_behind(r),
        "- What the catalogue says of a program is kept until the next committed write. The first "
        f"question after one takes {r.median('A after a write'):.1f} ms for the cards instead of "
        f"{r.median('A cards'):.1f}.",
        "- On a page the answers themselves are kept too: a second reader of the same figures "
        "waits for none of this.",
        "",
    ]
    return lines


def _behind(r: Results) -> list[str]:
    """Say where pandas in memory is the faster."""
    return [
        f"- For the {part} alone C is the faster: {r.median(f'C {part}'):.1f} ms against "
        f"{r.median(f'A {part}'):.1f}. Like B it makes the bare values only."
        for part in ("cards", "sparklines")
        if r.median(f"C {part}") < r.median(f"A {part}")
    ]


def _memory(r: Results) -> list[str]:
    product, pandas = r.memory["product"], r.memory["pandas"]
    return [
        "## Memory and loading",
        "",
        "| | peak memory | above the start | before the first figure |",
        "| --- | --- | --- | --- |",
        f"| A | {product['peak']:.0f} MiB | {product['peak'] - product['before']:.0f} MiB | "
        "nothing to load: the store is opened |",
        f"| C | {pandas['peak']:.0f} MiB | {pandas['peak'] - pandas['before']:.0f} MiB | "
        f"{pandas['load_seconds']:.1f} s to load the files, at every start |",
        "",
        "Each in a process of its own. C reads the needed columns of the files only.",
        "",
        f"The ordinary import loaded {r.built.rows:,} rows ({r.built.file_bytes / MIB:.0f} MiB "
        f"of CSV) in {r.built.import_seconds:.1f} s, checks and duplicates included: "
        f"{r.built.rows / r.built.import_seconds:,.0f} rows a second. Measured once.",
        "",
    ]


def _how(r: Results) -> list[str]:
    now, months = r.asked.now, r.asked.months
    return [
        "## How it was measured",
        "",
        "| | |",
        "| --- | --- |",
        *(f"| {name} | {value} |" for name, value in r.machine.items()),
        f"| Cards | {now.first} to {now.last}, compared with the three months before |",
        f"| Sparklines | {months.first} to {months.last} |",
        "",
        "```",
        "make bench",
        ".venv/bin/python bench/run.py --responses 1000000 --repeats 7 --out docs/benchmarks.md",
        ".venv/bin/python bench/run.py --quick",
        "```",
        "",
        "The first run simulates and loads the data into the temporary folder of the system "
        "(`--folder` chooses another); later runs use the store again while the code that makes "
        "it is unchanged. `--quick` takes 40,000 responses and prints the page.",
    ]
