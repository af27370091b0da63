"""The store of this process, and the only cache of what it answers.

The key holds the data version, so a committed import is seen by every open page at its next
run and nothing is ever cleared by hand. Aggregates only, never raw rows.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import streamlit as st

from csat.model.filters import Filters
from csat.model.settings import Config
from csat.queries import catalogue, complaints, loads
from csat.queries.actions import actions
from csat.queries.agreement import agreement, cause_tree
from csat.queries.case_facets import filter_panel
from csat.queries.case_figures import pareto_rows
from csat.queries.comparing import groups_beside, period_change
from csat.queries.compensation import compensation
from csat.queries.complainants import complainants
from csat.queries.conduct import conduct
from csat.queries.conformance import conformance
from csat.queries.contrasts import contrasts
from csat.queries.control import control
from csat.queries.control_split import control_split
from csat.queries.dimensions import dimensions
from csat.queries.drivers import drivers
from csat.queries.effects import effects
from csat.queries.expert_weights import expert_weights
from csat.queries.extent import extent
from csat.queries.figures import evaluate
from csat.queries.findings import findings
from csat.queries.found_breaks import found_breaks
from csat.queries.funnels import funnel_of
from csat.queries.gaps import gaps
from csat.queries.handling import ageing, crossed
from csat.queries.health import health
from csat.queries.importance import importance
from csat.queries.index_scores import index_breaks
from csat.queries.iso10002 import indicators
from csat.queries.kano import kano_features
from csat.queries.marks import marks
from csat.queries.movers import movers
from csat.queries.own_weights import own_weights
from csat.queries.penalty_reward import penalty_reward
from csat.queries.quality_views import quality_views
from csat.queries.raters import raters
from csat.queries.ratings import ratings
from csat.queries.registers import register_history, register_lines
from csat.queries.representation import representation
from csat.queries.resolution import resolution
from csat.queries.returning import returns
from csat.queries.satisfaction_index import satisfaction_index
from csat.queries.signals import signals
from csat.queries.sla import service_levels
from csat.queries.soundness import soundness
from csat.queries.split_figures import evaluate_split
from csat.queries.stages import stages
from csat.queries.standing import standing_counts
from csat.queries.weighted import weighted
from csat.queries.weighted_dimensions import weighted_dimensions
from csat.queries.weighted_groups import weighted_groups
from csat.queries.weighted_series import weighted_series
from csat.queries.wordings import wordings
from csat.queries.zones import zones
from csat.store.store import Store
from csat.ui.upload_folder import forget_uploads

_QUESTIONS: Final[dict[str, Callable[..., Any]]] = {
    "evaluate": evaluate,
    "evaluate_split": evaluate_split,
    "movers": movers,
    "health": health,
    "category_tree": complaints.category_tree,
    "facet": complaints.facet,
    "count": complaints.count,
    "dimension_gaps": dimensions,
    "drivers": drivers,
    "penalty_reward": penalty_reward,
    "kano": kano_features,
    "gaps": gaps,
    "raters": raters,
    "findings": findings,
    "expert_weights": expert_weights,
    "conformance": conformance,
    "quality_views": quality_views,
    "soundness": soundness,
    "ratings": ratings,
    "contrasts": contrasts,
    "zones": zones,
    "representation": representation,
    "weighted": weighted,
    "weighted_dimensions": weighted_dimensions,
    "weighted_series": weighted_series,
    "weighted_groups": weighted_groups,
    "importance": importance,
    "counts": complaints.counts,
    "filter_panel": filter_panel,
    "pareto_rows": pareto_rows,
    "resolution": resolution,
    "service_levels": service_levels,
    "standing_counts": standing_counts,
    "returns": returns,
    "compensation": compensation,
    "agreement": agreement,
    "complainants": complainants,
    "ageing": ageing,
    "crossed": crossed,
    "indicators": indicators,
    "stages": stages,
    "conduct": conduct,
    "control": control,
    "control_split": control_split,
    "groups_beside": groups_beside,
    "period_change": period_change,
    "signals": signals,
    "marks": marks,
    "satisfaction_index": satisfaction_index,
    "effects": effects,
    "found_breaks": found_breaks,
    "funnel_of": funnel_of,
    # asked for a program, not for a choice of filters
    "programs": catalogue.programs,
    "surveys": catalogue.surveys,
    "items": catalogue.items,
    "wordings": wordings,
    "index_breaks": index_breaks,
    "dimensions": catalogue.dimensions,
    "extent": extent,
    "groups": catalogue.groups,
    "series_breaks": catalogue.series_breaks,
    "actions": actions,
    "batches": loads.batches,
    "register_lines": register_lines,
    "register_history": register_history,
    "cause_tree": cause_tree,
    "own_weights": own_weights,
    "types_of_cases": complaints.types_of_cases,
}


@st.cache_resource(show_spinner=False, on_release=lambda s: s.close())
def _open(path: str) -> Store:
    config = Config.from_environment()
    opened = Store(Path(path), memory_mb=config.memory_mb)
    forget_uploads(config.uploads_folder())
    return opened


def store() -> Store:
    """Return the store of this process, opened once."""
    return _open(str(Config.from_environment().store))


@st.cache_resource(show_spinner=False, max_entries=16)
def kept(name: str, _make: Callable[[], Any]) -> Any:
    """Return the one object of this process under a name, made when first asked for."""
    del name
    return _make()


@st.cache_data(max_entries=1_024, show_spinner=False)
def _answer(version: int, path: str, question: str, subject: Any, args: tuple[Any, ...]) -> Any:
    del version, path
    return _QUESTIONS[question](store(), *((subject,) if subject is not None else ()), *args)


def cached(question: str, subject: Filters | str | None = None, *args: Any) -> Any:
    """Answer a registered question from the cache, or ask the store.

    Parameters
    ----------
    question
        A name in this module's table.
    subject
        Filters, or a program key for the catalogue.
    *args
        Further arguments, hashable: metric keys, grouping, thresholds.
    """
    here = store()
    return _answer(here.data_version(), str(here.path), question, subject, args)
