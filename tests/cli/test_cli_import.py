from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import pytest

from csat.store.store import Store

KEYS = [
    "batch",
    "program",
    "kind",
    "rows_read",
    "rows_accepted",
    "rows_new",
    "rows_updated",
    "rows_duplicate",
    "rows_refused",
    "refused",
    "changed",
    "kept",
    "remarks",
    "as_of",
    "data_version",
]


def load(run, files, *more):
    return run("import", files.answers, "--program", "bank", "--mapping", files.survey, *more)


def spoil(files, *lines):
    with files.answers.open("a", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines)


def test_dry_run_import_and_undo_go_round(run, files, store_path):
    dry = load(run, files, "--dry-run", "--json")
    assert dry.code == 0
    assert dry.json["batch"] is None
    assert dry.json["rows_accepted"] == 34
    assert not store_path.exists()

    real = load(run, files, "--json")
    assert (real.code, real.err) == (0, "")
    assert list(real.json) == KEYS
    assert real.json | {"data_version": 0} == {
        "batch": 1,
        "program": "bank",
        "kind": "survey",
        "rows_read": 34,
        "rows_accepted": 34,
        "rows_new": 34,
        "rows_updated": 0,
        "rows_duplicate": 0,
        "rows_refused": 0,
        "refused": [],
        "changed": {},
        "kept": {},
        "remarks": [],
        "as_of": "2026-01-15",
        "data_version": 0,
    }

    again = load(run, files, "--json")
    assert (again.code, again.out) == (4, "")
    assert "batch 1" in again.err

    listed = run("batches", "--program", "bank", "--json").json
    assert listed["data_version"] == real.json["data_version"]
    assert [b["status"] for b in listed["batches"]] == ["active"]
    datetime.fromisoformat(listed["batches"][0]["loaded_at"])

    undone = run("undo", 1, "--json")
    assert undone.json == {
        "batch": 1,
        "rows": 34,
        "again": [],
        "data_version": listed["data_version"] + 1,
    }
    assert run("undo", 1).code == 2
    assert run("batches", "--json").json["batches"][0]["status"] == "undone"
    assert run("batches", "--program", "bank").code == 0
    assert load(run, files, "--json").json["batch"] == 2
    assert run("check").code == 0


def test_refused_rows_are_named_with_row_column_value_and_reason(run, files):
    spoil(files, "x1,2026-01-16,North,9,5", "x2,soon,North,4,5")
    dry = load(run, files, "--dry-run", "--json")
    assert dry.code == 0
    assert dry.json["rows_refused"] == 2
    assert dry.json["refused"] == [
        {"row": 36, "column": "overall", "value": "9", "reason": "is not on the scale 1 to 5"},
        {
            "row": 37,
            "column": "day",
            "value": "soon",
            "reason": "is no date of the form 2026-09-30 14:05:00",
        },
    ]
    text = load(run, files).out
    assert "Loaded as batch 1; complete up to 2026-01-15" in text
    assert "row 36, column 'overall': '9' is not on the scale 1 to 5" in text


def test_a_dry_run_that_refuses_every_row_exits_3_and_still_says_why(run, files):
    files.answers.write_text("id,day,place,overall,recommend\na,soon,North,9,5\n")
    dry = load(run, files, "--dry-run", "--json")
    assert dry.code == 3
    assert [r["column"] for r in dry.json["refused"]] == ["day", "overall"]
    assert len(dry.err.splitlines()) == 2
    real = load(run, files, "--json")
    assert (real.code, real.out) == (3, "")


def test_a_dry_run_of_rows_already_loaded_exits_4(run, files):
    assert load(run, files).code == 0
    text = files.answers.read_text(encoding="utf-8")
    files.answers.write_text(text.replace("\n", "\n\n", 1), encoding="utf-8")
    dry = load(run, files, "--dry-run", "--json")
    assert dry.json["rows_duplicate"] == 34
    assert dry.code == 4


def test_a_value_cannot_break_the_two_lines_or_the_terminal(run, files):
    files.answers.write_text('id,day,place,overall,recommend\na,"so\non\x1b[31m",North,4,5\n')
    done = load(run, files)
    assert done.code == 3
    assert len(done.err.splitlines()) == 2
    assert "\x1b" not in load(run, files, "--dry-run").out


def test_as_of_title_and_timezone_are_kept(run, files, store_path):
    done = load(
        run, files, "--as-of", "2026-01-31", "--title", "北方银行", "--timezone", "Asia/Shanghai",
        "--json",
    )  # fmt: skip
    assert done.json["as_of"] == "2026-01-31"
    store = Store(store_path)
    rows = store.rows("SELECT title, timezone FROM program")
    store.close()
    assert rows == [{"title": "北方银行", "timezone": "Asia/Shanghai"}]
    other = run(
        "import", files.cases, "--program", "bank", "--mapping", files.case_mapping,
        "--timezone", "Europe/London",
    )  # fmt: skip
    assert other.code == 2
    assert "Asia/Shanghai" in other.err


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--timezone", "Mars/Base"), 2, "Mars/Base"),
        (("--as-of", "31.1.2026"), 2, "2026-09-30"),
        (("--delimiter", "ab"), 2, "one character"),
        (("--encoding", "klingon"), 3, "klingon"),
        (("--delimiter", ";"), 3, "'id'"),
    ],
)
def test_wrong_options_say_what_to_do(run, files, more, code, said):
    done = load(run, files, *more)
    assert done.code == code
    assert said in done.err
    assert len(done.err.splitlines()) == 2


