"""Gaps to peers and to England: the numbers, their intervals, and what may be said."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from evidence.domain.comparators import (
    EnglandBasis,
    HigherIs,
    Method,
    Panel,
    PanelArea,
    PanelIndicator,
    Role,
    Verdict,
    compare,
    defensible,
    find_peers,
)
from evidence.domain.comparators.gaps import benjamini_hochberg, place_among, weighted_mean

N = 24


def panel_with(outcomes, half_width=None, roles=None, seed=3):
    """A panel with four structural indicators and the given outcome columns (areas, outcomes)."""
    outcomes = np.asarray(outcomes, dtype=float).reshape(N, -1)
    structural = np.random.default_rng(seed).normal(size=(N, 4))
    values = np.hstack([structural, outcomes])
    indicators = [PanelIndicator(f"s{j}", pillar="places") for j in range(4)]
    roles = roles or [HigherIs.BETTER] * outcomes.shape[1]
    indicators += [PanelIndicator(f"y{j}", role=Role.OUTCOME, higher_is=higher_is) for j, higher_is in enumerate(roles)]
    lower = upper = None
    if half_width is not None:
        lower, upper = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
        lower[:, 4:], upper[:, 4:] = outcomes - half_width, outcomes + half_width
    return Panel(tuple(PanelArea(f"A{i:02d}") for i in range(N)), tuple(indicators), values, lower, upper)


def gaps_of(panel, method=None, **extra):
    return compare(panel, find_peers(panel, "A00", method or Method(resamples=200)), **extra)


def test_the_gap_is_the_value_less_the_median_of_the_peers():
    y = np.random.default_rng(1).normal(size=N)
    panel = panel_with(y)
    peers = find_peers(panel, "A00", Method(resamples=200))
    (gap,) = compare(panel, peers)
    theirs = np.array([y[int(code[1:])] for code in peers.codes])
    assert gap.peer_median == pytest.approx(np.median(theirs))
    assert gap.gap == pytest.approx(y[0] - np.median(theirs))
    assert (gap.peer_q1, gap.peer_q3) == pytest.approx(tuple(np.quantile(theirs, [0.25, 0.75])))
    assert gap.rank == 1 + sum(theirs > y[0])
    assert gap.ranked == 16
    assert gap.percentile == pytest.approx(100 * np.mean(y[1:] < y[0]))
    assert gap.choice_low <= gap.choice_high


def test_without_a_published_interval_nothing_is_said_about_the_gap():
    (gap,) = gaps_of(panel_with(np.arange(N)))
    assert gap.verdict == Verdict.NOT_COMPARED
    assert gap.reason == "not compared: no interval"
    assert gap.low is gap.high is gap.p_value is gap.q_value is None
    assert gap.gap is not None, "the gap itself is still shown"


def test_a_wide_gap_with_narrow_intervals_is_called_and_a_small_one_is_not():
    rng = np.random.default_rng(2)
    high = rng.normal(size=N)
    high[0] = 50
    low = rng.normal(size=N)
    low[0] = -50
    level = np.zeros(N)
    above, below, same = gaps_of(panel_with(np.column_stack([high, low, level]), half_width=1.0))
    assert (above.verdict, below.verdict, same.verdict) == (Verdict.ABOVE, Verdict.BELOW, Verdict.NOT_CLEAR)
    assert above.low < above.gap < above.high
    assert (above.probability_above, below.probability_above) == (1, 0)
    assert same.low < 0 < same.high
    assert 0.3 < same.probability_above < 0.7
    assert (above.favourable, below.favourable, same.favourable) == (True, False, None)


def test_the_interval_widens_with_own_error():
    y = np.random.default_rng(2).normal(size=N)
    narrow, wide = (gaps_of(panel_with(y, half_width=width))[0] for width in (0.2, 3.0))
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_the_interval_matches_the_variance_of_a_difference_when_peers_are_fixed_and_alike():
    # With every peer at nought and without error, only the place's own error is left.
    y = np.zeros(N)
    y[0] = 10
    half = np.full((N, 1), 1e-9)
    half[0] = 2.0
    (gap,) = gaps_of(panel_with(y, half_width=half), Method(resamples=4000))
    assert (gap.low, gap.high) == pytest.approx((8.0, 12.0), abs=0.15)


def test_a_few_peers_without_an_interval_count_as_the_least_certain_one():
    y = np.random.default_rng(2).normal(size=N)
    half = np.full((N, 1), 1.0)
    panel = panel_with(y, half_width=half)
    peers = find_peers(panel, "A00", Method(resamples=200))
    some = half.copy()
    some[[int(code[1:]) for code in peers.codes[:3]]] = np.nan
    most = half.copy()
    most[[int(code[1:]) for code in peers.codes[:4]]] = np.nan
    (with_three,) = compare(panel_with(y, half_width=some), peers)
    (with_four,) = compare(panel_with(y, half_width=most), peers)
    assert with_three.low is not None
    assert with_four.reason == "not compared: no interval for enough of the peers"


def test_a_place_without_a_figure_is_not_compared():
    y = np.arange(float(N))
    y[0] = np.nan
    (gap,) = gaps_of(panel_with(y), england={"y0": 3.0})
    assert gap.reason == "not compared: no figure for this place"
    assert gap.value is gap.gap is gap.england_gap is gap.robust is None
    assert gap.england == 3.0


def test_the_median_needs_four_peers_in_five():
    y = np.arange(float(N))
    panel = panel_with(y)
    peers = find_peers(panel, "A00", Method(resamples=50))
    holed = y.copy()
    holed[[int(code[1:]) for code in peers.codes[:4]]] = np.nan
    (gap,) = compare(panel_with(holed), peers)
    assert gap.reason == "not compared: 11 of 15 peers have a figure"
    assert gap.gap is None
    holed[int(peers.codes[0][1:])] = 1.0
    (gap,) = compare(panel_with(holed), peers)
    assert gap.gap is not None
    assert gap.peers_with_figure == 12


def test_england_is_the_published_figure_or_a_weighted_mean_and_never_a_plain_mean():
    y = np.arange(float(N))
    people = {f"A{i:02d}": 1.0 + i for i in range(N)}
    panel = panel_with(np.column_stack([y, y]))
    published, weighted = gaps_of(panel, england={"y0": 4.5}, england_weights=people)
    assert (published.england, published.england_basis) == (4.5, EnglandBasis.PUBLISHED)
    assert published.england_gap == pytest.approx(-4.5)
    assert weighted.england == pytest.approx(np.average(y, weights=1 + y))
    assert weighted.england_basis == EnglandBasis.WEIGHTED_MEAN
    (none, _) = gaps_of(panel)
    assert (none.england, none.england_basis) == (None, EnglandBasis.NONE)


def test_a_weighted_mean_needs_most_of_the_weight():
    y = np.array([1.0, np.nan, 3.0])
    assert weighted_mean(y, np.array([5.0, 2.0, 3.0])) == pytest.approx(14 / 8)
    assert weighted_mean(y, np.array([5.0, 3.0, 3.0])) is None


def test_the_flag_goes_up_when_another_method_turns_the_sign():
    y = np.random.default_rng(1).normal(size=N)
    panel = panel_with(y)
    peers = find_peers(panel, "A00", Method(k=3, resamples=0))
    theirs = {code: y[int(code[1:])] for code in panel.area_codes}
    own = np.median([theirs[code] for code in peers.codes])
    others = {name: find_peers(panel, "A00", method) for name, method in defensible(peers.method).items()}
    medians = {name: np.median([theirs[code] for code in other.codes]) for name, other in others.items()}
    y[0] = (own + max(medians.values(), key=lambda m: abs(m - own))) / 2
    (gap,) = compare(panel_with(y), peers)
    expected = {name for name, m in medians.items() if np.sign(y[0] - m) != np.sign(y[0] - own)}
    assert expected, "the example must contain a turn"
    assert set(gap.disagreeing) == expected
    assert gap.robust is False
    y[0] = 100
    assert compare(panel_with(y), peers)[0].robust is True


def test_higher_is_only_good_where_the_catalogue_says_so():
    y = np.zeros(N)
    y[0] = 5
    roles = [HigherIs.BETTER, HigherIs.WORSE, HigherIs.NEUTRAL]
    better, worse, neutral = gaps_of(panel_with(np.column_stack([y] * 3), roles=roles))
    assert (better.favourable, worse.favourable, neutral.favourable) == (True, False, None)


def test_without_resampling_the_reason_is_given():
    (gap,) = gaps_of(panel_with(np.arange(N), half_width=1.0), Method(resamples=0))
    assert gap.reason == "not compared: the choice of peers was not resampled"
    assert gap.choice_low is None


def test_peers_from_another_panel_are_refused():
    panel = panel_with(np.arange(N))
    peers = find_peers(panel, "A00", Method(resamples=0))
    with pytest.raises(ValueError, match="no area"):
        compare(panel, replace(peers, place="Z99"))


def test_results_come_in_the_panels_order():
    panel = panel_with(np.random.default_rng(1).normal(size=(N, 3)))
    turned = panel.take(range(N), [6, 0, 4, 1, 5, 2, 3])
    assert [gap.indicator for gap in gaps_of(turned)] == ["y2", "y0", "y1"]


def test_equal_values_share_the_best_rank():
    assert place_among(2.0, np.array([3.0, 2.0, 2.0, 1.0, np.nan])) == (2, 5)


# Fifteen p-values of Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300:
# at 5% their procedure rejects the first four, where Bonferroni's rejects three.
BH_1995 = (
    [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    + [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
)  # fmt: skip


def test_benjamini_and_hochbergs_own_example_rejects_four():
    assert sum(q <= 0.05 for q in benjamini_hochberg(BH_1995)) == 4


@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjusted_p_values_agree_with_scipy(p_values):
    expected = false_discovery_control(p_values) if p_values else []
    np.testing.assert_allclose(benjamini_hochberg(p_values), expected, atol=1e-12)
