"""What counts as enough data. Nothing is ever filled in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .panel import Bools, Floats

NEEDED = 0.8
ROUNDING = 1e-9  # 4 of 5 equal weights must count as 80%, whatever the floating-point sum says


@dataclass(frozen=True)
class NotEnoughData:
    """Why no peers can be named for a place: a result, never a wrong answer.

    `missing` are the indicators without a figure, `share_present` the share of the weight that is there,
    `needed` the share that must be, and `reason` says it in words.
    """

    missing: tuple[str, ...]
    share_present: float
    needed: float
    reason: str


def indicators_with_enough(values: Floats, needed: float = NEEDED) -> Bools:
    """True for each indicator that has a figure for at least `needed` of the areas."""
    if values.shape[0] == 0:
        return np.zeros(values.shape[1], dtype=np.bool_)
    return np.mean(~np.isnan(values), axis=0) >= needed - ROUNDING


def weight_present(values: Floats, weights: Floats) -> Floats:
    """For each area, the share of the total weight whose figures are there, from 0 to 1."""
    return (~np.isnan(values)) @ weights / weights.sum()


def enough(share: Floats, needed: float = NEEDED) -> Bools:
    """True where the share present reaches what is needed."""
    return share >= needed - ROUNDING
