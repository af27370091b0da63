"""Every answer says where it comes from: enough to compute it again by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.undo import undo
from csat.model.filters import Filters
from csat.model.metrics import HEADLINES
from csat.model.people import LOCAL_USER
from csat.model.period import Period
from csat.model.scale import Scale
from csat.queries.figures import evaluate
from csat.store.store import Store

QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))


@pytest.mark.parametrize("by", ["total", "month", "quarter", "branch"])
@pytest.mark.parametrize("key", [*HEADLINES, "mean:ces"])
def test_the_reads_run_again_as_they_stand(demo: Store, ask, key: str, by: str) -> None:
    origin = ask(key, by=by, period=QUARTER, branches=["North"]).provenance
    assert origin.reads
    for sql, params in origin.reads:
        assert sql.startswith("SELECT ")
        assert set(params) <= {w.strip("(),$") for w in sql.split() if "$" in w}
        demo.query(sql, params)


def test_the_reads_of_a_share_lead_to_the_share(demo: Store, ask) -> None:
    answer = ask("csat_top_box", period=QUARTER, compare="none", branches=["North", "South"])
    [(sql, params)] = answer.provenance.reads
    [row] = demo.rows(sql, params)
    figure = answer.figures[0]
    assert (row["csat_n"], 100 * int(row["csat_x"]) / row["csat_n"]) == (figure.n, figure.value)
    assert params["branch_0"] == "North"
    assert params["first"] == 20260401


def test_the_reads_cover_the_period_and_its_reference(demo: Store, ask) -> None:
    """A comparison can be checked by hand too: the months of both periods are among the reads."""
    answer = ask("csat_top_box", period=QUARTER, branches=["North"])
    rows = [row for sql, params in answer.provenance.reads for row in demo.rows(sql, params)]
    months = {row["month_key"]: row["csat_n"] for row in rows}
    figure = answer.figures[0]
    assert sum(months[m] for m in (202604, 202605, 202606)) == figure.n
    assert sum(months[m] for m in (202601, 202602, 202603)) == figure.reference_n


def test_filters_version_and_files_are_named(demo: Store, ask) -> None:
    origin = ask("nps", branches=["North"]).provenance
    assert origin.filters == Filters.of("demo", branches=["North"])
    assert origin.data_version == demo.data_version()
    assert [b.split(" · ")[0] for b in origin.batches] == ["1", "2", "3"]
    assert all(b.endswith(".csv") for b in origin.batches)


def test_undone_files_are_not_named(store: Store, add_rows, queries_survey: Mapping) -> None:
    for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
        add_rows(queries_survey, [(day, "North", 5, 9, 7)] * 6)
    undo(store, 2, LOCAL_USER)
    batches = evaluate(store, Filters.of("demo"), ["nps"]).provenance.batches
    assert [b.split(" · ")[0] for b in batches] == ["1", "3"]


def excluded(store: Store, *keys: str, **parts: Any) -> list[str]:
    answer = evaluate(store, Filters.of("demo", **parts), list(keys))
    return [str(m) for m in answer.provenance.exclusions]


def test_answers_left_out_are_counted_with_their_reason(demo: Store, raw) -> None:
    n = sum(r.csat is None for r in raw.rows)
    assert excluded(demo, "csat_mean") == [f"csat: {n} answers left out as not applicable"]
    assert excluded(demo, "mean:csat", "csat_top_box") == excluded(demo, "csat_mean")
    assert excluded(demo, "nps", "complaints_received") == []


def test_only_the_chosen_surveys_count_among_what_is_left_out(store: Store, add_rows) -> None:
    def survey(key: str) -> Mapping:
        scale = Scale.of(1, 5, special={"9": "never_used"})
        item = Column("q", "item", item=Item("q", "q", scale, measures=("csat",)))
        columns = (Column("when", "submitted_at"), item)
        return Mapping(key, "survey", key, columns, survey_key=key)

    add_rows(survey("a"), [("2026-01-01", 9)] * 2 + [("2026-01-01", 5)] * 6)
    add_rows(survey("b"), [("2026-01-01", 9)] * 3 + [("2026-01-01", 5)] * 6)
    assert excluded(store, "csat_mean", surveys=["a"]) == ["q: 2 answers left out as never used"]
    assert excluded(store, "csat_mean") == ["q: 5 answers left out as never used"]


def test_an_answer_tells_its_figures_apart(ask) -> None:
    answer = ask("nps", "ces", by="branch")
    assert answer.one("ces", "North").metric == "ces"
    with pytest.raises(KeyError):
        answer.one("ces", "Nowhere")


def test_a_figure_as_json_holds_the_unrounded_value(ask) -> None:
    figure = ask("csat_mean").one("csat_mean")
    assert figure.to_json() == {
        "metric": "csat_mean",
        "by": "total",
        "value": figure.value,
        "unit": "rating",
        "n": figure.n,
        "low": figure.low,
        "high": figure.high,
        "verdict": "not_compared",
        "withheld": False,
    }
    assert replace(figure, state="withheld").to_json()["withheld"] is True
