"""Who are this place's peers?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from . import distance, shares, weights
from .distance import Metric
from .exclusions import excluded
from .method import Method
from .missing import NotEnoughData, enough, indicators_with_enough, weight_present
from .panel import Bools, Floats, Ints, Panel, Role
from .peers import nearest
from .roles import LeftOut, choosers
from .stability import Stability, resample
from .standardise import Scale, fit

FEWEST_PEERS = 3


@dataclass(frozen=True)
class Peer:
    """One peer.

    `distance` is the plain weighted distance (Mahalanobis under that metric) and `score` what the ranking
    used. `shares` (indicator code → share of the squared distance) sum to 1. `differences` are peer minus
    place on the common scale, None where either lacks the figure. `inclusion` is the share of resamples
    that chose it, with the median and the 95% interval of its rank; these are None when nothing was
    resampled.
    """

    code: str
    name: str
    rank: int
    distance: float
    score: float
    share_present: float
    shares: Mapping[str, float]
    differences: Mapping[str, float | None]
    inclusion: float | None = None
    median_rank: float | None = None
    rank_low: float | None = None
    rank_high: float | None = None
    core: bool | None = None


@dataclass(frozen=True, eq=False)
class PeerSet:
    """A place's peers, nearest first, with everything needed to explain and repeat the choice.

    `weights` are those of the indicators used and sum to 1; `moments` are their frozen centre and spread.
    `share_present` is the share of that weight for which the place has figures. `inclusion` covers every
    candidate, so that near misses can be shown. `picks` (resamples, k) holds the resampled choices by
    position in `pool`, the codes of the areas with enough data; None when nothing was resampled.
    """

    place: str
    method: Method
    peers: tuple[Peer, ...]
    weights: Mapping[str, float]
    moments: Mapping[str, tuple[float, float]]
    share_present: float
    indicators_left_out: tuple[LeftOut, ...]
    areas_left_out: tuple[LeftOut, ...]
    candidates: int
    inclusion: Mapping[str, float]
    pool: tuple[str, ...]
    picks: Ints | None = field(default=None, repr=False)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the peers, nearest first."""
        return tuple(peer.code for peer in self.peers)

    @property
    def core(self) -> tuple[str, ...]:
        """Codes of the peers that enough of the resamples chose."""
        return tuple(peer.code for peer in self.peers if peer.core)


@dataclass(frozen=True, eq=False)
class _Space:
    """The space in which places are compared: structural figures, their scale and their weights."""

    panel: Panel
    scale: Scale
    z: Floats
    weights: Floats

    def only(self, rows: Bools) -> _Space:
        panel = self.panel.take(rows, range(len(self.panel.indicators)))
        return _Space(panel, self.scale, self.z[rows], self.weights)

    @property
    def pillars(self) -> list[str]:
        return [indicator.pillar for indicator in self.panel.indicators]


def find_peers(panel: Panel, place: str, method: Method | None = None) -> PeerSet | NotEnoughData:
    """The areas most like `place` by the structural indicators of the panel.

    Returns NotEnoughData when the place lacks too much of the weight, when no structural indicator has enough
    areas, or when fewer than three areas remain. Raises ValueError when the panel does not hold the place or
    when the user's weights are unusable.
    """
    return find_all_peers(panel, method, [place])[place]


