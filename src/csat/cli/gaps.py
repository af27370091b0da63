"""The command that prints the five gaps."""

from __future__ import annotations

import argparse

from csat.cli.choosing import chosen_filters, filters_json
from csat.cli.exits import FINE
from csat.cli.printing import counted, print_unweighted
from csat.cli.session import configuration, opened
from csat.cli.text import NOTHING, number, plain, print_json, table
from csat.model.settings import Thresholds
from csat.queries.attained import Attained
from csat.queries.believed_importance import BelievedImportance, Share
from csat.queries.facts import facts
from csat.queries.gap_rows import GAP_LABELS, GapAnswer, GapRow
from csat.queries.gaps import gaps as gaps_of

_VERDICTS = {
    "worse": "falls short",
    "better": "exceeds",
    "no_clear_change": "no clear gap",
    "too_few": "too few answers",
    "not_compared": NOTHING,
}

_IMPORTANCE = {
    "underrated": "managers underrate it",
    "overrated": "managers overrate it",
    "no_clear_change": "no clear difference",
}

_STANDARDS = ("code", "dimension", "touchpoint", "standard", "is", "95% interval", "n", "state")


def gaps(args: argparse.Namespace) -> int:
    """Print the five gaps exactly as the page shows them."""
    config = configuration(args)
    with opened(config) as store:
        filters = chosen_filters(store, args)
        answer = gaps_of(store, filters, config.thresholds)
        noted = facts(store, filters.program).unweighted
    if args.json:
        print_json(
            {
                "filters": filters_json(filters),
                "data_version": answer.provenance.data_version,
                **counted(weighted=False),
                "notes": [str(n) for n in answer.notes],
                "rows": [row.to_json() for row in answer.rows],
                "largest": [_largest(answer, name) for name in (None, *answer.dimensions)],
                "ways": [way.to_json() for way in answer.ways],
                "importance": answer.importance.to_json(),
                "causes": [cause.to_json() for cause in answer.causes],
                "records": None if answer.records is None else answer.records.to_json(),
            }
        )
        return FINE
    print(plain("; ".join([filters.program, *(str(p) for p in filters.sentence())])))
    head = ["", "dimension", "source", "gap", "95% interval", "n", "of", "verdict"]
    lines = [_line(row, config.thresholds) for row in answer.rows]
    print(table(head, lines, right={3, 5, 6}))
    if answer.records is not None and answer.records.attained:
        print(table(_STANDARDS, [_standard(a) for a in answer.records.attained], right={3, 4, 6}))
    _print_importance(answer.importance)
    for name in answer.dimensions:
        found = answer.largest(name)
        if found is not None:
            close = "; ".join(GAP_LABELS[r.gap] for r in answer.close_to_largest(name))
            also = f"; not clearly less: {close}" if close else ""
            print(f"largest internal gap of {plain(name)}: {GAP_LABELS[found.gap]}{also}")
    for note in answer.notes:
        print(plain(str(note)))
    print_unweighted(noted)
    return FINE


def _print_importance(found: BelievedImportance) -> None:
    if not found.rows:
        print(f"importance as managers believe: {found.needs}")
        return
    head = ["100 points", "managers", "95% interval", "customers", "95% interval", "difference"]
    lines = [
        [
            r.dimension,
            *(text for share in (r.managers, r.customers, r.difference) for text in _share(share)),
            _IMPORTANCE.get(r.verdict, _VERDICTS.get(r.verdict, NOTHING)),
        ]
        for r in found.rows
    ]
    print(table([*head, "95% interval", "verdict"], lines, right={1, 3, 5}))
    print(f"managers n {found.managers:,d}, customers n {found.customers:,d}")
    for who, first in (("managers", found.managers_first), ("customers", found.customers_first)):
        print(f"matters most to customers, {who} say: {plain(', '.join(first))}")


def _share(share: Share) -> list[str]:
    interval = NOTHING
    if share.low is not None and share.high is not None:
        interval = f"{share.low:.1f} to {share.high:.1f}"
    return [f"{share.value:.1f}", interval]


def _largest(answer: GapAnswer, name: str | None) -> dict[str, object]:
    found = answer.largest(name)
    measured = found.measured if found is not None else None
    return {
        "dimension": name,
        "gap": None if found is None else found.gap,
        "value": None if measured is None else measured.value,
        "not_clearly_less": [row.gap for row in answer.close_to_largest(name)],
    }


def _line(row: GapRow, limits: Thresholds) -> list[str]:
    start = [GAP_LABELS[row.gap], row.dimension or "all", row.source]
    found = row.measured
    if found is None:
        return [*start, NOTHING, "", "", "", str(row.needs or "")]
    if row.withheld:
        return [*start, NOTHING, "", "", "", f"withheld (n < {limits.withhold_under})"]
    interval = ""
    if found.low is not None:
        interval = f"{number(found.low, row.unit)} to {number(found.high, row.unit)}"
    return [
        *start,
        number(found.value, row.unit),
        interval,
        f"{found.n:,d}",
        "" if found.n_reference is None else f"{found.n_reference:,d}",
        "; ".join([_VERDICTS[found.verdict], *([str(row.detail)] if row.detail else [])]),
    ]


def _standard(found: Attained) -> list[str]:
    s = found.standard
    level = "" if s.target is None else f"{s.direction} {s.target:g}"
    interval = ""
    if found.low is not None and found.high is not None:
        interval = f"{found.low:.2f} to {found.high:.2f}"
    return [
        s.code,
        s.dimension,
        s.touchpoint or "all",
        f"{s.metric} {s.statistic} {level}".replace("  ", " "),
        NOTHING if found.value is None else f"{found.value:.2f}",
        interval,
        "" if found.n is None else f"{found.n:,d}",
        "; ".join(
            filter(None, [found.state, "stale" if found.stale else "", str(found.needs or "")])
        ),
    ]
