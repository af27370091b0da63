"""Commands that read: what punishes and rewards, of dimensions and of single features."""

from __future__ import annotations

import argparse

from csat.cli.choosing import chosen_filters, filters_json
from csat.cli.exits import FINE
from csat.cli.session import configuration, opened
from csat.cli.text import NOTHING, plain, print_json, shorten, table
from csat.queries.kano import Feature, kano_features
from csat.queries.penalty_reward import PenaltyRewardAnswer
from csat.queries.penalty_reward import penalty_reward as effects_of
from csat.stats.answering import Share
from csat.stats.kano import CLASSES
from csat.stats.penalty_reward import Asymmetry, Effect


def kano(args: argparse.Namespace) -> int:
    """Print the class of each feature exactly as the page shows it."""
    config = configuration(args)
    with opened(config) as store:
        filters = chosen_filters(store, args)
        answer = kano_features(store, filters, config.thresholds)
    if args.json:
        print_json(
            {
                "filters": filters_json(filters),
                "data_version": answer.provenance.data_version,
                "note": str(answer.note) if answer.note else None,
                "rows": [row.to_json() for row in answer.rows],
            }
        )
        return FINE
    print(plain("; ".join([filters.program, *(str(p) for p in filters.sentence())])))
    if answer.note is not None:
        print(plain(str(answer.note)))
        return FINE
    head = ["feature", "class", "better", "worse", *CLASSES, "n"]
    hidden = f"withheld (n < {config.thresholds.withhold_under})"
    lines = [_feature(row, hidden) for row in answer.rows]
    print(table(head, lines, right=set(range(2, len(head)))))
    print("M must-be, O the more the better, A delight, I indifferent, R unwanted, Q contradictory")
    if any("?" in line[1] for line in lines):
        print("? two classes are too close to tell apart")
    return FINE


def _feature(row: Feature, hidden: str) -> list[str]:
    name, k = shorten(row.wording or row.key, 50), row.found
    if k is None:
        return [name, hidden, *[""] * (3 + len(CLASSES))]
    judged = NOTHING if k.decided is None else k.decided + ("" if k.clear else "?")
    counts = [f"{k.counts[c]:,d}" for c in CLASSES]
    return [name, judged, _percent(k.better, 1), _percent(k.worse, -1), *counts, f"{k.n:,d}"]


def _percent(share: Share, sign: int) -> str:
    if share.share is None or share.low is None or share.high is None:
        return NOTHING
    low, high = sorted((sign * 100 * share.low, sign * 100 * share.high))
    return f"{sign * 100 * share.share:.0f}% ({low:.0f} to {high:.0f})"


def penalty_reward(args: argparse.Namespace) -> int:
    """Print what low and high ratings do to satisfaction exactly as the page shows it."""
    config = configuration(args)
    with opened(config) as store:
        filters = chosen_filters(store, args)
        answer = effects_of(store, filters, config.thresholds)
    if args.json:
        print_json(
            {
                "filters": filters_json(filters),
                "data_version": answer.provenance.data_version,
                "outcome": "csat",
                "predictors": answer.predictors,
                "n": answer.n,
                "r2": answer.r_squared,
                "intercept": answer.intercept,
                "note": str(answer.note) if answer.note else None,
                "rows": answer.to_json(),
            }
        )
        return FINE
    print(plain("; ".join([filters.program, *(str(p) for p in filters.sentence())])))
    if answer.note is not None:
        print(plain(str(answer.note)))
        return FINE
    head = ["dimension", "low rating", "n", "high rating", "n", "span", "asymmetry", "kind"]
    lines = [_dimension(row, answer) for row in answer.rows]
    print(table(head, lines, right={1, 2, 3, 4, 5, 6}))
    print(f"points of overall satisfaction; R2 {answer.r_squared:.2f}, n {answer.n:,d}")
    shared = len(set(answer.bands.values())) == 1
    for name, (low, high) in list(answer.bands.items())[: 1 if shared else None]:
        print(f"{'' if shared else f'{name}: '}low is up to {low:g}, high from {high:g}")
    print("Association, not cause.")
    return FINE


def _dimension(row: Asymmetry, answer: PenaltyRewardAnswer) -> list[str]:
    return [
        row.name,
        *_effect(row.penalty, answer),
        *_effect(row.reward, answer),
        NOTHING if row.span is None else f"{row.span:.2f}",
        NOTHING if row.asymmetry is None else f"{row.asymmetry:+.2f}",
        row.role,
    ]


def _effect(effect: Effect, answer: PenaltyRewardAnswer) -> list[str]:
    size = answer.size(effect)
    base = "withheld" if size is None else f"{size:,d}"
    if effect.points is None:
        return [NOTHING, base]
    return [f"{effect.points:+.2f} ({effect.low:+.2f} to {effect.high:+.2f})", base]
