"""What a survey and its questions are called: in the words of their first file, and in others."""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingABC
from collections.abc import Sequence

import duckdb

from csat.ingest.mapping import Item, Mapping


def wordings_json(wordings: MappingABC[str, str]) -> str | None:
    """Return the wordings of a question by language as they are stored."""
    return json.dumps(dict(wordings), ensure_ascii=False) if wordings else None


def add_wordings(
    cursor: duckdb.DuckDBPyConnection, survey_id: int, number: int, item: Item, known: str
) -> None:
    """Keep what a later file says a known question is called in further languages."""
    said = json.loads(known)
    more = {**item.wordings, **said}
    if more != said:
        cursor.execute(
            "UPDATE item SET wordings = $wordings WHERE survey_id = $s AND item_no = $n",
            {"wordings": wordings_json(more), "s": survey_id, "n": number},
        )


def word_again(
    cursor: duckdb.DuckDBPyConnection, survey_id: int, mappings: Sequence[Mapping]
) -> None:
    """Call a survey and its questions what the first of its files call them, in their order."""
    cursor.execute(
        "UPDATE survey SET title = $title WHERE survey_id = $s",
        {"title": mappings[0].survey_title, "s": survey_id},
    )
    wording: dict[str, str] = {}
    wordings: dict[str, dict[str, str]] = {}
    for _, item in (pair for mapping in mappings for pair in mapping.items()):
        wording.setdefault(item.key, item.wording)
        wordings[item.key] = {**item.wordings, **wordings.get(item.key, {})}
    for key, said in wordings.items():
        cursor.execute(
            "UPDATE item SET wording = $wording, wordings = $wordings "
            "WHERE survey_id = $s AND key = $key",
            {"wording": wording[key], "wordings": wordings_json(said), "s": survey_id, "key": key},
        )
