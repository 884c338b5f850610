"""Many series at once: Theil–Sen's slope with Sen's interval, and Mann and Kendall's test.

The numbers are those of scipy.stats.theilslopes and kendalltau for each series alone. Series with the same missing
periods share their times, so their pairs of periods are worked out once and their slopes as one table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtr, ndtri

from .panel import Floats
from .trend import FEWEST_PERIODS, Direction

CELLS = 1_000_000  # slopes held at once, which keeps a chunk in a processor's cache and memory bounded
EXACT_UP_TO = 33  # periods: SciPy's limit for the exact p-value, unless at most one pair is out of order


@dataclass(frozen=True, eq=False)
class Trends:
    """Trends of many series, each array of shape (series,) in the order given.

    `slope` with its interval `low` to `high` is in units a year, `tau` is Kendall's tau-b and `p` its two-sided
    p-value. A series with fewer than five figures, or with figures too large to take differences of, has NaN
    throughout. One whose figures are all the same has slope 0, tau 0 and p 1, as in `trend`.
    """

    periods: np.ndarray
    slope: Floats
    low: Floats
    high: Floats
    tau: Floats
    p: Floats
    alpha: float

    def direction(self, i: int) -> Direction:
        """State of series i."""
        if np.isnan(self.slope[i]):
            return Direction.CANNOT_BE_CALCULATED
        if self.p[i] > self.alpha:
            return Direction.NO_CLEAR_CHANGE
        return Direction.RISING if self.tau[i] > 0 else Direction.FALLING

    def reason(self, i: int) -> str:
        """Why series i has no trend, or that it never moves; blank otherwise."""
        if self.periods[i] < FEWEST_PERIODS:
            return f"{FEWEST_PERIODS} periods are needed and there are {self.periods[i]}"
        if np.isnan(self.slope[i]):
            return "the figures are too large to calculate with"
        return "every figure is the same" if self.low[i] == self.high[i] == self.tau[i] == 0 else ""


def trends(times: Floats, table: Floats, *, alpha: float = 0.05) -> Trends:
    """Trends of the rows of `table`, shape (series, periods), at `times` in years, shape (periods,); NaN is missing.

    The interval holds 1 − alpha. Raises ValueError when the shapes do not fit, a time is repeated, or alpha is not
    above 0 and at most 0.5.
    """
    times, table = np.asarray(times, dtype=np.float64), np.asarray(table, dtype=np.float64)
    if table.ndim != 2 or times.shape != table.shape[1:]:
        raise ValueError("The table needs a column for every time.")
    if len(np.unique(times)) != len(times):
        raise ValueError("A time is repeated.")
    if not 0 < alpha <= 0.5:
        raise ValueError("alpha must be above 0 and at most 0.5.")
    order = np.argsort(times)
    times, table = times[order], table[:, order]
    known = ~np.isnan(table)
    found = np.full((5, len(table)), np.nan)
    for present, rows in _patterns(known):
        if len(present) >= FEWEST_PERIODS:
            for chunk in _chunks(rows, len(present)):
                found[:, chunk] = _same_times(times[present], table[chunk][:, present], alpha)
    slope, low, high, tau, p = found
    return Trends(known.sum(axis=1), slope, low, high, tau, p, alpha)


def _patterns(known: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Each pattern of known periods, as their columns, with the rows that have it."""
    if known.all():
        yield np.arange(known.shape[1]), np.arange(known.shape[0])
        return
    packed = np.ascontiguousarray(np.packbits(known, axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    rows = np.split(np.argsort(which, kind="stable"), np.cumsum(np.bincount(which))[:-1])
    for example, members in zip(first, rows, strict=True):
        yield np.flatnonzero(known[example]), members


def _chunks(rows: np.ndarray, periods: int) -> Iterator[np.ndarray]:
    size = max(1, CELLS // (periods * periods))
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


@np.errstate(over="ignore", invalid="ignore")
def _same_times(times: Floats, values: Floats, alpha: float) -> Floats:
    """Slope, low, high, tau and p, shape (5, series), of series without gaps at rising times."""
    early, late = np.triu_indices(len(times), 1)
    rises = values[:, late] - values[:, early]
    score = np.count_nonzero(rises > 0, axis=1) - np.count_nonzero(rises < 0, axis=1)
    tied = np.count_nonzero(rises == 0, axis=1)
    tie_term = _tie_term(values, tied)
    tau, p = _kendall(score, tied, tie_term, len(times))
    rises /= times[late] - times[early]
    slope, low, high = _sen(rises, tie_term, len(times), alpha)
    found = np.array([slope, low, high, tau, p])
    found[:, ~np.isfinite(found[:3]).all(axis=0)] = np.nan
    found[:, tied == len(early)] = np.array([[0.0], [0.0], [0.0], [0.0], [1.0]])
    return found


def _sen(slopes: Floats, tie_term: Floats, n: int, alpha: float) -> tuple[Floats, Floats, Floats]:
    """Median of the slopes, shape (series, pairs), and its interval: equation 2.6 of Sen (1968). Sorts in place."""
    slopes.sort(axis=1)
    pairs = slopes.shape[1]
    middle = (slopes[:, (pairs - 1) // 2] + slopes[:, pairs // 2]) / 2
    spread = -ndtri(alpha / 2) * np.sqrt((n * (n - 1) * (2 * n + 5) - tie_term) / 18)
    upper = np.minimum(np.round((pairs + spread) / 2).astype(np.intp), pairs - 1)
    lower = np.maximum(np.round((pairs - spread) / 2).astype(np.intp) - 1, 0)
    series = np.arange(len(slopes))
    return middle, slopes[series, lower], slopes[series, upper]


def _kendall(score: np.ndarray, tied: np.ndarray, tie_term: Floats, n: int) -> tuple[Floats, Floats]:
    """Tau-b and its two-sided p-value from `score`, concordant less discordant pairs, and the number of pairs `tied`.

    Exact where SciPy's default is exact: no ties and at most 33 periods, or at most one pair out of order. Otherwise
    the normal approximation with its variance corrected for ties (Kendall 1970, Rank Correlation Methods).
    """
    pairs = n * (n - 1) // 2
    untied = np.maximum(pairs - tied, 1)
    tau = np.clip(score / np.sqrt(pairs) / np.sqrt(untied), -1, 1)
    variance = np.maximum(n * (n - 1) * (2 * n + 5) - tie_term, 1) / 18
    p = 2 * ndtr(-np.abs(score) / np.sqrt(variance))
    fewest = (pairs - np.abs(score)) // 2  # pairs out of order, counted from the nearer end
    exact = (tied == 0) & ((fewest <= 1) | (n <= EXACT_UP_TO))
    p[exact] = _exact_p(n)[fewest[exact]]
    return tau, p


def _tie_term(values: Floats, tied: np.ndarray) -> Floats:
    """Σ k(k − 1)(2k + 5) over the groups of k equal figures of each series; the figures of a group share it equally."""
    term = np.zeros(len(values))
    some = values[tied > 0]
    sizes = np.count_nonzero(some[:, :, None] == some[:, None, :], axis=2)
    term[tied > 0] = ((sizes - 1) * (2 * sizes + 5)).sum(axis=1)
    return term


@lru_cache(maxsize=64)
def _exact_p(n: int) -> Floats:
    """Two-sided p-values by the number of pairs out of order, up to half of them; for long series only of 0 and 1.

    Counts permutations by their inversions, adding one element at a time (Kendall 1970).
    """
    if n > EXACT_UP_TO:
        return np.array([2 / math.factorial(n), 2 / math.factorial(n - 1)])
    half = n * (n - 1) // 4
    counts = np.zeros(half + 1)
    counts[0] = 1
    for size in range(2, n + 1):
        sums = np.cumsum(counts)
        sums[size:] -= np.cumsum(counts)[:-size]
        counts = sums
    p = np.minimum(2 * np.cumsum(counts) / float(math.factorial(n)), 1)
    if half * 4 == n * (n - 1):
        p[half] = 1.0
    return p
