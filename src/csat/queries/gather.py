"""Count the sufficient statistics of metrics, grouped by month or group, in few scans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.metrics import Metric
from csat.queries.apart import LETTERS
from csat.queries.complaint_tallies import Group, NotAvailable, Tallies, clocks, rates
from csat.queries.facts import Facts
from csat.queries.index_scores import index_tallies
from csat.queries.one_scale import one_dimension_scale, one_scale
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.queries.standing import case_predicate
from csat.queries.tally import (
    CountTally,
    NpsTally,
    RatingTally,
    ScoreTally,
    ShareTally,
    Tally,
)
from csat.stats.moments import Moments
from csat.store.scores import SCORE_UNIT

NOT_STATED: Final = ""

_TABLES: Final = {"survey": "response", "complaints": "complaint"}
Found = dict[str, Tallies | NotAvailable]

_ROWS: Final = "COUNT(*) AS rows_n"
_CASES: Final = "SUM(cases) AS rows_n"
"""Rows of a file of counts stand for many cases, or for none."""
_SUMS: Final[dict[str, str]] = {
    "csat": "COUNT(csat_top) AS csat_n, SUM(csat_top) AS csat_x",
    "recommend": "COUNT(recommend_top) AS recommend_n, SUM(recommend_top) AS recommend_x",
    "timely": "SUM(CASE WHEN timely IS NOT NULL THEN cases END) AS timely_n, "
    "SUM(timely * cases) AS timely_x",
    "nps": "COUNT(nps) AS nps_n, SUM(CASE WHEN nps >= 9 THEN 1 ELSE 0 END) AS nps_p, "
    "SUM(CASE WHEN nps <= 6 THEN 1 ELSE 0 END) AS nps_d",
}


def gather(
    reader: Reader, facts: Facts, filters: Filters, metrics: Sequence[Metric], keys: Sequence[str]
) -> Found:
    """Return, per metric, a tally for each combination of the key columns.

    Parameters
    ----------
    keys
        Columns to group by, of ``month_key``, a cut, or none for one total.

    Returns
    -------
    dict
        Metric key to tallies by group, or to the reason why it cannot be computed.
    """
    out: Found = {}
    for subject in ("survey", "complaints"):
        together = [m for m in metrics if m.subject == subject and in_one_scan(m)]
        if together:
            out.update(_scan(reader, facts, filters, together, keys, subject))
    waits = [m for m in metrics if m.family == "median"]
    if waits:
        found = clocks(reader, filters, list(dict.fromkeys(m.field for m in waits)), keys)
        out.update({m.key: found[m.field] for m in waits})
    for metric in metrics:
        if metric.key in out:
            continue
        try:
            if metric.family == "rate":
                out[metric.key] = rates(reader, facts, filters, keys)
            elif metric.field == "index":
                out[metric.key] = index_tallies(reader, facts, filters, keys)
            else:
                out[metric.key] = _item_ratings(reader, facts, filters, metric, keys)
        except NotAvailable as reason:
            out[metric.key] = reason
    return out


def in_one_scan(metric: Metric) -> bool:
    """Say whether a metric is counted in the one scan of its table with others."""
    return metric.family in ("share", "nps", "count") or (
        metric.family == "mean" and metric.field not in ("item", "index")
    )


def _scan(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    metrics: Sequence[Metric],
    keys: Sequence[str],
    subject: str,
) -> Found:
    """Count what one scan can: ratings by grouping on them, all else as sums beside."""
    out: Found = {}
    sums: dict[str, str] = {}
    usable: list[tuple[Metric, str]] = []
    rated: list[str] = []
    for metric in metrics:
        try:
            stem, sql = _sum_sql(facts, filters, metric)
        except NotAvailable as reason:
            out[metric.key] = reason
            continue
        if _by_rating(metric):
            rated.append(metric.field)
        sums[stem] = sql
        usable.append((metric, stem))
    if not usable:
        return out
    where, params = _where(reader, facts, filters, subject)
    columns = [*keys, *dict.fromkeys(rated)]
    select = ", ".join([*columns, *sums.values()])
    rows = reader.rows(
        f"SELECT {select} FROM {_TABLES[subject]} WHERE {where}{_group(columns)}", params
    )
    groups: dict[Group, list[dict[str, Any]]] = {} if keys else {(): []}
    for row in rows:
        groups.setdefault(tuple(row[k] for k in keys), []).append(row)
    for metric, stem in usable:
        tallies = ((g, _tally(facts, filters, metric, stem, part)) for g, part in groups.items())
        out[metric.key] = {g: tally for g, tally in tallies if tally is not None}
    return out


def gather_each(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    metric: Metric,
    keys: Sequence[str],
    cuts: Sequence[str],
) -> Found:
    """Return what `gather` finds by the keys and each of several cuts, counted in one scan.

    Parameters
    ----------
    metric
        A share, a net promoter score or a count.
    """
    try:
        stem, sql = _sum_sql(facts, filters, metric)
    except NotAvailable as reason:
        return dict.fromkeys(cuts, reason)
    where, params = _where(reader, facts, filters, metric.subject)
    sets = ", ".join(f"({', '.join([*keys, cut])})" for cut in cuts)
    rows = reader.rows(
        f"SELECT {', '.join([*keys, *cuts])}, GROUPING({', '.join(cuts)}) AS left_out, {sql} "
        f"FROM {_TABLES[metric.subject]} WHERE {where} GROUP BY GROUPING SETS ({sets})",
        params,
    )
    out: dict[str, Tallies] = {cut: {} for cut in cuts}
    every = 2 ** len(cuts) - 1
    cut_of = {every - 2 ** (len(cuts) - 1 - i): cut for i, cut in enumerate(cuts)}
    for row in rows:
        cut = cut_of[row["left_out"]]
        tally = _tally(facts, filters, metric, stem, [row])
        if tally is not None:
            out[cut][(*(row[k] for k in keys), row[cut])] = tally
    return dict(out)


def _where(
    reader: Reader, facts: Facts, filters: Filters, subject: str
) -> tuple[str, dict[str, object]]:
    """Return which rows of a subject's table the filters choose."""
    if subject == "survey":
        where, params = survey_predicate(filters.for_survey())
        return where + facts.of_customers(filters.surveys), params
    return case_predicate(reader.store, filters)


