"""Every figure of the complaints page is the one that the command line prints."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from csat.cli import main
from csat.ingest.standards import set_standard
from csat.locale.catalogue import translator
from csat.locale.formats import Formats
from csat.model.message import msg
from csat.model.people import LOCAL_USER
from csat.store.store import Store

PERIOD = {"period": "custom", "from": "2026-01-01", "to": "2026-06-30"}
DATES = ("--from", "2026-01-01", "--to", "2026-06-30")
F = Formats("en")
STANDARD = """
[calendar.hours]
monday = ["08:00-18:00"]
wednesday = ["08:00-18:00"]
friday = ["08:00-18:00"]
[[target]]
key = "answer"
event = "response"
clock = "business"
within = "16 h"
[[target]]
key = "solve"
event = "resolution"
within = "10 d"
"""
Said = Callable[..., Any]


@pytest.fixture(scope="module")
def promised(sample_store: Path) -> Path:
    store = Store(sample_store)
    set_standard(store, "sample", STANDARD, LOCAL_USER)
    store.close()
    return sample_store


@pytest.fixture
def said(promised: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """Return what a command prints as JSON."""

    def ask(*command: str) -> Any:
        capsys.readouterr()
        assert main([*command, "--program", "sample", *DATES, "--json",
                     "--store", str(promised)]) == 0  # fmt: skip
        return json.loads(capsys.readouterr().out)

    return ask


def table(at: Any, column: str) -> Any:
    """Return the first table of the page that has a column."""
    return next(d.value for d in at.dataframe if column in d.value.columns)


def share(value: float | None) -> str:
    return F.value(value, "percent")


def test_service_levels(said: Said, promised: Path, open_page: Any) -> None:
    rows = said("sla")["rows"]
    page = table(open_page("complaints", promised, {**PERIOD, "view": "sla"}), "Share met")
    assert len(rows) == len(page) > 6
    for row, (_, line) in zip(rows, page.iterrows(), strict=True):
        for key, column in (
            ("due", "Due"),
            ("met", "Met"),
            ("late", "Late"),
            ("open_overdue", "Open, overdue"),
            ("not_yet_due", "Not due yet"),
        ):
            assert line.get(column, "0") == F.count(row[key])
        assert line["Share met"] == share(row["value"])
        assert line["95% interval"] == F.interval(row["low"], row["high"], "percent")


def test_what_falls_due_next(said: Said, promised: Path, open_page: Any) -> None:
    ahead = said("sla")["forecast"]
    at = open_page("complaints", promised, {**PERIOD, "view": "sla"})
    page = table(at, "Likely late")
    assert list(page["Open cases due"]) == [F.count(x["due"]) for x in ahead]
    assert list(page["Likely late"]) == [F.value(x["expected_breaches"], "rating") for x in ahead]
    assert len(ahead) > 0


def test_times_by_category(said: Said, promised: Path, open_page: Any) -> None:
    rows = said("resolution", "--by", "category")["rows"]
    at = open_page("complaints", promised, {**PERIOD, "view": "times", "split": "category"})
    pages = [d.value for d in at.dataframe if "Half done" in d.value.columns]
    for clock, page in zip(("response", "resolution"), pages, strict=True):
        own = [r for r in rows if r["clock"] == clock]
        assert list(page["n"]) == [F.count(r["n"]) for r in own]
        for place, column in enumerate(("Half done", "80% done", "90% done", "95% done")):
            shown = []
            for r in own:
                at_q = r["quantiles"][place]
                beyond = at_q["beyond"] and float(at_q["beyond"][2:])
                shown.append(
                    f"> {F.value(beyond / 86_400, 'days')}"
                    if at_q["seconds"] is None
                    else F.value(at_q["seconds"] / 86_400, "days")
                )
            assert list(page[column]) == shown
        within = [next(w for w in r["within"] if w["hours"] == 72)["percent"] for r in own]
        assert list(page["Done within 72 h"]) == [share(w) for w in within]


def test_counts_pareto_and_tree(said: Said, promised: Path, open_page: Any) -> None:
    figures = said("complaints", "--where", "severity=high")["figures"]
    at = open_page("complaints", promised, {**PERIOD, "severity": "high", "view": "causes"})
    shown = msg("Showing **{n}** of **{total}** complaints", n=figures["count"], total=8_000)
    assert translator("en")(shown) in [m.value for m in at.markdown]
    pareto = figures["pareto"]["rows"]
    page = table(at, "Share with those above")
    assert list(page["Cases"]) == [F.count(r["count"]) for r in pareto]
    assert list(page["Share"]) == [share(r["percent"]) for r in pareto]
    assert list(page["Share with those above"]) == [share(r["cumulative"]) for r in pareto]
    for row in figures["categories"]:
        if " > " not in row["path"]:
            label = at.get_by_key(f"tick-{row['path']}").label.replace("\\", "")
            assert label == f"{row['path']} ({F.count(row['count'])})"


@pytest.mark.parametrize("by", ["outcome", "cause"])
def test_what_comes_back(by: str, said: Said, promised: Path, open_page: Any) -> None:
    found = said("returns", "--by", by)
    query = {**PERIOD, "view": "closed", "closing": by, "back": "reopened", "within": "7"}
    at = open_page("complaints", promised, query)
    page = table(at, "Left out, closed too late")
    rows = [r for r in found["rows"] if (r["kind"], r["days"]) == ("reopened", 7)]
    assert list(page["Share"]) == [share(r["value"]) for r in rows[1:]]
    assert list(page["n"]) == [F.count(r["closed"]) for r in rows[1:]]
    assert list(page["Came back"]) == [F.count(r["came_back"]) for r in rows[1:]]
    text = " ".join(c.value for c in at.caption)
    assert share(rows[0]["value"]) in text
    ours, others = found["satisfaction"]["rows"]
    assert f"{share(ours['value'])} satisfied of {F.count(ours['n'])} answers" in text
    assert f"{share(others['value'])} of {F.count(others['n'])} other answers" in text


def test_themes(said: Said, promised: Path, open_page: Any) -> None:
    rows = said("agreement")["rows"]
    page = table(open_page("complaints", promised, {**PERIOD, "view": "scores"}), "Finding")
    assert list(page["Complaints"]) == [F.count(r["complaints"]["count"]) for r in rows]
    assert list(page["Share"]) == [share(100 * r["complaints"]["share"]) for r in rows]
    assert list(page["Score (0 to 100)"]) == [F.value(r["score"]["mean"], "index") for r in rows]
    assert list(page["Against the other themes"]) == [
        F.difference(r["score"]["difference"], "index") for r in rows
    ]
    assert len({r["finding"] for r in rows}) > 2


def test_money_paid_by_category(said: Said, promised: Path, open_page: Any) -> None:
    rows = said("compensation", "--by", "category")["rows"]
    at = open_page("complaints", promised, {**PERIOD, "view": "closed", "closing": "category"})
    page = table(at, "Per closed case")
    assert len(page) == len(rows) > 3
    for row, (_, line) in zip(rows, page.iterrows(), strict=True):
        assert line["Closed"] == F.count(row["closed"])
        if row["withheld"]:
            assert line["Compensated"] == line["Paid in all"] == "withheld"
            continue
        assert line["Compensated"] == F.count(row["compensated"])
        assert line["Currency"] == (row["currency"] or "—")
        for key, column in (
            ("total", "Paid in all"),
            ("mean_per_closed", "Per closed case"),
            ("mean_per_compensated", "Per case compensated"),
        ):
            assert line[column] == ("—" if row[key] is None else F.value(row[key], "rating"))
    assert any(row["currency"] == "EUR" for row in rows)
