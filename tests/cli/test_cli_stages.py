"""The command on stages prints the figures of the page."""

from __future__ import annotations

from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.queries.stages import stages
from csat.store.store import Store


def test_stages_are_those_of_the_page(run, loaded, store_path, monkeypatch) -> None:
    monkeypatch.setenv("CSAT_WITHHOLD_UNDER", "1")
    done = run("stages", "--program", "bank", "--json")
    assert done.code == 0, done.err
    store = Store(store_path)
    found = stages(store, Filters.of("bank"), thresholds=Thresholds(withhold_under=1))
    store.close()
    assert done.json["cases"] == found.cases == 3
    rows = [(r["stage"], r["reached"], r["without_it"], r["still_to_come"], r["in_it_now"])
            for r in done.json["stages"]]  # fmt: skip
    assert rows == [(r.stage, r.reached, r.skipped, r.ahead, r.waiting) for r in found.rows]
    times = [[q["value"] for q in r["seconds"]] for r in done.json["stages"]]
    assert times == [[t.seconds for t in r.times] for r in found.rows]
    again = [(r["stage"], r["reached"]) for r in done.json["second_round"]]
    assert again == [(r.stage, r.reached) for r in found.again]
    assert done.json["clock"] == "calendar"
    told = run("stages", "--program", "bank")
    assert "Received" in told.out
    assert "still to come" in told.out


def test_times_of_few_cases_are_withheld(run, loaded) -> None:
    done = run("stages", "--program", "bank", "--json")
    assert all(r["withheld"] and not r["seconds"] for r in done.json["stages"])
    assert "withheld" in run("stages", "--program", "bank").out


def test_working_time_needs_working_hours(run, loaded) -> None:
    done = run("stages", "--program", "bank", "--clock", "business")
    assert done.code != 0
    assert "csat sla --set" in done.err


def test_conduct_cases_are_asked_for_by_type(run, loaded) -> None:
    done = run("stages", "--program", "bank", "--where", "type=conduct", "--json")
    assert (done.json["type"], done.json["cases"]) == ("conduct", 0)
    assert "no stage of conduct cases" in done.json["notes"][0]
    assert done.json["conduct"] == {"noticed": None, "appealed": None, "overturned": None}
