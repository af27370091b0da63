"""The mapping editor: doubts shown, cleared by a person's hand, changed for many at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from csat.ingest.library import known
from csat.ingest.mapping import Mapping
from csat.ingest.preset import preset
from csat.locale.catalogue import translator
from csat.model.message import Message, msg
from csat.store.store import Store

HEADER = "id,when,branch,e-mail,q1,q2,q3,reading,overall satisfaction\n"
ROWS = [
    f"r{i},{1 + i % 28:02d}/01/2026,{('North', 'South')[i % 2]},p{i}@example.org,"
    f"{1 + i % 5},{1 + (i + 2) % 5},{1 + (i + 3) % 5},"
    f"{('News; Blogs', 'Blogs', 'News', 'News; App', 'App')[i % 5]},{1 + i % 5}"
    for i in range(60)
]
SURVEY = (HEADER + "\n".join(ROWS) + "\n").encode()
OPEN = b"when,q1\n03/01/2026,5\n04/02/2026,4\n05/02/2026,1\n"


def say(text: str | Message) -> str:
    return translator("en")(text)


def upload(at: Any, content: bytes = SURVEY) -> Any:
    at.file_uploader[0].upload("visits.csv", content, "text/csv").run()
    at.get_by_key("new-program").set_value("Branches").run()
    assert not at.exception
    return at


def editor(at: Any) -> pd.DataFrame:
    frame: pd.DataFrame = at.data_editor[0].value
    return frame.set_index("column")


def edit(at: Any, row: int, **cells: Any) -> Any:
    at.session_state[at.data_editor[0].key] = {
        "edited_rows": {row: cells},
        "added_rows": [],
        "deleted_rows": [],
    }
    at.run()
    assert not at.exception
    return at


def keyed(at: Any, end: str) -> Any:
    """Return the widget of the editor whose key ends so."""
    kinds = (at.button, at.multiselect, at.segmented_control, at.number_input, at.text_input)
    [found] = [w for k in (*kinds, at.selectbox, at.radio) for w in k if str(w.key).endswith(end)]
    return found


def test_every_column_shows_its_values_how_sure_its_guess_is_and_why(
    empty_store: Path, open_page: Any
) -> None:
    table = editor(upload(open_page("data", empty_store)))
    assert table.loc["q1", "samples"] == "1 · 2 · 3 · 4"
    assert table.loc["branch", "sure"] == say("●●● sure")
    assert table.loc["when", "format"] == "%d/%m/%Y"
    assert "Day first: 32 values prove it" in table.loc["when", "why"]
    assert table.loc["e-mail", "role"] == say("left out")
    assert "personal data is not loaded" in table.loc["e-mail", "why"]
    assert table.loc["e-mail", "samples"].startswith("••@•••••••.••• · ")
    assert "several choices" in table.loc["reading", "why"]


def test_a_row_that_a_person_has_changed_shows_no_doubt_any_more(
    empty_store: Path, open_page: Any
) -> None:
    at = upload(open_page("data", empty_store))
    before = editor(at)
    place = list(before.index).index("q2")
    table = editor(edit(at, place, high=7))
    assert (table.loc["q2", "sure"], table.loc["q2", "why"]) == ("", "")
    assert table.loc["q1", "sure"] == before.loc["q1", "sure"] != ""


def test_one_change_reaches_all_columns_that_are_answered_alike(
    empty_store: Path, open_page: Any
) -> None:
    at = upload(open_page("data", empty_store))
    place = list(editor(at).index).index("branch")
    edit(at, place, role=say("Channel"))
    keyed(at, "bulk-columns").set_value(["q1"]).run()
    keyed(at, "bulk-more").set_value("alike").run()
    keyed(at, "bulk-high").set_value(7).run()
    keyed(at, "bulk-low").set_value(1).run()
    keyed(at, "bulk-special").set_value("9=dont_know").run()
    keyed(at, "bulk-dimension").set_value("empathy").run()
    keyed(at, "bulk-direction").set_value("down").run()
    keyed(at, "bulk-apply").click().run()
    assert not at.exception
    assert not at.error
    table = editor(at)
    for name in ("q1", "q2", "q3", "overall satisfaction"):
        assert (table.loc[name, "low"], table.loc[name, "high"]) == (1, 7)
        assert table.loc[name, "special"] == "9=dont_know"
        assert table.loc[name, "dimension"] == "empathy"
        assert bool(table.loc[name, "reversed"])
        assert table.loc[name, "sure"] == ""
    assert table.loc["branch", "role"] == say("Channel")
    assert table.loc["branch", "sure"] == ""


def test_a_change_that_cannot_be_read_is_said(empty_store: Path, open_page: Any) -> None:
    at = upload(open_page("data", empty_store))
    keyed(at, "bulk-columns").set_value(["q1"]).run()
    keyed(at, "bulk-special").set_value("9").run()
    assert not at.exception
    assert "'9' cannot be read" in at.error[0].value


def test_the_order_of_day_and_month_is_asked_and_the_check_waits_for_the_answer(
    empty_store: Path, open_page: Any
) -> None:
    at = upload(open_page("data", empty_store), OPEN)
    [check] = [b for b in at.button if b.label == say(msg("Check {n} rows", n=3))]
    check.click().run()
    assert "its dates can be read as" in at.error[0].value
    question = keyed(at, "ask-when")
    assert len(question.options) == 2
    assert "03/01/2026" in question.options[0]
    assert "%d/%m/%Y" in question.options[0]
    question.set_value("%d/%m/%Y").run()
    assert editor(at).loc["when", "format"] == "%d/%m/%Y"
    [check] = [b for b in at.button if b.label == say(msg("Check {n} rows", n=3))]
    check.click().run()
    assert not at.error
    assert [m.value for m in at.metric] == ["3", "3", "0", "0", "0"]


def test_an_e_mail_chosen_as_the_id_is_kept_as_a_hash_unless_a_person_says_otherwise(
    empty_store: Path, open_page: Any
) -> None:
    at = upload(open_page("data", empty_store))
    place = list(editor(at).index).index("e-mail")
    edit(at, place, role=say("Id of the respondent"))
    assert not at.warning
    assert say(msg("Kept as keyed hashes: {names}", names="e-mail")) in [
        c.value for c in at.caption
    ]
    [exported] = [d for d in at.download_button if str(d.key).endswith("-export")]
    assert exported.label == say("Save this mapping as a file")
    edit(at, place, role=say("Id of the respondent"), keep=say("as it is"))
    assert "would be loaded as it is" in at.warning[0].value


def test_a_time_zone_that_does_not_exist_is_said(empty_store: Path, open_page: Any) -> None:
    at = upload(open_page("data", empty_store))
    edit(at, list(editor(at).index).index("when"), zone="Mars/Olympus")
    [check] = [b for b in at.button if b.label == say(msg("Check {n} rows", n=60))]
    check.click().run()
    assert "Mars/Olympus" in at.error[0].value


@pytest.mark.parametrize("name", ["theirs.json", "nhs-fft.json"])
def test_a_mapping_that_someone_shares_can_be_used(
    empty_store: Path, open_page: Any, name: str
) -> None:
    at = open_page("data", empty_store, {"tab": "mappings"})
    made = preset("nhs-fft")
    content = Mapping.to_json(made).replace('"name": "nhs-fft"', f'"name": "{name[:-5]}"')
    shared = next(f for f in at.file_uploader if f.key == "share-upload")
    shared.upload(name, content.encode(), "application/json").run()
    assert not at.exception
    assert not at.error
    assert name[:-5] in at.success[0].value
    store = Store(empty_store)
    names = [m.name for m in known(store)]
    store.close()
    assert names.count(name[:-5]) == 1


def test_a_file_that_is_no_mapping_is_refused_in_words(empty_store: Path, open_page: Any) -> None:
    at = open_page("data", empty_store, {"tab": "mappings"})
    shared = next(f for f in at.file_uploader if f.key == "share-upload")
    shared.upload("picture.json", b"\xff\xfe\x00", "application/json").run()
    assert not at.exception
    assert "picture.json" in at.error[0].value
