"""The command that prints the satisfaction index, or defines it."""

from __future__ import annotations

import argparse
from typing import Any

from csat.cli.choosing import chosen_filters, compared, filters_json
from csat.cli.exits import FINE
from csat.cli.printing import VERDICTS, counted, headline, print_unweighted, withheld
from csat.cli.reading import text_of
from csat.cli.session import configuration, opened, writer
from csat.cli.text import NOTHING, number, plain, print_json, table
from csat.ingest.index_definitions import set_index, withdraw_index
from csat.ingest.index_presets import index_preset, index_presets
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.model.satisfaction_index import read_definition
from csat.model.settings import Thresholds
from csat.queries.facts import facts
from csat.queries.index_changes import IndexChange
from csat.queries.index_versions import IndexVersion
from csat.queries.satisfaction_index import IndexAnswer, IndexPart, satisfaction_index, year_of
from csat.store.store import Store


def index(args: argparse.Namespace) -> int:
    """Print the index exactly as the page shows it, after defining it where that is asked."""
    config = configuration(args)
    if args.year is not None and (args.first or args.last):
        raise UsageProblem(
            msg("--year and a period are both given"), msg("Leave --from and --to out")
        )
    with opened(config) as store:
        if args.define:
            _define(store, args)
        elif args.withdraw:
            withdraw_index(store, args.program, _year(args.year), writer(), args.reason)
        filters = _filters(store, args)
        answer = satisfaction_index(store, filters, config.thresholds, args.by)
        noted = facts(store, filters.program).unweighted
    if args.json:
        print_json(answer_json(answer, filters))
        return FINE
    _print(answer, filters, config.thresholds)
    print_unweighted(noted)
    return FINE


def _filters(store: Store, args: argparse.Namespace) -> Filters:
    filters = chosen_filters(store, args)
    changed = bool(args.define or args.withdraw)
    if args.year is not None and not changed:
        filters = year_of(filters, args.year)
        return filters if args.compare is None else filters.with_(compare=args.compare)
    return compared(store, filters, args.compare)


def _define(store: Store, args: argparse.Namespace) -> None:
    """Put the definition of a file, or a ready-made one, into force."""
    if args.define in {p.name for p in index_presets()}:
        year, definition = None, index_preset(args.define).definition()
    else:
        year, definition = read_definition(text_of(args.define))
    start = args.year if args.year is not None else year
    set_index(store, args.program, _year(start), definition, writer(), args.reason)


def _year(year: int | None) -> int:
    if year is None:
        raise UsageProblem(
            msg("The year from which the definition counts is missing"),
            msg("Give it with --year, or as 'year' in the file"),
        )
    return year


def answer_json(answer: IndexAnswer, filters: Filters) -> dict[str, Any]:
    """Return the index as printed: the page's figures, unrounded."""
    return {
        "filters": filters_json(filters),
        "data_version": answer.provenance.data_version,
        **counted(weighted=False),
        "definition": answer.definition.to_json() if answer.definition else None,
        "since": answer.since,
        "definitions_mixed": answer.mixed,
        "index": {
            **_figure_json(answer.figure),
            "partial": answer.partial,
            "left_out": answer.left_out,
            "note": str(answer.figure.note) if answer.figure.note else None,
        },
        "indicators": [part.to_json() for part in answer.parts],
        "history": [_figure_json(f) for f in answer.history],
        "changes": [change.to_json() for change in answer.changes],
        "versions": [_version_json(v) for v in answer.versions],
    }


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {
        "by": figure.by,
        "value": figure.value,
        "standard_error": figure.standard_error,
        "low": figure.low,
        "high": figure.high,
        "n": figure.n,
        "verdict": figure.verdict,
        "finished": figure.finished,
        "withheld": figure.withheld,
    }


def _version_json(version: IndexVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "year": version.year,
        "definition": version.definition.to_json() if version.definition else None,
        "reason": version.reason or None,
        "set_at": version.set_at.isoformat(),
        "set_by": version.set_by,
    }


