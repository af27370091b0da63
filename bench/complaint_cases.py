"""Simulated cases, each with a text of its own, in a store of their own.

The texts are made of words drawn with the frequencies of natural language, each text different,
one in four in Chinese; the cases are loaded by the ordinary import.
"""

from __future__ import annotations

import csv
import time
from pathlib import Path

import numpy as np

from csat.ingest.batches import commit
from csat.ingest.mapping import Column, Mapping
from csat.ingest.source import open_source
from csat.ingest.standards import set_standard
from csat.model.people import LOCAL_USER
from csat.store.store import Store

PROGRAM = "bench"
ROLES = (
    "complaint_id", "received_at", "first_response_at", "resolved_at", "category", "category_2",
    "severity", "branch", "touchpoint", "respondent_id", "narrative",
)  # fmt: skip
MAPPING = Mapping("bench", "complaints", "Bench", tuple(Column(r, r) for r in ROLES))
STANDARD = "[calendar.hours]\n" + "".join(
    f'{day} = ["09:00-12:30", "13:30-18:00"]\n'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
) + """
[[target]]
key = "answer"
event = "response"
clock = "business"
within = "8 h"
[[target]]
key = "solve"
event = "resolution"
within = "5 d"
"""  # fmt: skip
ENGLISH = 30_000
CHARACTERS = 3_000
WORDS = 70
START = np.datetime64("2024-01-01T00:00:00")
SPAN = 730 * 86_400


def vocabulary() -> tuple[list[str], list[str]]:
    """Return made-up English words, the most frequent first, and Chinese characters."""
    rng = np.random.default_rng(7)
    letters = np.array(list("abcdefghijklmnopqrstuvwy"))
    words: dict[str, None] = {}
    while len(words) < ENGLISH:
        size = 2 + len(words) // 6_000 + int(rng.integers(1, 6))
        words["".join(rng.choice(letters, size))] = None
    return list(words), [chr(0x4E00 + i) for i in range(CHARACTERS)]


def texts(rng: np.random.Generator, cases: int) -> list[str]:
    """Return one text per case."""
    words, signs = vocabulary()
    known = {"en": np.array(words, dtype=object), "zh": np.array(signs, dtype=object)}
    out = []
    for start in range(0, cases, 20_000):
        many = min(20_000, cases - start)
        english = known["en"][zipf(rng, ENGLISH, (many, WORDS))]
        chinese = known["zh"][zipf(rng, CHARACTERS, (many, 2 * WORDS))]
        in_chinese = rng.random(many) < 0.25
        out += [
            "".join(chinese[i]) if in_chinese[i] else " ".join(english[i]).capitalize()
            for i in range(many)
        ]
    return out


def zipf(rng: np.random.Generator, kinds: int, shape: tuple[int, int]) -> np.ndarray:
    """Draw ranks with the frequencies of natural language: the n-th as often as 1/n."""
    weights = np.cumsum(1 / np.arange(1, kinds + 1))
    return np.searchsorted(weights, rng.random(shape) * weights[-1])


def write(path: Path, cases: int) -> None:
    rng = np.random.default_rng(11)
    received = np.sort(rng.integers(0, SPAN, cases))
    response = rng.lognormal(10.5, 1.0, cases).astype(np.int64) + 60
    work = rng.lognormal(12.3, 1.1, cases).astype(np.int64)

    def moments(after: np.ndarray) -> list[str]:
        known = after < SPAN
        shown = np.datetime_as_string(START + after.astype("m8[s]"), unit="s")
        return np.where(known, shown, "").tolist()

    severities = np.array(["critical", "high", "medium", "low"])
    kinds = zipf(rng, 8, (cases, 1))[:, 0]
    columns = [
        [f"K{i:08d}" for i in range(cases)],
        moments(received),
        moments(received + response),
        moments(received + response + work),
        [f"Category {k}" for k in kinds],
        [f"Part {k}" for k in rng.integers(0, 6, cases)],
        rng.choice(severities, cases, p=[0.03, 0.17, 0.5, 0.3]).tolist(),
        [f"Branch {k:03d}" for k in rng.integers(0, 200, cases)],
        [f"Step {k}" for k in rng.integers(0, 8, cases)],
        [f"C{k}" for k in rng.integers(0, cases, cases)],
        texts(rng, cases),
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(ROLES)
        writer.writerows(zip(*columns, strict=True))


def build(folder: Path, cases: int) -> tuple[Path, float | None]:
    """Return the store of a folder, and how long its import took if it was made now."""
    path = folder / "complaints.duckdb"
    if path.exists():
        return path, None
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "complaints.csv"
    write(file, cases)
    store = Store(path)
    started = time.perf_counter()
    commit(store, open_source(file), MAPPING, program=PROGRAM, user=LOCAL_USER)
    seconds = time.perf_counter() - started
    set_standard(store, PROGRAM, STANDARD, LOCAL_USER)
    store.close()
    file.unlink()
    return path, seconds
