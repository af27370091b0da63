"""The commands, their options and their help. Imports nothing heavy, so that help is quick."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any, Final, NoReturn

from csat import __version__
from csat.cli.exits import exit_code_table
from csat.cli.options import (
    WIDTH,
    add_choice,
    add_compare,
    add_store,
    add_weighted,
    new_command,
)
from csat.cli.parser_care import add_care_commands
from csat.cli.parser_figures import add_figure_commands
from csat.cli.parser_quality import (
    add_definitions,
    add_dimensions,
    add_index,
    add_instruments,
    add_register,
    add_weights,
)
from csat.cli.parser_raters import add_rater_commands
from csat.cli.parser_service import add_service_commands
from csat.cli.parser_trends import add_actions, add_changes, add_funnel, add_signals
from csat.cli.parser_weighting import add_margins, add_weighting
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.model.settings import SAMPLE_LANGUAGES
from csat.model.vocabulary import CUTS, GRAINS

_ABOUT: Final = (
    "Customer satisfaction and complaints from your own files, on your own machine. "
    "Load files into one store, look at them in the browser, or ask for figures here."
)
_FIRST_STEPS: Final = """\
first steps:
  csat sample                              load simulated data to look around
  csat serve                               open the dashboard on http://127.0.0.1:8501
  csat presets --suggest answers.csv       have a mapping suggested: keep it as answers.json
  csat import answers.csv --program bank --mapping answers.json
                                           load a file of your own

