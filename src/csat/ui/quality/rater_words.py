"""What raters' figures say, in plain words."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from csat.charts.wording import sentences
from csat.ingest.instruments.rater_forms import rater_forms
from csat.model.answer import Figure
from csat.model.message import N_, Message, msg
from csat.model.raters import GRADE_LABELS, METHODS
from csat.queries.rater_agreement import Agreement
from csat.queries.rater_contrast import CUSTOMERS, Beside
from csat.queries.raters import RaterAnswer, ScoreRow
from csat.stats.audit import SiteScore
from csat.ui.inert import inert
from csat.ui.language import formats, language, t, translate
from csat.ui.quality.words import dimension_name, listed

VERDICTS: Final[dict[str, str]] = {
    "higher": N_("▲ raters see it higher"),
    "lower": N_("▼ raters see it lower"),
    "no_clear_difference": N_("■ no clear difference"),
    "too_few": N_("□ too few visits"),
    "withheld": N_("□ customers' score withheld"),
}
FIRM: Final[dict[str, str]] = {
    "firm": N_("firm: conclusions may rest on single criteria"),
    "tentative": N_("tentative: read single criteria with care"),
    "insufficient": N_("not enough: train the raters or word the criteria anew"),
}
"""How far Krippendorff's alpha carries, from .80, from .667, and below."""


def method_name(method: str) -> str:
    """Return what a kind of rating is called."""
    return t(METHODS[method]) if method in METHODS else t("Kind of rating not stated")


def reference_name(reference: str) -> str:
    """Return what stands beside raters' scores."""
    return t("Customers") if reference == CUSTOMERS else method_name(reference)


def grade_name(name: str | None) -> str:
    """Return a grade; the usual ones in the reader's language, own ones as they were written."""
    if not name:
        return "—"
    return t(GRADE_LABELS[name]) if name in GRADE_LABELS else name


def criterion_name(criterion: str) -> str:
    """Return a criterion; those of the ready-made checklist in the reader's language."""
    return _worded().get(criterion, {}).get(language(), criterion)


@lru_cache(maxsize=1)
def _worded() -> dict[str, dict[str, str]]:
    return {c["en"]: c for form in rater_forms() for c in form.get("criteria", ())}


def as_figure(name: str, score: SiteScore) -> Figure:
    """Return a score as a chart draws it."""
    return Figure(
        "raters", name, score.mean, "index", score.visits, score.low, score.high, "not_compared"
    )


def headline(answer: RaterAnswer, method: str) -> str:
    """Say what one kind of rating comes to, and where critical criteria failed."""
    f = formats()
    [total] = answer.rows(method, "total")
    told = msg(
        "**{method}: {score} of 100 ({grade})** over {visits} visits, 95% interval {interval}.",
        method=method_name(method),
        score=f.value(total.score.mean, "index"),
        grade=inert(grade_name(total.grade)),
        visits=f.count(total.score.visits),
        interval=f.interval(total.score.low, total.score.high, "index"),
    )
    return sentences([t(told), t(_critical(answer, total))], t=translate())


def _critical(answer: RaterAnswer, total: ScoreRow) -> Message:
    f = formats()
    if not total.critical:
        return msg("No visit failed a critical criterion.")
    worst = max(answer.rows(total.method, "branch"), key=lambda r: r.critical or 0, default=None)
    if worst is None or not worst.critical:
        return msg("{n} visits failed a critical criterion.", n=f.count(total.critical))
    return msg(
        "{n} visits failed a critical criterion, {m} of them at {branch}.",
        n=f.count(total.critical),
        m=f.count(worst.critical),
        branch=inert(worst.group),
    )


def agreement_words(found: Agreement) -> list[str]:
    """Say how far the raters of one kind agree: on scores, and on single criteria."""
    f = formats()
    lines = [
        t(
            msg(
                "**{method}:** {visits} visits and {judgements} criteria were rated by several.",
                method=method_name(found.method),
                visits=f.count(found.visits),
                judgements=f.count(found.judgements),
            )
        )
    ]
    if found.icc is not None:
        told = msg(
            "Scores of one visit agree {how}: ICC {value} ({interval}).",
            how=t(_how_close(found.icc.value)),
            value=f.value(found.icc.value, "rating"),
            interval=f.interval(found.icc.low, found.icc.high, "rating"),
        )
        lines.append(t(told))
    if found.alpha is not None and found.firmness is not None:
        told = msg(
            "Single criteria: Krippendorff's alpha {value} ({interval}), {how}.",
            value=f.value(found.alpha.value, "rating"),
            interval=f.interval(found.alpha.low, found.alpha.high, "rating"),
            how=t(FIRM[found.firmness]),
        )
        lines.append(t(told))
    return lines


def _how_close(icc: float) -> Message:
    """Return words for an intraclass correlation (Koo and Li 2016)."""
    if icc >= 0.9:
        return msg("excellently")
    if icc >= 0.75:
        return msg("well")
    return msg("moderately") if icc >= 0.5 else msg("poorly")


def contrast_words(rows: list[Beside]) -> str:
    """Say in which dimensions raters and customers clearly differ."""
    parts = []
    for verdict, text in (
        ("higher", N_("raters see {names} clearly higher than customers do")),
        ("lower", N_("raters see {names} clearly lower")),
    ):
        names = [dimension_name(r.dimension) for r in rows if r.verdict == verdict]
        if names:
            parts.append(t(msg(text, names=listed(names))))
    if not parts:
        return t("Raters and customers do not clearly differ in any dimension.")
    joined = t("; ").join(parts)
    return t(msg("**{told}.**", told=joined[:1].upper() + joined[1:]))
