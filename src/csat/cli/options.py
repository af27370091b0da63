"""Options that several commands share."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any, Final

from csat.model.filters import COMPARE_LABELS
from csat.model.settings import SETTINGS

WIDTH: Final = 79
_WHERE: Final = (
    "keep only these records; NAME is branch, channel, segment, touchpoint, survey, category, "
    "cause, severity, status, outcome, type (complaint, conduct), sla, urgency, age or return. "
    "Give it again for more: the same name accepts either value"
)


def add_store(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the store file."""
    default = next(s.default for s in SETTINGS if s.name == "CSAT_STORE")
    parser.add_argument(
        "--store",
        metavar="PATH",
        default=argparse.SUPPRESS,
        help=f"the store file (default: the setting CSAT_STORE, else {default})",
    )


def new_command(
    commands: Any, name: str, summary: str, description: str, example: str, *, json: bool = True
) -> argparse.ArgumentParser:
    """Add a command with its help, the store option and, where it has one, the JSON form."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=textwrap.fill(description, WIDTH),
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_store(parser)
    if json:
        parser.add_argument(
            "--json", action="store_true", help="print JSON and nothing else, for programs"
        )
    return parser


def add_program(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the program."""
    parser.add_argument(
        "--program", required=True, metavar="P", help="the program; see 'csat batches'"
    )


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which records are meant."""
    add_program(parser)
    parser.add_argument(
        "--from", dest="first", metavar="DATE", help="first day (default: the first with data)"
    )
    parser.add_argument(
        "--to", dest="last", metavar="DATE", help="last day (default: the last with data)"
    )
    parser.add_argument("--where", action="append", default=[], metavar="NAME=VALUE", help=_WHERE)


def add_weighted(options: argparse._ActionsContainer, where: str) -> None:
    """Add the option that weighs the answers; `where` says which rows it knows."""
    options.add_argument(
        "--weighted",
        action="store_true",
        help="count each answer by its survey weight and the population margins, with the "
        f"unweighted figures beside: {where}",
    )


def add_compare(parser: argparse.ArgumentParser) -> None:
    """Add the option that says what the period is compared with."""
    parser.add_argument(
        "--compare",
        choices=tuple(COMPARE_LABELS),
        default=None,
        help="what the period is compared with (default, as on the pages: "
        "last_year where the data reaches, else previous)",
    )