def test_tab_and_encoding_can_be_chosen(run, files):
    text = files.answers.read_text(encoding="utf-8").replace("North", "北方").replace(",", "\t")
    files.answers.write_bytes(text.encode("gb18030"))
    done = load(run, files, "--encoding", "gb18030", "--delimiter", "tab", "--json")
    assert done.json["rows_accepted"] == 34
    rows = run(
        "metrics", "--program", "bank", "--metric", "nps", "--by", "branch", "--json"
    ).json["rows"]  # fmt: skip
    assert "北方" in [r["by"] for r in rows]


def test_a_known_mapping_that_fits_is_used_and_named(run, tmp_path):
    path = tmp_path / "fft.csv"
    path.write_text("time,rating,surgery\n2026-01-02 10:00:00,Likely,A\n", encoding="utf-8")
    text = run("import", path, "--program", "gp", "--dry-run")
    assert "Mapping 'nhs-fft' fits" in text.out
    done = run("import", path, "--program", "gp", "--json")
    assert done.json["rows_accepted"] == 1
    assert "nhs-fft" in done.err


def save(store_path: Path, name: str, text: str) -> None:
    store = Store(store_path)
    with store.write() as cursor:
        cursor.execute(
            "INSERT INTO mapping VALUES ($n, $j, TIMESTAMP '2026-01-01 00:00:00', 'ann')",
            {"n": name, "j": text},
        )
    store.close()


def test_a_saved_mapping_is_found_or_named_and_two_are_ambiguous(run, files, store_path):
    text = files.survey.read_text(encoding="utf-8")
    save(store_path, "ours", text)
    save(store_path, "ours-again", text)
    save(store_path, "broken", "{}")
    assert "'ours' fits" in run("import", files.answers, "--program", "a").out
    save(store_path, "other", text.replace("branch-survey", "other-survey"))
    done = run("import", files.answers, "--program", "b")
    assert done.code == 2
    assert "ours, other" in done.err or "other, ours" in done.err
    assert run("import", files.answers, "--program", "b", "--mapping", "other").code == 0


def test_no_mapping_that_fits_says_where_one_comes_from(run, files):
    done = run("import", files.answers, "--program", "bank")
    assert done.code == 2
    for way in ("csat presets --suggest", "Data page", "--preset NAME"):
        assert way in done.err


def test_a_mapping_is_suggested_as_on_the_page_and_loads_the_file(run, files, tmp_path, store_path):
    done = run("presets", "--suggest", files.answers)
    assert done.code == 0
    assert not store_path.exists(), "a suggestion needs no store"
    (tmp_path / "mine.json").write_text(done.out, encoding="utf-8")
    loaded = run("import", files.answers, "--program", "bank", "--mapping", tmp_path / "mine.json")
    assert loaded.code == 0


def test_what_a_suggestion_leaves_out_or_cannot_decide_is_said_beside_it(run, tmp_path):
    lines = ["case number,received,xyz", *(f"K{d},0{d}/04/2026,a{d % 2}" for d in range(1, 9))]
    (tmp_path / "cases.csv").write_text("\n".join(lines), encoding="utf-8")
    done = run("presets", "--suggest", tmp_path / "cases.csv")
    assert "left out: xyz" in done.err
    assert "to decide: received" in done.err
    assert done.json["kind"] == "complaints"
    assert run("presets", "--suggest", "none.csv").code == 3


def test_unknown_preset_mapping_and_file(run, files, tmp_path):
    preset = run("import", files.answers, "--program", "bank", "--preset", "nope")
    assert preset.code == 2
    assert "nhs-fft" in preset.err
    missing = run("import", files.answers, "--program", "bank", "--mapping", "nope.json")
    assert missing.code == 3
    assert "nope.json" in missing.err
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    bad = run("import", files.answers, "--program", "bank", "--mapping", tmp_path / "bad.json")
    assert bad.code == 3
    assert run("import", "none.csv", "--program", "bank", "--preset", "nhs-fft").code == 3
    assert run("import", files.answers, "--program", " ", "--preset", "nhs-fft").code == 2
    assert run("undo", 7).code == 2


def test_the_file_size_setting_holds_here_too(run, files, monkeypatch):
    monkeypatch.setenv("CSAT_MAX_UPLOAD_MB", "1")
    spoil(files, *(f"y{i},2026-01-16,{'x' * 200},4,5" for i in range(6000)))
    done = load(run, files)
    assert done.code == 3
    assert "CSAT_MAX_UPLOAD_MB" in done.err


