"""How much each indicator counts in the choice of peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .panel import Floats


def correlations(z: Floats) -> Floats:
    """Pearson correlations over the pairs present, shape (indicators, indicators); 0 where undefined."""
    present = (~np.isnan(z)).astype(np.float64)
    filled = np.where(present > 0, z, 0.0)
    n = present.T @ present
    sum_x = filled.T @ present
    sum_y = sum_x.T
    sum_xx = (filled**2).T @ present
    sum_yy = sum_xx.T
    covariance = n * (filled.T @ filled) - sum_x * sum_y
    variance = (n * sum_xx - sum_x**2) * (n * sum_yy - sum_y**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = covariance / np.sqrt(np.maximum(variance, 0.0))
    return np.clip(np.where(np.isfinite(r), r, 0.0), -1.0, 1.0)


def balanced(z: Floats, pillars: Sequence[str]) -> Floats:
    """Equal weight per pillar; within a pillar in proportion to 1/(1 + Σ r²) over the pillar's other
    indicators.

    `z` has shape (areas, indicators). The weights sum to 1. Near-duplicates share one voice: two identical
    indicators get half of what an unrelated third one gets each.
    """
    squared = correlations(z) ** 2
    np.fill_diagonal(squared, 0.0)
    names = np.asarray(pillars)
    same_pillar = names[:, None] == names[None, :]
    raw = 1.0 / (1.0 + (squared * same_pillar).sum(axis=1))
    pillar_total = same_pillar @ raw
    return raw / pillar_total / len(set(pillars))


def chosen_by_user(codes: Sequence[str], wanted: Mapping[str, float]) -> Floats:
    """The user's weights scaled to sum to 1; indicators that are not named get none.

    Raises ValueError when a weight is negative or not finite, or when none of them is above zero.
    """
    weights = np.array([float(wanted.get(code, 0.0)) for code in codes])
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("Weights must be zero or more.")
    if weights.sum() <= 0:
        raise ValueError("At least one indicator needs a weight above zero.")
    return weights / weights.sum()
