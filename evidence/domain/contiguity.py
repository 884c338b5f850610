"""Which areas touch, from the corners of their outlines.

Published boundaries of one set share their corners: the line between two areas has the same points on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

Ring = Sequence[Sequence[float]]
TOLERANCE_KM = 0.01  # corners within ten metres of each other are one corner
FEWEST_TOLERANCES = 5  # a shared line shorter than so many tolerances is a meeting in one point
KM_PER_DEGREE = 111.2  # of latitude, on a sphere of 6,371 km


def shared_borders(outlines: Mapping[str, Iterable[Ring]], tolerance_km: float = TOLERANCE_KM) -> dict[
    tuple[str, str], float
]:  # fmt: skip
    """Length in kilometres of the line that each pair of areas shares, by their codes in order.

    `outlines` gives the closed rings of each area in degrees (longitude, latitude). A side of a ring is shared where
    both its ends lie within the tolerance of corners of the same other area. Areas that meet in one point only share
    no line and are left out, also where their corners lie closer together than the tolerance. A line crossed by a
    corner on one side only loses that piece. Lengths are those of the outlines as given: generalised ones are shorter
    than the ground.
    """
    from scipy.spatial import cKDTree  # slow to import, and only loading boundaries needs it

    codes = sorted(outlines)
    corners, owner, following = _corners([list(outlines[code]) for code in codes])
    if not len(corners):
        return {}
    km = _in_km(corners)
    close = cKDTree(km).query_pairs(tolerance_km, output_type="ndarray")
    both = np.concatenate([close, close[:, ::-1]])
    both = both[owner[both[:, 0]] != owner[both[:, 1]]]
    meets = np.unique(both[:, 0].astype(np.int64) * len(codes) + owner[both[:, 1]])  # (corner, other area) as one key
    corner, other = np.divmod(meets, len(codes))
    shared = np.isin(following[corner] * len(codes) + other, meets)
    corner, other = corner[shared], other[shared]
    lengths = np.hypot(*(km[corner] - km[following[corner]]).T)
    found: dict[tuple[str, str], float] = {}
    for a, b, length in zip(owner[corner].tolist(), other.tolist(), lengths.tolist(), strict=True):
        pair = (codes[min(a, b)], codes[max(a, b)])
        found[pair] = found.get(pair, 0.0) + length / 2  # every side is met from both areas
    return {pair: km for pair, km in sorted(found.items()) if km >= FEWEST_TOLERANCES * tolerance_km}


def _corners(areas: Sequence[Sequence[Ring]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All corners, the area of each, and the corner that follows it on its ring."""
    parts, owner, following = [], [], []
    start = 0
    for at, rings in enumerate(areas):
        for ring in rings:
            points = np.array([point[:2] for point in ring], dtype=np.float64)[:-1]  # the last repeats the first
            count = len(points)
            parts.append(points)
            owner.append(np.full(count, at, dtype=np.int64))
            following.append(start + (np.arange(count, dtype=np.int64) + 1) % max(count, 1))
            start += count
    if not parts:
        return np.empty((0, 2)), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    return np.concatenate(parts), np.concatenate(owner), np.concatenate(following)


def _in_km(corners: np.ndarray) -> np.ndarray:
    """East and north in kilometres; a kilometre east is taken at the middle latitude of the whole."""
    middle = np.radians((corners[:, 1].min() + corners[:, 1].max()) / 2)
    return corners * np.array([KM_PER_DEGREE * np.cos(middle), KM_PER_DEGREE])
