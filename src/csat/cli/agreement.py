"""Command on where complaints and scores agree: agreement."""

from __future__ import annotations

import argparse
from typing import Any, Final

from csat.cli.choosing import chosen_filters, filters_json
from csat.cli.exits import FINE
from csat.cli.printing import counted, headline, print_unweighted
from csat.cli.reading import text_of
from csat.cli.session import configuration, opened, writer
from csat.cli.text import NOTHING, number, plain, print_json, table
from csat.queries.agreement import Agreement, ThemeRow, agreement
from csat.queries.facts import facts

FINDINGS: Final = {
    "both": "both: many complaints, low score",
    "complaints_only": "complaints only: score is fine",
    "silent": "silent: low score, few complain",
    "fine": "fine on both sides",
    "unknown": "not known",
}
_HEAD: Final = ("theme", "dimension", "complaints", "share", "per 1,000", "score", "against others",
                "finding")  # fmt: skip


def agreed(args: argparse.Namespace) -> int:
    """Show where complaints and scores agree, after setting the tree where a file is given."""
    config = configuration(args)
    with opened(config) as store:
        if args.file:
            from csat.ingest.cause_tree import set_cause_tree

            set_cause_tree(store, args.program, text_of(args.file), writer())
        filters = chosen_filters(store, args)
        found = agreement(store, filters, config.thresholds)
        version, noted = store.data_version(), facts(store, filters.program).unweighted
    if args.json:
        print_json({"filters": filters_json(filters), "data_version": version, **_json(found)})
        return FINE
    print(headline(filters))
    if found.rows:
        print(table(_HEAD, [_line(row) for row in found.rows], right={2, 3, 4, 5, 6}))
    if found.unplaced:
        print(f"{found.unplaced:,d} complaints belong to no theme")
    for name in found.missing:
        print(plain(f"not in the data: {name}"))
    if found.note is not None:
        print(plain(str(found.note)))
    print_unweighted(noted if found.rows else None)
    return FINE


def _json(found: Agreement) -> dict[str, Any]:
    return {
        **counted(weighted=False),
        "placed": found.placed,
        "unplaced": found.unplaced,
        "missing": list(found.missing),
        "note": str(found.note) if found.note is not None else None,
        "rows": [_row_json(row) for row in found.rows],
    }


def _row_json(row: ThemeRow) -> dict[str, Any]:
    complaints, score = row.complaints, row.score
    return {
        "theme": row.theme.key,
        "title": row.theme.title,
        "dimension": row.theme.dimension,
        "finding": row.finding,
        "complaints": {
            "count": complaints.count,
            "share": complaints.share,
            "low": complaints.low,
            "high": complaints.high,
            "p_value": complaints.p_value,
            "side": complaints.side,
            "per_1000": row.rate,
            "per_1000_low": row.rate_low,
            "per_1000_high": row.rate_high,
        },
        "score": {
            "n": None if row.withheld else score.n,
            "mean": score.mean,
            "low": score.low,
            "high": score.high,
            "difference": score.difference,
            "difference_low": score.difference_low,
            "difference_high": score.difference_high,
            "p_value": score.p_value,
            "side": score.side,
            "whole_dimension": row.whole_dimension,
            "withheld": row.withheld,
        },
    }


def _line(row: ThemeRow) -> list[str]:
    complaints, score = row.complaints, row.score
    share = NOTHING if complaints.share is None else number(100 * complaints.share, "percent")
    return [
        row.theme.key,
        row.theme.dimension,
        f"{complaints.count:,d}",
        share,
        NOTHING if row.rate is None else f"{row.rate:.2f}",
        "withheld" if row.withheld else NOTHING if score.mean is None else f"{score.mean:.1f}",
        NOTHING if score.difference is None else f"{score.difference:+.1f}",
        FINDINGS[row.finding],
    ]
