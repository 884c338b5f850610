"""Places drawn with their boundaries."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lisapp.design.charts.base import INK, LINE, MUTED, SMALL, Drawing
from lisapp.design.charts.places import GROUND, scale_bar
from lisapp.design.charts.tiles import MARKS, ORDER, Kind, MarkedMap

Polygons = Sequence[Sequence[Sequence[Sequence[float]]]]
FEWEST_FOR_AN_AREA = 3
LETTER_ROOM = 14.0  # pixels across that a letter needs inside an outline


@dataclass(frozen=True)
class Outline:
    """A place with its polygons in degrees, each an outline followed by its holes: closed rings of (lon, lat)."""

    label: str
    polygons: Polygons
    kind: Kind = "other"
    value: float | None = None


@dataclass(frozen=True, kw_only=True)
class BoundaryMap(MarkedMap):
    """Places with their boundaries, told apart by colour, hatching, edge and letter.

    Equirectangular about the middle latitude: one kilometre is as long to the east as to the north, which is near
    enough within a country. Corners that fall on one half pixel are drawn once.
    """

    outlines: Sequence[Outline]

    def places(self) -> Sequence[tuple[str, Kind, float | None]]:
        return [(outline.label, outline.kind, outline.value) for outline in self.outlines]

    def draw(self, drawing: Drawing) -> tuple[float, float]:
        points = [point for outline in self.outlines for part in outline.polygons for point in part[0]]
        if not points:
            drawing.text(8, 24, "No places", fill=MUTED)
            return self.width, 40
        west, east = min(point[0] for point in points), max(point[0] for point in points)
        south, north = min(point[1] for point in points), max(point[1] for point in points)
        squeeze = math.cos(math.radians((south + north) / 2))
        across, up = max((east - west) * squeeze, 0.05), max(north - south, 0.05)
        self.hatching(drawing)
        top = self.legend(drawing)
        pad = 12.0
        scale = min((self.width - 2 * pad) / across, self.height / up)
        left = (self.width - across * scale) / 2
        bottom = top + 2 * pad + up * scale + 24
        drawing.add("rect", x=0.5, y=top + 0.5, width=self.width - 1, height=bottom - top - 1, fill=GROUND, stroke=LINE)

        def at(point: Sequence[float]) -> tuple[float, float]:
            return (left + (point[0] - west) * squeeze * scale, top + pad + (north - point[1]) * scale)

        drawn = [(outline, list(_rings(outline.polygons, at))) for outline in self.outlines]
        for outline, rings in sorted(drawn, key=lambda pair: (-ORDER.index(pair[0].kind), pair[0].label)):
            self._area(drawing, outline, rings)
        for outline, rings in drawn:
            self._letter(drawing, outline, rings)
        scale_bar(drawing, scale, self.width, bottom)
        return self.width, bottom

    def _area(self, drawing: Drawing, outline: Outline, rings: list[list[tuple[float, float]]]) -> None:
        mark = MARKS[outline.kind]
        path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in rings)
        if not path:
            return
        other = outline.kind == "other"
        drawing.add(
            "path", d=path, fill=self.fill_of(outline.kind, outline.value), fill_rule="evenodd",
            stroke="#8fa3a8" if other else mark.stroke, stroke_width=0.6 if other else min(mark.thickness, 2.5),
            stroke_dasharray=mark.dash, stroke_linejoin="round",
        )  # fmt: skip

    def _letter(self, drawing: Drawing, outline: Outline, rings: list[list[tuple[float, float]]]) -> None:
        """The letter of a marked place or the number of its class, where its largest ring has room."""
        number = self.classes.of(outline.value) if self.classes else None
        letter = MARKS[outline.kind].letter if outline.kind != "other" else str(number or "")
        if not letter or not rings:
            return
        ring = max(rings, key=_size)
        if min(_spans(ring)) < LETTER_ROOM:
            return
        x, y = _middle(ring)
        drawing.text(x, y + 4, letter, SMALL, INK, "middle", bold=True)


def _rings(
    polygons: Polygons, at: Callable[[Sequence[float]], tuple[float, float]]
) -> Iterator[list[tuple[float, float]]]:
    """Rings in half pixels, without corners that repeat the one before; those that shrink to nothing are dropped."""
    for polygon in polygons:
        for ring in polygon:
            made: list[tuple[float, float]] = []
            for point in ring:
                x, y = at(point)
                corner = (round(x * 2) / 2, round(y * 2) / 2)
                if not made or corner != made[-1]:
                    made.append(corner)
            if len(made) > 1 and made[0] == made[-1]:
                made.pop()
            if len(made) >= FEWEST_FOR_AN_AREA:
                yield made


def _spans(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    xs, ys = [point[0] for point in ring], [point[1] for point in ring]
    return max(xs) - min(xs), max(ys) - min(ys)


def _size(ring: Sequence[tuple[float, float]]) -> float:
    """Area in square pixels (the shoelace formula)."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """A point inside the ring: the middle of its widest stretch at mid height."""
    ys = [point[1] for point in ring]
    y = (min(ys) + max(ys)) / 2 + 0.25  # between the half pixels that corners lie on
    crossings = sorted(
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (y1 > y) != (y2 > y)
    )
    stretches = list(zip(crossings[::2], crossings[1::2], strict=False))
    if not stretches:
        return ring[0]
    start, end = max(stretches, key=lambda pair: pair[1] - pair[0])
    return (start + end) / 2, y
