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


def euclidean(z: Floats, weights: Floats) -> Floats:
    """d = √(Σ w (z_i − z_l)² / Σ w), both sums over the indicators that both places have.

    `z` has shape (areas, indicators). Dividing by the weight present rescales a pair with gaps to the full
    set, and NaN marks a pair with nothing in common. Differences are taken directly, not through a Gram
    matrix, so that near-identical places keep their small distances.
    """
    n = z.shape[0]
    total = np.zeros((n, n))
    weight = np.zeros((n, n))
    for column, w in zip(z.T, weights, strict=True):
        squared = (column[:, None] - column[None, :]) ** 2
        present = ~np.isnan(squared)
        total += np.where(present, w * squared, 0.0)
        weight += w * present
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(np.where(weight > 0, total / weight, np.nan))


def neighbour_scale(d: Floats, k: int) -> Floats:
    """Each area's distance to its k-th nearest other area; the furthest one when there are fewer than k.

    `d` has shape (..., areas, areas); the result has shape (..., areas).
    """
    n = d.shape[-1]
    others = d.copy()
    others[..., np.arange(n), np.arange(n)] = -1.0  # sorts first, so that position k is the k-th other area
    others[np.isnan(others)] = np.inf
    return np.partition(others, min(k, n - 1), axis=-1)[..., min(k, n - 1)]


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
    complete = z[~np.isnan(z).any(axis=1)]
    return np.linalg.pinv(np.atleast_2d(np.cov(complete, rowvar=False)), rcond=SINGULAR, hermitian=True)


def mahalanobis(z: Floats) -> Floats:
    """√((z_i − z_l)ᵀ S⁻¹ (z_i − z_l)); NaN for a pair in which either place lacks a figure.

    Offered, never the default: it gives directions that hold only noise the same say as the others.
    """
    inverse = inverse_covariance(z)
    n = z.shape[0]
    d = np.empty((n, n))
    for i in range(n):
        difference = z - z[i]
        d[i] = ((difference @ inverse) * difference).sum(axis=1)
    return np.sqrt(np.where(np.isnan(d), np.nan, np.maximum((d + d.T) / 2, 0.0)))
