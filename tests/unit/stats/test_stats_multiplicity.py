from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.multiplicity import benjamini_hochberg, holm

modest = settings(max_examples=50, deadline=None)
p_lists = st.lists(st.floats(0, 1), min_size=1, max_size=40)
Adjust = Callable[[Sequence[float]], list[float]]
both = pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])


@pytest.fixture
def _no_collecting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep garbage: statsmodels looks for it at every call, which takes long beside all tests."""
    monkeypatch.setattr("gc.collect", lambda *_: 0)


@pytest.mark.usefixtures("_no_collecting")
@pytest.mark.parametrize(("adjust", "name"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")])
@modest
@given(ps=p_lists)
def test_adjusted_p_values_agree_with_a_second_implementation(
    adjust: Adjust, name: str, ps: list[float]
) -> None:
    oracle = pytest.importorskip("statsmodels.stats.multitest")
    assert adjust(ps) == pytest.approx(list(oracle.multipletests(ps, method=name)[1]), abs=1e-12)


@both
@modest
@given(ps=p_lists)
def test_correction_never_makes_a_result_clearer(adjust: Adjust, ps: list[float]) -> None:
    assert all(p <= adjusted <= 1 for p, adjusted in zip(ps, adjust(ps), strict=True))


@both
@modest
@given(data=st.data(), ps=p_lists)
def test_the_order_given_is_the_order_returned(
    adjust: Adjust, data: st.DataObject, ps: list[float]
) -> None:
    order = data.draw(st.permutations(range(len(ps))))
    adjusted = adjust(ps)
    assert adjust([ps[i] for i in order]) == [adjusted[i] for i in order]


@modest
@given(p_lists)
def test_holm_is_at_least_as_strict_as_benjamini_hochberg(ps: list[float]) -> None:
    pairs = zip(holm(ps), benjamini_hochberg(ps), strict=True)
    assert all(strict >= lenient - 1e-12 for strict, lenient in pairs)


@both
def test_one_comparison_needs_no_correction_and_none_gives_none(adjust: Adjust) -> None:
    assert adjust([0.03]) == [0.03]
    assert adjust([]) == []


@both
@pytest.mark.parametrize("bad", [-0.1, 1.1, float("nan")])
def test_a_p_value_off_its_range_is_refused(adjust: Adjust, bad: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust([0.5, bad])
