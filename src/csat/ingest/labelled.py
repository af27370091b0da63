"""SPSS and Stata files: values as texts, with the labels and missing codes that come along."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from csat.ingest.header_names import unique_names
from csat.ingest.limits import check_columns, check_rows, long_cell
from csat.ingest.reading import Reading, Source
from csat.ingest.table import BLANKS, insert
from csat.ingest.tools import tool_of
from csat.model.message import Message, msg
from csat.model.problem import ImportProblem
from csat.model.settings import ImportLimits

Array = np.ndarray[Any, Any]
_CELLS: Final = 2_000_000
"""Cells read at a time."""
_MOST_CODES: Final = 1_000
"""Codes of a missing range that are listed."""
_SPSS_DAYS: Final = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR")
_SPSS_MOMENTS: Final = ("DATETIME", "YMDHMS")
_SPSS_TIMES: Final = ("TIME", "DTIME", "MTIME")
_SPSS_EPOCH: Final = np.datetime64("1582-10-14T00:00:00", "s")
_LARGEST: Final = 1e15


@dataclass(frozen=True, slots=True)
class Labelled:
    """The reading of a file with labels: its columns, value labels and missing codes."""

    reading: Reading
    labels: dict[str, dict[str, str]]
    missing: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: its column, the kind of its values and the format they are shown in."""

    column: str
    kind: str
    form: str


def read_labelled(path: Path, label: str, *, encoding: str, limits: ImportLimits) -> Labelled:
    """Read the description of an SPSS or Stata file.

    Parameters
    ----------
    encoding
        A person's choice, for old files that do not say theirs; empty takes the file's word.

    Raises
    ------
    ImportProblem
        When it is damaged, not in that encoding, or larger than the limits.
    """
    meta = _read(path, label, encoding, metadataonly=True)[1]
    check_columns(len(meta.column_names), label, limits)
    check_rows(meta.number_rows or 0, len(meta.column_names), label, limits)
    columns, _ = unique_names(meta.column_names)
    names = dict(zip(meta.column_names, columns, strict=True))
    wordings = tuple(" ".join((w or "").split()) for w in meta.column_labels)
    letters = _reader_name(path) == "read_dta"
    labels = {
        names[variable]: {_code(k, letters=letters): str(v) for k, v in values.items()}
        for variable, values in meta.variable_value_labels.items()
    }
    reading = Reading(
        "labelled",
        encoding or str(meta.file_encoding or ""),
        columns=columns,
        wordings=wordings if any(wordings) else (),
        header_rows=0,
        tool=tool_of(columns),
        notes=_notes(meta),
    )
    missing = _declared(path, label, encoding, meta)
    if letters:
        missing |= {n: codes for n in labels if (codes := [k for k in labels[n] if _is_letter(k)])}
    return Labelled(
        reading, labels, {names.get(n, n): tuple(dict.fromkeys(c)) for n, c in missing.items() if c}
    )


def _notes(meta: Any) -> tuple[Message, ...]:
    return tuple(
        msg(
            "Multiple response '{name}': {columns}",
            name=chosen.get("label") or name,
            columns=", ".join(chosen.get("variable_list", ())),
        )
        for name, chosen in (getattr(meta, "mr_sets", None) or {}).items()
    )


def _declared(path: Path, label: str, encoding: str, meta: Any) -> dict[str, list[str]]:
    """Return the raw values that each SPSS variable declares missing, ranges by what occurs."""
    found: dict[str, list[str]] = {}
    for variable, ranges in (meta.missing_ranges or {}).items():
        codes: list[str] = []
        for bounds in ranges:
            low, high = bounds["lo"], bounds["hi"]
            if low == high or isinstance(low, str):
                codes.append(_code(low))
                continue
            values = _read(path, label, encoding, usecols=[variable])[0][variable]
            inside = {v for v in values if v is not None and low <= v <= high}
            codes += [_code(v) for v in sorted(inside)[:_MOST_CODES]]
        found[variable] = codes
    return found


def _is_letter(code: str) -> bool:
    """Whether a code is one of Stata's missing codes .a to .z."""
    return len(code) == 2 and code[0] == "." and "a" <= code[1] <= "z"


