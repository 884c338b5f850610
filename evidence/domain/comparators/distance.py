"""How far apart two places are. All functions return a symmetric matrix (areas, areas)."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from .panel import Floats

SINGULAR = 1e-10  # eigenvalues below this share of the largest are rounding, not information
TINY = np.finfo(np.float64).tiny


class Metric(StrEnum):
    """How distances are measured and ranked."""

    LOCAL = "local"
    EUCLIDEAN = "euclidean"
    MAHALANOBIS = "mahalanobis"


def between(one: Floats, others: Floats, weights: Floats) -> Floats:
    """d = √(Σ w (z_i − z_l)² / Σ w), both sums over the indicators that both places have, shape (...).

    `one` and `others` have shape (..., indicators). Dividing by the weight present rescales a pair with gaps to the
    full set, and NaN marks a pair with nothing in common. Differences are taken directly, so that near-identical places
    keep their small distances, and a pair's distance does not depend on which other pairs are asked for.
    """
    squared = others - one
    squared *= squared
    missing = np.isnan(squared)
    if not missing.any():
        squared *= weights
        return np.sqrt(squared.sum(axis=-1) / weights.sum())
    weight = np.where(missing, 0.0, weights).sum(axis=-1)
    total = np.where(missing, 0.0, weights * squared).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(np.where(weight > 0, total / weight, np.nan))


def euclidean(z: Floats, weights: Floats) -> Floats:
    """The distance `between` all areas, z (areas, indicators) → (areas, areas)."""
    return np.stack([between(row, z, weights) for row in z]) if len(z) else np.empty((0, 0))


def neighbour_scale(d: Floats, k: int) -> Floats:
    """Each area's distance to its k-th nearest other area; to the furthest one when it can be compared with fewer.

    `d` has shape (..., areas, areas); the result has shape (..., areas), NaN for an area without any.
    """
    n = d.shape[-1]
    others = d.copy()
    others[..., np.arange(n), np.arange(n)] = -1.0  # sorts first, so that position k is the k-th other area
    lost = np.isnan(others)
    others[lost] = np.inf
    scale = np.partition(others, min(k, n - 1), axis=-1)[..., min(k, n - 1)]
    others[lost] = -1.0
    furthest = others.max(axis=-1)
    return np.where(np.isinf(scale), np.where(furthest < 0, np.nan, furthest), scale)


def local_scaled(d: Floats, k: int) -> Floats:
    """d²/(s_i s_l), with s the distance to the k-th neighbour (Zelnik-Manor and Perona, 2004).

    An area in a crowded part of the space no longer appears in everybody's list, and an unusual one still
    gets neighbours. Identical places stay at 0.
    """
    s = neighbour_scale(d, k)
    product = np.maximum(s[..., :, None] * s[..., None, :], TINY)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(d == 0, 0.0, d**2 / product)


def inverse_covariance(z: Floats) -> Floats:
    """Pseudo-inverse of the sample covariance (divisor n − 1) of the complete rows of `z`.

    A pseudo-inverse, because shares that add up to 100% make the covariance singular.
    """
    root = _root_of_inverse(z)
    return root @ root.T


def whitened(z: Floats) -> Floats:
    """Coordinates (areas, directions) in which the plain sum of squared differences is Mahalanobis's d²."""
    complete = z[~np.isnan(z).any(axis=1)]
    return (z - complete.mean(axis=0)) @ _root_of_inverse(z)


def _root_of_inverse(z: Floats) -> Floats:
    complete = z[~np.isnan(z).any(axis=1)]
    value, vector = np.linalg.eigh(np.atleast_2d(np.cov(complete, rowvar=False)))
    kept = value > SINGULAR * value[-1]
    return vector[:, kept] / np.sqrt(value[kept])


def mahalanobis(z: Floats) -> Floats:
    """√((z_i − z_l)ᵀ S⁻¹ (z_i − z_l)); NaN for a pair in which either place lacks a figure.

    Offered, never the default: it gives directions that hold only noise the same say as the others.
    """
    white = whitened(z)
    return euclidean(white, np.ones(white.shape[1])) * np.sqrt(white.shape[1])
