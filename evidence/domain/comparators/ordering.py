"""Who comes first, quickly: values and positions packed into whole numbers, which sort several times faster.

A key holds the value, cut to a level between 0 and the row's largest, in its upper bits and the position in its lower
ones. Where two values that have to be told apart fall into levels that lie too close together, the row is looked at
again: first with the full precision of the value, and where that is not enough either, the row is returned as unsure
and the caller works it out exactly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .panel import Bools, Floats, Ints

Keys = NDArray[np.int32]
Scores = NDArray[np.float32] | Floats
BITS = 31  # of a positive 32-bit whole number


def bits_for(n: int) -> int:
    """How many bits a position among `n` takes."""
    return max(1, (n - 1).bit_length())


def levels(n: int) -> int:
    """How many levels are left for the value, with the two highest kept for areas that may not come first."""
    return 2 ** (BITS - bits_for(n)) - 3


def pack(scaled: Scores, n: int, room: Keys | None = None) -> Keys:
    """Keys of values that already run from 0 to `levels(n)`, with each one's column as its position; in `room`."""
    keys = np.empty(scaled.shape, dtype=np.int32) if room is None else room
    np.copyto(keys, scaled, casting="unsafe")
    keys <<= bits_for(n)
    keys |= np.arange(scaled.shape[-1], dtype=np.int32)
    return keys


def smallest(keys: Keys, k: int, n: int) -> tuple[Keys, Keys, Keys]:
    """Columns of the k smallest in no order (..., k), the level of the k-th, and of the one after it (...).

    Sorts `keys`, packed for `n` positions, on the spot; k must be less than the number of columns.
    """
    bits = bits_for(n)
    keys.partition(k, axis=-1)
    first = keys[..., :k]
    return first & (2**bits - 1), first.max(axis=-1) >> bits, keys[..., k] >> bits


def kth_smallest(values: Floats, k: int) -> Floats:
    """The k-th smallest (from 1) of each row of finite values of 0 or more, exactly as a sort would give it."""
    n = values.shape[-1]
    if k >= n:
        return values.max(axis=-1)
    largest = values.max(axis=-1, keepdims=True)
    at, level, after = smallest(pack(values * (levels(n) / np.where(largest > 0, largest, 1.0)), n), k, n)
    found = np.take_along_axis(values, at.astype(np.intp), axis=-1).max(axis=-1)
    if (close := level == after).any():
        found[close] = np.partition(values[close], k - 1, axis=-1)[..., k - 1]
    return found


def in_order(scores: Floats, apart: Ints, tolerance: float) -> tuple[Keys, Bools]:
    """Positions from the smallest score to the largest (rows, n), and which rows are unsure (rows,).

    `scores` (rows, n) are 0 or more and known to within tolerance · (1 + score) / 2; those at `apart` (flat) come
    last. A row is unsure when two neighbours in it lie closer together than the tolerance.
    """
    n = scores.shape[-1]
    scores.reshape(-1)[apart] = 0.0
    largest = scores.max(axis=-1, keepdims=True)
    top = levels(n)
    step = np.where(largest > 0, largest, 1.0) / top
    keys = pack(scores / step, n)
    keys.reshape(-1)[apart] = ((top + 2) << bits_for(n)) | (apart % n)
    keys.sort(axis=-1)
    level = keys >> bits_for(n)
    narrow = (level[:, 1:] - level[:, :-1] < 2) & (level[:, 1:] <= top)
    close = narrow.any(axis=-1) | (step[:, 0] <= tolerance * (1 + largest[:, 0]))
    order = keys & (2 ** bits_for(n) - 1)
    unsure = np.zeros(len(scores), dtype=np.bool_)
    if close.any():
        again = scores[close]
        again[_within(apart, close, n)] = np.inf
        order[close], unsure[close] = _in_full_precision(again, tolerance)
    return order, unsure


def _within(apart: Ints, rows: Bools, n: int) -> tuple[Ints, Ints]:
    """The entries of `apart` in these rows, as (row among them, column)."""
    row, column = np.divmod(apart, n)
    kept = rows[row]
    return (np.cumsum(rows) - 1)[row[kept]], column[kept]


def _in_full_precision(scores: Floats, tolerance: float) -> tuple[NDArray[np.int64], Bools]:
    """The same with keys of 64 bits, of which the position takes the lowest."""
    n = scores.shape[-1]
    mask = np.int64(2 ** bits_for(n) - 1)
    keys = scores.view(np.int64) & ~mask | np.arange(n)
    keys.sort(axis=-1)
    order = keys & mask
    cut = (keys & ~mask).view(np.float64)
    with np.errstate(invalid="ignore"):
        gap = cut[:, 1:] - cut[:, :-1]
        allowed = (tolerance + float(mask) * 2.0**-51) * (1 + cut[:, :-1])
        close = np.isfinite(cut[:, 1:]) & ~(gap > allowed)
    return order, np.asarray(close.any(axis=-1))
