"""The command about signals: what changed beyond common variation."""

from __future__ import annotations

from typing import Any

from csat.cli.options import new_command
from csat.model.vocabulary import CHART_GRAINS


def add_signals(commands: Any) -> None:
    """Add the command that lists special causes, for people and for cron."""
    parser = new_command(
        commands,
        "signals",
        "list what changed beyond common variation",
        "List the special causes on the control charts of every headline figure and dimension, "
        "in total and by branch, channel, segment, touchpoint, category and cause, newest first, "
        "with the number that chance alone would make. Exits with 10 while there is a signal "
        "that nobody has explained, so that cron can send it on.",
        "csat signals --program bank --json",
    )
    parser.add_argument(
        "--program", required=True, metavar="P", help="the program; see 'csat batches'"
    )
    parser.add_argument(
        "--by",
        default="month",
        metavar="GRAIN",
        help=f"one of {', '.join(CHART_GRAINS)} (default: month)",
    )
    parser.add_argument(
        "--latest",
        type=int,
        default=3,
        metavar="N",
        help="only signals in the latest N finished periods; 0 lists all (default: 3)",
    )
    parser.add_argument(
        "--explain",
        nargs=2,
        metavar=("KEY", "REASON"),
        help="say what was behind a signal, by its key in the JSON form, and list the rest",
    )
