"""Commands that read: metrics and complaints."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, Final

from csat import __version__
from csat.cli import weighted_figures
from csat.cli.case_figures import figure_lines, figures_json
from csat.cli.choosing import chosen_filters, compared, filters_json, require_measured
from csat.cli.exits import FINE
from csat.cli.printing import VERDICTS, counted, headline, print_unweighted, withheld
from csat.cli.session import configuration, opened, reader
from csat.cli.text import NOTHING, number, plain, print_json, shorten, table
from csat.model.answer import Answer, Figure
from csat.model.category import PATH_SEPARATOR
from csat.model.conformance import Cell
from csat.model.metrics import Metric, metric
from csat.model.settings import Thresholds
from csat.queries import complaints as cases
from csat.queries.case_figures import case_figures
from csat.queries.conformance import require_shown
from csat.queries.facts import facts
from csat.queries.figures import evaluate


def metrics(args: argparse.Namespace) -> int:
    """Print figures exactly as the pages show them."""
    config = configuration(args)
    named = [k.strip() for part in args.metric for k in part.split(",")]
    keys = tuple(dict.fromkeys(named))
    chosen = [metric(k) for k in keys]
    if args.weighted:
        return weighted_figures.metrics(args, keys)
    with opened(config) as store:
        filters = chosen_filters(store, args)
        filters = compared(store, filters, args.compare)
        require_measured(store, filters.program, chosen)
        answer = evaluate(store, filters, keys, args.by, config.thresholds)
        noted = facts(store, filters.program).unweighted
    if args.json:
        print_json(_metrics_json(answer, chosen, explain=args.explain))
    else:
        _print_metrics(answer, config.thresholds, with_groups=args.by != "total")
        print_unweighted(noted if _of_answers(chosen) else None)
        if args.explain:
            _print_explanation(answer, chosen)
    return FINE


def _of_answers(chosen: Sequence[Metric]) -> bool:
    return any(m.subject == "survey" for m in chosen)


def _metrics_json(answer: Answer, chosen: Sequence[Metric], *, explain: bool) -> dict[str, Any]:
    out: dict[str, Any] = {
        "filters": filters_json(answer.provenance.filters),
        "data_version": answer.provenance.data_version,
        **counted(weighted=False if _of_answers(chosen) else None),
        "rows": [figure.to_json() for figure in answer.figures],
    }
    if explain:
        out["explain"] = _explanation(answer, chosen)
    return out


def _explanation(answer: Answer, chosen: Sequence[Metric]) -> dict[str, Any]:
    origin = answer.provenance
    return {
        "sentence": "; ".join(str(p) for p in origin.filters.sentence()),
        "definitions": {
            m.key: {
                "label": m.label.format(item=m.argument),
                "definition": m.definition,
                "formula": m.formula,
                "interval": m.interval,
                "test": m.test,
            }
            for m in chosen
        },
        "notes": [str(n) for n in (*_notes(answer), *answer.notes)],
        "exclusions": [str(e) for e in origin.exclusions],
        "batches": list(origin.batches),
        "reads": [{"sql": sql, "params": dict(params)} for sql, params in origin.reads],
        "version": __version__,
    }


def _notes(answer: Answer) -> list[str]:
    return [f"{f.metric}: {f.note}" for f in answer.figures if f.note is not None]


def _print_metrics(answer: Answer, limits: Thresholds, *, with_groups: bool) -> None:
    filters = answer.provenance.filters
    print(headline(filters))
    rows = [_metric_line(f, limits) for f in answer.figures]
    head = ["metric", "by", "value", "n", "95% interval", "verdict"]
    if not with_groups:
        head, rows = [head[0], *head[2:]], [[r[0], *r[2:]] for r in rows]
    shift = 1 if with_groups else 0
    print(table(head, rows, right={1 + shift, 2 + shift}))
    if any("!" in r[2 + shift] for r in rows):
        print(f"! fewer than {limits.caution_under} answers: read with caution")
    for note in _notes(answer):
        print(plain(note))


def _metric_line(figure: Figure, limits: Thresholds) -> list[str]:
    group = figure.by or "(not stated)"
    if figure.withheld:
        value = withheld(limits)
        return [figure.metric, group, value, "", "", VERDICTS[figure.verdict]]
    few = figure.unit != "count" and 0 < (figure.n or 0) < limits.caution_under
    interval = ""
    if figure.low is not None:
        upper = number(figure.high, figure.unit) if figure.high is not None else "open"
        interval = f"{number(figure.low, figure.unit)} to {upper}"
    return [
        figure.metric,
        group,
        number(figure.value, figure.unit),
        f"{figure.n or 0:,d}" + ("!" if few else ""),
        interval,
        VERDICTS[figure.verdict],
    ]


def _print_explanation(answer: Answer, chosen: Sequence[Metric]) -> None:
    told = _explanation(answer, chosen)
    print()
    for key, entry in told["definitions"].items():
        print(f"{key} - {entry['label']}. {entry['definition']}")
        print(f"  formula: {entry['formula']}")
        print(f"  interval: {entry['interval']}; test: {entry['test']}")
    for title, lines in (
        ("left out", told["exclusions"]),
        ("batches", told["batches"]),
        ("sql", [f"{r['sql']}  {r['params']}" for r in told["reads"]]),
    ):
        print(f"{title}:")
        print("\n".join(f"  {plain(line)}" for line in lines) or f"  {NOTHING}")
    print(f"data version {answer.provenance.data_version}, csat {__version__}")


_CASE_COLUMNS: Final = ("case_no", "received_at", "status", "severity", "category", "branch")


def complaints(args: argparse.Namespace) -> int:
    """List complaint cases."""
    config = configuration(args)
    with opened(config) as store:
        cell = Cell.of(args.conformance).code if args.conformance else ""
        filters = chosen_filters(store, args, search=args.search, conformance=cell)
        require_shown(store, filters, config.thresholds)
        page = cases.listing(
            store, filters, user=reader(config), limit=args.limit, offset=args.offset
        )
        found = case_figures(store, filters, config.thresholds)
        version = store.data_version()
    if args.json:
        print_json(
            {
                "filters": filters.to_query(),
                "data_version": version,
                "figures": figures_json(found),
                "total": page.total,
                "shown": page.shown,
                "rows": page.rows,
            }
        )
        return FINE
    print(headline(filters))
    print("\n".join(figure_lines(found)))
    print(f"Showing {page.shown:,d} of {page.total:,d} cases")
    if page.rows:
        head = ["case", "received", "status", "severity", "category", "branch"]
        print(table(head, [[_cell(row, c) for c in _CASE_COLUMNS] for row in page.rows]))
    return FINE


def _cell(row: dict[str, Any], column: str) -> str:
    value = row.get(column)
    if value is None:
        return NOTHING
    if column == "received_at":
        return f"{value:%Y-%m-%d %H:%M}"
    if column == "category" and row.get("category_2"):
        value = f"{value}{PATH_SEPARATOR}{row['category_2']}"
    return shorten(str(value), 60)
