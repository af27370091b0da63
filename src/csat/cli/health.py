"""Commands on the data themselves: where a series breaks, and how fresh and whole they are."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from csat.cli.choosing import require_measured
from csat.cli.exits import FINE
from csat.cli.printing import asked, told
from csat.cli.session import configuration, opened
from csat.cli.text import NOTHING, number, plain, print_json, table
from csat.model.filters import Filters
from csat.model.metrics import metric
from csat.model.settings import Thresholds
from csat.queries import catalogue
from csat.queries.found_breaks import FoundBreak, found_breaks
from csat.queries.health import Health
from csat.queries.health import health as health_of
from csat.store.store import Store


def breaks(args: argparse.Namespace) -> int:
    """Print where a figure's series breaks by the records alone, as the page marks it."""
    m = metric(args.metric)

    def search(store: Store, filters: Filters, limits: Thresholds) -> tuple[FoundBreak, ...]:
        require_measured(store, filters.program, [m])
        return found_breaks(store, filters, m.key, limits)

    found = asked(args, search)
    return told(args, found, {"metric": m.key, "rows": found.answer}, _break_lines(found.answer))


def _break_lines(found: tuple[FoundBreak, ...]) -> Iterator[str]:
    if not found:
        yield "no break found in the records"
        return
    rows = [[b.day.isoformat(), b.kind, plain(str(b.note))] for b in found]
    yield table(["from", "kind", "what"], rows)


def health(args: argparse.Namespace) -> int:
    """Print how fresh and how whole the data of a program are, as the overview does."""
    with opened(configuration(args)) as store:
        catalogue.require_program(store, args.program)
        found = health_of(store, args.program)
        version = store.data_version()
    if args.json:
        print_json({"program": args.program, "data_version": version, "health": found})
    else:
        print(plain(args.program))
        print(table(["data", "value"], _health_rows(found), right={1}))
    return FINE


def _health_rows(found: Health) -> list[list[str]]:
    share = found.unanswered_share
    rows = [
        ["latest record", NOTHING if found.last_day is None else found.last_day.isoformat()],
        ["responses", f"{found.responses:,d}"],
        ["complaints", f"{found.complaints:,d}"],
        ["batches", f"{found.batches:,d}"],
        ["rows read", f"{found.rows_read:,d}"],
        ["rows refused at import", f"{found.rows_refused:,d}"],
        [
            "responses without a headline answer",
            number(None if share is None else 100 * share, "percent"),
        ],
        ["months without answers", f"{len(found.empty_months)}"],
    ]
    named = ", ".join(f"{m // 100}-{m % 100:02d}" for m in found.empty_months)
    return [*rows, *([["", named]] if named else [])]
