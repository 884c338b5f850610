"""Choosing peers: who may be one, what happens with gaps in the data, and how stable the choice is."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from evidence.domain.comparators import (
    ONS_STYLE,
    Method,
    Metric,
    NotEnoughData,
    Panel,
    PanelArea,
    PanelIndicator,
    PeerSet,
    Role,
    Standardisation,
    find_peers,
)
from evidence.domain.comparators.distance import euclidean
from evidence.domain.comparators.neighbours import squares
from evidence.domain.comparators.stability import resample_weights

QUICK = Method(resamples=0)


def make_panel(values, *, areas=None, indicators=None, lower=None, upper=None):
    values = np.asarray(values, dtype=float)
    areas = areas or [PanelArea(f"A{i:02d}", name=f"Area {i}") for i in range(values.shape[0])]
    indicators = indicators or [
        PanelIndicator(f"s{j}", pillar="places" if j % 2 else "business-environment") for j in range(values.shape[1])
    ]
    return Panel(tuple(areas), tuple(indicators), values, lower, upper)


def random_panel(n=30, p=6, seed=1, **extra):
    return make_panel(np.random.default_rng(seed).normal(size=(n, p)), **extra)


def test_the_plain_method_finds_the_neighbours_that_scikit_learn_finds():
    panel = random_panel(n=60, p=8)
    method = replace(ONS_STYLE, resamples=0)
    ours = find_peers(panel, "A07", method)
    z = (panel.values - panel.values.mean(axis=0)) / panel.values.std(axis=0)
    root = np.sqrt([ours.weights[code] for code in panel.indicator_codes])
    found, at = NearestNeighbors(n_neighbors=20).fit(z * root).kneighbors()
    assert ours.codes == tuple(panel.area_codes[i] for i in at[7])
    np.testing.assert_allclose([peer.distance for peer in ours.peers], found[7], atol=1e-9)


def test_local_scaling_divides_by_both_neighbourhoods():
    panel = random_panel(n=40)
    ours = find_peers(panel, "A03", QUICK)
    plain = {p.code: p.distance for p in find_peers(panel, "A03", replace(QUICK, metric=Metric.EUCLIDEAN, k=39)).peers}

    def fifteenth(code):
        return find_peers(panel, code, replace(QUICK, metric=Metric.EUCLIDEAN)).peers[14].distance

    for peer in ours.peers:
        expected = plain[peer.code] ** 2 / (fifteenth("A03") * fifteenth(peer.code))
        assert peer.score == pytest.approx(expected, abs=1e-9)
    assert [p.score for p in ours.peers] == sorted(p.score for p in ours.peers)


def test_only_structural_indicators_choose_and_the_others_are_named():
    indicators = [
        PanelIndicator("density", pillar="places"),
        PanelIndicator("skills", pillar="people", role=Role.DRIVER),
        PanelIndicator("gva", pillar="business-environment", role=Role.OUTCOME),
    ]
    values = np.random.default_rng(2).normal(size=(20, 3))
    peers = find_peers(make_panel(values, indicators=indicators), "A00", QUICK)
    changed = values.copy()
    changed[:, 1:] = np.random.default_rng(9).normal(size=(20, 2))
    again = find_peers(make_panel(changed, indicators=indicators), "A00", QUICK)
    assert peers.peers == again.peers
    assert {left.code for left in peers.indicators_left_out} == {"skills", "gva"}
    assert "hide the gap" in {left.code: left.reason for left in peers.indicators_left_out}["gva"]


def test_the_place_its_parents_children_and_overlaps_are_never_peers():
    areas = [PanelArea(f"A{i:02d}", region="London" if i == 9 else "North West") for i in range(12)]
    areas[0] = replace(areas[0], parents=frozenset({"A01"}), overlaps=frozenset({"A02"}))
    areas[3] = replace(areas[3], parents=frozenset({"A00"}))
    areas[4] = replace(areas[4], overlaps=frozenset({"A00"}))
    panel = random_panel(n=12, areas=areas)
    reasons = {left.code: left.reason for left in find_peers(panel, "A00", QUICK).areas_left_out}
    assert reasons == {
        "A00": "the place itself",
        "A01": "contains the place",
        "A02": "overlaps the place",
        "A03": "is part of the place",
        "A04": "overlaps the place",
    }
    without = replace(QUICK, leave_out_regions=frozenset({"London"}), leave_out=frozenset({"A05"}))
    found = find_peers(panel, "A00", without)
    assert not {"A05", "A09"} & set(found.codes)


def test_peers_can_be_sought_outside_the_places_own_region():
    areas = [PanelArea(f"A{i:02d}", region=f"R{i % 3}") for i in range(15)]
    found = find_peers(random_panel(n=15, areas=areas), "A00", replace(QUICK, leave_out_same_region=True))
    assert len(found.peers) == 10
    assert all(int(code[1:]) % 3 for code in found.codes)


def test_ties_are_broken_by_code():
    values = [[0.0, 0.0]] + [[1.0, 1.0]] * 6 + [[5.0, 9.0]]
    codes = ["P", "F", "B", "D", "A", "E", "C", "Z"]
    panel = make_panel(values, areas=[PanelArea(code) for code in codes])
    assert find_peers(panel, "P", replace(QUICK, k=4)).codes == ("A", "B", "C", "D")


@given(st.permutations(range(14)), st.permutations(range(4)), st.integers(0, 50))
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_and_columns_changes_nothing(rows, columns, seed):
    # Few distinct values, so that ties occur; with intervals, so that resampling draws errors.
    values = np.random.default_rng(seed).integers(0, 4, size=(14, 4)).astype(float)
    panel = make_panel(values, lower=values - 0.1, upper=values + 0.1)
    method = Method(resamples=20, k=5, scale_k=5)
    one, two = find_peers(panel, "A03", method), find_peers(panel.take(rows, columns), "A03", method)
    assert one.peers == two.peers
    assert one.inclusion == two.inclusion


@given(st.floats(0.001, 1000), st.floats(-100, 100), st.integers(0, 50))
@settings(max_examples=30, deadline=None)
def test_measuring_in_another_unit_changes_nothing(factor, shift, seed):
    values = np.random.default_rng(seed).normal(size=(16, 4))
    moved = values.copy()
    moved[:, 1] = moved[:, 1] * factor + shift
    one, two = (find_peers(make_panel(table), "A02", replace(QUICK, k=6)) for table in (values, moved))
    assert one.codes == two.codes
    np.testing.assert_allclose([p.distance for p in one.peers], [p.distance for p in two.peers], rtol=1e-7)


@given(st.integers(0, 200))
@settings(max_examples=30, deadline=None)
def test_two_places_are_equally_far_from_each_other_and_shares_explain_all_of_it(seed):
    panel = random_panel(n=12, p=5, seed=seed)
    method = replace(QUICK, k=11)
    distances = {
        (code, peer.code): peer.distance for code in panel.area_codes for peer in find_peers(panel, code, method).peers
    }
    for (a, b), d in distances.items():
        assert d == pytest.approx(distances[b, a], abs=1e-12)
    for peer in find_peers(panel, "A00", method).peers:
        assert math.fsum(peer.shares.values()) == pytest.approx(1.0, abs=1e-9)


def test_a_place_without_enough_figures_gets_a_plain_refusal():
    values = np.random.default_rng(4).normal(size=(20, 5))
    values[0, [1, 3]] = np.nan
    found = find_peers(make_panel(values), "A00", QUICK)
    assert isinstance(found, NotEnoughData)
    assert found.missing == ("s1", "s3")
    assert found.share_present < 0.8
    assert found.needed == 0.8
    assert "80% is needed" in found.reason


def test_an_area_without_enough_figures_is_nobodys_peer_and_sets_nobodys_scale():
    values = np.random.default_rng(4).normal(size=(20, 5))
    holed = values.copy()
    holed[5, :2] = np.nan
    found = find_peers(make_panel(holed), "A00", replace(QUICK, k=19))
    assert "A05" not in found.codes
    reason = {left.code: left.reason for left in found.areas_left_out}["A05"]
    assert "of the weight has a figure" in reason
    assert "A05" not in found.pool


def test_an_indicator_with_too_few_areas_is_left_out_and_named():
    values = np.random.default_rng(4).normal(size=(20, 5))
    values[:5, 2] = np.nan
    found = find_peers(make_panel(values), "A10", QUICK)
    assert {left.code: left.reason for left in found.indicators_left_out} == {
        "s2": "fewer than 80% of areas have a figure"
    }
    assert "s2" not in found.weights
    assert math.fsum(found.weights.values()) == pytest.approx(1)


def test_an_indicator_that_never_varies_is_left_out():
    values = np.random.default_rng(4).normal(size=(20, 3))
    values[:, 1] = 7
    found = find_peers(make_panel(values), "A10", QUICK)
    assert [left.code for left in found.indicators_left_out] == ["s1"]


def test_without_any_usable_indicator_the_answer_is_a_refusal():
    found = find_peers(make_panel(np.full((10, 2), np.nan)), "A00", QUICK)
    assert isinstance(found, NotEnoughData)
    assert found.missing == ("s0", "s1")


def test_with_too_few_areas_left_the_answer_is_a_refusal():
    method = replace(QUICK, leave_out=frozenset({"A02", "A03"}))
    found = find_peers(random_panel(n=5), "A00", method)
    assert isinstance(found, NotEnoughData)
    assert "2 areas are left" in found.reason


def test_mahalanobis_asks_for_every_figure():
    values = np.random.default_rng(4).normal(size=(20, 5))
    values[0, 1] = np.nan
    values[4, 1] = np.nan
    method = replace(QUICK, metric=Metric.MAHALANOBIS)
    refused = find_peers(make_panel(values), "A00", method)
    assert isinstance(refused, NotEnoughData)
    assert refused.needed == 1.0
    assert "A04" not in find_peers(make_panel(values), "A01", replace(method, k=19)).codes


@pytest.mark.parametrize("metric", list(Metric))
@pytest.mark.parametrize("kind", list(Standardisation))
def test_every_method_gives_peers_with_their_stability(metric, kind):
    values = np.random.default_rng(11).normal(size=(25, 6))
    panel = make_panel(values, lower=values - 0.2, upper=values + 0.2)
    found = find_peers(panel, "A00", Method(metric=metric, standardise=kind, resamples=40, k=8))
    assert isinstance(found, PeerSet)
    assert len(found.peers) == 8
    assert all(0 <= peer.inclusion <= 1 and peer.rank_low <= peer.median_rank <= peer.rank_high for peer in found.peers)
    assert sum(found.inclusion.values()) == pytest.approx(8), "every resample chooses eight"


def test_a_place_in_a_tight_cluster_keeps_its_peers_and_core_means_four_in_five():
    rng = np.random.default_rng(5)
    near, far = rng.normal(size=(9, 6)) * 0.01, rng.normal(size=(20, 6)) * 0.01 + 5
    found = find_peers(make_panel(np.vstack([near, far])), "A00", Method(k=8, scale_k=8, resamples=200))
    assert set(found.core) == {f"A{i:02d}" for i in range(1, 9)}
    assert all(peer.inclusion == 1 for peer in found.peers)
    noisy = find_peers(random_panel(n=29, seed=6), "A00", Method(k=8, scale_k=8, resamples=200))
    assert [peer.core for peer in noisy.peers] == [peer.inclusion >= 0.8 for peer in noisy.peers]
    assert len(noisy.core) < 8


def test_sampling_error_makes_the_choice_less_stable():
    values = np.random.default_rng(8).normal(size=(30, 6))
    sure = find_peers(make_panel(values, lower=values - 1e-6, upper=values + 1e-6), "A00", Method(resamples=300))
    unsure = find_peers(make_panel(values, lower=values - 2, upper=values + 2), "A00", Method(resamples=300))
    assert np.mean([p.inclusion for p in unsure.peers]) < np.mean([p.inclusion for p in sure.peers])
    assert sure.codes == unsure.codes, "the list itself comes from the published figures"


def test_the_same_seed_gives_the_same_report_and_another_seed_another_draw():
    panel = random_panel()
    one, two = (find_peers(panel, "A00", Method(resamples=100)) for _ in range(2))
    assert one.peers == two.peers
    assert find_peers(panel, "A00", Method(resamples=100, seed=1)).inclusion != one.inclusion


def test_resampled_weights_keep_to_the_pillars_they_came_from():
    w = np.array([0.3, 0.2, 0.5, 0.0])
    drawn = resample_weights(np.random.default_rng(1), w, ["a", "a", "b", "b"], 4000, 10.0)
    np.testing.assert_allclose(drawn.sum(axis=1), 1, atol=1e-12)
    assert (drawn[:, 3] == 0).all(), "an indicator without weight is never drawn"
    np.testing.assert_allclose(drawn[:, :2].sum(axis=1).mean(), 0.5, atol=0.01)
    assert ((drawn[:, 0] == 0).mean(), (drawn[:, 1] == 0).mean()) == pytest.approx((0.25, 0.25), abs=0.03)


def test_the_panel_refuses_what_cannot_be_right():
    areas, indicators = (PanelArea("A"), PanelArea("B")), (PanelIndicator("x"),)
    with pytest.raises(ValueError, match="shape"):
        Panel(areas, indicators, np.zeros((1, 1)))
    with pytest.raises(ValueError, match="repeated"):
        Panel((PanelArea("A"), PanelArea("A")), indicators, np.zeros((2, 1)))
    with pytest.raises(ValueError, match="infinite"):
        Panel(areas, indicators, np.array([[1.0], [np.inf]]))
    with pytest.raises(ValueError, match="above its upper"):
        Panel(areas, indicators, np.zeros((2, 1)), np.array([[1.0], [0]]), np.array([[0.0], [0]]))
    with pytest.raises(ValueError, match="both"):
        Panel(areas, indicators, np.zeros((2, 1)), np.zeros((2, 1)))
    with pytest.raises(ValueError, match="no area Q"):
        find_peers(Panel(areas, indicators, np.zeros((2, 1))), "Q")
    with pytest.raises(ValueError, match="at least 1"):
        Method(k=0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        Method(needed=0)


def test_a_thousand_resamples_over_every_authority_name_their_peers():
    found = find_peers(random_panel(n=309, p=20), "A07", Method())
    assert len(found.peers) == Method.k
    assert found.picks.shape == (Method.resamples, Method.k)


@pytest.mark.parametrize("share_missing", [0.0, 0.1])
def test_the_fast_distances_of_the_resamples_are_the_exact_ones(share_missing):
    rng = np.random.default_rng(12)
    z = rng.normal(size=(25, 6))
    z[rng.random(z.shape) < share_missing] = np.nan
    w = rng.dirichlet(np.ones(6), size=20)
    fast = np.sqrt(squares(z[None], w).values)
    for table, row in zip(fast, w, strict=True):
        np.testing.assert_allclose(table, euclidean(z, row), atol=1e-6)


def test_a_figure_missing_here_and_there_does_not_stop_the_resampling():
    values = np.random.default_rng(13).normal(size=(25, 8))
    values[3, 2] = values[7, 5] = np.nan
    found = find_peers(make_panel(values), "A03", Method(resamples=60, k=8))
    assert 0.8 <= found.share_present < 1
    assert sum(found.inclusion.values()) == pytest.approx(8)
    assert found.peers[0].differences["s2"] is None
    assert found.peers[0].shares["s2"] == 0


def test_the_users_weights_replace_the_balanced_ones():
    panel = random_panel()
    found = find_peers(panel, "A00", replace(QUICK, weights={"s1": 3, "s4": 1}, metric=Metric.EUCLIDEAN))
    assert found.weights == {"s0": 0, "s1": 0.75, "s2": 0, "s3": 0, "s4": 0.25, "s5": 0}
    assert all(peer.shares["s1"] + peer.shares["s4"] == pytest.approx(1) for peer in found.peers)
    with pytest.raises(ValueError, match="above zero"):
        find_peers(panel, "A00", replace(QUICK, weights={"elsewhere": 1}))
