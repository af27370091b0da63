"""The commands that print figures of the pages and need no option but which records are meant."""

from __future__ import annotations

from typing import Any, Final

from csat.cli.options import add_choice, add_compare, add_program, add_weighted, new_command
from csat.model.vocabulary import CHART_GRAINS, CUTS

_FIGURES: Final = (
    (
        "drivers",
        "print what goes with overall satisfaction",
        "Print how much of the differences in overall satisfaction each dimension accounts for, "
        "with bootstrap intervals. It is association, not cause.",
        "csat drivers --program bank --json",
    ),
    (
        "penalty-reward",
        "print what low ratings cost and high ones add",
        "Print, for every dimension, how many points of overall satisfaction go with a low and "
        "with a high rating of it, each with its 95% interval, and whether it only punishes "
        "(basic), only rewards (excitement) or does both (performance).",
        "csat penalty-reward --program bank --json",
    ),
    (
        "kano",
        "print which features are must-be, delight or indifferent",
        "Print, for every feature that a survey asks about both ways (Kano), the answers of each "
        "class, the share it pleases and the share its absence makes dissatisfied, with 95% "
        "intervals, and the class. Features with too few answers are withheld.",
        "csat kano --program kiosk --json",
    ),
    (
        "zones",
        "print the zone of tolerance and the ladder of expectations",
        "Print, for every dimension asked from all three viewpoints, the least that is accepted, "
        "the level desired and the perception between them, how far it is over each with paired "
        "95% intervals, how many customers are below, in and above their zone, and the place on "
        "the ladder of expectations.",
        "csat zones --program bank --where branch=North",
    ),
    (
        "importance",
        "print importance against performance",
        "Print where each question or dimension lies on the grid of importance against "
        "performance, with 95% intervals and how many of a thousand resampled surveys agree on "
        "its quadrant.",
        "csat importance --program bank --json",
    ),
    (
        "soundness",
        "print whether the questions measure what they should",
        "Print, for every survey, how far the questions of each dimension hang together (alpha, "
        "omega), how each goes with the others, how many left it out, how many want the highest "
        "rating, and how many gave every question the same answer.",
        "csat soundness --program bank --json",
    ),
    (
        "gaps",
        "print the five gaps: where quality is lost",
        "Print the five gaps between what customers expect and what they perceive, over all and "
        "per dimension, from surveys and from records, each with its 95% interval and its bases; "
        "or what is missing to measure it. Below zero falls short.",
        "csat gaps --program bank --json",
    ),
    (
        "conformance",
        "print standard met against customer satisfied",
        "Print, for every standard that each case meets or not, how many customers were satisfied "
        "and dissatisfied with cases that met and missed it. Cases are linked with the first "
        "answer of the same customer within 90 days.",
        "csat conformance --program bank --json",
    ),
    (
        "ageing",
        "show how old open cases are, and how long closed ones took",
        "Show, by bands of days, how many cases are still open and how many took as long until "
        "they were resolved.",
        "csat ageing --program bank --where category=Billing",
    ),
    (
        "touchpoints",
        "show cases by category and touchpoint",
        "Show how many cases of each category arose at each touchpoint.",
        "csat touchpoints --program bank --from 2026-07-01 --to 2026-09-30",
    ),
    (
        "iso10002",
        "show the indicators of ISO 10002, and what each needs",
        "Show the indicators that ISO 10002 asks of the handling of complaints, each share with "
        "its 95% interval and base, or what the files must hold to have it.",
        "csat iso10002 --program bank --json",
    ),
)
"""Command, summary, description and example."""


def add_figure_commands(commands: Any) -> None:
    """Add these commands, and those on answers, groups, breaks and the data themselves."""
    for name, summary, description, example in _FIGURES:
        add_choice(new_command(commands, name, summary, description, example))
    _add_answers(commands)
    _add_groups(commands)
    _add_control(commands)
    _add_breaks(commands)
    _add_health(commands)


def _add_answers(commands: Any) -> None:
    parser = new_command(
        commands,
        "answers",
        "print how ratings spread, and how many customers are dissatisfied",
        "Print the share of each rating for the questions of every dimension, and the share of "
        "customers whose mean perception of a dimension lies below the middle of the scale, with "
        "its 95% interval. Figures on too few answers are withheld.",
        "csat answers --program bank --dimension reliability",
    )
    add_choice(parser)
    parser.add_argument(
        "--dimension", default="", metavar="NAME", help="only this dimension (default: all)"
    )


def _add_groups(commands: Any) -> None:
    parser = new_command(
        commands,
        "groups",
        "print which groups differ from all others together",
        "Print each group of a cut beside all others together, with the difference, its 95% "
        "interval and a p-value corrected for the number of groups, in the order of names; and, "
        "with a period, how much of a change lies within the groups and how much is their mix.",
        "csat groups --program bank --metric gap:reliability --by branch",
    )
    add_choice(parser)
    add_compare(parser)
    parser.add_argument(
        "--metric", required=True, metavar="KEY", help="such as csat_top_box or gap:DIMENSION"
    )
    parser.add_argument(
        "--by", choices=CUTS, default="branch", help="one row for each of these (default: branch)"
    )
    add_weighted(parser, "branches, channels, segments and touchpoints of answers")


def _add_control(commands: Any) -> None:
    parser = new_command(
        commands,
        "control",
        "print a figure over time as a control chart",
        "Print each period of a figure with its 95% interval and the limits of common "
        "variation, the signals of special causes, how the limits came about, and how many "
        "signals chance alone would make. Without --from the series begins with the data; a "
        "period after --to is not looked at.",
        "csat control --program bank --metric csat_top_box --by month",
    )
    add_choice(parser)
    parser.add_argument("--metric", required=True, metavar="KEY", help="such as csat_top_box")
    parser.add_argument(
        "--by", choices=CHART_GRAINS, default="month", help="grain of the series (default: month)"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--split", choices=CUTS, default=None, help="one chart for each of these")
    how.add_argument(
        "--zones",
        action="store_true",
        help="also use the zone rules, which see small shifts sooner and cry wolf more often",
    )


def _add_breaks(commands: Any) -> None:
    parser = new_command(
        commands,
        "breaks",
        "print where a series breaks by the records alone",
        "Print the days from which a figure counts something else: a survey with another scale, "
        "a channel or a category that begins or ends. The whole series is looked at, whatever "
        "period is chosen.",
        "csat breaks --program bank --metric complaints_received",
    )
    add_choice(parser)
    parser.add_argument("--metric", required=True, metavar="KEY", help="such as csat_top_box")


def _add_health(commands: Any) -> None:
    parser = new_command(
        commands,
        "health",
        "print how fresh and how whole the data of a program are",
        "Print the day of the latest record, how many answers, complaints and batches there are, "
        "how many rows were refused, how many responses lack a headline answer, and the months "
        "without any.",
        "csat health --program bank",
    )
    add_program(parser)
