"""Count the sufficient statistics of metrics, grouped by month or group, in few scans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric
from csat.queries import catalogue
from csat.queries.complaint_tallies import Group, NotAvailable, Tallies, clocks, rates
from csat.queries.predicate import complaint_predicate, survey_predicate
from csat.queries.reader import Reader
from csat.queries.tally import (
    CountTally,
    NpsTally,
    RatingTally,
    ScoreTally,
    ShareTally,
    Tally,
)
from csat.stats.moments import Moments
from csat.store.store import Store

SCORE_UNIT: Final = 2520
NOT_STATED: Final = ""

_SUMS: Final[dict[str, str]] = {
    "csat": "COUNT(csat_top) AS csat_n, SUM(csat_top) AS csat_x",
    "recommend": "COUNT(recommend_top) AS recommend_n, SUM(recommend_top) AS recommend_x",
    "timely": "COUNT(timely) AS timely_n, SUM(timely) AS timely_x",
    "nps": "COUNT(nps) AS nps_n, SUM(CASE WHEN nps >= 9 THEN 1 ELSE 0 END) AS nps_p, "
    "SUM(CASE WHEN nps <= 6 THEN 1 ELSE 0 END) AS nps_d",
}


def gather(
    reader: Reader, store: Store, filters: Filters, metrics: Sequence[Metric], keys: Sequence[str]
) -> dict[str, Tallies | NotAvailable]:
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
    out: dict[str, Tallies | NotAvailable] = {}
    for subject in ("survey", "complaints"):
        together = [m for m in metrics if m.subject == subject and _in_one_scan(m)]
        if together:
            out.update(_scan(reader, store, filters, together, keys, subject))
    for metric in metrics:
        if metric.key in out:
            continue
        try:
            out[metric.key] = _alone(reader, store, filters, metric, keys)
        except NotAvailable as reason:
            out[metric.key] = reason
    return out


def _in_one_scan(metric: Metric) -> bool:
    return (
        metric.field in (*_SUMS, "responses", "dimension")
        and (metric.family in ("share", "nps") or metric.field in ("responses", "dimension"))
    ) or (metric.field == "complaints" and metric.family == "count")


def _scan(
    reader: Reader,
    store: Store,
    filters: Filters,
    metrics: Sequence[Metric],
    keys: Sequence[str],
    subject: str,
) -> dict[str, Tallies | NotAvailable]:
    out: dict[str, Tallies | NotAvailable] = {}
    sums: dict[str, str] = {}
    usable: list[tuple[Metric, str]] = []
    for metric in metrics:
        try:
            stem, sql = _sum_sql(store, filters, metric)
        except NotAvailable as reason:
            out[metric.key] = reason
            continue
        sums[stem] = sql
        usable.append((metric, stem))
        out[metric.key] = {}
    if not usable:
        return out
    table = "response" if subject == "survey" else "complaint"
    where, params = _predicate(filters, subject)
    select = ", ".join([*_keys(keys), *sums.values()])
    rows = reader.rows(f"SELECT {select} FROM {table} WHERE {where}{_group(keys)}", params)
    for row in rows:
        group = tuple(row[k] for k in keys)
        for metric, stem in usable:
            tally = _from_sums(metric, stem, row)
            if tally is not None:
                out[metric.key][group] = tally  # type: ignore[index]
    return out


def _sum_sql(store: Store, filters: Filters, metric: Metric) -> tuple[str, str]:
    if metric.field in ("responses", "complaints"):
        return "rows", "COUNT(*) AS rows_n"
    if metric.field == "dimension":
        slot = catalogue.dimension_slot(store, filters.program, metric.argument)
        if slot is None:
            raise NotAvailable(
                msg("No survey here measures the dimension '{name}'", name=metric.argument)
            )
        column = f"{'p' if metric.key.startswith('perception') else 'g'}_d{slot:d}"
        return column, (
            f"COUNT({column}) AS {column}_n, SUM({column}) AS {column}_s, "
            f"SUM(CAST({column} AS BIGINT) * {column}) AS {column}_q"
        )
    if metric.field in ("csat", "recommend"):
        one_scale(store, filters, metric)
    return metric.field, _SUMS[metric.field]


def _from_sums(metric: Metric, stem: str, row: dict[str, Any]) -> Tally | None:
    n = int(row[f"{stem}_n"])
    if stem == "rows":
        return CountTally(n, 0)
    if n == 0:
        return None
    if metric.field == "dimension":
        return ScoreTally(Moments(n, int(row[f"{stem}_s"]), int(row[f"{stem}_q"]), SCORE_UNIT))
    if metric.family == "nps":
        p, d = int(row["nps_p"]), int(row["nps_d"])
        return NpsTally(p, n - p - d, d)
    return ShareTally(int(row[f"{stem}_x"]), n)


def one_scale(store: Store, filters: Filters, metric: Metric) -> tuple[int, int]:
    """Return the scale of a metric's question, or refuse to pool several.

    Raises
    ------
    NotAvailable
        When no survey asks it, or the surveys chosen ask it on different scales.
    """
    asked = [
        i
        for i in catalogue.items(store, filters.program, filters.surveys)
        if (metric.argument and i.key == metric.argument)
        or (not metric.argument and metric.field in i.measures)
    ]
    if not asked:
        if metric.argument:
            raise NotAvailable(msg("No survey here asks '{name}'", name=metric.argument))
        raise NotAvailable(Message(metric.needs))
    scales = {(i.scale[0], i.scale[1], i.top_from) for i in asked}
    if len(scales) > 1:
        names = ", ".join(f"{low}-{high}" for low, high, _ in sorted(scales))
        raise NotAvailable(
            msg("The surveys ask on different scales ({scales}); choose one survey", scales=names)
        )
    low, high, _ = scales.pop()
    return low, high


def _alone(
    reader: Reader, store: Store, filters: Filters, metric: Metric, keys: Sequence[str]
) -> Tallies:
    if metric.family == "mean":
        return _ratings(reader, store, filters, metric, keys)
    if metric.family == "rate":
        return rates(reader, store, filters, keys)
    return clocks(reader, filters, metric.field, keys)


def _ratings(
    reader: Reader, store: Store, filters: Filters, metric: Metric, keys: Sequence[str]
) -> Tallies:
    scale = one_scale(store, filters, metric)
    if metric.field == "item":
        sources = [
            (
                f"response r JOIN answers_{i.survey_id:d} a ON a.response_id = r.response_id",
                f"a.i{i.item_no:d}",
                "r.",
            )
            for i in catalogue.items(store, filters.program, filters.surveys)
            if i.key == metric.argument
        ]
    else:
        sources = [("response", metric.field, "")]
    counts: dict[Group, dict[int, int]] = {}
    for table, column, alias in sources:
        where, params = survey_predicate(filters.for_survey(), alias)
        select = ", ".join([*_keys(keys, alias), f"{column} AS rating", "COUNT(*) AS n"])
        rows = reader.rows(
            f"SELECT {select} FROM {table} WHERE {where} AND {column} IS NOT NULL"
            f"{_group([*keys, column], alias)}",
            params,
        )
        for row in rows:
            group = counts.setdefault(tuple(row[k] for k in keys), {})
            group[int(row["rating"])] = group.get(int(row["rating"]), 0) + int(row["n"])
    return {g: RatingTally(tuple(sorted(c.items())), scale) for g, c in counts.items()}


def _predicate(filters: Filters, subject: str) -> tuple[str, dict[str, object]]:
    if subject == "survey":
        return survey_predicate(filters.for_survey())
    return complaint_predicate(filters)


def _keys(keys: Sequence[str], alias: str = "") -> list[str]:
    return [f"{alias}{k} AS {k}" for k in keys]


def _group(keys: Sequence[str], alias: str = "") -> str:
    if not keys:
        return ""
    return " GROUP BY " + ", ".join(k if "." in k else f"{alias}{k}" for k in keys)
