"""Nearest neighbours of every area, under one set of weights or under thousands of them.

The quick ways go through matrix products. Each bounds its own rounding, and wherever two areas are too close to call
within that bound, the distances are taken directly, as in `distance.euclidean`: the answers are always the exact ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .distance import between
from .ordering import Keys, levels, pack, smallest
from .panel import Bools, Floats, Ints
from .peers import DECIMALS, nearest

ROUND_64 = 2.0**-53  # the largest relative error of one operation
ROUND_32 = 2.0**-24
TIE = 2 * 10.0**-DECIMALS  # distances may differ by this much and still count as tied
LEAST = 1e-6  # of the weight that two areas must have in common to be compared in single precision
LONE = 1e300  # instead of a distance, for areas that have nothing in common
OFTEN = 0.2  # of the rows taking two looks, from which on more areas are looked at first
FIRST = 128  # areas that are looked at first: so many sort at once
ROWS = 1000  # resamples at once: their distances should stay in the cache
BLOCK = 24  # areas whose neighbours are measured at once: large arrays cost fresh memory every time
CELLS = 2**17  # distances at once in double precision, for the same reason
Singles = NDArray[np.float32]


class Squares(NamedTuple):
    """Squared distances (..., rows, areas) that are right to within `error` (...,); NaN where nothing is shared."""

    values: Floats
    error: Floats


def squares(z: Floats, weights: Floats, rows: Ints | None = None) -> Squares:
    """d² = Σ w (z_i − z_l)² / Σ w between all areas for every resample, by one matrix product each.

    `z` has shape (1 or resamples, areas, indicators), `weights` (resamples, indicators). `rows` are the areas from
    which is measured; all of them when not given.
    """
    p = z.shape[-1]
    y = z * np.sqrt(weights / weights.sum(axis=-1, keepdims=True))[:, None, :]
    missing = np.isnan(z)
    if not missing.any():
        norm = (y * y).sum(axis=-1, keepdims=True)
        one = np.ones_like(norm)
        left, right = np.concatenate([-2 * y, norm, one], axis=-1), np.concatenate([y, one, norm], axis=-1)
        lightest: Floats = np.ones(len(y))
    else:
        present = np.broadcast_to(~missing, y.shape).astype(np.float64)
        y = np.where(missing, 0.0, y)
        norm = (y * y).sum(axis=-1, keepdims=True)
        left = np.concatenate([-2 * y, y * y, present], axis=-1)
        right = np.concatenate([y, present, y * y], axis=-1)
    if rows is not None:
        left = left[:, rows]
    d2 = left @ np.swapaxes(right, -1, -2)
    np.maximum(d2, 0.0, out=d2)
    if missing.any():
        share = (weights / weights.sum(axis=-1, keepdims=True))[:, None, :]
        from_rows = present if rows is None else present[:, rows]
        shared = (from_rows * share) @ np.swapaxes(present, -1, -2)
        lightest = shared.min(axis=(-2, -1))
        if not lightest.all():
            nothing = shared <= 0
            d2[nothing] = np.nan
            shared[nothing] = 1.0
            lightest = shared.min(axis=(-2, -1))
        d2 /= shared
    return Squares(d2, 8 * (3 * p + 8) * ROUND_64 * norm.max(axis=(-2, -1)) / lightest)


def neighbour_table(z: Floats, weights: Floats, k: int) -> tuple[Ints, Floats]:
    """The k nearest others of every area by plain distance: positions and distances, each (areas, k), nearest first.

    `z` (areas, indicators) must be in code order, which breaks ties. Distances are those of `distance.euclidean`.
    Raises ValueError when there are not k others, or when two areas have no indicator in common.
    """
    n = len(z)
    if not 1 <= k < n:
        raise ValueError(f"There are {n - 1} other areas and {k} neighbours were asked for.")
    found = squares(z[None], weights[None])
    if np.isnan(found.values).any():
        raise ValueError("Two of the areas have no indicator in common.")
    d2 = found.values[0]
    if k == n - 1:
        at = np.array([np.delete(np.arange(n), i) for i in range(n)])
    else:
        step = d2.max() / levels(n) or 1.0
        d2 /= step
        keys = pack(d2, n)
        np.fill_diagonal(keys, np.iinfo(np.int32).max)
        first, level, after = smallest(keys, k, n)
        at = np.sort(first, axis=1).astype(np.intp)
        doubt = 2 + (2 * found.error[0] + TIE * (1 + step * levels(n))) / step
        for i in np.flatnonzero(after - level <= doubt):
            at[i] = np.sort(nearest(between(z[i], z, weights), np.arange(n) != i)[:k])
    d = np.empty(at.shape)
    for start in range(0, n, BLOCK):
        some = slice(start, start + BLOCK)
        d[some] = between(z[some, None, :], z[at[some]], weights)
    order = np.argsort(np.round(d, DECIMALS), axis=1, kind="stable")
    return np.take_along_axis(at, order, axis=1), np.take_along_axis(d, order, axis=1)


def resampled_neighbours(z: Floats, weights: Floats, k: int, *, threads: int = 1) -> Keys:
    """The k nearest others of every area under every row of `weights`, in order of position: (resamples, areas, k).

    `z` has shape (areas, indicators), in code order, NaN where missing; `weights` (resamples, indicators). Squared
    differences are weighted in single precision, and the areas that are usually near are looked at first. Where one of
    the others may come nearer, all are looked at; where single precision cannot tell the k-th from the next, double
    decides. Areas are shared out among `threads`: NumPy works on each without holding the others up. Raises ValueError
    when there are not k others.
    """
    n = len(z)
    if not 1 <= k < n:
        raise ValueError(f"There are {n - 1} other areas and {k} neighbours were asked for.")
    work = _Resampled(z, weights, k)
    parts = [range(start, n, threads) for start in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work.look_from, parts))
    return work.picks


class _Resampled:
    """What the search under many weights knows before it looks from the areas one by one."""

    def __init__(self, z: Floats, weights: Floats, k: int) -> None:
        n, p = z.shape
        self.z, self.weights, self.k = z, weights, k
        self.picks = np.empty((len(weights), n, k), dtype=np.int32)
        self.share = weights / weights.sum(axis=1, keepdims=True)
        span = np.nanmax(z, axis=0) - np.nanmin(z, axis=0)
        self.gaps = np.isnan(z)
        # So that no key overflows: no squared distance is above this.
        largest = np.maximum(self.share @ span**2, np.finfo(np.float32).tiny)
        self.top = levels(n) * (1 - 1e-4)  # single precision rounds up, too
        self.single = (self.share * (self.top / largest)[:, None]).astype(np.float32)
        self.tie = TIE * levels(n) * (1 + 1 / largest)
        self.rounding = (p + 4) * ROUND_32
        usual = squares(z[None], self.share.mean(axis=0, keepdims=True)).values[0]
        usual[np.arange(n), np.arange(n)] = np.inf  # the area itself comes last
        self.usually = np.argsort(np.nan_to_num(usual, nan=LONE), axis=1).astype(np.int32)

    def look_from(self, areas: Iterable[int]) -> None:
        """Find the neighbours of these areas."""
        z, gaps, some = self.z, self.gaps, self.gaps.any()
        width = FIRST
        # Fetching fresh memory for every product would take twice as long as the product itself.
        distances = np.empty((min(ROWS, len(self.weights)), len(z)), dtype=np.float32)
        room = np.empty(len(distances) * len(z), dtype=np.int32)
        for i in areas:
            columns = self.usually[i]
            squared = z[columns] - z[i]
            squared *= squared
            if some:
                squared[gaps[columns] | gaps[i]] = 0.0
            table = squared.astype(np.float32).T
            for start in range(0, len(self.weights), ROWS):
                at = slice(start, start + ROWS)
                single = self.single[at]
                d2 = np.matmul(single, table, out=distances[: len(single)])
                sure = np.ones(len(d2), dtype=np.bool_)
                if some:
                    sure = _rescale(d2, gaps[columns], gaps[i], self.share[at], self.top)
                first, level, after, again = _nearest_in_single(d2, width, self.k, room)
                if again > OFTEN * len(d2):
                    width *= 2
                self.picks[at, i] = np.sort(columns[first], axis=1)
                doubt = 2 + self.rounding * (after + level.astype(np.float64)) + self.tie[at]
                sure &= after - level > doubt
                for row in np.flatnonzero(~sure):
                    # Levels tell little where a pair has next to nothing in common: then everybody is looked at.
                    margin = 2 * doubt[row] if not some else np.inf
                    weights = self.weights[start + row]
                    near = _decided(z, weights, i, columns, d2[row], level[row], margin, self.k)
                    self.picks[start + row, i] = near


def _decided(z: Floats, weights: Floats, i: int, columns: Keys, d2: Singles, level: int, margin: float, k: int) -> Keys:
    """The k nearest of area i, with exact distances for those within the margin of the k-th level."""
    away = d2[:-1] - np.float64(level)
    among = np.sort(columns[:-1][np.abs(away) <= margin])
    nearer = columns[:-1][away < -margin]
    exact = between(z[i], z[among], weights)
    chosen = among[np.argsort(np.round(exact, DECIMALS), kind="stable")[: k - len(nearer)]]
    return np.sort(np.concatenate([nearer, chosen]))


def _nearest_in_single(d2: Singles, width: int, k: int, room: Keys) -> tuple[Keys, Keys, Keys, int]:
    """Columns of the k smallest of each row, the level of the k-th and of the next, and how many rows took two looks.

    The last column is the area itself.
    """
    n = d2.shape[1]
    if k == n - 1:
        everyone = np.tile(np.arange(k, dtype=np.int32), (len(d2), 1))
        return everyone, np.zeros(len(d2), np.int32), np.full(len(d2), np.iinfo(np.int32).max), 0
    if width >= n - 1 or width <= k:
        return *smallest(pack(d2[:, :-1], n), k, n), 0
    keys = room[: len(d2) * width].reshape(len(d2), width)
    first, level, after = smallest(pack(d2[:, :width], n, keys), k, n)
    others = d2[:, width:-1].min(axis=1)
    again = np.flatnonzero(others <= level + 1)
    after = np.minimum(after, others.astype(np.int32))
    if len(again):
        first[again], level[again], after[again] = smallest(pack(d2[again, :-1], n), k, n)
    return first, level, after, len(again)


def _rescale(d2: Singles, gaps: Bools, own: Bools, share: Floats, top: float) -> Bools:
    """Divide by the weight that an area and each other one have in common; False for rows where that will not do."""
    missing = gaps | own
    columns = np.flatnonzero(missing.any(axis=1))
    common = share @ (~missing[columns]).T.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        d2[:, columns] = np.minimum(d2[:, columns] / common, top)
    return np.asarray((common > LEAST).all(axis=1))
