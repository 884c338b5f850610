"""Standardising, weighting and measuring distance: parity with SciPy and scikit-learn, and promises kept."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist
from scipy.stats import norm, rankdata, zscore
from scipy.stats.mstats import winsorize
from sklearn.neighbors import NearestNeighbors

from evidence.domain.comparators import Standardisation, distance, missing, shares, standardise, weights

PARITY = 1e-9
rng = np.random.default_rng(7)
TABLE = rng.normal(size=(40, 6)) @ rng.normal(size=(6, 6)) + 3
WEIGHTS = np.array([0.3, 0.1, 0.2, 0.15, 0.05, 0.2])

tables = st.tuples(st.integers(4, 20), st.integers(1, 6)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(-1000, 1000).map(float))
)


@st.composite
def tables_with_holes(draw):
    table = draw(tables)
    holes = draw(arrays(np.bool_, table.shape, elements=st.booleans()))
    return np.where(holes, np.nan, table)


def test_the_default_scale_is_a_z_score_of_winsorised_values():
    outlier = np.append(np.arange(100.0), 10_000.0)[:, None]
    z = standardise.fit(outlier).apply(outlier)
    low, high = np.quantile(outlier, [0.01, 0.99])
    np.testing.assert_allclose(z[:, 0], zscore(np.clip(outlier[:, 0], low, high)), atol=PARITY)
    assert z.max() < 2, "one extreme place must not stretch the scale for all the others"


def test_winsorising_agrees_with_scipy_where_the_quantiles_fall_on_values():
    values = rng.permutation(np.arange(101.0))[:, None]
    scale = standardise.fit(values)
    clipped = np.clip(values, scale.floor, scale.ceiling)
    np.testing.assert_allclose(clipped[:, 0], winsorize(values[:, 0], limits=(0.01, 0.01)), atol=PARITY)


@pytest.mark.parametrize("ddof", [0, 1])
def test_plain_z_agrees_with_scipy_for_either_divisor(ddof):
    z = standardise.fit(TABLE, Standardisation.Z, ddof=ddof).apply(TABLE)
    np.testing.assert_allclose(z, zscore(TABLE, ddof=ddof), atol=PARITY)


def test_rank_normal_scores_follow_bloms_formula_with_average_ranks():
    values = np.array([[5.0], [1.0], [5.0], [9.0], [2.0]])
    scores = standardise.fit(values, Standardisation.RANK_NORMAL).apply(values)
    expected = norm.ppf((rankdata(values[:, 0]) - 3 / 8) / (5 + 1 / 4))
    np.testing.assert_allclose(scores[:, 0], expected, atol=PARITY)


def test_min_max_runs_from_nought_to_one():
    scaled = standardise.fit(TABLE, Standardisation.MIN_MAX).apply(TABLE)
    np.testing.assert_allclose([scaled.min(axis=0), scaled.max(axis=0)], [np.zeros(6), np.ones(6)], atol=PARITY)


def test_the_robust_scale_survives_a_column_whose_median_deviation_is_nought():
    values = np.array([[0.0]] * 8 + [[1.0], [5.0]])
    scale = standardise.fit(values, Standardisation.ROBUST_Z)
    assert scale.spread[0] == pytest.approx(0.5 * values.std())
    assert np.isfinite(scale.apply(values)).all()


@pytest.mark.parametrize("kind", list(Standardisation))
def test_a_column_that_never_varies_has_no_scale(kind):
    scale = standardise.fit(np.full((6, 1), 4.0), kind)
    assert not scale.usable[0]


def test_a_column_without_any_figure_has_no_scale():
    scale = standardise.fit(np.array([[1.0, np.nan], [2.0, np.nan], [4.0, np.nan]]))
    assert scale.usable.tolist() == [True, False]


def test_missing_figures_stay_missing():
    holed = TABLE.copy()
    holed[3, 2] = np.nan
    for kind in Standardisation:
        z = standardise.fit(holed, kind).apply(holed)
        assert np.array_equal(np.isnan(z), np.isnan(holed)), kind


@given(tables, st.floats(0.01, 1000), st.floats(-1000, 1000))
@settings(max_examples=60, deadline=None)
def test_a_change_of_unit_changes_no_standardised_value(table, factor, shift):
    for kind in Standardisation:
        scale = standardise.fit(table, kind)
        # Ranks need the very same ties, which rounding may break; a factor of two does not round.
        moved = table * 2 if kind == Standardisation.RANK_NORMAL else table * factor + shift
        again = standardise.fit(moved, kind)
        both = scale.usable & again.usable
        np.testing.assert_allclose(again.apply(moved)[:, both], scale.apply(table)[:, both], atol=1e-6)


def test_correlations_agree_with_numpy():
    np.testing.assert_allclose(weights.correlations(TABLE), np.corrcoef(TABLE, rowvar=False), atol=PARITY)


def test_correlations_use_the_pairs_present():
    holed = TABLE.copy()
    holed[:5, 0] = np.nan
    expected = np.corrcoef(TABLE[5:, 0], TABLE[5:, 1])[0, 1]
    assert weights.correlations(holed)[0, 1] == pytest.approx(expected, abs=PARITY)


def test_every_pillar_gets_the_same_weight_and_duplicates_share_one_voice():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 50))
    a, b = a - a.mean(), b - b.mean()
    b = b - a * (a @ b) / (a @ a)  # no correlation with a at all
    z = np.column_stack([a, a, b, rng.normal(size=50)])
    w = weights.balanced(z, ["people", "people", "people", "places"])
    np.testing.assert_allclose(w, [0.125, 0.125, 0.25, 0.5], atol=PARITY)


def test_the_users_weights_are_scaled_and_must_make_sense():
    np.testing.assert_allclose(weights.chosen_by_user(["a", "b", "c"], {"a": 3, "b": 1}), [0.75, 0.25, 0])
    with pytest.raises(ValueError, match="zero or more"):
        weights.chosen_by_user(["a"], {"a": -1})
    with pytest.raises(ValueError, match="above zero"):
        weights.chosen_by_user(["a"], {"b": 1})


def test_distance_agrees_with_cdist():
    expected = cdist(TABLE, TABLE, "euclidean", w=WEIGHTS) / np.sqrt(WEIGHTS.sum())
    np.testing.assert_allclose(distance.euclidean(TABLE, WEIGHTS), expected, atol=PARITY)


def test_nearest_neighbours_agree_with_scikit_learn():
    ours = distance.euclidean(TABLE, WEIGHTS)
    found, at = NearestNeighbors(n_neighbors=16).fit(TABLE * np.sqrt(WEIGHTS)).kneighbors()
    np.testing.assert_allclose(np.sort(ours, axis=1)[:, 1:17], found, atol=PARITY)
    assert np.argsort(ours, axis=1, kind="stable")[:, 1:17].tolist() == at.tolist()
    np.testing.assert_allclose(distance.neighbour_scale(ours, 15), found[:, 14], atol=PARITY)


def test_mahalanobis_agrees_with_cdist():
    inverse = np.linalg.inv(np.cov(TABLE, rowvar=False))
    expected = cdist(TABLE, TABLE, "mahalanobis", VI=inverse)
    np.testing.assert_allclose(distance.mahalanobis(TABLE), expected, atol=1e-8, rtol=PARITY)


def test_mahalanobis_bears_shares_that_add_up_to_a_hundred():
    shares_of_jobs = rng.dirichlet(np.ones(4), size=30) * 100
    d = distance.mahalanobis(shares_of_jobs)
    three = distance.mahalanobis(shares_of_jobs[:, :3])
    np.testing.assert_allclose(d, three, atol=1e-6, err_msg="the fourth share follows from the other three")


def test_a_pair_with_gaps_is_measured_on_what_both_have():
    z = np.array([[0.0, 0.0, 0.0, 0.0], [1.0, np.nan, np.nan, 1.0], [np.nan, 2.0, 2.0, np.nan]])
    d = distance.euclidean(z, np.full(4, 0.25))
    assert d[0, 1] == pytest.approx(1.0)
    assert d[0, 2] == pytest.approx(2.0)
    assert np.isnan(d[1, 2]), "two places with nothing in common have no distance"


@given(tables_with_holes())
@settings(max_examples=60, deadline=None)
def test_distances_are_symmetric_and_nought_to_oneself(table):
    w = np.full(table.shape[1], 1 / table.shape[1])
    for d in (distance.euclidean(table, w), distance.local_scaled(distance.euclidean(table, w), 3)):
        np.testing.assert_array_equal(d, d.T)
        own = np.diag(d)
        assert (np.isnan(own) | (own == 0)).all()


@given(tables_with_holes(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_does_not_matter(table, random):
    order = list(range(len(table)))
    random.shuffle(order)
    w = np.full(table.shape[1], 1 / table.shape[1])
    np.testing.assert_array_equal(
        distance.euclidean(table[order], w), distance.euclidean(table, w)[np.ix_(order, order)]
    )


@given(tables_with_holes())
@settings(max_examples=100, deadline=None)
def test_the_shares_of_a_distance_sum_to_one(table):
    w = np.arange(1.0, table.shape[1] + 1)
    comparable = ~np.isnan(distance.euclidean(table, w)[0])
    if not comparable.any():
        return
    parts = shares.of_euclidean(table[0], table[comparable], w)
    np.testing.assert_allclose(parts.sum(axis=1), 1.0, atol=PARITY)
    assert (parts >= 0).all()


def test_mahalanobis_shares_sum_to_one():
    parts = shares.of_mahalanobis(TABLE[0], TABLE[1:], distance.inverse_covariance(TABLE), WEIGHTS)
    np.testing.assert_allclose(parts.sum(axis=1), 1.0, atol=PARITY)


def test_what_counts_as_enough():
    values = np.array([[1, 1, np.nan], [1, np.nan, np.nan], [1, 1, np.nan], [1, 1, 1], [1, 1, 1]], dtype=float)
    assert missing.indicators_with_enough(values).tolist() == [True, True, False]
    share = missing.weight_present(values, np.array([0.5, 0.3, 0.2]))
    np.testing.assert_allclose(share, [0.8, 0.5, 0.8, 1, 1])
    assert missing.enough(share).tolist() == [True, False, True, True, True]
