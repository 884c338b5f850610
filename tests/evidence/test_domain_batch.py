"""Many places at once, quickly: the answers are those of one place at a time, worked out exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.stats import rankdata
from sklearn.neighbors import NearestNeighbors

from evidence.domain.comparators import (
    Method,
    Metric,
    NotEnoughData,
    Panel,
    PanelArea,
    PanelIndicator,
    PeerSet,
    Standardisation,
    find_all_peers,
    find_peers,
)
from evidence.domain.comparators.distance import euclidean, local_scaled, mahalanobis
from evidence.domain.comparators.neighbours import neighbour_table, resampled_neighbours, squares
from evidence.domain.comparators.ordering import in_order, kth_smallest
from evidence.domain.comparators.peers import nearest
from evidence.domain.comparators.stability import resample_weights
from evidence.domain.comparators.weights import balanced

QUICK = Method(resamples=0)


def panel_of(values, *, areas=None, pillars=2, **limits):
    values = np.asarray(values, dtype=float)
    areas = areas or [PanelArea(f"A{i:03d}") for i in range(len(values))]
    indicators = [PanelIndicator(f"s{j:02d}", pillar=f"p{j % pillars}") for j in range(values.shape[1])]
    return Panel(tuple(areas), tuple(indicators), values, **limits)


def values_with(kind, n=26, p=7, seed=0):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, p))
    if kind == "ties":
        values = rng.integers(0, 3, size=(n, p)).astype(float)
        values[1] = values[0]
        values[5] = values[4] = values[0]
    if kind == "gaps":
        values[rng.random(values.shape) < 0.05] = np.nan
    return values


def same(one, two):
    if isinstance(one, NotEnoughData):
        assert one == two
        return
    assert isinstance(two, PeerSet)
    assert one.peers == two.peers
    assert one.inclusion == two.inclusion
    assert one.areas_left_out == two.areas_left_out
    assert one.picks is None or np.array_equal(one.picks, two.picks)


@pytest.mark.parametrize("metric", list(Metric))
@pytest.mark.parametrize("kind", ["plain", "ties", "gaps", "errors"])
def test_all_places_at_once_get_what_each_gets_alone(metric, kind):
    values = values_with(kind)
    limits = {"lower": values - 0.3, "upper": values + 0.3} if kind == "errors" else {}
    areas = [
        PanelArea(f"A{i:03d}", overlaps=frozenset({"A003"}) if i == 4 else frozenset()) for i in range(len(values))
    ]
    panel = panel_of(values, areas=areas, **limits)
    method = Method(metric=metric, k=6, scale_k=5, resamples=25)
    together = find_all_peers(panel, method)
    assert list(together) == list(panel.area_codes)
    for code in panel.area_codes:
        same(find_peers(panel, code, method), together[code])


def exact_stability(panel, place, method):
    """Inclusion and median rank by the plain definition: one table of exact distances a resample."""
    from evidence.domain.comparators.standardise import fit

    z = fit(panel.values, method.standardise).apply(panel.values)
    w = balanced(z, [indicator.pillar for indicator in panel.indicators])
    rng = np.random.default_rng(method.seed)
    drawn = resample_weights(rng, w, [i.pillar for i in panel.indicators], method.resamples, method.concentration)
    at = panel.row(place)
    others = np.arange(len(z)) != at
    orders = []
    for row in drawn:
        if method.metric == Metric.MAHALANOBIS:
            scores = mahalanobis(z[:, row > 0])
        else:
            d = euclidean(z, row)
            scores = local_scaled(d, method.scale_k) if method.metric == Metric.LOCAL else d
        orders.append(nearest(scores[at], others))
    orders = np.array(orders)
    picked = np.bincount(orders[:, : method.k].ravel(), minlength=len(z)) / method.resamples
    codes = [panel.area_codes[i] for i in np.flatnonzero(others)]
    medians = dict(zip(codes, np.median(_ranks(orders, len(z))[:, others], axis=0), strict=True))
    return dict(zip(codes, picked[others], strict=True)), medians


def _ranks(orders, n):
    ranks = np.zeros((len(orders), n))
    for row, order in zip(ranks, orders, strict=True):
        row[order] = np.arange(1, len(order) + 1)
    return ranks


@pytest.mark.parametrize("metric", list(Metric))
@pytest.mark.parametrize("kind", ["plain", "ties"])
def test_the_quick_resamples_say_what_exact_distances_say(metric, kind):
    panel = panel_of(values_with(kind))
    method = Method(metric=metric, k=5, scale_k=4, resamples=30)
    for place in ("A000", "A010", "A025"):
        found = find_peers(panel, place, method)
        inclusion, median = exact_stability(panel, place, method)
        assert found.inclusion == inclusion
        assert {p.code: p.median_rank for p in found.peers} == {p.code: median[p.code] for p in found.peers}


@given(st.integers(0, 10_000), st.integers(1, 5), st.booleans())
@settings(max_examples=40, deadline=None)
def test_neighbours_under_many_weights_are_those_of_the_exact_distances(seed, k, tied):
    rng = np.random.default_rng(seed)
    n, p = int(rng.integers(6, 20)), int(rng.integers(1, 6))
    z = rng.integers(0, 3, size=(n, p)).astype(float) if tied else rng.normal(size=(n, p))
    holes = (rng.random((n, p)) < 0.15) & (np.arange(p) > 0)
    z[holes] = np.nan
    w = np.maximum(rng.dirichlet(np.ones(p), size=8), 1e-9)
    picks = resampled_neighbours(z, w, k)
    for row, found in zip(w, picks, strict=True):
        d = euclidean(z, row)
        for i in range(n):
            assert found[i].tolist() == sorted(nearest(d[i], np.arange(n) != i)[:k].tolist())


def test_neighbours_under_many_weights_are_those_of_scikit_learn_however_many_areas():
    rng = np.random.default_rng(1)
    z = rng.normal(size=(300, 12)) * np.exp(rng.normal(size=(300, 1)))  # some areas lie far out, some in a crowd
    w = resample_weights(rng, np.full(12, 1 / 12), ["a", "b"] * 6, 6, 10.0)
    picks = resampled_neighbours(z, w, 15, threads=3)
    for row, found in zip(w, picks, strict=True):
        expected = NearestNeighbors(n_neighbors=15).fit(z * np.sqrt(row)).kneighbors(return_distance=False)
        assert found.tolist() == np.sort(expected, axis=1).tolist()


@pytest.mark.parametrize("tied", [False, True])
def test_the_table_of_neighbours_agrees_with_scipy_and_breaks_ties_by_code(tied):
    rng = np.random.default_rng(2)
    z = rng.integers(0, 2, size=(60, 5)).astype(float) if tied else rng.normal(size=(60, 5))
    w = rng.dirichlet(np.ones(5))
    at, d = neighbour_table(z, w, 7)
    expected = cdist(z, z, "euclidean", w=w)
    np.fill_diagonal(expected, np.inf)
    np.testing.assert_allclose(d, np.sort(expected, axis=1)[:, :7], atol=1e-9)
    assert at.tolist() == np.argsort(np.round(expected, 12), axis=1, kind="stable")[:, :7].tolist()


def test_more_neighbours_than_there_are_is_an_error():
    with pytest.raises(ValueError, match="3 other areas and 4"):
        neighbour_table(np.eye(4), np.ones(4), 4)
    with pytest.raises(ValueError, match="3 other areas and 4"):
        resampled_neighbours(np.eye(4), np.ones((2, 4)), 4)


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_bound_on_the_rounding_of_quick_distances_holds(seed):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(12, 5)) * 10.0 ** rng.integers(-3, 4) + rng.integers(0, 100)
    z[rng.random(z.shape) < 0.1] = np.nan
    w = rng.dirichlet(np.ones(5), size=3)
    found = squares(z[None], w)
    for d2, error, row in zip(found.values, found.error, w, strict=True):
        exact = euclidean(z, row) ** 2
        both = ~np.isnan(exact)
        assert np.array_equal(np.isnan(d2), ~both)
        assert (np.abs(d2 - exact)[both] <= error).all()


@given(st.integers(0, 10_000), st.integers(2, 40), st.booleans())
@settings(max_examples=60, deadline=None)
def test_packed_keys_sort_as_the_values_do_or_say_that_they_cannot(seed, n, coarse):
    rng = np.random.default_rng(seed)
    scores = rng.random((7, n)) * 10.0 ** rng.integers(-3, 3, size=(7, 1))
    if coarse:
        scores = np.round(scores, 1)
    apart = np.flatnonzero(rng.random(scores.shape) < 0.1)
    order, unsure = in_order(scores.copy(), apart, 1e-12)
    for i in np.flatnonzero(~unsure):
        out = set((apart[apart // n == i] % n).tolist())
        kept = [at for at in order[i].tolist() if at not in out]
        assert kept == order[i].tolist()[: len(kept)], "those set apart come last"
        assert kept == [at for at in np.argsort(scores[i]).tolist() if at not in out]
    k = int(rng.integers(1, n + 1))
    assert kth_smallest(scores, k).tolist() == np.sort(scores, axis=1)[:, k - 1].tolist()


def test_a_place_that_shares_no_indicator_with_the_rest_is_never_its_own_peer():
    d = np.array([np.nan, 1.0, np.nan, np.nan])
    candidates = np.array([False, True, True, True])
    assert nearest(d, candidates).tolist() == [1, 2, 3]


def test_an_area_with_few_to_compare_with_is_scaled_by_the_furthest_of_them():
    d = np.array([[0, 1.0, np.nan], [1.0, 0, 2.0], [np.nan, 2.0, 0]])
    scaled = local_scaled(d, 2)
    assert scaled[0, 1] == pytest.approx(1.0 / (1.0 * 2.0))
    assert np.isnan(scaled[0, 2])


def test_local_scaling_on_a_small_example_worked_out_by_hand():
    """Zelnik-Manor and Perona (2004), Self-Tuning Spectral Clustering, NIPS 17, equation for Â_ij: the exponent is
    d²(s_i, s_j)/(σ_i σ_j) with σ_i the distance of s_i to its K-th neighbour. Four points on a line, K = 2."""
    points = np.array([[0.0], [1.0], [3.0], [7.0]])
    d = euclidean(points, np.ones(1))
    # σ: 0 → 3 (to 3); 1 → 2 (to 3); 3 → 3 (to 0); 7 → 6 (to 1)
    expected = np.array(
        [
            [0, 1 / 6, 9 / 9, 49 / 18],
            [1 / 6, 0, 4 / 6, 36 / 12],
            [9 / 9, 4 / 6, 0, 16 / 18],
            [49 / 18, 36 / 12, 16 / 18, 0],
        ]
    )
    np.testing.assert_allclose(local_scaled(d, 2), expected, atol=1e-12)


def test_mahalanobis_on_a_published_example():
    """The example of SciPy's manual for scipy.spatial.distance.mahalanobis: with the inverse covariance
    [[1, .5, .5], [.5, 1, .5], [.5, .5, 1]], (1, 0, 0) and (0, 1, 0) lie 1 apart, and (0, 2, 0) and (0, 1, 0) too."""
    inverse = np.array([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]])
    root = np.linalg.cholesky(np.linalg.inv(inverse))
    cross = np.vstack([np.eye(3), -np.eye(3)]) * np.sqrt(5 / 2)  # sample covariance: the identity
    z = cross @ root.T
    d = mahalanobis(z)
    from evidence.domain.comparators.distance import inverse_covariance

    np.testing.assert_allclose(inverse_covariance(z), inverse, atol=1e-9)
    for difference, expected in (([1, -1, 0], 1.0), ([0, 1, 0], 1.0), ([2, -1, 0], 3**0.5)):
        assert np.sqrt(difference @ inverse_covariance(z) @ difference) == pytest.approx(expected)
    np.testing.assert_allclose(d, cdist(z, z, "mahalanobis", VI=inverse), atol=1e-9)


def test_bloms_scores_are_those_of_the_formula_in_his_book():
    """Blom (1958), Statistical Estimates and Transformed Beta-Variables: Φ⁻¹((i − 3/8)/(n + 1/4)). For n = 5 that is
    0, ±0.497 and ±1.180, against the exact expected order statistics 0, ±0.495 and ±1.163 (Harter, 1961)."""
    from evidence.domain.comparators.standardise import fit

    scores = fit(np.arange(5.0)[:, None], Standardisation.RANK_NORMAL).apply(np.arange(5.0)[:, None])[:, 0]
    np.testing.assert_allclose(scores, [-1.180, -0.497, 0, 0.497, 1.180], atol=5e-4)
    np.testing.assert_allclose(scores, [-1.163, -0.495, 0, 0.495, 1.163], atol=0.02)


@given(st.sampled_from([Standardisation.Z, Standardisation.ROBUST_Z, Standardisation.RANK_NORMAL]), st.integers(0, 200))
@settings(max_examples=30, deadline=None)
def test_another_unit_in_every_column_changes_no_peer(kind, seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(20, 5))
    moved = values * 2.0 ** rng.integers(-8, 9, size=5)
    if kind != Standardisation.RANK_NORMAL:
        moved = moved + rng.integers(-100, 100, size=5)
    method = Method(standardise=kind, k=6, resamples=0)
    one, two = find_all_peers(panel_of(values), method), find_all_peers(panel_of(moved), method)
    for code in one:
        assert one[code].codes == two[code].codes
        assert [p.score for p in one[code].peers] == pytest.approx([p.score for p in two[code].peers], abs=1e-9)
    assert (rankdata(values, axis=0) == rankdata(values * 4, axis=0)).all()


@given(st.integers(0, 200), st.integers(2, 5))
@settings(max_examples=30, deadline=None)
def test_copies_of_an_indicator_share_one_voice(seed, copies):
    """With m copies of a column the formula gives each 1/m of what it had, when the columns are uncorrelated: then the
    peers, and every distance, stay what they were."""
    rng = np.random.default_rng(seed)
    values = np.linalg.qr(np.column_stack([np.ones(24), rng.normal(size=(24, 5))]))[0][:, 1:]  # uncorrelated
    copied = np.column_stack([values, *[values[:, 0]] * (copies - 1)])
    method = Method(standardise=Standardisation.Z, k=5, resamples=0)
    one = find_all_peers(panel_of(values, pillars=1), method)
    two = find_all_peers(panel_of(copied, pillars=1), method)
    w = two["A000"].weights
    assert w["s00"] == pytest.approx(one["A000"].weights["s00"] / copies)
    for code in one:
        assert one[code].codes == two[code].codes
        assert [p.distance for p in one[code].peers] == pytest.approx([p.distance for p in two[code].peers], abs=1e-9)


def test_places_can_be_asked_for_in_any_order_and_refusals_stand_beside_answers():
    values = values_with("plain")
    values[3, :3] = np.nan
    found = find_all_peers(panel_of(values), QUICK, ["A009", "A003", "A001"])
    assert list(found) == ["A009", "A003", "A001"]
    assert isinstance(found["A003"], NotEnoughData)
    assert find_all_peers(panel_of(values), QUICK, []) == {}