def test_presets_are_listed(run):
    listed = run("presets", "--json").json["presets"]
    assert {"name": "nhs-fft", "kind": "survey", "title": "NHS friends-and-family test"} in listed
    assert "cfpb-complaints" in run("presets").out


def test_the_sample_is_loaded_and_removed(run, monkeypatch):
    import csat.sample_program

    calls = []

    def load_sample(store, user, progress, *, language):
        calls.append(("load", user.roles, language))
        return [1, 2, 3]

    def remove_sample(store, user):
        calls.append(("remove", user.roles))
        return 3

    monkeypatch.setattr(csat.sample_program, "load_sample", load_sample)
    monkeypatch.setattr(csat.sample_program, "remove_sample", remove_sample)
    done = run("sample", "--json").json
    assert (done["program"], done["batches"]) == ("sample", [1, 2, 3])
    assert "1, 2, 3" in run("sample").out
    assert run("sample", "--remove", "--json").json["removed"] == 3
    assert "3 batches" in run("sample", "--remove").out
    assert calls[0] == ("load", ("analyst",), "en")
    run("sample", "--language", "zh-CN")
    assert calls[-1] == ("load", ("analyst",), "zh-CN")


def test_the_original_is_kept(run, files, store_path):
    load(run, files)
    digest = hashlib.sha256(files.answers.read_bytes()).hexdigest()
    kept = store_path.parent / "originals" / digest
    assert kept.read_bytes() == files.answers.read_bytes()


def test_a_later_export_says_what_is_new_and_what_changed(run, files):
    load(run, files)
    text = files.answers.read_text(encoding="utf-8").splitlines()
    text[1] = "r0,2026-01-15,North,1,10"
    later = files.answers.with_name("later.csv")
    later.write_text("\n".join([*text, "r99,2026-01-20,Far,5,9"]), encoding="utf-8")
    options = ("--program", "bank", "--mapping", files.survey, "--json")
    found = run("import", later, *options, "--dry-run").json
    assert [found[k] for k in ("rows_new", "rows_updated", "rows_duplicate")] == [1, 1, 33]
    assert found["changed"] == {"overall": 1}
    assert [r["text"] for r in found["remarks"]] == [
        "Column 'place': seen for the first time: Far (1)",
        "1 rows replace an earlier version of themselves; changed: overall (1)",
    ]
    loaded = run("import", later, *options).json
    assert [loaded[k] for k in ("rows_new", "rows_updated", "rows_duplicate")] == [1, 1, 33]
    assert run("undo", loaded["batch"], "--json").json["rows"] == 2
    assert run("check").code == 0


def test_refused_rows_are_written_to_be_corrected_and_loaded(run, files, tmp_path):
    spoil(files, "r98,2026-01-20,=North,77,9", "r99,yesterday,North,5,9")
    refused = tmp_path / "refused.csv"
    assert load(run, files, "--refused", refused).code == 0
    header, first, second = refused.read_text(encoding="utf-8-sig").splitlines()
    assert header == "id,day,place,overall,recommend,Refused row,Reason"
    assert first.startswith("r98,2026-01-20,'=North,77,9,36,'overall' is not on the scale")
    corrected = [header, first.replace("77", "5"), second.replace("yesterday", "2026-01-21")]
    refused.write_text("\n".join(corrected), encoding="utf-8")
    again = run("import", refused, "--program", "bank", "--mapping", files.survey, "--json").json
    assert (again["rows_new"], again["rows_refused"]) == (2, 0)


def test_a_mapping_is_written_out_and_taken_in_again(run, files, tmp_path):
    text = run("presets", "--export", "nhs-fft").out
    assert '"name": "nhs-fft"' in text
    shared = tmp_path / "theirs.json"
    shared.write_text(text.replace('"name": "nhs-fft"', '"name": "theirs"'), encoding="utf-8")
    saved = run("presets", "--add", shared, "--json").json
    assert saved == {"saved": "theirs", "kind": "survey", "columns": 3}
    assert '"name": "theirs"' in run("presets", "--export", "theirs").out
    assert "'theirs'" in run("presets", "--add", shared).out


def test_what_cannot_be_written_out_or_taken_in_is_said(run, files, tmp_path):
    run("presets", "--add", "none.json")
    load(run, files)
    unknown = run("presets", "--export", "nope")
    assert unknown.code == 2
    assert "nhs-fft" in unknown.err
    assert run("presets", "--add", "none.json").code == 3
    taken = tmp_path / "nhs-fft.json"
    taken.write_text(run("presets", "--export", "nhs-fft").out, encoding="utf-8")
    assert "shipped preset" in run("presets", "--add", taken).err


@pytest.mark.parametrize(
    "name", ["../evil", "a/b", "a\\b", ".hidden", "a\nb", "a\x1b[31m", "x" * 81]
)
def test_names_that_no_program_may_have_are_refused(run, files, store_path, name):
    done = run("import", files.answers, "--program", name, "--mapping", files.survey)
    assert (done.code, done.out) == (2, "")
    assert "name of" in done.err
    assert not store_path.exists()
