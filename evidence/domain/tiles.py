"""A tile map: one cell for each place, near where it lies, so that small areas are seen as well as large ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

KM_PER_DEGREE = 111.2  # of latitude, on a sphere of 6,371 km
LAND = 1.5  # cells whose middle lies within so many cells of a place's centre are land
NEAREST = 4  # places that should stay beside each other
SPACINGS = (0.9, 1.0, 1.1, 1.2)  # tried, as multiples of the side of a square with the average area of a place
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


@dataclass(frozen=True)
class Centre:
    """A place at the middle of its area, in degrees."""

    code: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Whole:
    """An area whose parts have no known centres: its middle in degrees, its square kilometres, its parts' codes."""

    centre: Centre
    area_km2: float
    parts: tuple[str, ...]


Cells = dict[str, tuple[int, int]]
"""Column and row of each place, from 0 at the left and at the top."""


def arrange(places: Sequence[Centre]) -> Cells:
    """Give every place a cell of a square grid, as near to its centre as the others leave room for.

    The sum of squared displacements is the least possible on cells that are land. Of a few widths of cell, the one is
    taken that keeps most of each place's nearest places beside it. The same places always get the same cells.
    """
    return dict(_arrange(tuple(sorted(places, key=lambda place: place.code))))


@lru_cache(maxsize=8)
def _arrange(places: tuple[Centre, ...]) -> tuple[tuple[str, tuple[int, int]], ...]:
    if not places:
        return ()
    km = _in_km(places)
    side = _average_side(km)
    pairs = _nearest_pairs(km)
    best = max((_assign(km, side * factor) for factor in SPACINGS), key=lambda found: _kept(found, pairs))
    left, top = best[:, 0].min(), best[:, 1].max()
    return tuple(
        (place.code, (int(column - left), int(top - row))) for place, (column, row) in zip(places, best, strict=True)
    )


def spread(wholes: Sequence[Whole]) -> list[Centre]:
    """Places for parts whose own centres are not known: around the middle of their area, in order of code.

    They fill a circle of the area's size evenly, along a spiral. Where a part lies within its area is not shown. A
    part of two areas belongs to the first.
    """
    made: dict[str, Centre] = {}
    for whole in sorted(wholes, key=lambda whole: whole.centre.code):
        parts = [part for part in sorted(whole.parts) if part not in made]
        radius = np.sqrt(whole.area_km2 / np.pi) / KM_PER_DEGREE
        squeeze = np.cos(np.radians(whole.centre.latitude))
        for at, part in enumerate(parts):
            reach, angle = radius * np.sqrt((at + 0.5) / len(parts)), at * GOLDEN_ANGLE
            made[part] = Centre(
                part,
                float(whole.centre.longitude + reach * np.cos(angle) / squeeze),
                float(whole.centre.latitude + reach * np.sin(angle)),
            )
    return list(made.values())


def _in_km(places: Sequence[Centre]) -> np.ndarray:
    """East and north in kilometres, at the middle latitude."""
    degrees = np.array([(place.longitude, place.latitude) for place in places])
    middle = np.radians((degrees[:, 1].min() + degrees[:, 1].max()) / 2)
    return degrees * np.array([KM_PER_DEGREE * np.cos(middle), KM_PER_DEGREE])


def _average_side(km: np.ndarray) -> float:
    """The side of a square with the average area of a place, from the box around all; at least a kilometre."""
    width, height = np.maximum(km.max(axis=0) - km.min(axis=0), 1.0)
    return float(max(np.sqrt(width * height / (2 * len(km))), 1.0))  # about half of the box is land


def _nearest_pairs(km: np.ndarray) -> set[tuple[int, int]]:
    if len(km) < 2:
        return set()
    from scipy.spatial import cKDTree  # slow to import, and most pages show no map

    _, near = cKDTree(km).query(km, k=min(NEAREST + 1, len(km)))
    return {(min(i, j), max(i, j)) for i, row in enumerate(near.tolist()) for j in row if i != j}


def _assign(km: np.ndarray, side: float) -> np.ndarray:
    """Column and row, counted from the south-west, of each place on a grid of this width."""
    from scipy.optimize import linear_sum_assignment  # slow to import, and most pages show no map

    cells = _land(km, side)
    moved = ((km[:, None, :] - cells[None, :, :] * side) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(moved)
    return cells[chosen]


def _land(km: np.ndarray, side: float) -> np.ndarray:
    """Cells near a place; more of the sea is taken in until there are enough."""
    from scipy.spatial import cKDTree  # slow to import, and most pages show no map

    tree, reach = cKDTree(km), LAND
    while True:
        margin = int(np.ceil(reach)) + 1
        low = np.floor(km.min(axis=0) / side).astype(int) - margin
        high = np.ceil(km.max(axis=0) / side).astype(int) + margin
        columns, rows = np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1))
        cells = np.column_stack([columns.ravel(), rows.ravel()])
        near, _ = tree.query(cells * side)
        cells = cells[near <= reach * side]
        if len(cells) >= len(km):
            return cells
        reach += 1


def _kept(cells: np.ndarray, pairs: set[tuple[int, int]]) -> int:
    """How many of the pairs have cells that touch."""
    return sum(bool(np.abs(cells[i] - cells[j]).max() <= 1) for i, j in pairs)


def groups(pairs: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Parts of each whole, from pairs of whole and part."""
    found: dict[str, set[str]] = defaultdict(set)
    for whole, part in pairs:
        found[whole].add(part)
    return {whole: tuple(sorted(parts)) for whole, parts in found.items()}


#: Names of LEP areas as tiles have room for them.
SHORT_NAMES = {
    "E37000003": "Cheshire, Warrington",
    "E37000005": "Cornwall, Scilly",
    "E37000006": "Coventry, Warwicks",
    "E37000011": "Gloucs",
    "E37000012": "B’ham, Solihull",
    "E37000016": "Heart of the SW",
    "E37000021": "Leicester, Leics",
    "E37000022": "Liverpool",
    "E37000032": "Stoke, Staffs",
    "E37000033": "Swindon, Wilts",
    "E37000035": "Thames V. Berks",
    "E37000038": "Worcs",
    "E37000043": "Bucks",
    "E37000045": "Derby, Notts",
    "E37000048": "Herts",
    "E37000054": "Sheffield",
    "E37000058": "York, North Yorks",
    "E37000059": "Cambridge, Peterboro",
    "E37000060": "Greater Lincs",
    "E37000061": "Hull, East Yorks",
    "E37000062": "Leeds",
}