def _code(value: Any, *, letters: bool = False) -> str:
    """Return a value as it is staged; with letters, Stata's missing code a as .a."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST:
        return str(int(value))
    text = str(value).strip()
    return f".{text}" if letters and len(text) == 1 and "a" <= text <= "z" else text


def _read(path: Path, label: str, encoding: str, **options: Any) -> tuple[Any, Any]:
    """Call the reader that fits the file; its errors become plain sentences."""
    import pyreadstat  # slow to import, and few files need it

    name = _reader_name(path)
    reader: Callable[..., tuple[Any, Any]] = getattr(pyreadstat, name)
    if name != "read_por":
        options |= {"user_missing": True, "encoding": encoding or None}
    try:
        frame, meta = reader(
            str(path),
            output_format="dict",
            disable_datetime_conversion=True,
            **options,
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeError) as error:
        raise _unreadable(label, error) from error
    except (OSError, ValueError, OverflowError, MemoryError, KeyError, IndexError) as error:
        raise _unreadable(label, error) from error
    return frame, meta


def _reader_name(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith((b"$FL2", b"$FL3")):
        return "read_sav"
    if head.startswith(b"<sta") or (head[:1] <= b"\x73" and head[1:2] in (b"\x01", b"\x02")):
        return "read_dta"
    return "read_por"


def _unreadable(label: str, error: Exception) -> ImportProblem:
    return ImportProblem(
        msg("{name} cannot be read as SPSS or Stata data: {reason}", name=label, reason=error),
        msg("Choose another encoding, or export the file again"),
    )


def stage_labelled(cursor: duckdb.DuckDBPyConnection, source: Source, path: Path) -> None:
    """Read the cases into ``staged``, a part at a time; the row number is that of the case."""
    width = len(source.reading.columns)
    names = [f"c{i}" for i in range(width)]
    columns = ", ".join(f"{n} VARCHAR" for n in names)
    cursor.execute(f"CREATE TEMP TABLE staged (row_no BIGINT, {columns})")
    done = 0
    for arrays in _parts(source, path, max(1_000, _CELLS // max(1, width))):
        height = len(arrays[0]) if arrays else 0
        numbers = pa.array(range(done + 1, done + height + 1), pa.int64())
        insert(cursor, pa.Table.from_arrays([numbers, *arrays], names=["row_no", *names]))
        done += height
        check_rows(done, width, source.name, source.limits)
    if names:
        cursor.execute(f"DELETE FROM staged WHERE {' AND '.join(f'{n} IS NULL' for n in names)}")


def _parts(source: Source, path: Path, height: int) -> Iterator[list[pa.Array]]:
    offset = 0
    while True:
        frame, meta = _read(
            path, source.name, source.reading.encoding, row_offset=offset, row_limit=height
        )
        kinds = meta.readstat_variable_types
        arrays = [
            _texts(
                frame[variable],
                Variable(column, kinds[variable], meta.original_variable_types[variable] or ""),
                source,
                offset,
            )
            for variable, column in zip(meta.column_names, source.reading.columns, strict=True)
        ]
        read = len(arrays[0]) if arrays else 0
        if read:
            yield arrays
        if read < height:
            return
        offset += read


def _texts(values: Sequence[Any], variable: Variable, source: Source, offset: int) -> pa.Array:
    """Return one variable's values as texts: numbers, dates by the variable's format, words."""
    if variable.kind != "string":
        letters = [v if isinstance(v, str) else "" for v in values]
        if not any(letters):
            return _numbers(np.array(values, dtype=np.float64), variable)
        bare = [None if text else v for text, v in zip(letters, values, strict=True)]
        numbers = _numbers(np.array(bare, dtype=np.float64), variable).to_pylist()
        kept = set(source.missing.get(variable.column, ()))
        codes = [f".{text}" if f".{text}" in kept else None for text in letters]
        return pa.array([c or n for c, n in zip(codes, numbers, strict=True)], pa.string())
    longest = source.limits.cell_characters
    out: list[str | None] = []
    for i, value in enumerate(values, start=1):
        text = "" if value is None or value != value else str(value).strip(BLANKS)
        if len(text) > longest:
            raise long_cell(source.name, offset + i, source.limits)
        out.append(text or None)
    return pa.array(out, pa.string())


def _numbers(values: Array, variable: Variable) -> pa.Array:
    blank = ~np.isfinite(values)
    filled = np.where(blank, 0.0, values)
    texts = _moments(filled, variable.form)
    if texts is None:
        whole = (filled == np.floor(filled)) & (np.abs(filled) < _LARGEST)
        if whole.all():
            texts = filled.astype(np.int64).astype(str)
        else:
            single = variable.kind == "float"
            texts = np.array(
                [
                    str(int(v)) if w else str(np.float32(v)) if single else repr(float(v))
                    for v, w in zip(filled, whole, strict=True)
                ]
            )
    return pa.array(np.where(blank, "", texts).tolist(), pa.string(), mask=blank)


def _moments(values: Array, form: str) -> Array | None:
    """Return dates as ISO texts where the format says so, else None."""
    kind = form.upper().rstrip("0123456789.")
    if form.startswith("%"):
        return _stata_moments(values, form.lstrip("%-"))
    seconds = np.clip(values, -1e13, 1e13).astype("timedelta64[s]")
    if kind in _SPSS_DAYS:
        return _said((_SPSS_EPOCH + seconds).astype("datetime64[D]"))
    if kind in _SPSS_MOMENTS:
        return _said(_SPSS_EPOCH + seconds)
    if kind in _SPSS_TIMES:
        return _clock(values)
    return None


def _clock(values: Array) -> Array:
    whole = np.floor(values).astype(np.int64)
    return np.array([f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in whole.tolist()])


def _stata_moments(values: Array, form: str) -> Array | None:
    unit = form[1:2] if form.startswith("t") else form[:1]
    if not form.startswith(("t", "d")):
        return None
    bounded = np.clip(values, -1e15, 1e15)
    if unit in ("d", ""):
        return _said(np.datetime64("1960-01-01") + bounded.astype("timedelta64[D]"))
    if unit.lower() == "c":
        seconds = (bounded // 1000).astype("timedelta64[s]")
        return _said(np.datetime64("1960-01-01T00:00:00", "s") + seconds)
    if unit in ("m", "q"):
        months = (bounded * (3 if unit == "q" else 1)).astype("timedelta64[M]")
        return _said(np.datetime64("1960-01") + months)
    return None


def _said(moments: Array) -> Array:
    """Return moments as ISO texts with a space between day and time."""
    return np.array([text.replace("T", " ") for text in moments.astype(str).tolist()])
