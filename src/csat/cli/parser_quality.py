"""The commands about dimensions of quality and what drives satisfaction."""

from __future__ import annotations

from typing import Any

from csat.cli.options import add_choice, add_compare, new_command


def add_dimensions(commands: Any) -> None:
    """Add the command that prints expectation against perception."""
    parser = new_command(
        commands,
        "dimensions",
        "print expectation against perception per dimension and question",
        "Print, for every dimension and question, the level desired, the perception, the gap "
        "between them with its paired 95 % interval, the base, the weight and the reliability: "
        "exactly what the page shows. Figures on too few answers are withheld.",
        "csat dimensions --program bank --weights stated --where branch=North",
    )
    add_choice(parser)
    add_compare(parser)
    parser.add_argument(
        "--weights",
        default="",
        metavar="SOURCE",
        help="own (those of 'csat weights'), points, stated, derived, published, equal, or "
        "others for this one answer as DIMENSION=NUMBER,... "
        "(default: the first of these that the answers offer)",
    )
    parser.add_argument(
        "--weighted",
        action="store_true",
        help="count each answer by its survey weight and the population margins; the dimensions "
        "alone",
    )


def add_drivers(commands: Any) -> None:
    """Add the command that prints what drives overall satisfaction."""
    parser = new_command(
        commands,
        "drivers",
        "print what goes with overall satisfaction",
        "Print how much of the differences in overall satisfaction each dimension accounts for, "
        "with bootstrap intervals. It is association, not cause.",
        "csat drivers --program bank --json",
    )
    add_choice(parser)


def add_penalty_reward(commands: Any) -> None:
    """Add the command that prints what low and high ratings do to satisfaction."""
    parser = new_command(
        commands,
        "penalty-reward",
        "print what low ratings cost and high ones add",
        "Print, for every dimension, how many points of overall satisfaction go with a low and "
        "with a high rating of it, each with its 95 % interval, and whether it only punishes "
        "(basic), only rewards (excitement) or does both (performance).",
        "csat penalty-reward --program bank --json",
    )
    add_choice(parser)


def add_kano(commands: Any) -> None:
    """Add the command that prints Kano's class of each feature."""
    parser = new_command(
        commands,
        "kano",
        "print which features are must-be, delight or indifferent",
        "Print, for every feature that a survey asks about both ways (Kano), the answers of each "
        "class, the share it pleases and the share its absence makes dissatisfied, with 95 % "
        "intervals, and the class. Features with too few answers are withheld.",
        "csat kano --program kiosk --json",
    )
    add_choice(parser)


def add_weights(commands: Any) -> None:
    """Add the command that sets and lists a program's own weights."""
    parser = new_command(
        commands,
        "weights",
        "list the program's own weights of its dimensions, or set them",
        "List who gave the program's dimensions which weights, from when and why. With --set, "
        "put 100 points into force from a day on; with --take-back, let the weights before a "
        "set hold again. Nothing is deleted.",
        "csat weights --program bank --set reliability=60,empathy=40 --from 2026-01-01 "
        '--reason "agreed by the board"',
    )
    parser.add_argument(
        "--program", required=True, metavar="P", help="the program; see 'csat batches'"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--set",
        dest="points",
        default="",
        metavar="DIMENSION=POINTS,...",
        help="the new weights; they add up to 100",
    )
    what.add_argument("--take-back", type=int, metavar="SET", help="number of the set to take back")
    parser.add_argument(
        "--from", dest="valid_from", default="", metavar="DATE", help="first day they hold on"
    )
    parser.add_argument("--reason", default="", metavar="TEXT", help="why, for others to read")


def add_gaps(commands: Any) -> None:
    """Add the command that prints the five gaps."""
    parser = new_command(
        commands,
        "gaps",
        "print the five gaps: where quality is lost",
        "Print the five gaps between what customers expect and what they perceive, over all and "
        "per dimension, from surveys and from records, each with its 95 % interval and its bases; "
        "or what is missing to measure it. Below zero falls short.",
        "csat gaps --program bank --json",
    )
    add_choice(parser)


def add_instruments(commands: Any) -> None:
    """Add the command that lists questionnaires and writes one as a file to fill in."""
    parser = new_command(
        commands,
        "instruments",
        "list ready-made questionnaires, or write one as a file to fill in",
        "List the questionnaires that csat ships, or write one as a template. A file made from "
        "a template is known by its columns: 'csat import' needs no mapping.",
        "csat instruments complete --language zh_CN --output form.xlsx",
    )
    parser.add_argument(
        "name", nargs="?", default="", metavar="NAME", help="questionnaire (default: list them)"
    )
    parser.add_argument(
        "--language", choices=("en", "zh_CN"), default="en", help="language (default: en)"
    )
    parser.add_argument(
        "--output", default="", metavar="FILE", help="file to write, ending in .csv or .xlsx"
    )
