"""The figures of the overview: by the product, and by short SQL (pandas: overview_frames).

Each way answers two questions: the cards (a period and the one before it) and their sparklines
(thirteen months). An answer is a mapping from (metric, period) to the value, unrounded.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from csat.model.filters import Filters
from csat.model.period import Period, day_key, month_end, month_start, shift_month
from csat.model.settings import Thresholds
from csat.queries import months
from csat.queries.extent import extent
from csat.queries.figures import evaluate
from csat.queries.health import last_whole_month
from csat.queries.movers import Mover, movers
from csat.sample_program import PROGRAM
from csat.store.store import Store

PAGE = Path(__file__).resolve().parents[1] / "pages" / "executive" / "overview.py"
DAY = 86_400
CLOCKS = {"median_days_to_response": "response", "median_days_to_resolution": "resolution"}
Values = dict[tuple[str, str], float]


class _Named(ast.NodeTransformer):
    """Puts the constants that a page names in place of their names."""

    def __init__(self, known: dict[str, ast.expr]) -> None:
        self._known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._known.get(node.id, node)


def of_page(name: str) -> Any:
    """Return a constant of the page, so that what is measured is what it asks."""
    named: dict[str, ast.expr] = {}
    for node in ast.parse(PAGE.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            named[ast.unparse(node.targets[0])] = _Named(named).visit(node.value)
    if name not in named:
        raise LookupError(f"the overview has no {name}")
    return ast.literal_eval(named[name])


CARDS: tuple[str, ...] = of_page("CARDS")
SPARK_MONTHS: int = of_page("SPARK_MONTHS")


@dataclass(frozen=True)
class Asked:
    """The periods of the two questions."""

    now: Period
    before: Period
    months: Period

    @classmethod
    def latest(cls, store: Store) -> Asked:
        """Return what the overview asks when it is opened: the latest three whole months."""
        last = last_whole_month(extent(store, PROGRAM))
        if last is None:
            raise LookupError("the store holds no whole month")
        return cls.ending(last)

    @classmethod
    def ending(cls, last: int) -> Asked:
        """Return what the overview asks where a month is the latest whole one."""
        now = Period(month_start(shift_month(last, -2)), month_end(last))
        months = Period(month_start(shift_month(last, 1 - SPARK_MONTHS)), month_end(last))
        return cls(now, now.previous(), months)


class Product:
    """A: the question layer, as the page calls it under filters that nobody chose before.

    Each question counts its months itself; on a page those of the cards and sparklines are
    counted once for both.
    """

    def __init__(self, store: Store, asked: Asked) -> None:
        self.store = store
        self._filters = Filters.of(PROGRAM, period=asked.now)
        self._monthly = self._filters.with_(period=asked.months, compare="none")
        self._limits = Thresholds()

    def _forget(self) -> None:
        """Forget the counts of months that the questions before have left."""
        months._known.pop(self.store, None)

    def cards(self) -> Values:
        self._forget()
        figures = evaluate(self.store, self._filters, CARDS, "total", self._limits).figures
        now = {(f.metric, "now"): f.value for f in figures}
        before = {(f.metric, "before"): f.reference_value for f in figures}
        return {k: v for k, v in {**now, **before}.items() if v is not None}

    def sparklines(self) -> Values:
        self._forget()
        found = evaluate(self.store, self._monthly, CARDS, "month", self._limits).figures
        return {(f.metric, f.by): f.value for f in found if f.value is not None}

    def movers(self) -> tuple[Mover, ...]:
        self._forget()
        return movers(self.store, self._filters, self._limits)

    def reads(self) -> dict[str, tuple[tuple[str, Any], ...]]:
        """Return the SQL that each question runs."""
        questions = {"cards": (self._filters, "total"), "sparklines": (self._monthly, "month")}
        found = {}
        for name, (filters, by) in questions.items():
            self._forget()
            answer = evaluate(self.store, filters, CARDS, by, self._limits)
            found[name] = answer.provenance.reads
        return found


SURVEY_SQL = """
SELECT {key} AS k, COUNT(*), COUNT(csat_top), SUM(csat_top), COUNT(nps),
       SUM(CASE WHEN nps >= 9 THEN 1 WHEN nps <= 6 THEN -1 END), COUNT(ces), SUM(ces)
FROM response WHERE program_id = $program AND day_key BETWEEN $first AND $last GROUP BY k"""

CASES_SQL = """
WITH c AS (SELECT {key} AS k, COUNT(*) AS n, COUNT(timely) AS decided, SUM(timely) AS in_time
           FROM complaint
           WHERE program_id = $program AND conduct = 0
             AND day_key BETWEEN $first AND $last GROUP BY k),
     e AS (SELECT {month_key} AS k, SUM(customers) AS customers FROM exposure
           WHERE program_id = $program AND month_key BETWEEN $first // 100 AND $last // 100
           GROUP BY k)