def _print(answer: IndexAnswer, filters: Filters, limits: Thresholds) -> None:
    print(headline(filters))
    print(_headline(answer, limits))
    if answer.figure.note is not None:
        print(plain(str(answer.figure.note)))
    if answer.mixed:
        print("The period spans a change: every answer counts as its own year's definition says.")
    if answer.parts:
        head = ["indicator", "weight", "level", "adds", "at most", "n"]
        lines = [_part_line(p, limits) for p in answer.parts]
        print(table(head, lines, right={1, 2, 3, 4, 5}))
    if answer.history:
        head = ["period", "index", "SE", "95% interval", "n", "verdict"]
        lines = [_line(f, limits) for f in answer.history]
        print(table(head, lines, right={1, 2, 4}))
    for change in answer.changes:
        print(plain(_change_line(change)))
    for version in answer.versions:
        print(plain(_version_line(version)))


def _headline(answer: IndexAnswer, limits: Thresholds) -> str:
    figure = answer.figure
    if figure.withheld:
        return f"index withheld (n < {limits.withhold_under})"
    if figure.value is None:
        return f"index {NOTHING}"
    error = _error(figure)
    return (
        f"index {number(figure.value, 'index')}, standard error {error}, "
        f"95% {number(figure.low, 'index')} to {number(figure.high, 'index')}, "
        f"n {figure.n:,d} ({answer.partial or 0:,d} with answers missing, "
        f"{answer.left_out or 0:,d} left out); {VERDICTS[figure.verdict]}"
    )


def _part_line(part: IndexPart, limits: Thresholds) -> list[str]:
    name = f"{part.metric} (low is good)" if part.low_is_good else part.metric
    weight = f"{part.weight:.10g}%"
    if part.withheld:
        return [name, weight, withheld(limits), "", "", ""]
    return [
        name,
        weight,
        number(part.level, "index"),
        number(part.contribution, "index"),
        number(part.possible, "index"),
        f"{part.n or 0:,d}",
    ]


def _line(figure: Figure, limits: Thresholds) -> list[str]:
    if figure.withheld:
        hidden = withheld(limits)
        return [figure.by, hidden, "", "", "", VERDICTS[figure.verdict]]
    interval = ""
    if figure.low is not None:
        interval = f"{number(figure.low, 'index')} to {number(figure.high, 'index')}"
    return [
        figure.by,
        number(figure.value, "index"),
        _error(figure),
        interval,
        f"{figure.n or 0:,d}",
        VERDICTS[figure.verdict],
    ]


def _error(figure: Figure) -> str:
    return NOTHING if figure.standard_error is None else f"{figure.standard_error:.2f}"


def _change_line(change: IndexChange) -> str:
    if change.withheld or change.new is None or change.old is None:
        return f"{change.year}: new definition; the step is withheld or cannot be taken apart"
    told = (
        f"{change.year}: new definition; the same answers give {change.old.value:.1f} by the old "
        f"and {change.new.value:.1f} by the new one ({change.shift:+.1f} by the definition)"
    )
    if change.moved is None or change.step is None:
        return told
    return (
        f"{told}; of the step of {change.step:+.1f} since {change.year - 1}, customers made "
        f"{change.moved.difference:+.1f} ({change.moved.low:+.1f} to {change.moved.high:+.1f}): "
        f"{VERDICTS[change.told]}"
    )


def _version_line(version: IndexVersion) -> str:
    what = "taken back"
    if version.definition is not None:
        listed = ", ".join(f"{i.metric} {i.weight:.10g}" for i in version.definition.indicators)
        title = version.definition.title
        what = f"{title}: {listed}" if title else listed
    why = f" ({version.reason})" if version.reason else ""
    return f"from {version.year}, by {version.set_by} on {version.set_at:%Y-%m-%d}: {what}{why}"
