"""Why two places are alike: each indicator's share of their squared distance."""

from __future__ import annotations

import numpy as np

from .panel import Floats


def of_euclidean(place: Floats, peers: Floats, weights: Floats) -> Floats:
    """Share of d² that comes from each indicator, shape (peers, indicators); every row sums to 1.

    `place` has shape (indicators,), `peers` (peers, indicators). An indicator that either place lacks gets 0.
    Where two places are identical the rows hold the weights: every indicator agrees as much as it counts.
    """
    difference = peers - place
    present = ~np.isnan(difference)
    parts = np.where(present, weights * difference**2, 0.0)
    return _rows_to_one(parts, present * weights)


def of_mahalanobis(place: Floats, peers: Floats, inverse: Floats, weights: Floats) -> Floats:
    """The same for a Mahalanobis distance with S⁻¹ as `inverse`: δ_j (S⁻¹δ)_j / d².

    Rows sum to 1, but one share may be negative where two correlated indicators differ in opposite
    directions.
    """
    difference = peers - place
    parts = difference * (difference @ inverse)
    return _rows_to_one(parts, np.broadcast_to(weights, parts.shape))


def _rows_to_one(parts: Floats, fallback: Floats) -> Floats:
    total = parts.sum(axis=1, keepdims=True)
    same = total <= 0
    return np.where(same, fallback, parts) / np.where(same, fallback.sum(axis=1, keepdims=True), total)