SELECT k, n, decided, in_time, customers FROM c JOIN e USING (k)"""

WAITS_SQL = """
SELECT {key} AS k, response_s, response_event, resolution_s, resolution_event, COUNT(*) AS n
FROM complaint WHERE program_id = $program AND conduct = 0
  AND day_key BETWEEN $first AND $last GROUP BY ALL"""

MEDIAN_SQL = """
SELECT '{metric}', k, MIN(s) FILTER (f <= 0.5 + 1e-9), MIN(s) FILTER (f < 0.5 - 1e-9) FROM (
  SELECT k, s, product(1 - ended / at_risk) OVER (
    PARTITION BY k ORDER BY s, ended DESC ROWS UNBOUNDED PRECEDING) AS f
  FROM (SELECT {key} AS k, {clock}_s AS s, {clock}_event AS ended,
               1 + COUNT(*) OVER (PARTITION BY k)
               - ROW_NUMBER() OVER (PARTITION BY k ORDER BY s, ended DESC) AS at_risk
        FROM complaint WHERE program_id = $program AND conduct = 0
                         AND day_key BETWEEN $first AND $last
                         AND {clock}_event IS NOT NULL)) GROUP BY k"""


class Sql:
    """B: the fewest scans by hand, for these figures of this program and nothing else.

    The medians of waiting times come from the survival table, finished in numpy, or in SQL too
    where asked: the former is the faster.
    """

    def __init__(self, store: Store, asked: Asked, *, medians_in_sql: bool = False) -> None:
        self._store = store
        self._asked = asked
        self._medians_in_sql = medians_in_sql
        row = store.rows("SELECT program_id FROM program WHERE key = $key", {"key": PROGRAM})[0]
        self._program = int(row["program_id"])

    def cards(self) -> Values:
        split = day_key(self._asked.now.first)
        keys = {
            "key": f"CASE WHEN day_key >= {split} THEN 'now' ELSE 'before' END",
            "month_key": f"CASE WHEN month_key >= {split // 100} THEN 'now' ELSE 'before' END",
        }
        return self._answer(keys, Period(self._asked.before.first, self._asked.now.last))

    def sparklines(self) -> Values:
        found = self._answer({"key": "month_key", "month_key": "month_key"}, self._asked.months)
        return {(m, f"{k // 100}-{k % 100:02d}"): v for (m, k), v in found.items()}

    def _answer(self, keys: dict[str, str], span: Period) -> dict[tuple[str, Any], float]:
        params = {
            "program": self._program,
            "first": day_key(span.first),
            "last": day_key(span.last),
        }
        out: dict[tuple[str, Any], float] = {}
        with self._store.cursor() as cursor:
            rows = cursor.execute(SURVEY_SQL.format(**keys), params).fetchall()
            for k, n, csat, top, nps, net, ces, agreed in rows:
                out["response_count", k] = float(n)
                out["csat_top_box", k] = 100 * top / csat
                out["nps", k] = 100 * net / nps
                out["ces", k] = agreed / ces
            rows = cursor.execute(CASES_SQL.format(**keys), params).fetchall()
            for k, n, decided, in_time, customers in rows:
                out["complaints_received", k] = float(n)
                out["complaints_per_1000", k] = 1000 * n / int(customers)
                out["timely_response_share", k] = 100 * in_time / decided
            out.update(self._waits(cursor, keys, params))
        return out

    def _waits(
        self, cursor: duckdb.DuckDBPyConnection, keys: dict[str, str], params: dict[str, Any]
    ) -> Iterator[tuple[tuple[str, Any], float]]:
        if self._medians_in_sql:
            both = " UNION ALL ".join(
                MEDIAN_SQL.format(metric=m, clock=c, **keys) for m, c in CLOCKS.items()
            )
            for metric, k, reached, beyond in cursor.execute(both, params).fetchall():
                if reached is not None:
                    yield (metric, k), (reached + (reached if beyond is None else beyond)) / 2 / DAY
            return
        table = cursor.sql(WAITS_SQL.format(**keys), params=params).to_arrow_table()
        groups = table.column("k").to_numpy()
        n = table.column("n").to_numpy()
        for k in np.unique(groups):
            own = np.flatnonzero(groups == k)
            for metric, clock in CLOCKS.items():
                seconds = table.column(f"{clock}_s").to_numpy()[own]
                ended = table.column(f"{clock}_event").to_numpy()[own]
                median = median_wait(seconds, ended, n[own])
                if median is not None:
                    yield (metric, k), median / DAY


def median_wait(
    seconds: np.ndarray, ended: np.ndarray, n: np.ndarray | None = None
) -> float | None:
    """Return the Kaplan-Meier median of cases that ended (1) or are still open (0)."""
    order = np.lexsort((-ended, seconds))
    seconds, ended = seconds[order], ended[order]
    n = np.ones(len(seconds), dtype=np.int64) if n is None else n[order]
    at_risk = np.cumsum(n[::-1])[::-1]
    open_ = np.cumprod(1 - ended * n / at_risk)
    if not open_.size or open_[-1] > 0.5 + 1e-9:
        return None
    first = seconds[np.argmax(open_ <= 0.5 + 1e-9)]
    beyond = open_ < 0.5 - 1e-9
    return float(first + (seconds[np.argmax(beyond)] if beyond.any() else first)) / 2


def disagreements(a: Values, other: Values, tolerance: float = 1e-9) -> list[str]:
    """Return where an answer differs from the product's, or lacks or adds a figure."""
    return [
        f"{metric} {period}: {a.get((metric, period))} and {other.get((metric, period))}"
        for metric, period in sorted({*a, *other})
        if abs(a.get((metric, period), np.inf) - other.get((metric, period), -np.inf)) > tolerance
    ]