def _by_rating(metric: Metric) -> bool:
    return metric.family == "mean" and metric.field != "dimension"


def _sum_sql(facts: Facts, filters: Filters, metric: Metric) -> tuple[str, str]:
    if metric.field in ("responses", "complaints"):
        return "rows", _ROWS if metric.field == "responses" else _CASES
    if metric.field == "dimension":
        slot = facts.slot(metric.argument)
        if slot is None:
            raise NotAvailable(
                msg("No survey here measures the dimension '{name}'", name=metric.argument)
            )
        one_dimension_scale(facts, filters, metric)
        column = f"{LETTERS[metric.key.partition(':')[0]]}_d{slot:d}"
        return column, (
            f"COUNT({column}) AS {column}_n, SUM({column}) AS {column}_s, "
            f"SUM(CAST({column} AS BIGINT) * {column}) AS {column}_q"
        )
    if _by_rating(metric):
        one_scale(facts, filters, metric)
        return "rows", _ROWS
    if metric.field in ("csat", "recommend", "nps"):
        one_scale(facts, filters, metric)
    return metric.field, _SUMS[metric.field]


def _tally(
    facts: Facts, filters: Filters, metric: Metric, stem: str, rows: Sequence[dict[str, Any]]
) -> Tally | None:
    """Return the tally of one group from its rows, one for each rating grouped on."""
    if _by_rating(metric):
        counts: Counter[int] = Counter()
        for row in rows:
            if row[metric.field] is not None:
                counts[int(row[metric.field])] += int(row["rows_n"])
        scale = one_scale(facts, filters, metric)
        return RatingTally(tuple(sorted(counts.items())), scale) if counts else None

    def total(part: str) -> int:
        return sum(int(row[part] or 0) for row in rows)

    n = total(f"{stem}_n")
    if stem == "rows":
        return CountTally(n, 0)
    if n == 0:
        return None
    if metric.field == "dimension":
        return ScoreTally(Moments(n, total(f"{stem}_s"), total(f"{stem}_q"), SCORE_UNIT))
    if metric.family == "nps":
        p, d = total("nps_p"), total("nps_d")
        return NpsTally(p, n - p - d, d)
    return ShareTally(total(f"{stem}_x"), n)


def _item_ratings(
    reader: Reader, facts: Facts, filters: Filters, metric: Metric, keys: Sequence[str]
) -> Tallies:
    scale = one_scale(facts, filters, metric)
    sources = [
        (i.survey_id, i.item_no) for i in facts.asked(filters.surveys) if i.key == metric.argument
    ]
    where, params = survey_predicate(filters.for_survey(), "r.")
    counts: dict[Group, dict[int, int]] = {}
    for survey, item in sources:
        select = ", ".join([*(f"r.{k} AS {k}" for k in keys), f"a.i{item:d} AS rating"])
        rows = reader.rows(
            f"SELECT {select}, COUNT(*) AS n FROM response r JOIN answers_{survey:d} a "
            f"ON a.response_id = r.response_id WHERE {where} AND a.i{item:d} IS NOT NULL"
            f"{_group([*(f'r.{k}' for k in keys), f'a.i{item:d}'])}",
            params,
        )
        for row in rows:
            group = counts.setdefault(tuple(row[k] for k in keys), {})
            group[int(row["rating"])] = group.get(int(row["rating"]), 0) + int(row["n"])
    return {g: RatingTally(tuple(sorted(c.items())), scale) for g, c in counts.items()}


def _group(columns: Sequence[str]) -> str:
    return " GROUP BY " + ", ".join(columns) if columns else ""
