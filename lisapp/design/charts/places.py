"""Where places lie: dots by longitude and latitude."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lisapp.design.charts.base import (
    FAINT,
    INK,
    MUTED,
    PEER_DOT,
    PEERS,
    PLACE,
    SMALL,
    TEXT,
    Cell,
    Chart,
    Drawing,
    text_width,
)

KM_PER_DEGREE = 111.2  # of latitude, on a sphere of 6,371 km
Box = tuple[float, float, float, float]  # left, top, right, bottom
GROUND = "#f7fafa"
NAMES = {"place": "This place", "peer": "Comparator", "other": "Other place"}


@dataclass(frozen=True)
class MapPoint:
    """A place at the middle of its area, in degrees."""

    label: str
    longitude: float
    latitude: float
    kind: Literal["place", "peer", "other"] = "other"


@dataclass(frozen=True, kw_only=True)
class PointMap(Chart):
    """Places as dots: the place itself a large circle, comparators named squares, the others small faint dots.

    Equirectangular about the middle latitude: one kilometre is as long to the east as to the north, which is near
    enough within a country. No coastline is drawn, as the figures bring none.
    """

    points: Sequence[MapPoint]
    width: int = 480

    def records(self) -> tuple[list[str], list[list[Cell]]]:
        order = {"place": 0, "peer": 1, "other": 2}
        points = sorted(self.points, key=lambda point: (order[point.kind], point.label))
        rows: list[list[Cell]] = [[p.label, NAMES[p.kind], p.longitude, p.latitude] for p in points]
        return ["Place", "Shown as", "Longitude", "Latitude"], rows

    def words(self) -> str:
        here = [point for point in self.points if point.kind == "place"]
        peers = [point for point in self.points if point.kind == "peer"]
        others = len(self.points) - len(here) - len(peers)
        parts = []
        if here and peers:
            km = sorted((round(_distance(here[0], peer)), peer.label) for peer in peers)
            names = ", ".join(f"{label} ({distance:,} km)" for distance, label in km)
            parts.append(f"Comparators of {here[0].label}, by distance: {names}.")
        elif here:
            parts.append(f"{here[0].label} is marked.")
        if others:
            parts.append(f"{others} other places are shown as small dots.")
        return " ".join(parts) or "No places."

    def draw(self, drawing: Drawing) -> tuple[float, float]:
        if not self.points:
            drawing.text(8, 24, "No places", fill=MUTED)
            return self.width, 40
        lats = [point.latitude for point in self.points]
        lons = [point.longitude for point in self.points]
        squeeze = math.cos(math.radians((min(lats) + max(lats)) / 2))
        span_x = max((max(lons) - min(lons)) * squeeze, 0.2)
        span_y = max(max(lats) - min(lats), 0.2)
        pad, head = 24.0, 34.0
        scale = min((self.width - 2 * pad) / span_x, 620.0 / span_y)
        left = (self.width - span_x * scale) / 2
        height = head + span_y * scale + 2 * pad + 26

        def at(point: MapPoint) -> tuple[float, float]:
            x = left + (point.longitude - min(lons)) * squeeze * scale
            return (x, head + pad + (max(lats) - point.latitude) * scale)

        drawing.add(
            "rect", x=0.5, y=head + 0.5, width=self.width - 1, height=height - head - 1, fill=GROUND, stroke=FAINT
        )
        self._legend(drawing)
        order = {"other": 0, "peer": 1, "place": 2}
        marks = sorted(self.points, key=lambda point: (order[point.kind], point.label))
        taken: list[Box] = []
        faint: list[Box] = []
        for point in marks:
            x, y = at(point)
            if point.kind == "other":
                drawing.circle(x, y, 3, PEER_DOT, fill_opacity="0.7")
                faint.append((x - 3, y - 3, x + 3, y + 3))
            elif point.kind == "peer":
                drawing.square(x, y, 5, PEERS, stroke="#ffffff", stroke_width=1.5)
                taken.append((x - 6, y - 6, x + 6, y + 6))
            else:
                drawing.circle(x, y, 9, PLACE, stroke="#ffffff", stroke_width=2)
                taken.append((x - 10, y - 10, x + 10, y + 10))
        for point in reversed(marks):  # the place first: its name must be there
            if point.kind != "other":
                self._label(drawing, point, at(point), taken, faint, height - 30)
        scale_bar(drawing, scale, self.width, height)
        return self.width, height

    def _legend(self, drawing: Drawing) -> None:
        x = 8.0
        here = next((point.label for point in self.points if point.kind == "place"), "")
        for kind, name in (("place", here), ("peer", "Comparators"), ("other", "Other places")):
            if not any(point.kind == kind for point in self.points):
                continue
            if kind == "place":
                drawing.circle(x + 2, 14, 8, PLACE)
            elif kind == "peer":
                drawing.square(x + 2, 14, 5, PEERS)
            else:
                drawing.circle(x + 2, 14, 3, PEER_DOT)
            drawing.text(x + 16, 19, name)
            x += 16 + text_width(name) + 24

    def _label(
        self,
        drawing: Drawing,
        point: MapPoint,
        where: tuple[float, float],
        taken: list[Box],
        faint: list[Box],
        bottom: float,
    ) -> None:
        """Write a name beside its mark, where there is room; over faint dots if need be. The table has every name."""
        x, y = where
        bold = point.kind == "place"
        size = TEXT if bold else SMALL
        width, gap = text_width(point.label, size, bold) + 4, 13 if bold else 9
        positions = (
            ("start", x + gap, y + 4, x + gap),
            ("end", x - gap, y + 4, x - gap - width),
            ("middle", x, y + gap + 11, x - width / 2),
            ("middle", x, y - gap - 2, x - width / 2),
        )
        for obstacles in ([*taken, *faint], taken):
            for anchor, tx, ty, start in positions:
                box = (start, ty - size + 1, start + width, ty + 4)
                inside = box[0] >= 4 and box[2] <= self.width - 4 and box[1] >= 36 and box[3] <= bottom
                if not inside or any(_overlap(box, other) for other in obstacles):
                    continue
                taken.append(box)
                drawing.add(
                    "rect", x=start, y=box[1], width=width, height=box[3] - box[1], fill=GROUND, fill_opacity="0.8"
                )
                drawing.text(tx, ty, point.label, size, PLACE if bold else INK, anchor, bold)
                return


def scale_bar(drawing: Drawing, scale: float, width: float, height: float) -> None:
    """Draw a bar of a round number of kilometres at the lower left; `scale` is pixels to a degree of latitude."""
    km_px = scale / KM_PER_DEGREE
    km = next((step for step in (200, 100, 50, 20, 10, 5) if step * km_px <= width * 0.3), 2)
    y, x = height - 14, 14.0
    drawing.line(x, y, x + km * km_px, y, MUTED, stroke_width=2)
    for end in (x, x + km * km_px):
        drawing.line(end, y - 4, end, y + 4, MUTED, stroke_width=2)
    drawing.text(x + km * km_px + 8, y + 4, f"{km} km", SMALL, MUTED)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _distance(one: MapPoint, other: MapPoint) -> float:
    """Great-circle distance in kilometres (haversine)."""
    lat1, lat2 = math.radians(one.latitude), math.radians(other.latitude)
    half_lat, half_lon = (lat2 - lat1) / 2, math.radians(other.longitude - one.longitude) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * 6371 * math.asin(math.sqrt(chord))
