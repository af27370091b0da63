"""The commands about change: signals, and the actions that answer them."""

from __future__ import annotations

from typing import Any

from csat.cli.options import add_choice, add_compare, add_program, new_command
from csat.model.vocabulary import CHART_GRAINS, FUNNEL_LABELS


def add_funnel(commands: Any) -> None:
    """Add the command that compares groups of different size."""
    parser = new_command(
        commands,
        "funnel",
        "print which branches or staff differ by more than their size explains",
        "Print groups of different size with the limits that chance gives each size, for shares "
        "and for complaints per 1,000 by branch, in the order of names: within the limits a "
        "ranking is chance. Staff need a role that may see them (CSAT_ROLES); those on a base "
        "smaller than CSAT_STAFF_MIN are withheld.",
        "csat funnel --program bank --metric csat_top_box --by staff --json",
    )
    add_choice(parser)
    parser.add_argument("--metric", required=True, metavar="KEY", help="such as csat_top_box")
    parser.add_argument(
        "--by",
        default="branch",
        metavar="GROUP",
        help=f"one of {', '.join(FUNNEL_LABELS)} (default: branch)",
    )


def add_changes(commands: Any) -> None:
    """Add the command that says what changed between two periods."""
    parser = new_command(
        commands,
        "changes",
        "list what changed beyond noise, with the action about it",
        "List at most seven changes between two periods, the largest effect on customers first: "
        "groups and dimensions whose figures differ by more than chance, corrected for how many "
        "were tested and held against their control charts, each with the action about it. "
        "Without days the latest three whole months are looked at.",
        "csat changes --program bank --json",
    )
    add_choice(parser)
    add_compare(parser)


def add_signals(commands: Any) -> None:
    """Add the command that lists special causes, for people and for cron."""
    parser = new_command(
        commands,
        "signals",
        "list what changed beyond common variation",
        "List the special causes on the control charts of every headline figure and dimension, "
        "in total and by branch, channel, segment, touchpoint, category and cause, newest first, "
        "with the number that chance alone would make. Exits with 10 while there is a signal "
        "that nobody has acknowledged or explained, so that cron can send it on.",
        "csat signals --program bank --json",
    )
    add_program(parser)
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
    parser.add_argument(
        "--acknowledge", metavar="KEY", help="say that a signal was seen and is looked into"
    )
    parser.add_argument(
        "--link",
        nargs=2,
        metavar=("KEY", "ACTION"),
        help="name the action that answers a signal, by the key of each",
    )


def add_actions(commands: Any) -> None:
    """Add the command that keeps and judges actions."""
    parser = new_command(
        commands,
        "actions",
        "list actions and whether they worked, or add some from a file",
        "List the actions of a program, each with the verdict that is computed from the records: "
        "worked, did not work, or too early. --add takes a JSON list of objects or a CSV with "
        "key, title, addresses, addressed, metric, where, against, start, due, owner, stage, "
        "note, baseline_from and baseline_to; an action whose key is known is changed, which "
        "what it is judged by cannot be once it has begun.",
        "csat actions --program bank --add actions.csv --json",
    )
    add_program(parser)
    parser.add_argument("--add", metavar="FILE", help="keep the actions of a JSON or CSV file")
    parser.add_argument(
        "--take-back",
        metavar="KEY",
        help="take the latest change of an action back, or the action where it was never changed",
    )
