"""Commands that read: what punishes and rewards, of dimensions and of single features."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from csat.cli.printing import asked, told, withheld
from csat.cli.text import NOTHING, plain, shorten, table
from csat.model.settings import Thresholds
from csat.queries.kano import Feature, KanoAnswer, kano_features
from csat.queries.penalty_reward import PenaltyRewardAnswer
from csat.queries.penalty_reward import penalty_reward as effects_of
from csat.stats.answering import Share
from csat.stats.kano import CLASSES
from csat.stats.penalty_reward import Asymmetry, Effect


def kano(args: argparse.Namespace) -> int:
    """Print the class of each feature exactly as the page shows it."""
    found = asked(args, kano_features)
    document = {"note": found.answer.note, "rows": [r.to_json() for r in found.answer.rows]}
    return told(args, found, document, _features(found.answer, found.limits), weighted=False)


def _features(answer: KanoAnswer, limits: Thresholds) -> Iterator[str]:
    if answer.note is not None:
        yield plain(str(answer.note))
        return
    head = ["feature", "class", "better", "worse", *CLASSES, "n"]
    lines = [_feature(row, withheld(limits)) for row in answer.rows]
    yield table(head, lines, right=set(range(2, len(head))))
    yield "M must-be, O the more the better, A delight, I indifferent, R unwanted, Q contradictory"
    if any("?" in line[1] for line in lines):
        yield "? two classes are too close to tell apart"


def _feature(row: Feature, hidden: str) -> list[str]:
    name, k = shorten(row.wording or row.key, 50), row.found
    if k is None:
        return [name, hidden, *[""] * (3 + len(CLASSES))]
    judged = NOTHING if k.decided is None else k.decided + ("" if k.clear else "?")
    counts = [f"{k.counts[c]:,d}" for c in CLASSES]
    return [name, judged, _signed(k.better, 1), _signed(k.worse, -1), *counts, f"{k.n:,d}"]


def _signed(share: Share, sign: int) -> str:
    if share.share is None or share.low is None or share.high is None:
        return NOTHING
    low, high = sorted((sign * 100 * share.low, sign * 100 * share.high))
    return f"{sign * 100 * share.share:.0f}% ({low:.0f} to {high:.0f})"


def penalty_reward(args: argparse.Namespace) -> int:
    """Print what low and high ratings do to satisfaction exactly as the page shows it."""
    found = asked(args, effects_of)
    answer = found.answer
    document = {
        "outcome": "csat",
        "predictors": answer.predictors,
        "n": answer.n,
        "r2": answer.r_squared,
        "intercept": answer.intercept,
        "note": answer.note,
        "notes": answer.notes,
        "rows": answer.to_json(),
    }
    return told(args, found, document, _dimensions(answer), weighted=False)


def _dimensions(answer: PenaltyRewardAnswer) -> Iterator[str]:
    if answer.note is not None:
        yield plain(str(answer.note))
        return
    head = ["dimension", "low rating", "n", "high rating", "n", "span", "asymmetry", "kind"]
    yield table(head, [_dimension(row, answer) for row in answer.rows], right={1, 2, 3, 4, 5, 6})
    yield f"points of overall satisfaction; R2 {answer.r_squared:.2f}, n {answer.n:,d}"
    shared = len(set(answer.bands.values())) == 1
    for name, (low, high) in list(answer.bands.items())[: 1 if shared else None]:
        of = " of the scale" if name in answer.rescaled else ""
        begin = "" if shared else f"{name}: "
        yield f"{begin}low is up to {low:.3g}{of}, high from {high:.3g}{of}"
    yield from (plain(str(note)) for note in answer.notes)
    yield "Association, not cause."


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
