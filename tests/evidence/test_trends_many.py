"""Trends of many series at once: the same numbers as SciPy's for each series alone."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import kendalltau, theilslopes

from evidence.domain.comparators import Direction, trend
from evidence.domain.comparators import trends as module
from evidence.domain.comparators.trends import trends

TIMES = np.array([2010, 2011, 2012, 2013, 2014, 2016, 2017, 2020.5])
cells = st.one_of(st.integers(-4, 4).map(float), st.floats(-1e6, 1e6), st.just(np.nan))
tables = arrays(np.float64, st.tuples(st.integers(1, 8), st.just(len(TIMES))), elements=cells)


def alone(times, values, alpha=0.05):
    slope, _, low, high = theilslopes(values, times, alpha=1 - alpha)
    tau, p = kendalltau(times, values)
    return slope, low, high, tau, p


def numbers(found, i):
    return found.slope[i], found.low[i], found.high[i], found.tau[i], found.p[i]


@settings(deadline=None)
@given(tables)
def test_every_series_agrees_with_scipy(table):
    found = trends(TIMES, table)
    for i, values in enumerate(table):
        known = ~np.isnan(values)
        assert found.periods[i] == known.sum()
        if known.sum() < 5:
            assert np.isnan(numbers(found, i)).all()
        elif len(set(values[known])) > 1:
            np.testing.assert_allclose(numbers(found, i), alone(TIMES[known], values[known]), rtol=1e-9, atol=1e-9)


@settings(deadline=None)
@given(tables)
def test_every_series_agrees_with_the_trend_of_one(table):
    found = trends(TIMES, table)
    for i, values in enumerate(table):
        one = trend(TIMES.tolist(), values.tolist())
        assert found.direction(i) == one.direction
        assert found.reason(i) == one.reason
        if one.slope is not None:
            expected = (one.slope, one.low, one.high, one.tau, one.p_value)
            np.testing.assert_allclose(numbers(found, i), expected, rtol=1e-9, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(5, 60), st.integers(0, 2**32 - 1), st.sampled_from([0.01, 0.1, 0.5]))
def test_longer_series_agree_too(periods, seed, alpha):
    """From 34 periods on, SciPy's default p-value is approximate unless at most one pair is out of order."""
    rng = np.random.default_rng(seed)
    times = np.arange(float(periods))
    swapped = times.copy()
    swapped[[0, 1]] = swapped[[1, 0]]
    table = np.array([rng.normal(size=periods), rng.integers(0, 9, periods), times, -times, swapped])
    found = trends(times, table, alpha=alpha)
    for i, values in enumerate(table):
        np.testing.assert_allclose(numbers(found, i), alone(times, values, alpha), rtol=1e-9, atol=1e-12)


def test_sens_own_example():
    """Sen (1968), Journal of the American Statistical Association 63: slope 4, from 26/7 to 35/8 at 93%."""
    found = trends([1, 2, 3, 4, 10, 12, 18], [[9, 15, 19, 20, 45, 55, 78]], alpha=0.07)
    assert (found.slope[0], found.low[0], found.high[0]) == pytest.approx((4, 26 / 7, 35 / 8))


def test_hollander_and_wolfes_example_of_kendalls_test():
    """Hollander and Wolfe (1973), Nonparametric Statistical Methods, pages 185 to 194, as in R's cor.test.

    Lightness of canned tuna against the panel's score: tau 0.4444, exact two-sided p 0.1194.
    """
    lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
    score = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]
    found = trends(lightness, [score])
    assert found.tau[0] == pytest.approx(0.4444, abs=5e-5)
    assert found.p[0] == pytest.approx(0.1194, abs=5e-5)
    assert found.direction(0) == Direction.NO_CLEAR_CHANGE


@settings(deadline=None)
@given(tables, st.floats(1e-3, 1e3))
def test_the_unit_changes_the_slope_and_nothing_else(table, unit):
    table = np.round(table, 3)
    one, other = trends(TIMES, table), trends(TIMES, table * unit)
    np.testing.assert_allclose(other.tau, one.tau)
    np.testing.assert_allclose(other.p, one.p)
    np.testing.assert_allclose(other.slope, one.slope * unit, rtol=1e-9, atol=1e-8 * unit)


def test_the_order_of_the_columns_does_not_matter():
    table = np.random.default_rng(3).normal(size=(5, len(TIMES)))
    shuffled = np.random.default_rng(4).permutation(len(TIMES))
    np.testing.assert_array_equal(trends(TIMES, table).slope, trends(TIMES[shuffled], table[:, shuffled]).slope)


def test_working_in_pieces_changes_nothing(monkeypatch):
    table = np.random.default_rng(5).normal(size=(50, len(TIMES)))
    table[::3, 2] = np.nan
    whole = trends(TIMES, table)
    monkeypatch.setattr(module, "CELLS", 200)
    np.testing.assert_array_equal(trends(TIMES, table).p, whole.p)
    np.testing.assert_array_equal(trends(TIMES, table).low, whole.low)


def test_figures_too_large_to_subtract_have_no_trend():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = trends(range(5), [[-1.7e308, 1.7e308, 0, 1, 2], [1, 2, 3, 4, 5]])
    assert found.direction(0) == Direction.CANNOT_BE_CALCULATED
    assert found.reason(0) == "the figures are too large to calculate with"
    assert found.direction(1) == Direction.RISING


def test_no_series_are_no_trends():
    assert len(trends(TIMES, np.empty((0, len(TIMES)))).slope) == 0


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="a column for every time"):
        trends([1, 2], [[1, 2, 3]])
    with pytest.raises(ValueError, match="repeated"):
        trends([1, 1], [[1, 2]])
    with pytest.raises(ValueError, match="alpha"):
        trends([1, 2], [[1, 2]], alpha=0)
