"""The options of the commands on weights and population margins."""

from __future__ import annotations

from typing import Any

from csat.cli.options import add_choice, add_compare, add_program, new_command


def add_margins(commands: Any) -> None:
    """Add the command that loads and lists population margins."""
    parser = new_command(
        commands,
        "margins",
        "load population margins, or list those in force",
        "Load a small file that says how many customers of each group were served: columns for "
        "the kind of group (branch, channel, segment or touchpoint), the group, and its number "
        "or share; and, where known, how many were invited, and the month. Answers are weighted "
        "to it. Without a file, list what is in force.",
        "csat margins --program bank margins.csv",
    )
    parser.add_argument("file", nargs="?", default="", metavar="FILE", help="CSV or XLSX")
    add_program(parser)


def add_weighting(commands: Any) -> None:
    """Add the command that prints weighted beside unweighted figures."""
    parser = new_command(
        commands,
        "weighting",
        "print who answered against who was served, and weighted figures",
        "Print the headline figures with and without weights, the effective number of answers, "
        "how the weights came about, and who answered against who was served, exactly as the "
        "page shows them. Figures on too few answers are withheld.",
        "csat weighting --program bank --from 2026-07-01 --to 2026-09-30",
    )
    add_choice(parser)
    add_compare(parser)
    parser.add_argument(
        "--metric",
        action="append",
        default=[],
        metavar="KEY",
        help="metric of answers; give it again for more (default: the headline figures)",
    )
