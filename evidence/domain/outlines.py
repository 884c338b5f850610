"""Outlines of areas with fewer corners, for drawing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

KM_PER_DEGREE = 111.2  # of latitude, on a sphere of 6,371 km
FEWEST_CORNERS = 4  # of a closed ring

Point = tuple[float, float]
Ring = Sequence[Point]
Polygons = Sequence[Sequence[Ring]]


def simplified(areas: Mapping[str, Polygons], tolerance_km: float) -> dict[str, list[list[list[Point]]]]:
    """The areas' polygons without the corners that lie within the tolerance of the line that remains.

    Ramer, Douglas and Peucker's method, on each stretch between the points where the areas that meet change, so that
    two areas keep the same line between them. A ring that shrinks to a line is dropped, but an area keeps its largest.
    """
    owners: dict[Point, set[str]] = defaultdict(set)
    for code, polygons in areas.items():
        for polygon in polygons:
            for ring in polygon:
                for point in ring:
                    owners[_key(point)].add(code)
    return {code: _area(polygons, owners, tolerance_km) for code, polygons in areas.items()}


def centre(polygons: Polygons) -> Point:
    """The centroid of an area's largest outline, in degrees."""
    ring = np.array(_largest(polygons))
    origin = ring[0]
    x, y = (ring - origin).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    total = cross.sum()
    if not total:
        return float(origin[0]), float(origin[1])
    east, north = ((x[:-1] + x[1:]) * cross).sum(), ((y[:-1] + y[1:]) * cross).sum()
    return float(origin[0] + east / (3 * total)), float(origin[1] + north / (3 * total))


def _key(point: Point) -> Point:
    return round(point[0], 6), round(point[1], 6)


def _area(polygons: Polygons, owners: Mapping[Point, set[str]], tolerance_km: float) -> list[list[list[Point]]]:
    made = []
    for polygon in polygons:
        rings = [_ring(ring, owners, tolerance_km) for ring in polygon]
        if len(rings[0]) >= FEWEST_CORNERS:
            made.append([rings[0], *(hole for hole in rings[1:] if len(hole) >= FEWEST_CORNERS)])
    return made or [[list(_largest(polygons))]]


def _largest(polygons: Polygons) -> Ring:
    """The outline with the largest area, in square degrees."""
    outlines: list[Ring] = [polygon[0] for polygon in polygons]
    return max(outlines, key=lambda ring: abs(_twice_area(ring)))


def _twice_area(ring: Ring) -> float:
    points = np.array(ring) - np.array(ring[0])
    x, y = points.T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())


def _ring(ring: Ring, owners: Mapping[Point, set[str]], tolerance_km: float) -> list[Point]:
    """A closed ring, simplified between the corners that must stay."""
    points = list(ring[:-1])
    meeting = [owners[_key(point)] for point in points]
    kept = [at for at in range(len(points)) if not meeting[at - 1] == meeting[at] == meeting[(at + 1) % len(points)]]
    start = kept[0] if kept else points.index(min(points))
    points = [*points[start:], *points[: start + 1]]
    anchors = sorted({(at - start) % (len(points) - 1) for at in kept} | {0, len(points) - 1})
    km = np.array(points) * np.array([KM_PER_DEGREE * np.cos(np.radians(points[0][1])), KM_PER_DEGREE])
    if len(anchors) == 2:  # an island: its farthest corner stays too
        anchors.insert(1, int(np.argmax(np.hypot(*(km - km[0]).T))) or len(points) - 1)
    stays = {0, len(points) - 1}
    for first, last in pairwise(anchors):
        stays |= _corners(km, first, last, tolerance_km)
    return [points[at] for at in sorted(stays)]


def _corners(km: np.ndarray, first: int, last: int, tolerance: float) -> set[int]:
    """The corners of the stretch from `first` to `last` that stay."""
    stays, stretches = {first, last}, [(first, last)]
    while stretches:
        start, end = stretches.pop()
        if end - start < 2:
            continue
        away = _distances(km[start + 1 : end], km[start], km[end])
        farthest = int(np.argmax(away))
        if away[farthest] > tolerance:
            middle = start + 1 + farthest
            stays.add(middle)
            stretches += [(start, middle), (middle, end)]
    return stays


def _distances(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Distance of each point from the straight piece between two ends."""
    along = end - start
    squared = float(along @ along)
    if not squared:
        return np.hypot(*(points - start).T)
    share = np.clip((points - start) @ along / squared, 0, 1)
    return np.hypot(*(points - start - share[:, None] * along).T)
