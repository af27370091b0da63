"""Files of raters: evaluations, findings, experts' comparisons and grades.

Each row of such a file is known by a key. A later file that says something else under the same
key replaces it, and the earlier version stands aside until the later file is undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb

from csat.ingest.catalogue import Target
from csat.ingest.known import changed_columns
from csat.ingest.mapping import Item, Mapping
from csat.ingest.roles import MOMENT, ROLES
from csat.ingest.stated import utc
from csat.ingest.typed_select import BAD_MOMENT, DAY_OF, MONTH_OF, TypedSelect
from csat.model.message import Message, msg
from csat.model.raters import METHODS
from csat.model.vocabulary import SEVERITY_LABELS


@dataclass(frozen=True, slots=True)
class Form:
    """Where the rows of a kind of file go, and what tells one from another.

    Parameters
    ----------
    table
        Table of the current rows; ``superseded_<table>`` holds those replaced, and its id is
        ``<table>_id``.
    key
        The roles whose values name a row.
    whole
        Whether each file is the whole list, so that no row of it is known from before.
    """

    table: str
    key: tuple[str, ...]
    whole: bool = False


FORMS: Final[dict[str, Form]] = {
    "evaluations": Form("evaluation", ("visit", "rater", "criterion")),
    "findings": Form("finding", ("finding_no",)),
    "comparisons": Form("comparison", ("expert", "indicator", "other")),
    "grades": Form("grade_band", ("grade",), whole=True),
}
"""Kind of file -> where its rows go."""
PASSED: Final = ("pass", "passed", "yes", "y", "true", "ok", "met", "通过", "合格", "是", "达标")
FAILED: Final = (
    "fail",
    "failed",
    "no",
    "n",
    "false",
    "not met",
    "未通过",
    "不合格",
    "否",
    "未达标",
)
APPLIES_NOT: Final = ("na", "n/a", "not applicable", "-", "不适用")
_BAD: Final = -1.0
OF_A_CRITERION: Final = ("criterion", "dimension", "weight", "critical")
_USUAL: Final = {"weight": "1", "critical": "0"}
_PARTS: Final = ("scale_low", "scale_high", "item")


def add_evidence(typed: TypedSelect, mapping: Mapping) -> None:
    """Add key, digest and checks of a row to what is read of it."""
    form = FORMS[mapping.kind]
    named = [r for r in form.key if mapping.column(r) is not None]
    if mapping.kind == "evaluations" and mapping.column("criterion") is not None:
        _add_points(typed, mapping)
    wide = "wide" if mapping.items() else "row"
    cells = ", ".join(f"COALESCE({r}, '')" for r in named)
    typed.add(f"'{wide}:' || md5(concat_ws(chr(31), {cells}))", "source_key")
    typed.add("row_number() OVER (PARTITION BY source_key ORDER BY row_no)", "occurrence")
    said = [c.role for c in mapping.columns if c.role != "item"]
    said += [f"v{i:d}" for i in range(len(mapping.items()))]
    values = ", ".join(f"COALESCE(CAST({r} AS VARCHAR), '')" for r in sorted(said))
    typed.add(f"md5(concat_ws(chr(31), {values}))", "digest")
    first = mapping.column(named[-1]) or mapping.columns[0]
    again = msg("also stands in an earlier row of this file")
    typed.check("occurrence > 1", first, typed.raws[first.role], again)
    for bad, role, reason in _conditions(mapping):
        column = mapping.column(role)
        if column is not None:
            typed.check(bad, column, typed.raws[role], reason)


def _add_points(typed: TypedSelect, mapping: Mapping) -> None:
    """Read a result as points from 0 to 1: a word, 1 or 0, or a rating on its scale."""
    column = mapping.column("result")
    if column is None:
        return
    text, number = "LOWER(result)", "TRY_CAST(result AS DOUBLE)"
    rated = "FALSE"
    share = "NULL"
    if mapping.column("scale_low") is not None and mapping.column("scale_high") is not None:
        rated = "scale_low IS NOT NULL AND scale_high IS NOT NULL"
        share = f"({number} - scale_low) / NULLIF(scale_high - scale_low, 0)"
    words = [
        f"WHEN {text} IN ({', '.join(typed.bind(w) for w in known)}) THEN {points}"
        for known, points in ((PASSED, "1"), (FAILED, "0"), (APPLIES_NOT, "NULL"))
    ]
    typed.add(
        f"CAST(CASE WHEN result IS NULL THEN NULL {' '.join(words)} "
        f"WHEN {rated} THEN CASE WHEN {share} BETWEEN 0 AND 1 THEN {share} ELSE {_BAD} END "
        f"WHEN {number} IN (0, 1) THEN {number} ELSE {_BAD} END AS DOUBLE)",
        "points",
    )
    reason = msg("is neither passed nor failed, nor a rating on its scale")
    typed.check(f"points = {_BAD}", column, typed.raws["result"], reason)


def _conditions(mapping: Mapping) -> list[tuple[str, str, Message]]:
    """Return what makes a row of a kind of file a bad one, with the role to blame."""
    out: list[tuple[str, str, Message]] = []
    if mapping.kind == "evaluations":
        known = ", ".join(f"'{m}'" for m in METHODS)
        reason = msg("is no kind of rating; use one of: {names}", names=", ".join(METHODS))
        out.append((f"LOWER(method) NOT IN ({known})", "method", reason))
        if mapping.column("criterion") is not None:
            out.append(("criterion IS NULL", "criterion", msg("is empty")))
        if mapping.column("scale_low") and mapping.column("scale_high"):
            empty = msg("is not below the highest rating")
            out.append(("scale_low >= scale_high", "scale_low", empty))
    elif mapping.kind == "findings":
        known = ", ".join(f"'{s}'" for s in SEVERITY_LABELS)
        reason = msg("is no severity; use one of: {names}", names=", ".join(SEVERITY_LABELS))
        out.append((f"LOWER(severity) NOT IN ({known})", "severity", reason))
        for role in ("due_on", "closed_on"):
            early = f"{role} < found_on AND {role} <> {BAD_MOMENT}"
            out.append((early, role, msg("lies before the day it was found")))
    elif mapping.kind == "comparisons":
        same = msg("is compared with itself")
        out.append(("indicator = other", "other", same))
    else:
        for role in ("floor", "cap"):
            out.append((f"{role} > 100", role, msg("lies above 100")))
    return out


def find_known_rows(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target
) -> dict[str, int]:
    """Fill ``known`` (row_no, old_id, changed) with the good rows whose key is stored already.

    What the mapping does not read says nothing; criteria that a file has no column for neither.

    Returns
    -------
    dict
        Column of the file, to the number of rows in which it changed, largest first.
    """
    form = FORMS[mapping.kind]
    named = {c.role: c.source for c in mapping.columns} | {"points": _source(mapping, "result")}
    told = {
        named[column]: f"BOOL_OR({e} IS DISTINCT FROM f.{column})"
        for column, e in _stated(mapping, target.timezone).items()
        if column in named
    }
    params: dict[str, object] = {"id": target.program_id}
    for i, (column, item) in enumerate(mapping.items()):
        params[f"c{i:d}"] = item.key
        stored = f"MAX(CASE WHEN f.criterion = $c{i:d} THEN f.points END)"
        told[column.source] = f"MAX({_share(i, item)}) IS DISTINCT FROM {stored}"
    flags = "".join(f", {differs} AS x{i:d}" for i, differs in enumerate(told.values()))
    changed = " OR ".join(f"x{i:d}" for i in range(len(told))) or "FALSE"
    none = " AND FALSE" if form.whole else ""
    if "$tz" in flags:
        params["tz"] = target.timezone
    cursor.execute("DROP TABLE IF EXISTS known")
    cursor.execute(
        f"CREATE TEMP TABLE known AS SELECT *, {changed} AS changed FROM ("
        f"SELECT t.row_no, f.{form.table}_id AS old_id{flags} "
        f"FROM typed t JOIN {form.table} f ON f.source_key = t.source_key "
        f"AND f.program_id = $id WHERE t.row_no NOT IN (SELECT row_no FROM refused){none} "
        "GROUP BY ALL)",
        params,
    )
    return changed_columns(cursor, list(told))


def _source(mapping: Mapping, role: str) -> str:
    column = mapping.column(role)
    return "" if column is None else column.source


def load_evidence(
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    *,
    program_id: int,
    batch_id: int,
    timezone: str,
) -> None:
    """Move accepted rows into the table of their kind.

    A changed row keeps its id, and what its file does not state.
    """
    table = FORMS[mapping.kind].table
    params: dict[str, object] = {"program": program_id, "batch": batch_id}
    cursor.execute("DROP TABLE IF EXISTS numbered")
    cursor.execute(
        "CREATE TEMP TABLE numbered AS SELECT t.row_no, COALESCE(k.old_id, row_number() OVER ("
        "PARTITION BY k.old_id IS NULL ORDER BY t.row_no) + GREATEST("
        f"(SELECT COALESCE(MAX({table}_id), 0) FROM {table}), "
        f"(SELECT COALESCE(MAX({table}_id), 0) FROM superseded_{table}))) AS id "
        "FROM typed t LEFT JOIN known k ON k.row_no = t.row_no "
        "WHERE t.row_no IN (SELECT row_no FROM accepted)"
    )
    stated = _stated(mapping, timezone)
    if timezone != "UTC" and any("$tz" in e for e in stated.values()):
        params["tz"] = timezone
    wide = bool(mapping.items())
    unsaid = [r for r in ROLES[mapping.kind] if r not in (*stated, *_PARTS, "result")]
    unsaid = [r for r in unsaid if not (wide and r in OF_A_CRITERION)]
    select = ["$program AS program_id", "$batch AS batch_id", "t.source_key", "t.digest"]
    select += [f"n.id AS {table}_id", *(f"{e} AS {column}" for column, e in stated.items())]
    select += [f"COALESCE(o.{r}, {_USUAL[r]}) AS {r}" if r in _USUAL else f"o.{r}" for r in unsaid]
    joined = "FROM typed t JOIN numbered n ON n.row_no = t.row_no"
    if not wide:
        cursor.execute(
            f"INSERT INTO {table} BY NAME SELECT {', '.join(select)} {joined} "
            f"LEFT JOIN superseded_{table} o ON o.{table}_id = n.id "
            "AND o.superseded_by = $batch ORDER BY n.id",
            params,
        )
        return
    once = f"SELECT DISTINCT ON ({table}_id) * FROM superseded_{table} WHERE superseded_by = $batch"
    for i, (_, item) in enumerate(mapping.items()):
        own = [*select, *_criterion(i, item)]
        bound = {**params, "criterion": item.key, "dimension": item.dimension or None}
        cursor.execute(
            f"INSERT INTO {table} BY NAME SELECT {', '.join(own)} {joined} "
            f"LEFT JOIN ({once}) o ON o.{table}_id = n.id ORDER BY n.id",
            bound,
        )
    kept = [*select, *(f"o.{c}" for c in (*OF_A_CRITERION, "points"))]
    cursor.execute(
        f"INSERT INTO {table} BY NAME SELECT {', '.join(kept)} {joined} "
        f"JOIN superseded_{table} o ON o.{table}_id = n.id AND o.superseded_by = $batch "
        "WHERE NOT LIST_CONTAINS($criteria, o.criterion) ORDER BY n.id, o.criterion",
        {**params, "criteria": [item.key for _, item in mapping.items()]},
    )


def _criterion(place: int, item: Item) -> list[str]:
    """Return the columns of one criterion of a file with one column for each."""
    return [
        "$criterion AS criterion",
        "$dimension AS dimension",
        f"{float(item.weight)!r} AS weight",
        f"{int(item.critical):d} AS critical",
        f"{_share(place, item)} AS points",
    ]


def _share(place: int, item: Item) -> str:
    """Return SQL of a rating as points from 0 to 1."""
    low, high = item.scale.ends
    return f"(CAST(t.v{place:d} AS DOUBLE) - {low:d}) / {high - low:d}"


def _stated(mapping: Mapping, timezone: str) -> dict[str, str]:
    """Return column of the store -> SQL over ``typed t`` for what a file states of a row."""
    out: dict[str, str] = {}
    for role, (_, kind) in ROLES[mapping.kind].items():
        if mapping.column(role) is None or role in (*_PARTS, "result"):
            continue
        out[role] = f"t.{role}"
        if role == "evaluated_at":
            out[role] = utc("t.evaluated_at", timezone)
            out["day_key"] = DAY_OF.format("t.evaluated_at")
            out["month_key"] = MONTH_OF.format("t.evaluated_at")
        elif kind == MOMENT:
            out[role] = f"CAST(t.{role} AS DATE)"
        elif role in ("method", "severity"):
            out[role] = f"LOWER(t.{role})"
        elif role in ("weight", "critical"):
            out[role] = f"COALESCE(t.{role}, {int(role == 'weight'):d})"
    if mapping.column("result") is not None:
        out["points"] = "t.points"
    return out
