"""The commands about dimensions of quality and what drives satisfaction."""

from __future__ import annotations

from typing import Any

from csat.cli.options import add_choice, add_compare, add_program, new_command
from csat.model.registers import REGISTERS


def add_dimensions(commands: Any) -> None:
    """Add the command that prints expectation against perception."""
    parser = new_command(
        commands,
        "dimensions",
        "print expectation against perception per dimension and question",
        "Print, for every dimension and question, the level desired, the perception, the gap "
        "between them with its paired 95% interval, the base, the weight and the reliability: "
        "exactly what the page shows. Figures on too few answers are withheld.",
        "csat dimensions --program bank --weights stated --where branch=North",
    )
    add_choice(parser)
    add_compare(parser)
    parser.add_argument(
        "--weights",
        default="",
        metavar="SOURCE",
        help="own (those of 'csat weights'), points, stated, derived, published, expert, equal, or "
        "others for this one answer as DIMENSION=NUMBER,... "
        "(default: the first of these that the answers offer)",
    )
    parser.add_argument(
        "--weighted",
        action="store_true",
        help="count each answer by its survey weight and the population margins, with the "
        "unweighted figures beside",
    )


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
    add_program(parser)
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


def add_register(commands: Any) -> None:
    """Add the command on the registers of standards and promises."""
    parser = new_command(
        commands,
        "register",
        "show, load or correct the registers of standards and promises",
        "Print the standards or promises of a program, stale standards marked. --template writes "
        "an empty file to fill in, or with --program what is in force; --load takes a file into "
        "the register by the codes of its rows. Every version stays on record: --history lists "
        "them, --undo takes a change back, --restore puts one version into force again.",
        "csat register standards --program bank --load standards.csv",
    )
    parser.add_argument("register", choices=tuple(REGISTERS), help="which register")
    parser.add_argument("--program", default="", metavar="P", help="the program")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--load", metavar="FILE", help="CSV or workbook to take in")
    what.add_argument(
        "--template",
        nargs="?",
        const="",
        default=None,
        metavar="FILE",
        help="file to write, ending in .csv or .xlsx",
    )
    what.add_argument("--undo", type=int, metavar="N", help="change to take back; see --history")
    what.add_argument("--restore", type=int, metavar="N", help="version to put into force again")
    parser.add_argument("--history", action="store_true", help="list every version, newest first")
    parser.add_argument(
        "--language", choices=("en", "zh_CN"), default="en", help="of the template (default: en)"
    )


def add_definitions(commands: Any) -> None:
    """Add the command that prints the five definitions of quality."""
    parser = new_command(
        commands,
        "definitions",
        "print the state of quality by its five definitions",
        "Print the indicators of the transcendent, product, user, manufacturing and value based "
        "definitions of quality, their state against target or against the period before, and "
        "where two definitions disagree.",
        "csat definitions --program bank --from 2026-07-01 --to 2026-09-30",
    )
    add_choice(parser)
    add_compare(parser)


def add_index(commands: Any) -> None:
    """Add the command that prints the satisfaction index, or defines it."""
    parser = new_command(
        commands,
        "index",
        "print the satisfaction index and what it is made up of, or define it",
        "Print the weighted satisfaction index that the program has defined for itself, 0 to 100, "
        "with its standard error, what each indicator adds, its history, and every change of the "
        "definition taken apart on the same year's answers. With --define, first put a definition "
        "into force from a year on; see docs/guide/satisfaction-index.md.",
        "csat index --program bank --year 2026 --json",
    )
    add_choice(parser)
    add_compare(parser)
    parser.add_argument(
        "--year",
        type=int,
        metavar="Y",
        help="the calendar year, instead of --from and --to; with --define or --withdraw, the "
        "year from which (default: the one in the file)",
    )
    parser.add_argument(
        "--by", choices=("year", "quarter", "month"), default="year", help="grain of the history"
    )
    change = parser.add_mutually_exclusive_group()
    change.add_argument(
        "--define",
        default="",
        metavar="FILE",
        help="definition as JSON, or the name of a ready-made one: five-content, five-facet or "
        "service-quality",
    )
    change.add_argument(
        "--withdraw",
        action="store_true",
        help="take back the definition that begins with the year; it stays on record",
    )
    parser.add_argument(
        "--reason",
        default="",
        metavar="TEXT",
        help="why a year that has begun is changed; it stays on record",
    )


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
