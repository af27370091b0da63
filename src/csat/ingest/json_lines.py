"""JSON: one object a line, a list of objects, or one object that holds such a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from csat.ingest.delimited import not_written_in
from csat.ingest.encoding import detect_encoding
from csat.ingest.header_names import unique_names
from csat.ingest.limits import check_columns, check_rows
from csat.ingest.reading import Reading, Source
from csat.ingest.tools import tool_of
from csat.model.message import Message, msg
from csat.model.problem import ImportProblem
from csat.model.settings import ImportLimits

_BLOCK: Final = 256 * 1024
_HEAD: Final = 64 * 1024
_LONGEST: Final = 16 * 1024 * 1024
"""Characters of one object."""
_SPACE: Final = re.compile(r"[\s,]*")
Record = dict[str, Any]


def read_json(path: Path, label: str, *, encoding: str, limits: ImportLimits) -> Reading:
    """Look through a JSON file for its columns: every key of every object, in order.

    Raises
    ------
    ImportProblem
        When it is no JSON of that shape, or larger than the limits.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    chosen = encoding or detect_encoding(head, whole=len(head) < _HEAD)
    keys: dict[str, None] = {}
    count = 0
    for count, (_, record) in enumerate(_objects(path, label, chosen), start=1):
        keys.update(dict.fromkeys(record))
        if not count % 10_000 or len(keys) > limits.columns:
            check_columns(len(keys), label, limits)
            check_rows(count, len(keys), label, limits)
    check_columns(len(keys), label, limits)
    check_rows(count, len(keys), label, limits)
    columns, _ = unique_names(list(keys))
    raw = tuple(keys) if tuple(keys) != columns else ()
    return Reading(
        "json", chosen, columns=columns, header_rows=0, header=raw, tool=tool_of(columns)
    )


def json_rows(source: Source, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield every object as a row of texts, with its line or place; nested values as JSON."""
    keys = source.reading.header or source.reading.columns
    for row_no, record in _objects(path, source.name, source.reading.encoding):
        yield row_no, [_text(record.get(key)) for key in keys]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 1e15
        return "" if value != value else str(int(value)) if whole else repr(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _objects(path: Path, label: str, encoding: str) -> Iterator[tuple[int, Record]]:
    """Yield the objects of a file, each with its line, or its place in a list."""
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        with path.open(encoding=name) as stream:
            start = stream.read(1)
            while start.isspace() or start == "\ufeff":
                start = stream.read(1)
            stream.seek(0)
            if start == "[":
                yield from _of_list(stream, label)
            else:
                yield from _of_lines(stream, label)
    except (UnicodeError, LookupError) as error:
        raise not_written_in(label, encoding, error) from error


def _of_lines(stream: IO[str], label: str) -> Iterator[tuple[int, Record]]:
    """Read one object a line; a single one may itself hold the list that is meant."""
    first: tuple[int, Record] | None = None
    count = 0
    for number, line in enumerate(stream, start=1):
        text = line.strip().removeprefix("\ufeff")
        if not text:
            continue
        try:
            record = json.loads(text)
        except (ValueError, RecursionError) as error:
            if count == 0:
                yield from _of_one(stream, label, error)
                return
            raise _not_json(label, msg("line {line}", line=number)) from error
        if not isinstance(record, dict):
            raise _not_json(label, msg("line {line}", line=number))
        count += 1
        if count == 1:
            first = (number, record)
            continue
        if first is not None:
            yield first
            first = None
        yield number, record
    if first is not None:
        yield from _inner_list(first[1]) or [first]


def _of_one(stream: IO[str], label: str, cause: Exception) -> Iterator[tuple[int, Record]]:
    """Read a file that is one object over many lines, for the one list of objects in it."""
    stream.seek(0)
    text = stream.read(_LONGEST + 1)
    try:
        whole = json.loads(text.removeprefix("\ufeff")) if len(text) <= _LONGEST else None
    except (ValueError, RecursionError) as error:
        raise _not_json(label, msg("line {line}", line=getattr(error, "lineno", 1))) from cause
    inner = _inner_list(whole)
    if inner is None:
        raise ImportProblem(
            msg("{name} holds no list of records", name=label),
            msg("Export it as JSON lines, one record a line, or as CSV"),
        )
    yield from inner


def _inner_list(record: object) -> list[tuple[int, Record]] | None:
    """Return the objects of the only list of objects in an object, or None."""
    if not isinstance(record, dict):
        return None
    lists = [v for v in record.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
    if len(lists) != 1 or not all(isinstance(o, dict) for o in lists[0]):
        return None
    return list(enumerate(lists[0], start=1))


def _of_list(stream: IO[str], label: str) -> Iterator[tuple[int, Record]]:
    """Read a list of objects piece by piece, so that memory holds one piece at a time."""
    decoder = json.JSONDecoder()
    text, place, count = "", 0, 0
    while stream.read(1) != "[":
        pass
    while True:
        place = _after_space(text, place)
        if place < len(text) and text[place] == "]":
            return
        try:
            record, place = decoder.raw_decode(text, place)
        except RecursionError as error:
            raise _not_json(label, msg("record {place}", place=count + 1)) from error
        except ValueError as error:
            piece = "" if len(text) - place > _LONGEST else stream.read(_BLOCK + len(text) - place)
            if not piece:
                raise _not_json(label, msg("record {place}", place=count + 1)) from error
            text, place = text[place:] + piece, 0
            continue
        count += 1
        if not isinstance(record, dict):
            raise _not_json(label, msg("record {place}", place=count))
        yield count, record


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _not_json(label: str, where: Message) -> ImportProblem:
    return ImportProblem(
        msg("{name} is no list of JSON records: {where} is none", name=label, where=where),
        msg("Export it again as JSON lines, or as CSV"),
    )
