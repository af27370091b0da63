"""Commands about whom the answers stand for: population margins, and weighted figures."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from csat.cli.choosing import chosen_filters, compared, filters_json
from csat.cli.exits import FINE
from csat.cli.hand_over import Line, do_or_ask
from csat.cli.printing import VERDICTS, headline, withheld
from csat.cli.session import configuration, opened, writer
from csat.cli.text import NOTHING, number, plain, print_json, table
from csat.ingest.margins import mapping_of_margins
from csat.model.filters import Filters
from csat.model.metrics import metric
from csat.model.naming import program_key
from csat.model.settings import Config, Thresholds
from csat.queries.facts import facts
from csat.queries.population import margins as margins_of
from csat.queries.raked import Weighting
from csat.queries.reader import Reader
from csat.queries.representation import Representation, representation
from csat.queries.shares import GroupShare, KindShares
from csat.queries.weighted import HEADLINES, WeightedFigure, unweighted_metric, weighted
from csat.stats.raking import TRIM
from csat.store.store import Store
from csat.upkeep.loading import carry_out, read_source
from csat.upkeep.orders import ImportOrder, Outcome


def margins(args: argparse.Namespace) -> int:
    """Load a file of population margins, or list those in force."""
    config = configuration(args)
    outcome = _load(config, args) if args.file else None
    if outcome is not None and outcome.accepted == 0:
        for row in outcome.refused:
            print(plain(f"row {row['row']}, {row['column']}: '{row['value']}' {row['reason']}"))
        raise outcome.nothing_fits()
    with opened(config) as store:
        rows = _in_force(store, args.program)
    if args.json:
        print_json({"batch": outcome.batch if outcome else None, "rows": rows})
        return FINE
    if outcome is not None:
        print(f"Loaded as batch {outcome.batch}; take it back with: csat undo {outcome.batch}")
    head = ["kind", "group", "people", "share", "invited", "months", "file"]
    lines = [
        [
            row["kind"],
            row["group"],
            f"{row['people']:,g}",
            f"{row['share']:.1f}%",
            "" if row["invited"] is None else f"{row['invited']:,d}",
            f"{row['months']}" if row["months"] else "any",
            row["file"],
        ]
        for row in rows
    ]
    print(table(head, lines, right={2, 3, 4, 5}) if rows else "There are no population margins.")
    return FINE


def _load(config: Config, args: argparse.Namespace) -> Outcome:
    path = Path(args.file)
    order = ImportOrder(str(path), path.name, program_key(args.program))
    source = read_source(order, config.max_upload_mb)
    mapping = mapping_of_margins(source.reading.columns)
    order = ImportOrder(
        str(path),
        path.name,
        program_key(args.program),
        mapping_json=mapping.to_json(),
        mapping_name=mapping.name,
    )

    def here(store: Store) -> dict[str, Any]:
        done = carry_out(store, order, source, writer(), timezone=config.timezone, progress=Line())
        return asdict(done)

    told = {**order.to_json(), "path": ""}
    return Outcome(**do_or_ask(config, here, "import", told, create=True, file=path))


def _in_force(store: Store, program: str) -> list[dict[str, Any]]:
    filters = Filters(program)
    found = margins_of(Reader(store, facts(store, program)), filters)
    return [
        {
            "kind": margin.kind,
            "group": group,
            "people": people,
            "share": 100.0 * margin.share(group),
            "invited": margin.invited.get(group),
            "months": len(margin.months),
            "file": margin.file,
        }
        for margin in found
        for group, people in margin.people.items()
    ]


def weighting(args: argparse.Namespace) -> int:
    """Print who answered against who was served, and figures with and without weights."""
    config = configuration(args)
    with opened(config) as store:
        filters = compared(store, chosen_filters(store, args), args.compare)
        told = representation(store, filters, config.thresholds)
        keys = tuple(args.metric or HEADLINES)
        answer = weighted(store, filters, [metric(k).key for k in keys], config.thresholds)
        designed = facts(store, filters.program).designed
    shown = {f.plain.metric for f in answer.figures}
    left = [key for key in keys if args.metric and key not in shown]
    if args.json:
        print_json(
            {
                "filters": filters_json(filters),
                "data_version": answer.provenance.data_version,
                "weights_known": designed,
                "weighting": told.weighting.to_json() if told.weighting else None,
                "figures": [f.to_json() for f in answer.figures],
                "kinds": [kind.to_json() for kind in told.kinds],
                "unweighted": left,
                "notes": [str(note) for note in told.notes],
            }
        )
        return FINE
    print(headline(filters))
    if not designed:
        print("No weights: no file holds any, and there are no population margins.")
    _print_weighting(told)
    head = ["", "unweighted", "95% interval", "weighted", "95% interval", "n", "eff. n", ""]
    lines = [_line(f, config.thresholds) for f in answer.figures]
    print(table(head, lines, right={1, 3, 5, 6}))
    for key in left:
        print(plain(f"{key}: {unweighted_metric(metric(key))}"))
    for kind in told.kinds:
        _print_kind(kind, config.thresholds)
    return FINE


def _print_weighting(told: Representation) -> None:
    found: Weighting | None = told.weighting
    if found is not None and found.kish.deff is not None:
        to = ", ".join(found.kinds) or "the weights of the file"
        print(
            f"weighted by {to}: {found.respondents:,d} answers say as much as "
            f"{found.kish.n_effective:,.0f} (design effect {found.kish.deff:.2f})"
        )
        if found.kish.costly:
            print("! the weights cost more than half of the answers")
        if found.trimmed:
            print(f"weights of {found.trimmed} answers were cut at {TRIM:g} times the mean")
        if not found.converged:
            print(f"! the margins are missed by up to {100 * found.worst_miss:.2g}%")
        for kind, group in found.empty:
            print(plain(f"! nobody answered of {kind} {group}: its share went to the others"))
        for kind, group in found.unknown:
            print(plain(f"- {kind} '{group}' is not in the margins: it keeps its share"))
    for note in told.notes:
        print(plain(str(note)))


def _line(figure: WeightedFigure, limits: Thresholds) -> list[str]:
    old, new = figure.plain, figure.weighted
    if new.withheld:
        return [old.metric, withheld(limits), *[""] * 6]
    cells = [old.metric]
    for f in (old, new):
        ends = f"{number(f.low, f.unit)} to {number(f.high, f.unit)}"
        cells += [number(f.value, f.unit), "" if f.low is None else ends]
    effective = NOTHING if figure.effective_n is None else f"{figure.effective_n:,.0f}"
    return [*cells, f"{old.n or 0:,d}", effective, VERDICTS[new.verdict]]


def _print_kind(kind: KindShares, limits: Thresholds) -> None:
    print()
    distance = "" if kind.distance is None else f": {kind.distance:.1f}% of answers misplaced"
    r = "" if kind.r is None else f", R-indicator {kind.r:.2f}"
    print(plain(f"{kind.kind} against {kind.file or kind.source}{distance}{r}"))
    head = [kind.kind, "answers", "served", "difference", "weight", "response rate"]
    print(table(head, [_share(row, limits) for row in kind.rows], right={1, 2, 3, 4, 5}))
    for note in kind.notes:
        print(plain(str(note)))


def _share(row: GroupShare, limits: Thresholds) -> list[str]:
    if row.withheld:
        hidden = withheld(limits)
        return [row.group, hidden, f"{row.served:.1f}%", "", "", ""]
    return [
        row.group,
        "" if row.share is None else f"{row.share:.1f}%",
        f"{row.served:.1f}%",
        "" if row.difference is None else f"{row.difference:+.1f}",
        "" if row.weight is None else f"{row.weight:.2f}",
        "" if row.rate is None else f"{row.rate:.1f}%",
    ]
