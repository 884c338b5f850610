"""Putting indicators with different units on one scale.

Each scale is fitted once on the pool and then frozen, so that a value that is moved by its sampling error is
measured with the same ruler. A column whose values are all the same has no scale: `fit` marks it with NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .panel import Bools, Floats

WINSORISE_AT = (0.01, 0.99)
MAD_TO_SD = 1.4826  # makes the median absolute deviation estimate the standard deviation of a normal variable
MAD_FLOOR = 0.5  # share of the SD below which a robust scale may not fall; MAD is 0 when half the values tie


class Standardisation(StrEnum):
    """How each indicator is put on a common scale."""

    WINSORISED_Z = "winsorised-z"
    Z = "z"
    RANK_NORMAL = "rank-normal"
    MIN_MAX = "min-max"
    ROBUST_Z = "robust-z"


@dataclass(frozen=True, eq=False)
class Scale:
    """A fitted scale: `apply` takes values of shape (..., indicators) to the common scale.

    `centre` and `spread` (one per indicator) are the reference moments; `floor` and `ceiling` are the
    winsorising limits (infinite when there are none). `reference` holds the sorted pool for the rank-based
    scale.
    """

    kind: Standardisation
    centre: Floats
    spread: Floats
    floor: Floats
    ceiling: Floats
    reference: tuple[Floats, ...] = ()

    @property
    def usable(self) -> Bools:
        """True for each indicator that varies over the pool."""
        return np.isfinite(self.spread)

    def apply(self, values: Floats) -> Floats:
        """Standardised values in the same shape; NaN stays NaN."""
        if self.kind == Standardisation.RANK_NORMAL:
            return self._rank_scores(values)
        return (np.clip(values, self.floor, self.ceiling) - self.centre) / self.spread

    def _rank_scores(self, values: Floats) -> Floats:
        """Blom's normal scores, Φ⁻¹((r − 3/8)/(n + 1/4)), with the average rank for ties."""
        from scipy.special import ndtri  # slow to import, and most processes never need it

        scores = np.full(values.shape, np.nan)
        for j, ordered in enumerate(self.reference):
            column = values[..., j]
            below = np.searchsorted(ordered, column, side="left")
            up_to = np.searchsorted(ordered, column, side="right")
            rank = (below + up_to + 1) / 2
            score = ndtri((rank - 0.375) / (len(ordered) + 0.25))
            scores[..., j] = np.where(np.isnan(column) | ~self.usable[j], np.nan, score)
        return scores


def fit(values: Floats, kind: Standardisation = Standardisation.WINSORISED_Z, *, ddof: int = 0) -> Scale:
    """Fit a scale on the pool: `values` has shape (areas, indicators), NaN where missing.

    `ddof` is the usual choice of divisor n − ddof for standard deviations. For the rank-normal scale the
    moments are reported for information and the ranks do the work.
    """
    n_columns = values.shape[1]
    centre, spread = np.full(n_columns, np.nan), np.full(n_columns, np.nan)
    floor, ceiling = np.full(n_columns, -np.inf), np.full(n_columns, np.inf)
    with_figures = np.flatnonzero((~np.isnan(values)).sum(axis=0) > ddof)
    reference: tuple[Floats, ...] = ()
    if kind == Standardisation.RANK_NORMAL:
        reference = tuple(np.sort(column[~np.isnan(column)]) for column in values.T)
    if not len(with_figures):
        return Scale(kind, centre, spread, floor, ceiling, reference)
    known = values[:, with_figures]
    varies = np.nanmax(known, axis=0) > np.nanmin(known, axis=0)
    if kind == Standardisation.WINSORISED_Z:
        limits = np.nanquantile(known, WINSORISE_AT, axis=0)
        floor[with_figures], ceiling[with_figures] = limits
        known = np.clip(known, *limits)
    middle, width = np.nanmean(known, axis=0), np.nanstd(known, axis=0, ddof=ddof)
    if kind == Standardisation.MIN_MAX:
        middle = np.nanmin(known, axis=0)
        width = np.nanmax(known, axis=0) - middle
    elif kind == Standardisation.ROBUST_Z:
        middle = np.nanmedian(known, axis=0)
        mad = np.nanmedian(np.abs(known - middle), axis=0)
        width = np.maximum(MAD_TO_SD * mad, MAD_FLOOR * width)
    centre[with_figures] = middle
    spread[with_figures] = np.where(varies & (width > 0), width, np.nan)
    return Scale(kind, centre, spread, floor, ceiling, reference)
