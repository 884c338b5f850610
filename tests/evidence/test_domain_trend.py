"""Trends: Theil and Sen's slope, Mann and Kendall's test, and the four states."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, theilslopes

from evidence.domain.comparators import Direction, relative_trend, trend, years

series = st.lists(st.integers(-50, 50).map(float), min_size=5, max_size=15).filter(lambda v: len(set(v)) > 1)


@given(series)
def test_slope_and_test_agree_with_scipy(values):
    times = np.arange(len(values)) + 2010.0
    found = trend(times.tolist(), values)
    slope, _, low, high = theilslopes(values, times, alpha=0.95)
    tau, p = kendalltau(times, values)
    np.testing.assert_allclose((found.slope, found.low, found.high), (slope, low, high), atol=1e-9)
    np.testing.assert_allclose((found.tau, found.p_value), (tau, p), atol=1e-9)


def test_sens_own_example():
    # Sen (1968), Journal of the American Statistical Association 63, 1379-1389: the estimate is 4, and its
    # interval at 93% runs from 26/7 to 35/8.
    times, values = [1, 2, 3, 4, 10, 12, 18], [9.0, 15, 19, 20, 45, 55, 78]
    found = trend(times, values, alpha=0.07)
    assert (found.slope, found.low, found.high) == pytest.approx((4, 26 / 7, 35 / 8))
    assert found.direction == Direction.RISING
    assert found.tau == 1


def test_the_four_states():
    times = list(range(2015, 2022))
    assert trend(times, [1.0, 2, 3, 4, 5, 6, 7]).direction == Direction.RISING
    assert trend(times, [7.0, 6, 5, 4, 3, 2, 1]).direction == Direction.FALLING
    assert trend(times, [1.0, 5, 2, 6, 1, 5, 2]).direction == Direction.NO_CLEAR_CHANGE
    unknown = trend(times[:4], [1.0, 2, 3, 4])
    assert unknown.direction == Direction.CANNOT_BE_CALCULATED
    assert unknown.reason == "5 periods are needed and there are 4"
    assert unknown.slope is None


def test_four_periods_could_never_be_significant():
    assert kendalltau([1, 2, 3, 4], [1, 2, 3, 4]).pvalue > 0.05


def test_a_series_that_never_moves_is_no_clear_change():
    found = trend(range(2010, 2016), [3.0] * 6)
    assert (found.direction, found.slope, found.reason) == (
        Direction.NO_CLEAR_CHANGE,
        0.0,
        "every figure is the same",
    )


def test_no_figures_at_all_cannot_be_calculated():
    assert trend([], []).direction == Direction.CANNOT_BE_CALCULATED
    assert trend([2010, 2011], [None, math.nan]).periods == 0


def test_missing_figures_and_order_do_not_matter():
    times, values = [2013, 2010, 2012, 2011, 2014, 2015], [4.0, 1.0, None, 2.0, 5.0, 6.0]
    found = trend(times, values)
    assert found.periods == 5
    assert found.slope == pytest.approx(1)


def test_a_change_of_boundaries_breaks_the_series():
    times = list(range(2010, 2020))
    values = [float(t) for t in times]
    vintages = ["LEP 2014"] * 6 + ["LEP 2017"] * 4
    broken = trend(times, values, vintages=vintages)
    assert broken.direction == Direction.CANNOT_BE_CALCULATED
    assert broken.reason == "5 periods are needed and there are 4 since the boundaries last changed"
    whole = trend(times, values, vintages=["LEP 2014"] * 5 + ["LEP 2017"] * 5)
    assert (whole.direction, whole.periods) == (Direction.RISING, 5)
    assert trend(times, values, vintages=["LEP 2017"] * 10).periods == 10


def test_a_relative_trend_is_about_the_ratio_to_england():
    times = list(range(2010, 2018))
    england = [100 * 1.02**i for i in range(8)]
    keeping_up = relative_trend(times, [x * 0.9 for x in england], england)
    gaining = relative_trend(times, [x * 0.9 * 1.01**i for i, x in enumerate(england)], england)
    assert keeping_up.slope == pytest.approx(0, abs=1e-12)
    assert gaining.direction == Direction.RISING
    assert gaining.slope == pytest.approx(math.log(1.01))
    assert relative_trend(times, [None] * 8, england).direction == Direction.CANNOT_BE_CALCULATED
    assert "no logarithm" in relative_trend(times, [0.0] * 8, england).reason


def test_lengths_and_times_must_agree():
    with pytest.raises(ValueError, match="equally long"):
        trend([2010], [1.0, 2.0])
    with pytest.raises(ValueError, match="repeated"):
        trend([2010, 2010], [1.0, 2.0])
    with pytest.raises(ValueError, match="equally long"):
        relative_trend([2010], [1.0], [])


def test_a_sortable_month_is_a_fraction_of_a_year():
    assert years(202204) == 2022.25
    assert years(202201) == 2022.0
    assert years(202200) == 2022.0
