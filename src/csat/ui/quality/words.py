"""What the figures on dimensions say, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from csat.charts.dumbbell import Dumbbell
from csat.charts.wording import sentences
from csat.model.message import N_, Message, msg
from csat.model.vocabulary import dimension_label
from csat.queries.dimension_rows import DimensionAnswer, DimensionRow
from csat.ui.cached import cached
from csat.ui.language import formats, language, t
from csat.ui.view import current_view


def dimension_name(key: str) -> str:
    """Return a dimension's name as the reader sees it; own ones as they were given."""
    if not key:
        return t("no dimension")
    label = dimension_label(key)
    return t(label) if isinstance(label, Message) else label


def question_words(key: str, wording: str = "") -> str:
    """Return a question in the reader's language where it is known in it, else as it was given."""
    program = current_view("read_figures").program
    known = cached("wordings", program.key).get(key, {}) if program is not None else {}
    return str(known.get(language()) or wording or known.get("") or key)


def listed(names: Iterable[str]) -> str:
    """Join names as the reader's language does."""
    return t(", ").join(names)


def row_name(row: DimensionRow) -> str:
    """Return the name of a dimension or the wording of a question."""
    if row.item is None:
        return dimension_name(row.dimension)
    return question_words(row.item, row.wording)


def by_priority(rows: Sequence[DimensionRow]) -> list[DimensionRow]:
    """Return rows with the largest shortfall times weight first, withheld ones last."""
    return sorted(rows, key=lambda r: (r.gap.value is None, -r.priority, r.item or r.dimension))


def dumbbell_of(row: DimensionRow, note: str = "") -> Dumbbell:
    """Return what the chart draws of a row."""
    return Dumbbell(
        row.item or row.dimension,
        row_name(row),
        row.expectation,
        row.perception,
        row.gap,
        row.scale,
        note,
    )


def first_sentence(answer: DimensionAnswer) -> str:
    """Say which dimension is weakest, and by how much."""
    f = formats()
    rows = [r for r in by_priority(answer.dimensions) if r.gap.value is not None]
    if not rows:
        return _without_gaps(answer)
    worst = rows[0]
    if (worst.gap.value or 0.0) >= 0 or worst.gap.high is None or worst.gap.high >= 0:
        return t("**No dimension clearly falls short of what customers want.**")
    return t(
        msg(
            "**{name} is weakest: customers want {expectation} and get {perception}, "
            "{shortfall} short.**",
            name=row_name(worst),
            expectation=f.value(worst.expectation, "rating"),
            perception=f.value(worst.perception, "rating"),
            shortfall=f.value(-(worst.gap.value or 0.0), "rating"),
        )
    )


def _without_gaps(answer: DimensionAnswer) -> str:
    f = formats()
    known = [r for r in answer.dimensions if r.performance.value is not None]
    if not known:
        return t("**Too few answers to say which dimension is weakest.**")
    worst = min(known, key=lambda r: r.performance.value or 0.0)
    value = f.value(worst.performance.value, "rating")
    return t(msg("**{name} is rated lowest: {value}.**", name=row_name(worst), value=value))


def second_sentence(answer: DimensionAnswer) -> str:
    """Say how many dimensions fall short, and what changed beyond noise."""
    rows = [r for r in answer.dimensions if r.gap.value is not None]
    short = [r for r in rows if r.gap.high is not None and r.gap.high < 0]
    parts = []
    if rows and len(short) == len(rows) > 1:
        parts.append(t(msg("All {n} dimensions fall short of what customers want.", n=len(rows))))
    elif rows:
        counted = msg(
            "{n} of {all} dimensions clearly fall short of what customers want.",
            n=len(short),
            all=len(rows),
        )
        parts.append(t(counted))
    for verdict, text in (
        ("worse", N_("Got worse: {names}.")),
        ("better", N_("Got better: {names}.")),
    ):
        names = [row_name(r) for r in rows if r.gap.verdict == verdict]
        if names:
            parts.append(t(Message(text, {"names": listed(names)})))
    if any(r.gap.verdict == "no_clear_change" for r in rows) and len(parts) == 1:
        parts.append(t("Nothing changed beyond noise."))
    return sentences(parts, t=t)
