"""How often control charts and "what changed" cry wolf, and how soon they see a real change.

``python bench/false_signals.py [--series 1000] [--seeds 100] [--out docs/control-charts.md]``

Three parts: series in control through the product's own charts; shifts planted after the
baseline, held against run lengths computed exactly; whole programs without planted effects.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

import numpy as np  # noqa: E402 (found without installing)
from scipy import special  # noqa: E402

from csat.model.answer import Figure  # noqa: E402
from csat.model.control import ControlAnswer  # noqa: E402
from csat.model.filters import Filters  # noqa: E402
from csat.model.metrics import metric  # noqa: E402
from csat.model.people import LOCAL_USER  # noqa: E402
from csat.model.period import Period, bucket_label, shift_month  # noqa: E402
from csat.queries.charted import BASELINE, FALSE_PER_100, SeriesOf, chart_series  # noqa: E402
from csat.queries.movers import movers  # noqa: E402
from csat.queries.survival_tally import SurvivalTally  # noqa: E402
from csat.queries.tally import (  # noqa: E402
    CountTally,
    NpsTally,
    RatingTally,
    ShareTally,
    Tally,
)
from csat.sample.generate import generate  # noqa: E402
from csat.sample_program import PROGRAM, load_files  # noqa: E402
from csat.store.store import Store  # noqa: E402

MONTHS = 36
SHIFTED = 60
SHIFTS = (1.0, 1.5, 2.0, 3.0)
NOISE_PERIOD = Period(date(2026, 7, 1), date(2026, 9, 30))

Chance = np.random.Generator
Draw = Callable[[Chance, int, float], list[Tally]]


def shares(chance: Chance, size: int, shift: float) -> list[Tally]:
    n = chance.integers(80, 240, size)
    p = 0.7 - _late(size, shift) * np.sqrt(0.7 * 0.3 / n)
    return [ShareTally(int(x), int(k)) for x, k in zip(chance.binomial(n, p), n, strict=True)]


def counts(chance: Chance, size: int, shift: float) -> list[Tally]:
    rate = 60 + _late(size, shift) * np.sqrt(60)
    return [CountTally(int(x), 30) for x in chance.poisson(rate)]


def ratings(chance: Chance, size: int, shift: float) -> list[Tally]:
    out: list[Tally] = []
    weights = np.array([0.05, 0.1, 0.2, 0.4, 0.25])
    for late in _late(size, shift):
        n = int(chance.integers(80, 240))
        rated = np.bincount(chance.choice(5, n, p=weights), minlength=5)
        move = round(late * 1.08 * np.sqrt(n))  # answers moved down by one box
        for box in (4, 3, 2):
            taken = min(move, int(rated[box]))
            rated[box] -= taken
            rated[box - 1] += taken
            move -= taken
        out.append(RatingTally(tuple((i + 1, int(c)) for i, c in enumerate(rated) if c), (1, 5)))
    return out


def promoters(chance: Chance, size: int, shift: float) -> list[Tally]:
    out: list[Tally] = []
    for late in _late(size, shift):
        n = int(chance.integers(80, 240))
        move = late * 0.77 / np.sqrt(n) / 2
        p = np.clip([0.45 - move, 0.3, 0.25 + move], 0, 1)
        out.append(NpsTally(*(int(x) for x in chance.multinomial(n, p / p.sum()))))
    return out


def medians(chance: Chance, size: int, shift: float) -> list[Tally]:
    out: list[Tally] = []
    for late in _late(size, shift):
        centre = 11.0 + late * 1.2 * 1.2533 / np.sqrt(40)
        seconds = np.sort(np.exp(chance.normal(centre, 1.2, 40))).astype(np.int64)
        ended = np.ones(40, dtype=np.int64)
        out.append(SurvivalTally((seconds,), (ended,), (np.zeros(40, dtype=np.int64),)))
    return out


def _late(size: int, shift: float) -> np.ndarray:
    """Return the shift in sigmas: none in the baseline, all of it afterwards."""
    late = np.zeros(size)
    late[BASELINE["month"] :] = shift
    return late


FAMILIES: dict[str, tuple[str, Draw]] = {
    "share (p)": ("csat_top_box", shares),
    "count (u)": ("complaints_received", counts),
    "mean": ("csat_mean", ratings),
    "net promoter score": ("nps", promoters),
    "median time": ("median_days_to_response", medians),
}


def charted(key: str, tallies: list[Tally]) -> ControlAnswer:
    m = metric(key)
    figures = [
        Figure(
            key,
            bucket_label(shift_month(200001, i), "month"),
            tally.value(),
            m.unit,
            tally.n,
            None,
            None,
            "not_compared",
        )
        for i, tally in enumerate(tallies)
    ]
    return chart_series(SeriesOf.of(m, "", "month"), figures, tallies, [])


def false_signals(series: int, chance: Chance) -> list[tuple[str, int, float, float]]:
    """Return per family: points, signals per 100 points, and share of series with any."""
    out = []
    for name, (key, draw) in FAMILIES.items():
        points = found = struck = 0
        for _ in range(series):
            answer = charted(key, draw(chance, MONTHS, 0.0))
            points += answer.tested
            found += len(answer.signals)
            struck += bool(answer.signals)
        out.append((name, points, 100 * found / points, struck / series))
    return out


def run_length(shift: float) -> float:
    """Return the mean run length of points beyond 3 sigma and runs of eight, known limits.

    A Markov chain on the length and side of the present run (Champ & Woodall 1987).
    """
    inside_above = special.ndtr(3 - shift) - special.ndtr(-shift)
    inside_below = special.ndtr(-shift) - special.ndtr(-3 - shift)
    states = 15  # none, 1 to 7 above, 1 to 7 below
    moves = np.zeros((states, states))
    for state in range(states):
        above = state if 1 <= state <= 7 else 0
        below = state - 7 if state > 7 else 0
        if above < 7:
            moves[state, above + 1] += inside_above
        if below < 7:
            moves[state, below + 8] += inside_below
    return float(np.linalg.solve(np.eye(states) - moves, np.ones(states))[0])


def simulated_run_length(series: int, chance: Chance) -> float:
    """Return the mean number of points to the first signal, by the product's run rules."""
    from csat.stats.run_rules import run_rules

    lengths = []
    for _ in range(series):
        z = chance.standard_normal(2_000)
        ends = [s.points[7 if s.rule == "eight_one_side" else 0] for s in run_rules(z.tolist())]
        lengths.append(min(ends) + 1 if ends else len(z))
    return float(np.mean(lengths))


