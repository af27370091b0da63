"""The page of the documentation that counts what became of every file of the corpora."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus import Outcome

KINDS = ("table", "refused", "trace", "crash", "hang")
HEADS = {
    "table": "a table",
    "refused": "a plain refusal",
    "trace": "a trace",
    "crash": "a crash",
    "hang": "no answer in time",
}


def page(outcomes: Sequence[Outcome], stated: Sequence[tuple[str, str, bool]]) -> str:
    """Return docs/corpus.md."""
    lines = [
        "<!-- Written by bench/corpus.py; change that script, not this page. -->",
        "",
        "# What becomes of hostile and of real files",
        "",
        f"Every one of {len(outcomes)} files, the test corpora of other readers among them, is "
        "opened, staged, and given a suggested mapping, each in a process of its own with a time "
        "limit. The files are no part of this project.",
        "",
        *_counts(outcomes),
        *_reasons(outcomes),
        *_beside(outcomes),
        *_stated(stated),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _counts(outcomes: Sequence[Outcome]) -> list[str]:
    by_corpus: dict[str, Counter[str]] = defaultdict(Counter)
    for o in outcomes:
        by_corpus[o.path.split("/")[0]][o.kind] += 1
    lost = sum(1 for o in outcomes if o.unaccounted)
    total = Counter(o.kind for o in outcomes)
    rows = [
        f"| {name} | {' | '.join(str(c[k]) for k in KINDS)} |"
        for name, c in sorted(by_corpus.items())
    ]
    return [
        f"| corpus | {' | '.join(HEADS[k] for k in KINDS)} |",
        f"| --- |{' ---: |' * len(KINDS)}",
        *rows,
        f"| **all** | {' | '.join(f'**{total[k]}**' for k in KINDS)} |",
        "",
        f"The slowest took {max(o.seconds for o in outcomes):.1f} s, the start of its process "
        "included. Of the tables, "
        f"{sum(1 for o in outcomes if o.suggested)} came with a suggested mapping of at least one "
        f"column. Files of which a record is neither staged, listed as refused, set aside nor "
        f"blank, counted with the plain reader of Python: {lost}.",
        "",
    ]


def _reasons(outcomes: Sequence[Outcome]) -> list[str]:
    reasons = Counter(o.reason for o in outcomes if o.kind == "refused")
    return [
        "## Why files are refused",
        "",
        "| sentence | files |",
        "| --- | ---: |",
        *(f"| {reason.replace('|', ' ')} | {n} |" for reason, n in reasons.most_common()),
        "",
    ]


def _beside(outcomes: Sequence[Outcome]) -> list[str]:
    asked = [o for o in outcomes if o.engine]
    same = sum(1 for o in asked if o.engine == "same")
    alone = sum(1 for o in asked if o.engine == "not read by it")
    columns = sum(1 for o in asked if "columns there" in o.engine)
    rows = sum(1 for o in asked if "rows there" in o.engine)
    cells = sum(1 for o in asked if o.engine == "some cells differ")
    return [
        "## Beside another reader",
        "",
        "DuckDB's own reader, left to guess, is a second opinion and not the truth: it knows "
        "delimiters, quotes and headers of other kinds, drops rows that do not fit its guess, and "
        "gives up on more files.",
        "",
        "| of the texts that became a table | files |",
        "| --- | ---: |",
        f"| the same cells in the same rows | {same} |",
        f"| not read by it at all | {alone} |",
        f"| another number of columns | {columns} |",
        f"| the same columns, another number of rows (a header, refused rows, remarks) | {rows} |",
        f"| the same shape, some cells differ | {cells} |",
        "",
    ]


def _stated(stated: Sequence[tuple[str, str, bool]]) -> list[str]:
    met = sum(1 for s in stated if s[2])
    return [
        "## Where the right answer is stated",
        "",
        f"By the note beside a corpus, or by the same data in another form: {met} of "
        f"{len(stated)} met.",
        "",
        "| file | what it holds | met |",
        "| --- | --- | --- |",
        *(f"| `{name}` | {said} | {'yes' if ok else 'no'} |" for name, said, ok in stated),
        "",
    ]
