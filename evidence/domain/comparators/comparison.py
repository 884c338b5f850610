"""How does a place differ from its peers and from England?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

import numpy as np

from .engine import PeerSet, find_peers
from .gaps import (
    FALSE_DISCOVERY_RATE,
    EnglandBasis,
    Gap,
    Interval,
    Verdict,
    benjamini_hochberg,
    enough_peers,
    gaps_over_choices,
    interval,
    percentile,
    place_among,
    weighted_mean,
)
from .method import Method, defensible
from .panel import Floats, HigherIs, Ints, Panel, PanelIndicator, Role

NOT_RESAMPLED = "not compared: the choice of peers was not resampled"


def compare(
    panel: Panel,
    peer_set: PeerSet,
    *,
    england: Mapping[str, float] | None = None,
    england_weights: Mapping[str, float] | None = None,
    alternatives: Mapping[str, Method] | None = None,
) -> list[Gap]:
    """The place beside its peers and England on every driver and outcome of the panel, in the panel's order.

    `panel` must hold the place and its peers; it may have other drivers and outcomes than the one in which
    the peers were found. `england` holds published England figures by indicator code. For an indicator
    without one, `england_weights` (area code → weight, such as residents) gives a weighted mean over the
    panel: pass it only for areas that cover England without overlapping. `alternatives` are methods tried
    to see whether the sign of a gap depends on the choice of peers; by default the ones in `defensible`.
    """
    ordered = panel.in_code_order()
    at = ordered.row(peer_set.place)
    peers = _rows(ordered, peer_set.codes)
    picks = None if peer_set.picks is None else _rows(ordered, peer_set.pool)[peer_set.picks]
    tried = _alternative_peers(ordered, peer_set, alternatives)
    area_weights = None
    if england_weights is not None:
        area_weights = np.array([england_weights.get(code, np.nan) for code in ordered.area_codes])
    errors = ordered.standard_errors()
    rng = np.random.default_rng([peer_set.method.seed, 1])
    found: dict[str, Gap] = {}
    for j, indicator in enumerate(ordered.indicators):
        if indicator.role == Role.STRUCTURAL:
            continue
        y = ordered.values[:, j]
        gap = _beside_england(indicator, y, at, england or {}, area_weights)
        found[indicator.code] = _beside_peers(gap, indicator, y, errors[:, j], at, peers, picks, tried, rng)
    return _judged([found[code] for code in panel.indicator_codes if code in found])


def _rows(panel: Panel, codes: tuple[str, ...]) -> Ints:
    return np.array([panel.row(code) for code in codes], dtype=np.intp)


def _alternative_peers(panel: Panel, peer_set: PeerSet, alternatives: Mapping[str, Method] | None) -> dict[str, Ints]:
    methods = defensible(peer_set.method) if alternatives is None else alternatives
    found = {}
    for name, method in methods.items():
        other = find_peers(panel, peer_set.place, method)
        if isinstance(other, PeerSet):
            found[name] = _rows(panel, other.codes)
    return found


def _beside_england(
    indicator: PanelIndicator,
    y: Floats,
    at: int,
    published: Mapping[str, float],
    area_weights: Floats | None,
) -> Gap:
    value = None if np.isnan(y[at]) else float(y[at])
    figure, basis = published.get(indicator.code), EnglandBasis.PUBLISHED
    if figure is None:
        figure = None if area_weights is None else weighted_mean(y, area_weights)
        basis = EnglandBasis.NONE if figure is None else EnglandBasis.WEIGHTED_MEAN
    difference = None if figure is None or value is None else value - figure
    return Gap(indicator.code, value, figure, basis, difference)


def _beside_peers(
    gap: Gap,
    indicator: PanelIndicator,
    y: Floats,
    errors: Floats,
    at: int,
    peers: Ints,
    picks: Ints | None,
    tried: Mapping[str, Ints],
    rng: np.random.Generator,
) -> Gap:
    theirs = y[peers][~np.isnan(y[peers])]
    gap = replace(gap, peers_with_figure=len(theirs))
    if gap.value is None:
        return replace(gap, reason="not compared: no figure for this place")
    if not enough_peers(len(theirs), len(peers)):
        return replace(gap, reason=f"not compared: {len(theirs)} of {len(peers)} peers have a figure")
    q1, middle, q3 = (float(q) for q in np.quantile(theirs, [0.25, 0.5, 0.75]))
    difference = gap.value - middle
    rank, ranked = place_among(gap.value, theirs)
    low, high = _choice(y, at, picks)
    between = NOT_RESAMPLED if picks is None else interval(y, errors, at, peers, picks, rng)
    return replace(
        gap,
        peer_median=middle,
        peer_q1=q1,
        peer_q3=q3,
        gap=difference,
        rank=rank,
        ranked=ranked,
        percentile=percentile(gap.value, np.delete(y, at)),
        choice_low=low,
        choice_high=high,
        favourable=_favourable(indicator.higher_is, difference),
        disagreeing=_disagreeing(y, at, difference, tried),
        **(asdict(between) if isinstance(between, Interval) else {"reason": between}),
    )


def _choice(y: Floats, at: int, picks: Ints | None) -> tuple[float | None, float | None]:
    """The middle 95% of the gaps that the resampled choices of peers give."""
    if picks is None:
        return None, None
    gaps = gaps_over_choices(y, at, picks)
    gaps = gaps[~np.isnan(gaps)]
    if not len(gaps):
        return None, None
    low, high = np.quantile(gaps, [0.025, 0.975])
    return float(low), float(high)


def _favourable(higher_is: HigherIs, gap: float) -> bool | None:
    if higher_is == HigherIs.NEUTRAL or gap == 0:
        return None
    return (gap > 0) == (higher_is == HigherIs.BETTER)


def _disagreeing(y: Floats, at: int, gap: float, tried: Mapping[str, Ints]) -> tuple[str, ...]:
    turned = []
    for name, peers in tried.items():
        theirs = y[peers][~np.isnan(y[peers])]
        if enough_peers(len(theirs), len(peers)) and np.sign(y[at] - np.median(theirs)) != np.sign(gap):
            turned.append(name)
    return tuple(turned)


def _judged(gaps: list[Gap]) -> list[Gap]:
    """Benjamini and Hochberg over the gaps that have an interval, and the verdicts that follow from it."""
    tested = [(at, gap.p_value) for at, gap in enumerate(gaps) if gap.p_value is not None]
    adjusted = benjamini_hochberg([p for _, p in tested])
    judged = list(gaps)
    for (at, _), q in zip(tested, adjusted, strict=True):
        verdict = Verdict.NOT_CLEAR
        if q <= FALSE_DISCOVERY_RATE:
            verdict = Verdict.ABOVE if (gaps[at].probability_above or 0) > 0.5 else Verdict.BELOW
        judged[at] = replace(gaps[at], q_value=q, verdict=verdict)
    return judged
