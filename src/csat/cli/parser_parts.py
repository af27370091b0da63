"""What the parsers of all commands share."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any, Final

from csat.model.settings import SETTINGS

WIDTH: Final = 79


def add_store(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the store."""
    default = next(s.default for s in SETTINGS if s.name == "CSAT_STORE")
    parser.add_argument(
        "--store",
        metavar="PATH",
        default=argparse.SUPPRESS,
        help=f"the store file (default: the setting CSAT_STORE, else {default})",
    )


def command(
    commands: Any, name: str, summary: str, description: str, example: str, *, json: bool = True
) -> argparse.ArgumentParser:
    """Add a command with its help, and return its parser."""
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
