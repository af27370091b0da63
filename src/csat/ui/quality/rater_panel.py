"""Raters on the page of gaps: drawn only when one of its parts is asked for."""

from __future__ import annotations

from typing import Final

import streamlit as st

from csat.ingest.instruments import instrument
from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import N_
from csat.queries.raters import RaterAnswer
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.language import language, t
from csat.ui.origin import origin_of
from csat.ui.quality import rater_experts, rater_findings, rater_scores
from csat.ui.quality.forms import downloads
from csat.ui.view import View, page_link

PARTS: Final[dict[str, str]] = {
    "scores": N_("Scores of visits"),
    "beside": N_("Compared with customers"),
    "agreement": N_("Do raters agree?"),
    "findings": N_("Findings"),
    "experts": N_("Experts' weights"),
}
FORMS: Final[dict[str, tuple[str, ...]]] = {
    "scores": ("mystery-shopper", "evaluations", "grades"),
    "findings": ("findings",),
    "experts": ("comparisons",),
}
"""Part of the panel -> the forms that fill it."""


def rater_panel(filters: Filters | None, view: View) -> None:
    """Draw the parts of the panel to choose from, and the one that is chosen.

    Without filters there is no program yet: the forms alone are handed out.
    """
    st.caption(
        t(
            "Mystery shoppers, experts and third parties. Their scores stand beside the "
            "customers' and are never averaged with them."
        )
    )
    names = {code: t(text) for code, text in PARTS.items()}
    part = url.choose_in_row(t("Show of raters"), "raters", names, pills=True)
    if filters is None:
        st.info(t("Nothing is loaded yet: begin with one of these forms."), icon=":material/info:")
        _forms(part if part in FORMS else "scores", view)
    elif part == "findings":
        rater_findings.findings_part(filters, view)
        _forms("findings", view)
    elif part == "experts":
        rater_experts.experts_part(filters, view)
        _forms("experts", view)
    else:
        _rated(part, filters, view)


def _rated(part: str, filters: Filters, view: View) -> None:
    answer: RaterAnswer = cached("raters", filters, view.limits, view.user)
    if not answer.scores:
        st.info(
            t(
                "No visits were rated in this selection. Hand out the checklist, one row per "
                "visit and rater, and load it filled in; or describe criteria of your own."
            ),
            icon=":material/fact_check:",
        )
    elif part == "scores":
        rater_scores.scores_part(answer)
    elif part == "beside":
        rater_scores.beside_part(answer)
    else:
        rater_scores.agreement_part(answer)
    for note in answer.notes:
        st.caption(t(note))
    if answer.scores:
        _method(answer.provenance)
    _forms("scores", view)


def hand_out(form: str, *, key: str) -> None:
    """Draw one form with its downloads, in the reader's language."""
    chosen = instrument(form, language())
    st.markdown(f"**{chosen.title}** – {chosen.about}")
    downloads(chosen, key=f"rater-form-{key}")


def _forms(part: str, view: View) -> None:
    with st.expander(t("Forms to fill in"), icon=":material/download:"):
        for form in FORMS[part]:
            hand_out(form, key=form)
        if view.user.may("import"):
            page_link("data", t("Load a filled form"), ":material/upload_file:")


def _method(origin: Provenance) -> None:
    """Draw how raters' figures are computed and from what, made only when opened."""
    button = st.popover(
        t("Explain"), icon=":material/info:", type="tertiary", key="why-raters", on_change="rerun"
    )
    if not button.open:
        return
    with button:
        for text in _METHOD:
            st.markdown(t(text))
        origin_of(origin)


_METHOD: Final = (
    N_(
        "**Score of a visit:** 100 × the weights of the criteria met over the weights of those "
        "that applied; a rating counts as the share of its scale. Where several rated one visit, "
        "it is the mean of theirs. A critical fail caps the visit and is listed."
    ),
    N_(
        "**Score of a group:** the mean over visits with a 95% t interval; the visit is what "
        "was drawn, its criteria are not independent. Under four visits show no trend."
    ),
    N_(
        "**Agreement:** intraclass correlation of the scores before any cap (two-way where the "
        "same raters rated all these visits, else one-way) with its F interval; of single "
        "criteria Krippendorff's alpha with an interval from drawing whole visits again 2,000 "
        "times, and Cohen's kappa of each pair of raters."
    ),
    N_(
        "**Compared with customers:** both sides as percent of the maximum possible, 0 to 100; the "
        "difference with Welch's 95% interval, its verdict corrected for the number of "
        "dimensions (Holm). Raters and customers are never averaged."
    ),
)