def detections(series: int, chance: Chance) -> list[tuple[str, float, float, float]]:
    """Return per family and shift: mean and 90% point of the points until it is seen."""
    out = []
    start = BASELINE["month"]
    for name, (key, draw) in FAMILIES.items():
        for shift in SHIFTS:
            waits = []
            for _ in range(series):
                answer = charted(key, draw(chance, SHIFTED, shift))
                labels = [p.figure.by for p in answer.points]
                ends = [
                    labels.index(s.labels[7 if s.rule == "eight_one_side" else k])
                    for s in answer.signals
                    for k in range(1 if s.rule == "eight_one_side" else len(s.labels))
                ]
                late = [end - start + 1 for end in ends if end >= start]
                waits.append(min(late, default=SHIFTED - start + 1))
            out.append((name, shift, float(np.mean(waits)), float(np.quantile(waits, 0.9))))
    return out


def quiet_programs(seeds: int, responses: int, complaints: int) -> tuple[int, int]:
    """Return of how many programs without effects the overview says that nothing changed."""
    quiet = {"last_year": 0, "previous": 0}
    for seed in range(1, seeds + 1):
        with tempfile.TemporaryDirectory(prefix="csat-noise-") as folder:
            files = generate(
                Path(folder) / "files",
                seed=seed,
                responses=responses,
                complaints=complaints,
                planted=False,
            )
            store = Store(Path(folder) / "noise.duckdb")
            load_files(store, LOCAL_USER, files)
            for compare in quiet:
                asked = Filters.of(PROGRAM, period=NOISE_PERIOD, compare=compare)
                quiet[compare] += not movers(store, asked)
            store.close()
        print(seed, quiet, flush=True)
    return quiet["last_year"], quiet["previous"]


def page(args: argparse.Namespace) -> str:
    chance = np.random.default_rng(args.seed)
    started = time.time()
    false = false_signals(args.series, chance)
    simulated = simulated_run_length(args.series, chance)
    seen = detections(max(50, args.series // 4), chance)
    lines = [
        "<!-- Written by bench/false_signals.py; run that script, do not edit this page. -->",
        "# Control charts: false alarms and late ones",
        "",
        "Measured on simulated series with the product's own charts and rules (points beyond "
        "three sigma, and eight in a row on one side).",
        "",
        "## Series in which nothing happens",
        "",
        f"With known limits the first false signal comes after {run_length(0.0):.1f} points on "
        f"average (exact, Markov chain), {simulated:.1f} simulated with our rules: "
        f"{100 / run_length(0.0):.2f} signals in 100 points; the pages state {FALSE_PER_100}. "
        f"Limits estimated from {BASELINE['month']} points, in series of {MONTHS}:",
        "",
        "| figure | points | signals per 100 points | series with any signal |",
        "|---|---:|---:|---:|",
        *(f"| {n} | {p:,} | {r:.2f} | {100 * s:.0f}% |" for n, p, r, s in false),
        "",
        "## Series in which the level shifts after the baseline",
        "",
        "Points until the first signal, mean and the 90% point; exact for known limits.",
        "",
        "| figure | shift in sigmas | mean | 90% of series by | exact mean |",
        "|---|---:|---:|---:|---:|",
        *(f"| {n} | {s} | {m:.1f} | {q:.0f} | {run_length(s):.1f} |" for n, s, m, q in seen),
    ]
    if args.seeds:
        last_year, previous = quiet_programs(args.seeds, args.responses, args.complaints)
        lines += [
            "",
            "## Programs in which nothing happens",
            "",
            f"{args.seeds} programs simulated without any effect ({args.responses:,} answers and "
            f"{args.complaints:,} complaints over two years, 12 branches, 5 dimensions, causes). "
            f'"What changed" said that nothing changed in **{last_year} of {args.seeds}** '
            f"against the same period last year, and in **{previous} of {args.seeds}** against "
            "the period before.",
        ]
    print(f"{time.time() - started:.0f} s", file=sys.stderr)
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--series", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--responses", type=int, default=40_000)
    parser.add_argument("--complaints", type=int, default=8_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "control-charts.md")
    args = parser.parse_args()
    args.out.write_text(page(args), encoding="utf-8")


if __name__ == "__main__":
    main()
