"""The commands about raters: what they saw, what is to be put right, what experts weigh."""

from __future__ import annotations

from typing import Any

from csat.cli.options import add_choice, add_program, new_command


def add_rater_commands(commands: Any) -> None:
    """Add the commands on evaluations, findings and experts' weights."""
    parser = new_command(
        commands,
        "raters",
        "print what mystery shoppers, experts and third parties saw",
        "Print raters' scores from 0 to 100 with intervals, critical fails and grades, how far "
        "raters agree who rated the same visit, and the scores beside what customers perceive. "
        "Raters' and customers' scores are never averaged.",
        "csat raters --program bank --where branch=North",
    )
    add_choice(parser)
    parser = new_command(
        commands,
        "findings",
        "list what raters found, and what of it is overdue",
        "List the findings, the most pressing first: overdue, open, closed. The state is that of "
        "the latest file or page; --json adds the states before.",
        "csat findings --program bank --json",
    )
    add_choice(parser)
    parser.add_argument(
        "--on", metavar="DATE", help="day on which a finding is overdue or not (default: today)"
    )
    parser = new_command(
        commands,
        "ahp",
        "print the weights that experts' comparisons in pairs come to",
        "Print the weight of each dimension from experts' comparisons in pairs, the consistency "
        "ratio of each expert, and which pairs are missing. Experts whose ratio is above 0.10 do "
        "not count until they have compared again.",
        "csat ahp --program bank",
    )
    add_program(parser)
