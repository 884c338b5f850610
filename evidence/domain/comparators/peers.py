"""Putting candidates in order."""

from __future__ import annotations

import numpy as np

from .panel import Bools, Floats, Ints

LARGE = 1e6  # scores from here on have no decimals to round that far
LARGEST = np.finfo(np.float64).max
DECIMALS = 12  # distances that agree this far are tied, and ties go by code


def nearest(score: Floats, candidates: Bools) -> Ints:
    """Positions of the candidates, nearest first, shape (..., candidates).

    `score` has shape (..., areas) and the areas must be in code order: a stable sort then breaks ties by
    code. A candidate without a score (NaN) comes last; an area that is no candidate never comes at all.
    """
    rounded = np.where(score < LARGE, np.round(np.minimum(score, LARGE), DECIMALS), np.minimum(score, LARGEST / 2))
    usable = np.where(candidates, np.where(np.isnan(score), LARGEST, rounded), np.inf)
    return np.argsort(usable, axis=-1, kind="stable")[..., : int(candidates.sum())]
