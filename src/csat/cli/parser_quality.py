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
        help="points, stated, derived, published, expert, equal, or your own as "
        "DIMENSION=NUMBER,... (default: the first of these that the answers offer)",
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