exit codes:
"""


class _Parser(argparse.ArgumentParser):
    """Report a wrong command the way every other problem is reported."""

    def error(self, message: str) -> NoReturn:
        raise UsageProblem(
            msg("{command}: {reason}", command=self.prog, reason=message),
            msg("See '{command} --help'", command=self.prog),
        )


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = _Parser(
        prog="csat",
        description=textwrap.fill(_ABOUT, WIDTH),
        epilog=_FIRST_STEPS + exit_code_table(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"csat {__version__}")
    add_store(parser)
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND [OPTION]", title="commands"
    )
    for add in (
        _add_serve,
        _add_import,
        _add_batches,
        _add_undo,
        _add_sample,
        _add_metrics,
        _add_complaints,
        add_dimensions,
        add_figure_commands,
        add_weights,
        add_rater_commands,
        add_index,
        add_instruments,
        add_margins,
        add_weighting,
        add_definitions,
        add_register,
        add_service_commands,
        add_funnel,
        add_changes,
        add_signals,
        add_actions,
        _add_presets,
        add_care_commands,
    ):
        add(commands)
    return parser


def _add_serve(commands: Any) -> None:
    parser = new_command(
        commands,
        "serve",
        "open the dashboard in the browser",
        "Run the dashboard until you press Ctrl+C. Nobody but this machine can reach it unless "
        "you give another address; put it behind a sign-in before you do.",
        "csat serve --port 8600",
        json=False,
    )
    parser.add_argument("--port", type=_port, default=8501, help="port (default: 8501)")
    parser.add_argument(
        "--address", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)"
    )


def _add_import(commands: Any) -> None:
    parser = new_command(
        commands,
        "import",
        "load a file of survey answers, complaints, customers served or raters' findings",
        "Load a CSV or workbook as one batch: every good row, or nothing. A mapping says what "
        "each column is. Without --preset and --mapping the one known mapping that fits the "
        "file's columns is used. A batch can be taken back with 'csat undo'.",
        "csat import answers.csv --program bank --mapping answers.json --dry-run",
    )
    parser.add_argument("file", metavar="FILE", help="the file, as your survey tool wrote it")
    parser.add_argument(
        "--program", required=True, metavar="P", help="short name of the service it is about"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--preset", metavar="NAME", help="mapping that csat ships; see 'csat presets'")
    how.add_argument(
        "--mapping", metavar="FILE", help="mapping file (JSON), or the name of a saved mapping"
    )
    parser.add_argument("--title", default="", metavar="TEXT", help="full name of a new program")
    parser.add_argument(
        "--timezone",
        metavar="TZ",
        help="time zone of a new program, such as Europe/London (default: CSAT_TIMEZONE)",
    )
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        help="day up to which the file is complete, as 2026-09-30 (default: its latest day)",
    )
    parser.add_argument(
        "--encoding", default="", metavar="E", help="such as utf-8 or gb18030 (default: detected)"
    )
    parser.add_argument(
        "--delimiter",
        default="",
        metavar="D",
        help="one character, or the word tab (default: detected)",
    )
    parser.add_argument(
        "--sheet", default="", metavar="S", help="sheet of a workbook (default: the first)"
    )
    parser.add_argument(
        "--refused", metavar="FILE", help="write the refused rows to a CSV to correct and load"
    )
    parser.add_argument("--dry-run", action="store_true", help="check the file and write nothing")


def _add_batches(commands: Any) -> None:
    parser = new_command(
        commands,
        "batches",
        "list what has been loaded",
        "List every load, newest first, with who loaded it, its rows, and whether it was undone.",
        "csat batches --program bank",
    )
    parser.add_argument("--program", metavar="P", help="only this program (default: all)")


def _add_undo(commands: Any) -> None:
    parser = new_command(
        commands,
        "undo",
        "take a batch back",
        "Withdraw every row of a batch. The batch stays listed as undone; the file can be loaded "
        "again.",
        "csat undo 3",
    )
    parser.add_argument("batch", type=int, metavar="BATCH", help="number from 'csat batches'")


def _add_sample(commands: Any) -> None:
    parser = new_command(
        commands,
        "sample",
        "load or remove the simulated program",
        "Load the program 'sample': a simulated service organisation with survey answers, "
        "complaints and customers served, marked as simulated everywhere.",
        "csat sample --language zh-CN",
    )
    parser.add_argument(
        "--language",
        choices=SAMPLE_LANGUAGES,
        default=SAMPLE_LANGUAGES[0],
        help="what its names and texts are written in; the numbers are the same (en)",
    )
    parser.add_argument("--remove", action="store_true", help="take it out of the store again")


def _add_metrics(commands: Any) -> None:
    parser = new_command(
        commands,
        "metrics",
        "print figures with base, interval and verdict",
        "Print exactly the figures that the pages show. Figures on too few answers are withheld. "
        "A verdict needs a period (--from, --to) and something to compare it with.",
        "csat metrics --program bank --metric csat_top_box,nps --by branch "
        "--from 2026-07-01 --to 2026-09-30",
    )
    add_choice(parser)
    parser.add_argument(
        "--metric",
        action="append",
        required=True,
        metavar="KEY[,KEY]",
        help="metrics, such as csat_top_box,nps or mean:ITEM; an unknown one lists them all",
    )
    parser.add_argument(
        "--by",
        default="total",
        metavar="GROUP",
        help=f"one row for each {', '.join((*GRAINS, *CUTS))} (default: one total)",
    )
    add_compare(parser)
    how = parser.add_mutually_exclusive_group()
    add_weighted(how, "in total or by month, quarter or year")
    how.add_argument(
        "--explain",
        action="store_true",
        help="also print definitions, batches, exclusions, SQL and parameters",
    )


def _add_complaints(commands: Any) -> None:
    parser = new_command(
        commands,
        "complaints",
        "list complaint cases",
        "List cases, newest first, and say how many there are.",
        'csat complaints --program bank --where category="Billing" --where status=open',
    )
    add_choice(parser)
    parser.add_argument(
        "--search", default="", metavar="TEXT", help="only cases whose text or number holds this"
    )
    parser.add_argument(
        "--conformance",
        default="",
        metavar="CELL:BASIS",
        help="only cases of this cell, such as met-dissatisfied:timely; see 'csat conformance'",
    )
    parser.add_argument(
        "--limit", type=_from_zero, default=50, metavar="N", help="cases to print (default: 50)"
    )
    parser.add_argument(
        "--offset", type=_from_zero, default=0, metavar="N", help="cases to skip (default: 0)"
    )


def _add_presets(commands: Any) -> None:
    parser = new_command(
        commands,
        "presets",
        "list the mappings that csat ships, have one suggested, write one out or take one in",
        "List the mappings that csat knows by itself; have one suggested for a file of your own "
        "from its names and values, write one as a file that others can use, or save one that "
        "someone shares.",
        "csat presets --suggest answers.csv",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--export", metavar="NAME", help="print this mapping as a file to share")
    what.add_argument("--add", metavar="FILE", help="save the mapping of this file in the store")
    what.add_argument(
        "--suggest",
        metavar="FILE",
        help="print the mapping that this file of answers or cases suggests, to check and use",
    )


def _port(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"'{text}' is not a port from 1 to 65535")


def _from_zero(text: str) -> int:
    if text.isdecimal():
        return int(text)
    raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 up")
