"""Commands that read what raters saw, what they found, and what experts weigh."""

from __future__ import annotations

import argparse
from datetime import date

from csat.cli.choosing import chosen_filters, filters_json
from csat.cli.exits import FINE
from csat.cli.printing import counted, headline, print_unweighted
from csat.cli.session import configuration, opened, reader
from csat.cli.text import NOTHING, plain, print_json, shorten, table
from csat.model.filters import Filters, parse_day
from csat.model.raters import METHODS
from csat.queries.expert_weights import ExpertAnswer, expert_weights
from csat.queries.facts import facts
from csat.queries.findings import STATES, Finding
from csat.queries.findings import findings as findings_of
from csat.queries.rater_contrast import Beside
from csat.queries.raters import RaterAnswer, ScoreRow
from csat.queries.raters import raters as raters_of

_VERDICTS = {
    "higher": "raters higher",
    "lower": "raters lower",
    "no_clear_difference": "no clear difference",
    "too_few": "too few visits",
    "withheld": "withheld",
}


def raters(args: argparse.Namespace) -> int:
    """Print what raters saw exactly as the page shows it."""
    config = configuration(args)
    with opened(config) as store:
        filters = chosen_filters(store, args)
        answer = raters_of(store, filters, config.thresholds, reader(config))
        noted = facts(store, filters.program).unweighted
    if args.json:
        print_json(
            {
                "filters": filters_json(filters),
                "data_version": answer.provenance.data_version,
                "grades": {
                    "own": answer.grades.own,
                    "bands": [
                        {"from": floor, "grade": name} for floor, name in answer.grades.bands
                    ],
                    "critical_cap": answer.grades.cap,
                },
                "rated_against": [
                    {"organisation": who or None, "standard": what or None}
                    for who, what in answer.against
                ],
                **(counted(weighted=False) if answer.beside else {}),
                "notes": [str(n) for n in answer.notes],
                "scores": [s.to_json() for s in answer.scores],
                "agreement": [a.to_json() for a in answer.agreements],
                "beside": [b.to_json() for b in answer.beside],
                "visits": [v.to_json() for v in answer.visits],
            }
        )
        return FINE
    _print_raters(filters, answer)
    print_unweighted(noted if answer.beside else None)
    return FINE


def _print_raters(filters: Filters, answer: RaterAnswer) -> None:
    print(headline(filters))
    if not answer.scores:
        print("No visits were rated here; 'csat instruments mystery-shopper' writes a form.")
        return
    head = ["rated by", "of", "", "visits", "score", "95% interval", "critical fails", "grade"]
    print(table(head, [_score_line(s) for s in answer.scores], right={3, 4, 6}))
    for found in answer.agreements:
        told = f"{_method(found.method)}: {found.visits:,d} visits rated twice"
        if found.icc is not None:
            told += f", ICC {found.icc.value:.2f} ({_span(found.icc.low, found.icc.high, 2)})"
        if found.alpha is not None:
            told += f", Krippendorff's alpha {found.alpha.value:.2f} "
            told += f"({_span(found.alpha.low, found.alpha.high, 2)}): {found.firmness}"
        print(told)
    if answer.beside:
        head = ["rated by", "dimension", "raters", "beside", "score", "difference", "95% interval"]
        lines = [_beside_line(b) for b in answer.beside]
        print(table([*head, "verdict"], lines, right={2, 4, 5}))
    for note in answer.notes:
        print(plain(str(note)))


def _score_line(row: ScoreRow) -> list[str]:
    return [
        _method(row.method),
        row.by,
        row.group,
        f"{row.score.visits:,d}",
        f"{row.score.mean:.1f}",
        _span(row.score.low, row.score.high, 1),
        "" if row.critical is None else f"{row.critical:,d}",
        row.grade or "",
    ]


def _beside_line(row: Beside) -> list[str]:
    return [
        _method(row.method),
        row.dimension,
        f"{row.raters.mean:.1f}",
        METHODS.get(row.reference, row.reference),
        NOTHING if row.other is None else f"{row.other:.1f}",
        NOTHING if row.difference is None else f"{row.difference:+.1f}",
        _span(row.low, row.high, 1),
        _VERDICTS[row.verdict],
    ]


def _method(method: str) -> str:
    return METHODS.get(method, "not stated")


def _span(low: float | None, high: float | None, places: int) -> str:
    if low is None or high is None:
        return NOTHING
    return f"{low:.{places}f} to {high:.{places}f}"


def findings(args: argparse.Namespace) -> int:
    """List the findings exactly as the page does."""
    config = configuration(args)
    on = parse_day(args.on) if args.on else date.today()
    with opened(config) as store:
        filters = chosen_filters(store, args)
        answer = findings_of(store, filters, on, reader(config))
    if args.json:
        print_json(
            {
                "filters": filters_json(filters),
                "data_version": answer.provenance.data_version,
                "on": on,
                "counts": {state: answer.count(state) for state in STATES},
                "findings": [
                    {
                        **f.to_json(),
                        "before": [b.to_json() for b in answer.history[f.finding_no][1:]],
                    }
                    for f in answer.findings
                ],
            }
        )
        return FINE
    print(", ".join(f"{answer.count(state)} {state}" for state in STATES))
    head = ["no.", "state", "severity", "due", "owner", "where", "finding"]
    print(table(head, [_finding_line(f) for f in answer.findings]))
    return FINE


def _finding_line(f: Finding) -> list[str]:
    state = f"overdue {f.overdue_days} d" if f.overdue_days else f.state
    due = "" if f.due_on is None else f.due_on.isoformat()
    return [f.finding_no, state, f.severity, due, f.owner, f.branch, shorten(f.finding, 60)]


def ahp(args: argparse.Namespace) -> int:
    """Print the experts' weights exactly as the page shows them."""
    config = configuration(args)
    with opened(config) as store:
        answer = expert_weights(store, Filters(args.program), reader(config))
    if args.json:
        print_json({"program": args.program, **answer.to_json()})
        return FINE
    _print_experts(answer)
    return FINE


def _print_experts(answer: ExpertAnswer) -> None:
    if not answer.experts:
        print("No expert has compared anything; 'csat instruments comparisons' writes a form.")
        return
    head = ["expert", *answer.indicators, "ratio", ""]
    lines = []
    for e in answer.experts:
        if e.found is None:
            lines.append(
                [e.name, *[NOTHING] * len(answer.indicators), NOTHING, _lacking(e.missing)]
            )
            continue
        ratio = e.found.consistency_ratio
        told = "" if e.counts else "contradicts itself: to be compared again"
        shares = [f"{100 * w:.1f}%" for w in e.found.weights]
        lines.append([e.name, *shares, NOTHING if ratio is None else f"{ratio:.2f}", told])
    if answer.joint is not None:
        shares = [f"{100 * w:.1f}%" for w in answer.joint.weights]
        lines.append(["together", *shares, "", f"{answer.counted} experts"])
    print(table(head, lines, right=set(range(1, len(answer.indicators) + 2))))


def _lacking(missing: tuple[tuple[str, str], ...]) -> str:
    shown = ", ".join(f"{a}-{b}" for a, b in missing[:3])
    return f"{len(missing)} pairs missing: {shown}{' ...' if len(missing) > 3 else ''}"