def find_all_peers(
    panel: Panel, method: Method | None = None, places: Sequence[str] | None = None
) -> dict[str, PeerSet | NotEnoughData]:
    """The peers of every area of the panel, or of these `places`, by area code: each as `find_peers` gives it.

    All places share one pass over the resamples, so that a hundred of them take little longer than one.
    """
    method = method or Method()
    panel = panel.in_code_order()
    places = panel.area_codes if places is None else places
    rows = [panel.row(place) for place in places]
    space, left_out = _space(panel, method)
    if space is None:
        structural = tuple(i.code for i in panel.indicators if i.role == Role.STRUCTURAL)
        reason = "no indicator of structure has figures for enough areas"
        return dict.fromkeys(places, NotEnoughData(structural, 0.0, method.needed, reason))
    needed = 1.0 if method.metric == Metric.MAHALANOBIS else method.needed
    share = weight_present(space.z, space.weights)
    in_pool = enough(share, needed)
    pool = space.only(in_pool)
    found: dict[str, PeerSet | NotEnoughData] = {}
    choices: list[_Choice] = []
    for place, at in zip(places, rows, strict=True):
        if not in_pool[at]:
            found[place] = _too_little(space, at, float(share[at]), needed)
            continue
        why_not = _why_not(panel, at, method, share, in_pool)
        candidates = np.array([code not in why_not for code in pool.panel.area_codes])
        if candidates.sum() < FEWEST_PEERS:
            reason = f"{candidates.sum()} areas are left to choose from and {FEWEST_PEERS} are needed"
            found[place] = NotEnoughData((), float(share[at]), needed, reason)
            continue
        choices.append(_Choice(place, pool.panel.row(place), candidates, why_not))
    found |= _chosen(pool, choices, method, share[in_pool], tuple(left_out))
    return {place: found[place] for place in places}


@dataclass(frozen=True, eq=False)
class _Choice:
    """One place for which peers are chosen: its position in the pool, and who may be chosen."""

    place: str
    at: int
    candidates: Bools
    why_not: Mapping[str, str]


def _too_little(space: _Space, at: int, share: float, needed: float) -> NotEnoughData:
    gone = tuple(code for code, z in zip(space.panel.indicator_codes, space.z[at], strict=True) if np.isnan(z))
    reason = f"{share:.0%} of the weight has a figure for this place and {needed:.0%} is needed"
    return NotEnoughData(gone, share, needed, reason)


def _chosen(
    pool: _Space, choices: Sequence[_Choice], method: Method, share: Floats, left_out: tuple[LeftOut, ...]
) -> dict[str, PeerSet | NotEnoughData]:
    if not choices:
        return {}
    d, scores = _distances(pool, method)
    picked = [nearest(scores[choice.at], choice.candidates)[: method.k] for choice in choices]
    stabilities = _stabilities(pool, choices, picked, method)
    codes = pool.panel.area_codes
    used = dict(zip(pool.panel.indicator_codes, pool.weights.tolist(), strict=True))
    moments = _moments(pool)
    inverse = distance.inverse_covariance(pool.z) if method.metric == Metric.MAHALANOBIS else None
    return {
        choice.place: PeerSet(
            place=choice.place,
            method=method,
            peers=_peers(pool, choice.at, positions, method, share, stability, d, scores, inverse),
            weights=used,
            moments=moments,
            share_present=float(share[choice.at]),
            indicators_left_out=left_out,
            areas_left_out=tuple(LeftOut(code, choice.why_not[code]) for code in sorted(choice.why_not)),
            candidates=int(choice.candidates.sum()),
            inclusion=_inclusion(codes, choice.candidates, stability),
            pool=codes,
            picks=stability.picks if stability else None,
        )
        for choice, positions, stability in zip(choices, picked, stabilities, strict=True)
    }


def _distances(space: _Space, method: Method) -> tuple[Floats, Floats]:
    """Distances between all areas, and what the ranking goes by."""
    if method.metric == Metric.MAHALANOBIS:
        d = distance.mahalanobis(space.z)
        return d, d
    d = distance.euclidean(space.z, space.weights)
    return d, distance.local_scaled(d, method.scale_k) if method.metric == Metric.LOCAL else d


