"""The options of the commands on promises, waiting, stages and what follows a closed case."""

from __future__ import annotations

from typing import Any

from csat.cli.options import add_choice, new_command
from csat.model.vocabulary import CASE_CUTS, RETURN_CUTS


def add_service_commands(commands: Any) -> None:
    """Add the options of these commands."""
    parser = new_command(
        commands,
        "sla",
        "show how well targets are met, or set them",
        "Show, for each target and severity, how many of the cases due in the period were met, "
        "late, or are open and overdue, and what falls due next. With --set, first put the "
        "calendar and targets of a TOML file into force; see docs/guide/service-standards.md.",
        "csat sla --program bank --from 2026-07-01 --to 2026-09-30",
    )
    add_choice(parser)
    parser.add_argument("--set", dest="file", metavar="FILE", help="calendar and targets (TOML)")
    parser.add_argument(
        "--days", type=int, default=7, metavar="N", help="days to look ahead (default: 7)"
    )
    parser = new_command(
        commands,
        "resolution",
        "show how long cases take, open ones included",
        "Show the time to first response and to resolution: median, 80, 90 and 95% done, share "
        "done within some hours, and whether groups differ.",
        "csat resolution --program bank --by category",
    )
    add_choice(parser)
    parser.add_argument("--by", choices=CASE_CUTS, default=None, help="one row for each of these")
    parser = new_command(
        commands,
        "returns",
        "show which closed cases come back, and how satisfied their customers are",
        "Show, within 7, 30 and 90 days of closing, how many cases were reopened, how many "
        "customers came back with the same category or with any; and how many are satisfied in "
        "the 90 days after a case, beside all others. Cases closed too late to know are left out.",
        "csat returns --program bank --by outcome",
    )
    add_choice(parser)
    parser.add_argument("--by", choices=RETURN_CUTS, default=None, help="one row for each of these")
    parser = new_command(
        commands,
        "compensation",
        "show what closed complaints were paid, in all and per case",
        "Show the compensation paid to closed complaints: in all, per closed case and per case "
        "compensated, a row for each currency; different currencies are never added. Counted are "
        "cases of files that record compensation.",
        "csat compensation --program bank --by category",
    )
    add_choice(parser)
    parser.add_argument("--by", choices=RETURN_CUTS, default=None, help="rows for each of these")
    parser = new_command(
        commands,
        "agreement",
        "show where complaints and survey scores agree, and where they do not",
        "Show, for every theme of the program's tree, its complaints beside its score: many and "
        "low, many though the score is fine, low though few complain, or fine on both sides. With "
        "--set, first put the tree of a TOML file into force; see "
        "docs/guide/join-scores-and-complaints.md.",
        "csat agreement --program bank --from 2026-01-01 --to 2026-09-30",
    )
    add_choice(parser)
    parser.add_argument("--set", dest="file", metavar="FILE", help="tree of causes (TOML)")
    parser = new_command(
        commands,
        "stages",
        "show which stages cases reached, and the time in each",
        "Show, for each stage of a case, how many reached it, skipped it, may still come "
        "to it or are in it now, and how long it held them (median, 80 and 90%, open cases "
        "included). Conduct cases have stages of their own: --where type=conduct.",
        "csat stages --program bank --where type=conduct",
    )
    add_choice(parser)
    parser.add_argument(
        "--clock",
        choices=("calendar", "business"),
        default="calendar",
        help="calendar time, or working time less pauses (default: calendar)",
    )
