"""Would the same peers be named if the choice were made again?

Each resample draws indicators afresh within their pillars (a bootstrap), draws the weight of each pillar
from a Dirichlet distribution around the weight that was used, and moves every figure that has a published
interval by its sampling error. The peers are then chosen again by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .distance import Metric, inverse_covariance, local_scaled
from .panel import Bools, Floats, Ints
from .peers import nearest
from .standardise import Scale

CHUNK_CELLS = 4_000_000  # distances held at once: about 32 MB for each working array


@dataclass(frozen=True, eq=False)
class Stability:
    """What the resamples say, by position in the area list.

    `picks` (resamples, k) are the positions chosen each time; `inclusion` (areas,) how often each area was
    among them, from 0 to 1; `median_rank`, `rank_low` and `rank_high` (areas,) its rank among the
    candidates and the 95% interval of that rank, NaN for areas that may not be peers.
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
    place: int,
    candidates: Bools,
    metric: Metric,
    k: int,
    scale_k: int,
    resamples: int,
    concentration: float,
    seed: int,
) -> Stability:
    """Choose the peers of `place` again `resamples` times.

    `values` and `errors` (standard errors, NaN where none is published) have shape (areas, indicators) in
    the indicators' own units; `candidates` is True for areas that may be peers. The same seed gives the
    same answer.
    """
    rng = np.random.default_rng(seed)
    drawn = resample_weights(rng, weights, pillars, resamples, concentration)
    moved = bool(np.isfinite(errors).any())
    noise = np.where(np.isnan(errors), 0.0, errors)
    scores = np.empty((resamples, len(values)))
    for rows in _chunks(resamples, len(values)):
        draws = len(rows) if moved else 1
        z = scale.apply(values + rng.standard_normal((draws, *values.shape)) * noise)
        scores[rows] = _scores(z, drawn[rows], place=place, metric=metric, scale_k=scale_k)
    order = nearest(scores, candidates)
    ranks = np.full(scores.shape, np.nan)
    np.put_along_axis(ranks, order, np.arange(1, order.shape[1] + 1, dtype=np.float64)[None, :], axis=1)
    picks = order[:, :k]
    inclusion = np.bincount(picks.ravel(), minlength=len(values)) / resamples
    low, middle, high = np.full((3, len(values)), np.nan)
    low[candidates], middle[candidates], high[candidates] = np.quantile(
        ranks[:, candidates], [0.025, 0.5, 0.975], axis=0
    )
    return Stability(picks, inclusion, middle, low, high)


def _chunks(resamples: int, n: int) -> Iterator[range]:
    size = max(1, CHUNK_CELLS // max(n * n, 1))
    for start in range(0, resamples, size):
        yield range(start, min(start + size, resamples))


def _scores(z: Floats, weights: Floats, *, place: int, metric: Metric, scale_k: int) -> Floats:
    """The place's score against every area: z (1 or resamples, areas, indicators) → (resamples, areas)."""
    if metric == Metric.LOCAL:
        return local_scaled(all_pairs(z, weights), scale_k)[:, place]
    if metric == Metric.EUCLIDEAN:
        return _from_place(z, weights, place)
    tables = np.broadcast_to(z, (len(weights), *z.shape[1:]))
    # Weights cannot change a Mahalanobis distance; which indicators were drawn can.
    return np.stack([_mahalanobis_from(table[:, row > 0], place) for table, row in zip(tables, weights, strict=True)])


def all_pairs(z: Floats, weights: Floats) -> Floats:
    """Distances between all areas for every resample, by Gram matrices: (resamples, areas, areas).

    Rounding in a Gram matrix can only move distances that tie to about eight digits, which resampling does
    not distinguish; the peers themselves are chosen with exact differences.
    """
    present = ~np.isnan(z)
    filled = np.where(present, z, 0.0)
    rooted = filled * np.sqrt(weights)[:, None, :]
    d2 = -2.0 * (rooted @ np.swapaxes(rooted, 1, 2))
    if present.all():
        norm = (rooted**2).sum(axis=2)
        d2 += norm[:, :, None]
        d2 += norm[:, None, :]
        np.maximum(d2, 0.0, out=d2)
    else:
        mask = np.swapaxes(present, 1, 2).astype(np.float64)
        norm = rooted**2 @ mask
        d2 += norm + np.swapaxes(norm, 1, 2)
        weight = (present * weights[:, None, :]) @ mask
        with np.errstate(invalid="ignore", divide="ignore"):
            d2 = np.where(weight > 0, np.maximum(d2, 0.0) / weight, np.nan)
    return np.sqrt(d2)


def _from_place(z: Floats, weights: Floats, place: int) -> Floats:
    squared = (z - z[:, place : place + 1]) ** 2
    present = ~np.isnan(squared)
    total = (np.where(present, squared, 0.0) @ weights[:, :, None])[..., 0]
    weight = (present.astype(np.float64) @ weights[:, :, None])[..., 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(np.where(weight > 0, total / weight, np.nan))


def _mahalanobis_from(z: Floats, place: int) -> Floats:
    difference = z - z[place]
    return np.sqrt(np.maximum(((difference @ inverse_covariance(z)) * difference).sum(axis=1), 0.0))
