"""The choice between unweighted and weighted figures, offered where something weighs answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from csat.model.filters import Filters
from csat.model.message import N_, msg
from csat.model.vocabulary import CUT_LABELS
from csat.queries.facts import facts
from csat.queries.raked import Weighting
from csat.queries.weighted import WeightedFigure
from csat.queries.weighted_groups import WeightedGroups
from csat.stats.raking import TRIM
from csat.ui import url
from csat.ui.cached import store
from csat.ui.card import shown, verdict_words
from csat.ui.language import formats, t
from csat.ui.view import View, page_link

_CHOICES: Final = {"": N_("Unweighted"), "weighted": N_("Weighted")}


def choose_weighting(filters: Filters) -> bool:
    """Draw the choice and return whether figures are to be weighted; kept in the link.

    Nothing is drawn where no file holds weights and there are no population margins.
    """
    if not facts(store(), filters.program).designed:
        return False
    names = {code: t(text) for code, text in _CHOICES.items()}
    told = t("Weighted figures count each answer by how many customers it stands for.")
    here: dict[str, str | list[str]] = {**url.noted()}
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = url.choose_in_row(t("Answers"), "weighting", names, help=told)
        page_link("weighting", t("Who answered"), ":material/balance:", here)
    return chosen == "weighted"


def cost_sentence(found: Weighting) -> str:
    """Say how many answers the weighted ones are worth."""
    f = formats()
    effective = round(found.kish.n_effective or 0.0)
    return t(
        msg(
            "Weighted, {n} answers say as much as {effective} that count alike "
            "(design effect {deff}).",
            n=f.count(found.respondents),
            effective=f.count(effective),
            deff=f.value(found.kish.deff, "rating"),
        )
    )


def warnings(found: Weighting) -> list[str]:
    """Say what is doubtful about the weights."""
    f = formats()
    out = []
    if found.kish.costly:
        out.append(
            t("The weights cost more than half of the answers: figures swing far from few people.")
        )
    if not found.converged:
        missed = f.value(100 * found.worst_miss, "percent")
        text = msg(
            "No weights meet all margins at once; the worst is missed by {share}.", share=missed
        )
        out.append(t(text))
    for kind, group in found.empty:
        text = msg(
            "Nobody of {group} answered ({kind}): its share went to the other groups.",
            group=group,
            kind=t(kind_name(kind)),
        )
        out.append(t(text))
    return out


def remarks(found: Weighting) -> list[str]:
    """Say how the weights came about, where there is something to say."""
    out = [t(note) for note in found.notes]
    if found.trimmed:
        text = msg(
            "The weights of {n} answers were cut at {times} times the mean.",
            n=formats().count(found.trimmed),
            times=f"{TRIM:g}",
        )
        out.append(t(text))
    for kind, group in found.unknown:
        text = msg(
            "{group} ({kind}) is not in the margins: it keeps its share of the answers.",
            group=group or t("not stated"),
            kind=t(kind_name(kind)),
        )
        out.append(t(text))
    for kind, groups in found.alike.items():
        if groups:
            named = t(", ").join(sorted(g or t("not stated") for g in groups))
            text = msg(
                "Too few people answered of {groups} ({kind}): they carry one weight together.",
                groups=named,
                kind=t(kind_name(kind)),
            )
            out.append(t(text))
    return out


def say_unweighted(program: str) -> None:
    """Say that answers count alike here, where something weighs those of the program."""
    note = facts(store(), program).unweighted
    if note is not None:
        st.caption(t(note))


def weighted_groups_words(answer: WeightedGroups) -> str:
    """Say how weighted groups are held against all others."""
    method = "Holm" if answer.correction == "holm" else "Benjamini-Hochberg"
    return t(
        msg(
            "Weighted. A group and the others are linearised together, with the clusters and "
            "margins they share. Corrected for the number of groups ({method}); intervals are "
            "not corrected.",
            method=method,
        )
    )


def weighted_table(
    figures: Sequence[WeightedFigure], first: str, names: list[str], view: View
) -> pd.DataFrame:
    """Return figures with and without weights as the table behind a chart."""
    f = formats()
    return pd.DataFrame(
        {
            first: names,
            t("Weighted"): [shown(x.weighted, view.limits) for x in figures],
            t("95% interval"): [
                f.interval(x.weighted.low, x.weighted.high, x.weighted.unit) for x in figures
            ],
            t("Unweighted"): [shown(x.plain, view.limits) for x in figures],
            "n": [_count(x.weighted.n) for x in figures],
            t("Effective n"): [_count(x.effective_n) for x in figures],
            t("Verdict"): [verdict_words(x.weighted) for x in figures],
        }
    )


def _count(n: float | None) -> str:
    return "" if n is None else formats().count(round(n))


def kind_name(kind: str) -> str:
    """Return the source text that names a kind of group."""
    return CUT_LABELS[kind]