def _space(panel: Panel, method: Method) -> tuple[_Space | None, list[LeftOut]]:
    """The space for the choice of peers, and the indicators left out of it; None when nothing is left in."""
    everywhere = range(len(panel.areas))
    chosen, left_out = choosers(panel.indicators)
    structural = panel.take(everywhere, chosen)
    covered = indicators_with_enough(structural.values, method.needed)
    varies = fit(structural.values, method.standardise, ddof=method.ddof).usable
    for indicator, ok, differs in zip(structural.indicators, covered, varies, strict=True):
        if not ok:
            left_out.append(LeftOut(indicator.code, f"fewer than {method.needed:.0%} of areas have a figure"))
        elif not differs:
            left_out.append(LeftOut(indicator.code, "the figures do not vary enough to be put on a scale"))
    if not (covered & varies).any():
        return None, left_out
    structural = structural.take(everywhere, covered & varies)
    scale = fit(structural.values, method.standardise, ddof=method.ddof)
    z = scale.apply(structural.values)
    if method.weights is None:
        w = weights.balanced(z, [indicator.pillar for indicator in structural.indicators])
    else:
        w = weights.chosen_by_user(structural.indicator_codes, method.weights)
    return _Space(structural, scale, z, w), left_out


def _why_not(panel: Panel, at: int, method: Method, share: Floats, in_pool: Bools) -> dict[str, str]:
    reasons = excluded(
        panel.areas,
        panel.areas[at],
        regions=method.leave_out_regions,
        same_region=method.leave_out_same_region,
        by_hand=method.leave_out,
    )
    for code, ok, present in zip(panel.area_codes, in_pool, share, strict=True):
        if not ok:
            reasons.setdefault(code, f"{present:.0%} of the weight has a figure")
    return reasons


def _stabilities(
    space: _Space, choices: Sequence[_Choice], picked: Sequence[Ints], method: Method
) -> Sequence[Stability | None]:
    if method.resamples == 0:
        return [None] * len(choices)
    return resample(
        scale=space.scale,
        values=space.panel.values,
        errors=space.panel.standard_errors(),
        weights=space.weights,
        pillars=space.pillars,
        places=np.array([choice.at for choice in choices], dtype=np.intp),
        candidates=np.array([choice.candidates for choice in choices]),
        peers=picked,
        metric=method.metric,
        k=method.k,
        scale_k=method.scale_k,
        resamples=method.resamples,
        concentration=method.concentration,
        seed=method.seed,
    )


def _inclusion(codes: tuple[str, ...], candidates: Bools, stability: Stability | None) -> dict[str, float]:
    if stability is None:
        return {}
    return {codes[i]: float(stability.inclusion[i]) for i in np.flatnonzero(candidates)}


def _moments(space: _Space) -> dict[str, tuple[float, float]]:
    pairs = zip(space.scale.centre.tolist(), space.scale.spread.tolist(), strict=True)
    return dict(zip(space.panel.indicator_codes, pairs, strict=True))


def _peers(
    space: _Space,
    at: int,
    picked: Ints,
    method: Method,
    share: Floats,
    stability: Stability | None,
    d: Floats,
    scores: Floats,
    inverse: Floats | None,
) -> tuple[Peer, ...]:
    z = space.z
    if inverse is None:
        parts = shares.of_euclidean(z[at], z[picked], space.weights)
    else:
        parts = shares.of_mahalanobis(z[at], z[picked], inverse, space.weights)
    codes = space.panel.indicator_codes
    peers = []
    for rank, (i, part) in enumerate(zip(picked.tolist(), parts.tolist(), strict=True), start=1):
        difference = (z[i] - z[at]).tolist()
        peer = Peer(
            code=space.panel.areas[i].code,
            name=space.panel.areas[i].name,
            rank=rank,
            distance=float(d[at, i]),
            score=float(scores[at, i]),
            share_present=float(share[i]),
            shares=dict(zip(codes, part, strict=True)),
            differences={code: None if x != x else x for code, x in zip(codes, difference, strict=True)},
        )
        peers.append(_with_stability(peer, stability, i, method.core_at))
    return tuple(peers)


def _with_stability(peer: Peer, stability: Stability | None, i: int, core_at: float) -> Peer:
    if stability is None:
        return peer
    return replace(
        peer,
        inclusion=float(stability.inclusion[i]),
        median_rank=float(stability.median_rank[peer.rank - 1]),
        rank_low=float(stability.rank_low[peer.rank - 1]),
        rank_high=float(stability.rank_high[peer.rank - 1]),
        core=bool(stability.inclusion[i] >= core_at),
    )
