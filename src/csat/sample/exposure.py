"""Customers served per month and branch: the denominator of complaint rates."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from csat.sample.draw import Ints, text_column
from csat.sample.organisation import BRANCHES, SMALL_BRANCH, names
from csat.sample.plan import Plan

COMPLAINTS_PER_1000: Final = 4.5
SMALL_BRANCH_MONTHLY: Final = 95
NOISE: Final = 0.03


def draw_customers_served(rng: np.random.Generator, plan: Plan, complaints: int) -> Ints:
    """Draw customers served, one row per month and one column per branch."""
    months = plan.calendar.month_shares
    share = np.array([group.share for group in BRANCHES])
    total = complaints / COMPLAINTS_PER_1000 * 1000
    served = total * months[:, None] * share / share.sum()
    small = names(BRANCHES).index(SMALL_BRANCH)
    served[:, small] = SMALL_BRANCH_MONTHLY * months / months[:-1].mean()
    noisy = served * (1 + NOISE * rng.standard_normal(served.shape))
    counts: Ints = np.maximum(np.rint(noisy), 1).astype(np.int64)
    return counts


def exposure_table(plan: Plan, served: Ints) -> Any:
    """Write customers served as a table of month, branch and count."""
    months, branches = served.shape
    month, branch = np.divmod(np.arange(months * branches), branches)
    return pa.table(
        {
            "month": text_column(plan.calendar.months, month),
            "branch": text_column(names(BRANCHES), branch),
            "customers": pa.array(served.ravel()),
        }
    )
