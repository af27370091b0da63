"""The description of the sample that lies beside it, written from the same numbers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from csat.sample.actions import TARGETS, VERDICTS, sample_actions
from csat.sample.features import FEATURES
from csat.sample.instrument import DIMENSIONS, FORMER_WORDING, ITEMS, NOT_APPLICABLE, points_column
from csat.sample.months import sample_months
from csat.sample.organisation import (
    BRANCHES,
    CHANNELS,
    NAME_EN,
    NAME_ZH,
    SEGMENTS,
    TOUCHPOINTS,
    Group,
    names,
)
from csat.sample.truth import Truth
from csat.sample.truths import CURRENT_FORM, FORM_CHANGE, FORMER_FORM, truths

if TYPE_CHECKING:
    from csat.sample.generate import SampleFiles

SURVEY_COLUMNS: Final = (
    ("response_id", "identifier of the response"),
    ("submitted_at", "local date and time; rows are in this order"),
    ("form", f"`{FORMER_FORM}`, or `{CURRENT_FORM}` from {FORM_CHANGE.isoformat()}"),
    ("branch, channel, touchpoint, segment", "where it happened and to whom"),
    ("respondent_id", "customer, known for about 70% of responses; blank otherwise"),
    ("staff", "code of who served, in a branch or by telephone; blank otherwise"),
    ("language", "`en` or `zh`: language of the form and of the comment"),
    ("D01 to D22", "desired level of each item, 1 to 7"),
    ("A01 to A22", "minimum acceptable level of each item, 1 to 7"),
    (
        "P01 to P22",
        f"perception of each item, 1 to 7; {NOT_APPLICABLE} = not applicable (about 1%)",
    ),
    ("csat", "overall satisfaction, 1 to 5"),
    ("nps", "willingness to recommend, 0 to 10"),
    ("ces", "agreement that it was easy, 1 to 7"),
    (
        ", ".join(points_column(d.key) for d in DIMENSIONS),
        "100 points spread over the dimensions in fives; a third of respondents was asked",
    ),
    ("L01 to L22", "level predicted for each item, 1 to 7; a quarter of respondents was asked"),
    (
        "F1 to F5, X1 to X5",
        "feeling if a feature is there, and if it is missing, 1 like to 5 dislike; a fifth of "
        f"respondents to the form `{CURRENT_FORM}` was asked",
    ),
    ("comment", "free text, about 20% filled"),
)
COMPLAINT_COLUMNS: Final = (
    ("complaint_id", "identifier of the case"),
    ("received_at", "local date and time of receipt; rows are in this order"),
    ("acknowledged_at", "receipt confirmed; not recorded for about 10%"),
    ("first_response_at", "first answer in substance"),
    ("resolved_at", "first resolution"),
    ("reopened_at", "reopened after the first resolution (about 5%)"),
    ("category, subcategory, cause", "what it was about, in three levels"),
    ("severity", "`low`, `medium`, `high`, `critical`"),
    ("status", "`open`: not resolved; `resolved`; `reopened`: reopened after it was resolved"),
    ("branch, channel, touchpoint, segment", "where it happened and to whom"),
    ("respondent_id", "customer, known for about 65%; some also answered the survey"),
    ("staff", "code of who served, in a branch or by telephone; blank otherwise"),
    (
        "answered_in_time",
        "`yes` or `no`: first response within 72 h (low, medium) or 24 h (high, critical); `no` as "
        "soon as overdue, blank while undecided",
    ),
    ("upheld", "`yes` or `no`; blank while open"),
    ("outcome", "`explanation`, `apology`, `refund`, `repair`, `none`; blank while open"),
    ("compensation, currency", "paid to refunded cases; blank where nothing was paid"),
    ("narrative", "what the customer wrote, about 30% in Chinese"),
)
EXPOSURE_COLUMNS: Final = (
    ("month", "YYYY-MM"),
    ("branch", "branch"),
    ("customers", "customers served; in the unfinished month those served so far"),
)
MARGIN_COLUMNS: Final = (
    ("group_kind, group", "segment, channel or touchpoint, and which one"),
    ("served", "customers of the group served in the month"),
    ("invited", "customers of the group invited to the survey in the month"),
    ("month", "YYYY-MM"),
)


EVENT_COLUMNS: Final = (
    ("complaint_id", "the case; events that the complaint file holds are not repeated"),
    (
        "event",
        "`auto_replied`, `assessed`, `investigated`, `paused` (waiting for the customer), "
        "`escalated`, `decided`, `referred`, `accepted`, `rejected`, `closed`",
    ),
    ("happened_at", "local date and time"),
    ("until_at", "end of a pause; blank while it lasts, and for every other event"),
    ("by", "who did it: a code, `system` for automatic replies"),
)
CONDUCT_COLUMNS: Final = (
    ("case_id", "identifier of the case"),
    ("received_at", "local date and time of the report; rows are in this order"),
    ("assessed_at, investigated_at", "taken up; facts established"),
    ("attributed_at, sanctioned_at, noticed_at", "responsibility, sanction, notice to staff"),
    ("appealed_at, appeal_decided_at, closed_at", "appeal made and decided; case closed"),
    ("class, violation", "what staff are said to have done, in two levels"),
    ("responsibility, sanction", "whose it is and what follows; blank until determined"),
    ("appeal_outcome", "`upheld`: the sanction stands; `overturned`"),
    ("branch, department, status", "where it happened; `open` or `resolved`"),
)
COMPANY_COLUMNS: Final = (
    ("response_id, submitted_at, branch", "as in the survey; audits also channel and touchpoint"),
    ("M01 to M22", "managers: the level they believe customers want, 1 to 7"),
    ("B_reliability ...", "managers: 100 points as they believe customers would spread them"),
    ("F_reliability ...", "managers: how formal standards are, 1 to 7; 0 = no standard"),
    ("S01 to S22, V01 to V22, R01 to R22", "audits: standard, delivery and promise, 1 to 7"),
    ("N_reliability ..., K_reliability ...", "staff: standards and promises can be kept, 1 to 7"),
    ("research.1 ... overpromise.1", "causes, 1 to 7 as ticked: reversed ones not turned round"),
)

RATER_COLUMNS: Final = (
    ("visit, evaluated_at, rater, method, branch, touchpoint", "who rated what, where and when"),
    ("C01 to C15", "mystery shoppers: `pass` or `fail`, in the order of the checklist"),
    ("criterion, dimension, weight, result, scale_low, scale_high", "third party: one rating"),
    ("organisation, edition", "third party: who, and the standard rated against"),
    ("finding_no, finding, severity, owner, due_on, closed_on, evidence", "findings"),
    ("expert, indicator, other, times", "how many times one dimension matters more"),
)


def truths_markdown(files: SampleFiles) -> str:
    """Describe a sample with planted effects in Markdown.

    Parameters
    ----------
    files
        The files written; their rows are counted.

    Returns
    -------
    str
        The whole text, ending in a line feed.
    """
    months = sample_months(files.as_of)
    parts = [
        "# The sample data",
        f"**Simulated.** {NAME_EN} ({NAME_ZH}) does not exist; neither do its customers, and no "
        "row was taken from anybody. The files are here to show what the product does and to "
        "check it: what is hidden in them is listed below.",
        _list(
            f"`{path.name}`: {_rows(path):,} {unit}"
            for path, unit in (
                (files.survey, "survey responses"),
                (files.complaints, "complaints"),
                (files.exposure, "counts of customers served (month by branch)"),
                (files.events, "events of complaints"),
                (files.conduct, "conduct cases"),
                *(
                    [(files.margins, "counts of customers by group and month")]
                    if files.margins
                    else []
                ),
                *((path, f"answers to the questionnaire '{n}'") for n, path in files.company),
                *((path, f"rows of the form '{n}'") for n, path in files.raters),
                *((path, f"entries of the register of {n}") for n, path in files.registers),
            )
        ),
        f"They cover {months[0]} to {months[-1]} and end on {files.as_of.isoformat()}, so the last "
        "month is unfinished: nothing later is known, and what had not happened by the end of that "
        "day is blank.",
        "## How it is made",
        "`csat.sample.generate` draws everything from a random generator with a fixed seed: the "
        "same version writes the same bytes. Behind the ratings of a response stand one general "
        "impression, five dimension factors and noise of each item; CSAT, NPS and CES follow from "
        "the same impression and factors. Complaints are drawn in proportion to customers served, "
        "times the branch's rate, times the share of the cause. Small fixed differences between "
        "branches, channels, touchpoints and segments exist besides the effects listed here. "
        "About 3% of the ratings are blank. With `planted=False` every effect and every "
        "difference between groups is left out (the gaps per dimension, the small branch, the "
        "features and the times of the log stay): what an analysis then finds is chance. With "
        '`language="zh-CN"` every number stays and all names and texts are Chinese.',
        "## What is planted",
        _table(("key", "what", "where", "months", "size"), map(_truth_row, truths(files.as_of))),
        "A size is a change of the mean rating, a factor (complaints, waiting, pauses), a share, a "
        "number of days, a mean gap, a mean amount, a mean monthly count (small branch), a day of "
        "the month "
        "(unfinished month), percentage points below 100 (coverage, promises kept), or 1 for "
        "attained and 0 for missed. A change described as even grows by the same amount each "
        "month. Effects add up where they meet: "
        "appointments at the sliding branch improved as well. The means per dimension are those of "
        "the population; a sample lies within a few hundredths of them.",
        *_done(files),
        "## Columns",
        *_columns(files.survey, SURVEY_COLUMNS),
        *_columns(files.complaints, COMPLAINT_COLUMNS),
        *_columns(files.exposure, EXPOSURE_COLUMNS),
        *_columns(files.events, EVENT_COLUMNS),
        *_columns(files.conduct, CONDUCT_COLUMNS),
        *(_columns(files.margins, MARGIN_COLUMNS) if files.margins else ()),
        f"### {', '.join(path.name for _, path in files.company)}",
        _table(("column", "meaning"), COMPANY_COLUMNS),
        f"### {', '.join(path.name for _, path in files.raters)}",
        _table(("column", "meaning"), RATER_COLUMNS),
        f"### {', '.join(path.name for _, path in files.registers)}",
        "The columns of the templates of the two registers, under their English headings.",
        "## Values",
        _list(f"{title}: {', '.join(names(groups))}" for title, groups in _cuts()),
        "## Items",
        "The items follow the order of the 22-item service-quality form; the wording is our own.",
        _table(
            ("no.", "dimension", "English", "中文"),
            ((str(i.number), i.dimension, i.wording_en, i.wording_zh) for i in ITEMS),
        ),
        *(
            f"Item {number} on the form {FORMER_FORM}: {english} {chinese}"
            for number, (english, chinese) in FORMER_WORDING.items()
        ),
        "中文维度名称：" + "、".join(f"{d.key} {d.name_zh}" for d in DIMENSIONS) + "。",
        "## Features",
        "Asked about both ways, as Kano does; F with the feature, X without it.",
        _table(
            ("no.", "English", "中文"),
            ((str(f.number), f.wording_en, f.wording_zh) for f in FEATURES),
        ),
        "## How to remove it",
        "The files come in through the ordinary import, one batch each, the two registers as one "
        "change each. Undo these batches on the Data page, or all of them with the actions and "
        "targets by *Simulated program* there, and the program is as it was before; nothing else "
        "refers to its registers. The "
        "files themselves can be deleted at any time and written again.",
    ]
    return "\n\n".join(parts) + "\n"


def _done(files: SampleFiles) -> tuple[str, ...]:
    return (
        "## What was done about it",
        "Loaded with the program, each put on record two weeks before it began:",
        _table(
            ("action", "judged by", "over", "from", "judged on", "what the records say"),
            (
                (p.title, f"`{p.metric}`", p.where[0], f"{p.start}", f"{p.due}", VERDICTS[p.key])
                for p in sample_actions(files.as_of)
            ),
        ),
        "Targets: " + ", ".join(f"`{key}` {value:g}" for key, value in TARGETS.items()) + ".",
    )


def _cuts() -> tuple[tuple[str, tuple[Group, ...]], ...]:
    return (
        ("Branches", BRANCHES),
        ("Channels", CHANNELS),
        ("Touchpoints, in order of the process", TOUCHPOINTS),
        ("Segments", SEGMENTS),
    )


def _rows(path: Path) -> int:
    return path.read_bytes().count(b"\n") - 1


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _columns(path: Path, columns: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    return f"### {path.name}", _table(("column", "meaning"), columns)


def _truth_row(truth: Truth) -> tuple[str, ...]:
    return f"`{truth.key}`", truth.sentence_en, truth.where, _span(truth.months), f"{truth.size:g}"


def _span(months: tuple[str, ...]) -> str:
    """Write months as ranges of consecutive ones."""
    ranges: list[list[str]] = []
    for month in months:
        if ranges and _number(month) == _number(ranges[-1][-1]) + 1:
            ranges[-1] = [ranges[-1][0], month]
        else:
            ranges.append([month])
    return ", ".join(" to ".join(ends) for ends in ranges)


def _number(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number)
