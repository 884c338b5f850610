"""Would the same peers be named if the choice were made again?

Each resample draws indicators afresh within their pillars (a bootstrap), draws the weight of each pillar
from a Dirichlet distribution around the weight that was used, and moves every figure that has a published
interval by its sampling error. The peers are then chosen again by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .distance import Metric, euclidean, local_scaled, mahalanobis, whitened
from .neighbours import CELLS, TIE, squares
from .ordering import in_order, kth_smallest
from .panel import Bools, Floats, Ints
from .peers import nearest
from .standardise import Scale

Ranks = NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Stability:
    """What the resamples say about one place's peers.

    `picks` (resamples, k) are the positions of the areas chosen each time, nearest first; `inclusion` (areas,) is how
    often each area was among them, from 0 to 1. `median_rank`, `rank_low` and `rank_high` (peers,) are the rank among
    the candidates of each peer asked about, and the 95% interval of that rank.
    """

    picks: Ints
    inclusion: Floats
    median_rank: Floats
    rank_low: Floats
    rank_high: Floats


def resample_weights(
    rng: np.random.Generator, weights: Floats, pillars: Sequence[str], resamples: int, concentration: float
) -> Floats:
    """Weights for every resample, shape (resamples, indicators); each row sums to 1.

    Within a pillar the indicators are drawn with replacement as many times as there are indicators with
    weight, and each keeps its weight for every time it is drawn. Pillar weights come from
    Dirichlet(concentration · K · π), with π the weights used and K the number of pillars: a larger
    concentration stays closer to π.
    """
    drawn = np.zeros((resamples, len(weights)))
    names = sorted({pillar for pillar, w in zip(pillars, weights, strict=True) if w > 0})
    members = [np.array([j for j, pillar in enumerate(pillars) if pillar == name and weights[j] > 0]) for name in names]
    totals = np.array([weights[columns].sum() for columns in members])
    pillar_weights = rng.dirichlet(concentration * len(names) * totals / totals.sum(), size=resamples)
    for share, columns in zip(pillar_weights.T, members, strict=True):
        times = rng.multinomial(len(columns), np.full(len(columns), 1 / len(columns)), size=resamples)
        raw = times * weights[columns]
        drawn[:, columns] = share[:, None] * raw / raw.sum(axis=1, keepdims=True)
    return drawn


def resample(
    *,
    scale: Scale,
    values: Floats,
    errors: Floats,
    weights: Floats,
    pillars: Sequence[str],
    places: Ints,
    candidates: Bools,
    peers: Sequence[Ints],
    metric: Metric,
    k: int,
    scale_k: int,
    resamples: int,
    concentration: float,
    seed: int,
) -> list[Stability]:
    """Choose the peers of all `places` again `resamples` times, in one pass.

    `values` and `errors` (standard errors, NaN where none is published) have shape (areas, indicators) in
    the indicators' own units. `candidates` (places, areas) is True for areas that may be peers of the place, and
    `peers` are the positions of those whose ranks are wanted. Every place sees the same resamples, so that its answer
    does not depend on the others; the same seed gives the same answer.
    """
    rng = np.random.default_rng(seed)
    drawn = resample_weights(rng, weights, pillars, resamples, concentration)
    moved = bool(np.isfinite(errors).any())
    noise = np.where(np.isnan(errors), 0.0, errors)
    n = len(values)
    z = scale.apply(values)[None]
    watched = _even(peers, places)
    picks = np.empty((resamples, len(places), min(k, n)), dtype=np.int16)
    ranks = np.empty((resamples, *watched.shape), dtype=np.int16)
    for at in _chunks(resamples, n):
        if moved:
            z = scale.apply(values + rng.standard_normal((at.stop - at.start, *values.shape)) * noise)
        order = _orders(z, drawn[at], places, candidates, metric, scale_k)
        picks[at] = order[..., : picks.shape[2]]
        ranks[at] = _ranks(order, watched)
    return [
        _stability(picks[:, i, : min(k, int(candidates[i].sum()))], ranks[:, i, : len(peers[i])], n)
        for i in range(len(places))
    ]


def _even(peers: Sequence[Ints], places: Ints) -> Ints:
    """The lists as one table, the shorter ones filled up with the place itself."""
    table = np.repeat(places[:, None], max(len(positions) for positions in peers), axis=1)
    for row, positions in zip(table, peers, strict=True):
        row[: len(positions)] = positions
    return table


def _chunks(resamples: int, n: int) -> Iterator[slice]:
    size = max(1, CELLS // max(n * n, 1))
    for start in range(0, resamples, size):
        yield slice(start, min(start + size, resamples))


def _orders(z: Floats, drawn: Floats, places: Ints, candidates: Bools, metric: Metric, scale_k: int) -> Ints:
    """All areas in order of their score for every resample, (resamples, places, areas): the candidates come first.

    z has shape (1 or resamples, areas, indicators). Quick scores decide where they can; where two of them are closer
    together than their rounding, the exact distances of that resample do.
    """
    scores, tolerance = _quick_scores(z, drawn, places, metric, scale_k)
    lost = np.isnan(scores).any(axis=2)
    scores[lost] = 0.0
    apart = np.flatnonzero(np.broadcast_to(~candidates, scores.shape))
    flat = scores.reshape(-1, scores.shape[2])
    first, unsure = in_order(flat, apart, float(tolerance.max()))
    order = first.reshape(scores.shape).astype(np.intp)
    unsure = unsure.reshape(lost.shape) | lost | ~np.isfinite(tolerance)[:, None]
    for b in np.flatnonzero(unsure.any(axis=1)):
        exact = _exact_scores(z[b if len(z) > 1 else 0], drawn[b], metric, scale_k)
        for i in np.flatnonzero(unsure[b]):
            found = nearest(exact[places[i]], candidates[i])
            order[b, i, : len(found)] = found
            order[b, i, len(found) :] = np.flatnonzero(~candidates[i])
    return order


def _quick_scores(z: Floats, drawn: Floats, places: Ints, metric: Metric, scale_k: int) -> tuple[Floats, Floats]:
    """Scores that rank as the exact ones do, (resamples, places, areas), each right to within half of
    tolerance · (1 + score); the tolerance (resamples,) is infinite where that cannot be promised."""
    if metric == Metric.MAHALANOBIS:
        # Weights cannot change a Mahalanobis distance; which indicators were drawn can.
        tables = np.broadcast_to(z, (len(drawn), *z.shape[1:]))
        parts = [_plain(whitened(table[:, row > 0])[None], places) for table, row in zip(tables, drawn, strict=True)]
        return np.concatenate([d2 for d2, _ in parts]), np.concatenate([tolerance for _, tolerance in parts])
    if metric == Metric.EUCLIDEAN:
        d2, error = squares(z, drawn, places)
        return d2, 2 * error + TIE
    d2, error = squares(z, drawn)
    n = d2.shape[1]
    d2[:, np.arange(n), np.arange(n)] = 0.0
    finite = ~np.isnan(d2.max(axis=(1, 2)))
    s2 = np.ones(d2.shape[:2])
    s2[finite] = kth_smallest(d2 if finite.all() else d2[finite], min(scale_k, n - 1) + 1)
    least = s2.min(axis=1)
    usable = finite & (least > 8 * error)
    root = 1 / np.sqrt(np.where(usable[:, None], s2, 1.0))
    scores = d2[:, places] * root[:, None, :]
    scores *= root[:, places, None]
    with np.errstate(divide="ignore"):
        return scores, np.where(usable, 8 * error / least + TIE, np.inf)


def _plain(white: Floats, places: Ints) -> tuple[Floats, Floats]:
    width = white.shape[2]
    d2, error = squares(white, np.ones((1, width)), places)
    return d2 * width, 2 * error * width + TIE


def _exact_scores(z: Floats, drawn: Floats, metric: Metric, scale_k: int) -> Floats:
    if metric == Metric.MAHALANOBIS:
        return mahalanobis(z[:, drawn > 0])
    d = euclidean(z, drawn)
    return local_scaled(d, scale_k) if metric == Metric.LOCAL else d


def _ranks(order: Ints, watched: Ints) -> Ranks:
    """Where each watched area stands in its place's order, from 1: (resamples, places, watched)."""
    resamples, places, n = order.shape
    flat = order.reshape(-1, n) + (np.arange(resamples * places) * n)[:, None]
    ranks = np.empty(order.size, dtype=np.int16)
    ranks[flat.reshape(-1)] = np.broadcast_to(np.arange(1, n + 1, dtype=np.int16), (len(flat), n)).reshape(-1)
    return np.take_along_axis(ranks.reshape(order.shape), watched[None], axis=2)


def _stability(picks: Ranks, ranks: Ranks, n: int) -> Stability:
    inclusion = np.bincount(picks.ravel(), minlength=n) / len(picks)
    low, middle, high = np.quantile(ranks, [0.025, 0.5, 0.975], axis=0)
    return Stability(picks.astype(np.intp), inclusion, middle, low, high)
