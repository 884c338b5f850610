"""Reading a GeoJSON file of boundaries, as the ONS Open Geography Portal publishes them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST_BYTES = 200_000_000
FEWEST_CORNERS = 4  # of a closed ring: a triangle whose first corner is repeated
# England with the Isles of Scilly and a margin, in degrees: west, south, east, north.
WEST, SOUTH, EAST, NORTH = -9.0, 48.0, 4.0, 62.0

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]


class BadBoundaries(ValueError):
    """A file of boundaries that cannot be used; `reasons` names every fault found."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


@dataclass(frozen=True)
class Outline:
    """An area of the file: its code and its polygons, each an outline followed by its holes."""

    code: str
    polygons: list[Polygon]

    @property
    def rings(self) -> list[Ring]:
        """All rings, outlines and holes."""
        return [ring for polygon in self.polygons for ring in polygon]


def read_boundaries(path: Path, code_property: str = "") -> list[Outline]:
    """Read a FeatureCollection of polygons in longitude and latitude (WGS84), one feature an area.

    `code_property` names the property that holds the ONS code; empty takes the one that ends in "CD", as ONS names it.
    Raises BadBoundaries with every fault: no GeoJSON, more than 200 MB, British National Grid coordinates, features
    without a code, codes that come twice, and rings that are open, too short or not numbers.
    """
    features = _features(path)
    name = code_property or _code_property(features)
    outlines: dict[str, Outline] = {}
    faults: list[str] = []
    for at, feature in enumerate(features, start=1):
        try:
            outline = _outline(feature, name)
        except ValueError as error:
            faults.append(f"Feature {at}: {error}.")
            continue
        if outline.code in outlines:
            faults.append(f"Feature {at}: the code {outline.code} is there twice.")
        outlines[outline.code] = outline
    if faults:
        raise BadBoundaries(faults)
    return list(outlines.values())


def _features(path: Path) -> list[Any]:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise BadBoundaries([f"{path} is larger than {LARGEST_BYTES // 1_000_000} MB. Take a generalised edition."])
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadBoundaries([f"{path} cannot be read: {error.strerror}."]) from error
    except (ValueError, RecursionError) as error:
        raise BadBoundaries([f"{path} is not GeoJSON: {error}."]) from error
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise BadBoundaries([f"{path} is not a GeoJSON FeatureCollection."])
    crs = str(content.get("crs"))
    if "27700" in crs:
        raise BadBoundaries([_national_grid()])
    features = content.get("features")
    if not isinstance(features, list) or not features:
        raise BadBoundaries([f"{path} has no features."])
    return features


def _national_grid() -> str:
    return (
        "The coordinates are British National Grid (metres). Download the file again as GeoJSON, which is in longitude "
        "and latitude (WGS84), or convert it."
    )


def _code_property(features: list[Any]) -> str:
    properties = features[0].get("properties") if isinstance(features[0], dict) else None
    names = [name for name in properties or {} if name.upper().endswith("CD")]
    if len(names) != 1:
        found = f"The first feature has {', '.join(properties)}." if properties else "The first feature has none."
        raise BadBoundaries([f"Say with --code-property which property holds the ONS code. {found}"])
    return names[0]


def _outline(feature: Any, name: str) -> Outline:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get(name) if isinstance(properties, Mapping) else None
    if not isinstance(code, str) or not code.strip():
        raise ValueError(f"it has no property {name} with a code")
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"{code} is not a Polygon or MultiPolygon")
    given = geometry.get("coordinates")
    polygons = [given] if kind == "Polygon" else given
    if not isinstance(polygons, list) or not polygons:
        raise ValueError(f"{code} has no coordinates")
    return Outline(code.strip(), [list(_rings(polygon, code)) for polygon in polygons])


def _rings(polygon: Any, code: str) -> Iterator[Ring]:
    if not isinstance(polygon, list) or not polygon:
        raise ValueError(f"{code} has a polygon without a ring")
    for ring in polygon:
        if not isinstance(ring, list) or len(ring) < FEWEST_CORNERS:
            raise ValueError(f"{code} has a ring of fewer than {FEWEST_CORNERS} points")
        points = [_point(point, code) for point in ring]
        if points[0] != points[-1]:
            raise ValueError(f"{code} has a ring that is not closed")
        yield points


def _point(point: Any, code: str) -> Point:
    if not isinstance(point, list) or len(point) < 2:
        raise ValueError(f"{code} has a point without two coordinates")
    x, y = point[:2]
    if not all(isinstance(c, int | float) and not isinstance(c, bool) and math.isfinite(c) for c in (x, y)):
        raise ValueError(f"{code} has a coordinate that is not a number")
    if abs(x) > 180 or abs(y) > 90:
        raise BadBoundaries([_national_grid()])
    if not (WEST <= x <= EAST and SOUTH <= y <= NORTH):
        raise ValueError(f"{code} has a point at longitude {x:g}, latitude {y:g}, far from England")
    return (float(x), float(y))
