"""What a period is compared with where nobody chose: one rule for pages and command line."""

from __future__ import annotations

from datetime import date

import pytest

from csat.model.period import Period
from csat.queries.extent import Extent

SUMMER = Period(date(2026, 7, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (date(2024, 10, 1), "last_year"),
        (date(2025, 9, 30), "last_year"),
        (date(2025, 10, 1), "previous"),
        (None, "previous"),
    ],
)
def test_last_year_is_taken_where_the_data_reaches_it(first: date | None, expected: str) -> None:
    extent = Extent.__new__(Extent)
    object.__setattr__(extent, "first", first)
    assert extent.usual_comparison(SUMMER) == expected
    assert extent.usual_comparison(None) == "previous"
