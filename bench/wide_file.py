"""The file whose import is measured: a survey of fifty columns, and what each column is."""

from __future__ import annotations

import json
import random
from pathlib import Path

DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
RATINGS = 41
HEADLINES = (("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7))
PLAIN = (
    ("id", "response_id"),
    ("when", "submitted_at"),
    ("branch", "branch"),
    ("channel", "channel"),
    ("segment", "segment"),
)
COLUMNS = (
    *(name for name, _ in PLAIN),
    *(name for name, _, _ in HEADLINES),
    "comment",
    *(f"q{i:02d}" for i in range(RATINGS)),
)
WHERE = (" at the counter", " on the phone", ", in writing", "", " in the app")


def mapping_json() -> str:
    """Return the mapping of the file as the import takes it."""
    columns: list[dict[str, object]] = [{"column": c, "role": r} for c, r in PLAIN]
    for key, low, high in HEADLINES:
        scale = {"min": low, "max": high}
        item = {"key": key, "scale": scale, "measures": [key]}
        columns.append({"column": key, "role": "item", "item": item})
    columns.append({"column": "comment", "role": "comment"})
    for i in range(RATINGS):
        item = {
            "key": f"q{i:02d}",
            "scale": {"min": 1, "max": 7, "special": {"99": "dont_know"}},
            "dimension": DIMENSIONS[i % len(DIMENSIONS)],
        }
        columns.append({"column": f"q{i:02d}", "role": "item", "item": item})
    survey = {"key": "wide", "title": "Wide survey"}
    return json.dumps(
        {"kind": "survey", "title": "Wide survey", "survey": survey, "columns": columns}
    )


def rows(count: int) -> list[list[str]]:
    """Return that many rows of answers; a few are blank, a few are 'do not know'."""
    chance = random.Random(20260930)
    found = []
    for i in range(count):
        plain = [
            f"r{i:08d}",
            f"2026-{1 + i * 12 // max(count, 1):02d}-{1 + i % 28:02d} {i % 24:02d}:{i % 60:02d}:00",
            f"Branch {chance.randrange(40)}",
            ("web", "phone", "counter", "app")[chance.randrange(4)],
            ("private", "business", "public")[chance.randrange(3)],
            str(chance.randint(1, 5)),
            str(chance.randint(0, 10)),
            str(chance.randint(1, 7)),
            f"Waited {i % 90} minutes{WHERE[i % 5]}" if i % 5 == 0 else "",
        ]
        ratings = [
            "" if x < 0.02 else "99" if x < 0.03 else str(1 + int((x - 0.03) / 0.97 * 7))
            for x in (chance.random() for _ in range(RATINGS))
        ]
        found.append([*plain, *ratings])
    return found


def write_csv(path: Path, count: int) -> None:
    """Write the file, in blocks that differ in their ids and months only."""
    block = 10_000
    partial = path.with_suffix(".part")
    with partial.open("w", encoding="utf-8", newline="") as stream:
        stream.write(",".join(COLUMNS) + "\n")
        base = rows(min(block, count))
        for start in range(0, count, block):
            month = 1 + start * 12 // count
            for i, row in enumerate(base[: count - start]):
                day = row[1][7:]
                stream.write(
                    ",".join([f"r{start + i:08d}", f"2026-{month:02d}{day}", *row[2:]]) + "\n"
                )
    partial.replace(path)


def write_xlsx(path: Path, count: int) -> None:
    """Write the same columns as a workbook, ratings as numbers."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Answers")
    sheet.append(list(COLUMNS))
    for row in rows(count):
        sheet.append([int(c) if c.isdecimal() else (c or None) for c in row])
    book.save(path)
