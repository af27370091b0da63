"""The satisfaction index of a published survey."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from csat.ingest.index_definitions import set_index
from csat.ingest.mapping import Column, Item, Mapping
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.model.satisfaction_index import (
    IndexDefinition,
    WeightedIndicator,
)
from csat.model.scale import Scale
from csat.queries.satisfaction_index import (
    satisfaction_index,
)
from csat.store.store import Store

TEN = Scale.of(1, 10)

TODAY = date(2026, 11, 22)

WHOLE = Filters("demo")

Load = Callable[..., None]


def test_the_published_index_of_250_phone_customers(
    store: Store, add_rows: Load, reference_cases: dict[str, Any]
) -> None:
    case = reference_cases["csi_ecsi_mobi"]
    sums = [round(250 * mean) for mean in case["inputs"]["item_means_1_10"]]
    answers = [[total // 250 + (k < total % 250) for k in range(250)] for total in sums]
    asked = [Item(f"q{j}", f"Question {j}", TEN) for j in range(3)]
    columns = [Column("when", "submitted_at")]
    columns += [Column(i.key, "item", item=i) for i in asked]
    survey = Mapping("mobi", "survey", "Phones", tuple(columns), survey_key="mobi")
    add_rows(survey, [[date(2025, 5, 5), *row] for row in zip(*answers, strict=True)])
    weights = [100 * w for w in case["expected"]["weights_unstd_norm"]]
    for given_weights, wanted in (
        (weights, case["expected"]["index"]),
        ([100 / 3] * 3, case["expected"]["index_equal_weights"]),
    ):
        made = tuple(WeightedIndicator(f"mean:q{j}", w) for j, w in enumerate(given_weights))
        set_index(store, "demo", 2025, IndexDefinition(made), LOCAL_USER, "x", today=TODAY)
        figure = satisfaction_index(store, WHOLE).figure
        assert figure.n == 250
        assert figure.value == pytest.approx(wanted, abs=1e-6)
