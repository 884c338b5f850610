"""Places as equal tiles, and what a map says of each place: the place itself, its peers, its neighbours, a class."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from lisapp.design.charts.base import (
    BAND,
    FAINT,
    GAP,
    INK,
    LINE,
    MUTED,
    PEERS,
    PLACE,
    SMALL,
    TEXT,
    Cell,
    Chart,
    Drawing,
    text_width,
    with_unit,
    wrap,
)

Kind = Literal["place", "peer", "neighbour", "both", "other"]
CURRENCIES = ("£", "€", "$")
HATCH_LINE = "#e3c79a"
#: From the lowest class to the highest; text in INK can be read on each.
SHADES = ("#f1f7f7", "#d3e7e8", "#a9d0d2", "#7db7ba", "#5aa0a4")
NAMED_FROM = 48  # pixels: smaller tiles have room for a letter only


class Mark(NamedTuple):
    """How a kind of place is drawn: never by colour alone."""

    name: str
    letter: str
    fill: str
    stroke: str
    thickness: float
    dash: str | None
    hatched: bool


MARKS: dict[Kind, Mark] = {
    "place": Mark("This place", "●", "#bfe0e2", PLACE, 4, None, False),
    "peer": Mark("Peer", "P", BAND, PEERS, 2, "5 3", False),
    "neighbour": Mark("Neighbour", "N", "#ffffff", GAP, 2, None, True),
    "both": Mark("Peer and neighbour", "B", BAND, GAP, 2, "5 3", True),
    "other": Mark("Other", "", FAINT, "#ffffff", 1, None, False),
}
ORDER: tuple[Kind, ...] = ("place", "neighbour", "both", "peer", "other")


@dataclass(frozen=True)
class Classes:
    """Values in up to five classes by their limits; `limits` has one number more than there are classes."""

    name: str
    limits: Sequence[float]
    unit: str = ""
    decimals: int | None = None

    def __post_init__(self) -> None:
        if not 2 <= len(self.limits) <= len(SHADES) + 1 or list(self.limits) != sorted(self.limits):
            raise ValueError(f"Classes need from 2 to {len(SHADES) + 1} limits in order")

    def of(self, value: float | None) -> int | None:
        """The class of a value, from 1; None where there is none. A value on a limit belongs to the upper class."""
        if value is None:
            return None
        return 1 + sum(value >= limit for limit in self.limits[1:-1])

    def words(self, number: int) -> str:
        """The limits of a class as "10.0 to 12.5%"."""
        low, high = self.limits[number - 1 : number + 1]
        before = self.unit if self.unit in CURRENCIES else ""
        return f"{with_unit(low, before, self.decimals)} to {with_unit(high, self.unit, self.decimals)}"

    def shade(self, number: int) -> str:
        """The colour of a class: few classes are spread over all shades."""
        count = len(self.limits) - 1
        return SHADES[round((number - 1) * (len(SHADES) - 1) / max(count - 1, 1))]


@dataclass(frozen=True)
class Tile:
    """A place with its cell; `short` is the name that its tile has room for."""

    label: str
    column: int
    row: int
    kind: Kind = "other"
    short: str = ""
    value: float | None = None


@dataclass(frozen=True, kw_only=True)
class MarkedMap(Chart):
    """What maps share: legend, hatching, table and words for places of a kind and, perhaps, a class."""

    classes: Classes | None = None
    width: int = 540
    height: int = 640

    def places(self) -> Sequence[tuple[str, Kind, float | None]]:
        """Label, kind and value of every place."""
        raise NotImplementedError

    def records(self) -> tuple[list[str], list[list[Cell]]]:
        """Every place where values are shown; otherwise those that are marked."""
        shown = sorted(self.places(), key=lambda place: (ORDER.index(place[1]), place[0]))
        if self.classes is None:
            return ["Place", "Shown as"], [[label, MARKS[kind].name] for label, kind, _ in shown if kind != "other"]
        unit = f" ({self.classes.unit})" if self.classes.unit else ""
        rows: list[list[Cell]] = [
            [label, MARKS[kind].name, value, str(self.classes.of(value) or "none")] for label, kind, value in shown
        ]
        return ["Place", "Shown as", f"{self.classes.name}{unit}", "Class"], rows

    def words(self) -> str:
        places = self.places()
        here = [label for label, kind, _ in places if kind == "place"]
        parts = [f"{here[0]} is marked." if here else ""]
        for one, many, kinds in (
            ("Neighbour", "Neighbours", {"neighbour", "both"}),
            ("Peer", "Peers", {"peer", "both"}),
        ):
            names = sorted(label for label, kind, _ in places if kind in kinds)
            if names:
                parts.append(f"{one if len(names) == 1 else many}: {'; '.join(names)}.")
        if others := sum(kind == "other" for _, kind, _ in places):
            parts.append(f"{others:,} other places are shown.")
        if self.classes:
            parts.append(
                f"{self.classes.name} is shown in {len(self.classes.limits) - 1} classes; the table has each value."
            )
        return " ".join(part for part in parts if part) or "No places."

    def fill_of(self, kind: Kind, value: float | None) -> str:
        """The colour, or the hatching, inside a place."""
        if self.classes is not None:
            number = self.classes.of(value)
            return "#ffffff" if number is None else self.classes.shade(number)
        mark = MARKS[kind]
        return f"url(#{self._hatch(kind)})" if mark.hatched else mark.fill

    def _hatch(self, kind: Kind) -> str:
        return f"{self.key()}-{kind}"

    def hatching(self, drawing: Drawing) -> None:
        """Define the hatchings that the places use."""
        for kind in sorted({kind for _, kind, _ in self.places() if MARKS[kind].hatched}):
            drawing.open("defs")
            drawing.open("pattern", id=self._hatch(kind), width=7, height=7, patternUnits="userSpaceOnUse")
            drawing.add("rect", width=7, height=7, fill=MARKS[kind].fill)
            drawing.add("path", d="M-1 8L8 -1M-1 1L1 -1M6 8L8 6", stroke=HATCH_LINE, stroke_width=2)
            drawing.close("pattern")
            drawing.close("defs")

    def legend(self, drawing: Drawing) -> float:
        """Draw the legend in as many lines as it needs; returns where the drawing below it can begin."""
        present = {kind for _, kind, _ in self.places()}
        x, y = 8.0, 8.0
        entries: list[tuple[str, Kind | None, int]] = [
            (
                next(label for label, kind, _ in self.places() if kind == "place")
                if kind == "place"
                else MARKS[kind].name,
                kind,
                0,
            )
            for kind in ORDER
            if kind in present
        ]
        if self.classes:
            entries += [(f"{n}: {self.classes.words(n)}", None, n) for n in range(1, len(self.classes.limits))]
            if any(value is None for _, _, value in self.places()):
                entries.append(("no figure", None, 0))
        for name, kind, number in entries:
            needed = 26 + text_width(name, SMALL) + 18
            if x > 8 and x + needed > self.width:
                x, y = 8.0, y + 24
            self._key(drawing, kind, number, x, y)
            drawing.text(x + 26, y + 13, name, SMALL)
            x += needed
        return y + 34

    def _key(self, drawing: Drawing, kind: Kind | None, number: int, x: float, y: float) -> None:
        if kind is None:
            shade = self.classes.shade(number) if self.classes and number else "#ffffff"
            drawing.add("rect", x=x, y=y, width=18, height=18, fill=shade, stroke=LINE)
            return
        mark = MARKS[kind]
        inside = "#ffffff" if self.classes else self.fill_of(kind, None)
        edge = LINE if kind == "other" else mark.stroke
        drawing.add(
            "rect", x=x + 1, y=y + 1, width=16, height=16, fill=inside, stroke=edge,
            stroke_width=min(mark.thickness, 3), stroke_dasharray=mark.dash,
        )  # fmt: skip
        if mark.letter and not self.classes:
            drawing.text(x + 9, y + 13, mark.letter, SMALL, INK, "middle", bold=True)


@dataclass(frozen=True, kw_only=True)
class TileMap(MarkedMap):
    """Places as equal tiles near where they lie, so that small areas are seen as well as large ones.

    Large tiles carry names; small ones a letter: ● the place, N a neighbour, P a peer, B both. With classes, the number
    of the class stands in the tile and the edge tells the kind.
    """

    tiles: Sequence[Tile]

    def places(self) -> Sequence[tuple[str, Kind, float | None]]:
        return [(tile.label, tile.kind, tile.value) for tile in self.tiles]

    def draw(self, drawing: Drawing) -> tuple[float, float]:
        if not self.tiles:
            drawing.text(8, 24, "No places", fill=MUTED)
            return self.width, 40
        columns = max(tile.column for tile in self.tiles) + 1
        rows = max(tile.row for tile in self.tiles) + 1
        side = min((self.width - 8) / columns, 84.0)
        self.hatching(drawing)
        top = self.legend(drawing)
        left = (self.width - side * columns) / 2
        for tile in sorted(self.tiles, key=lambda tile: (-ORDER.index(tile.kind), tile.row, tile.column)):
            self._tile(drawing, tile, left + tile.column * side, top + tile.row * side, side)
        return self.width, top + rows * side + 6

    def _tile(self, drawing: Drawing, tile: Tile, x: float, y: float, side: float) -> None:
        mark, small = MARKS[tile.kind], side < NAMED_FROM
        thickness = min(mark.thickness, 2.5) if small else mark.thickness
        inset = 0.5 + thickness / 2
        edge = LINE if self.classes and tile.kind == "other" else mark.stroke
        drawing.add(
            "rect", x=x + inset, y=y + inset, width=side - 2 * inset, height=side - 2 * inset,
            fill=self.fill_of(tile.kind, tile.value), stroke=edge, stroke_width=thickness,
            stroke_dasharray=mark.dash, rx=0 if small else 3,
        )  # fmt: skip
        number = self.classes.of(tile.value) if self.classes else None
        bold = tile.kind != "other"
        if small:
            letter = (str(number) if number else "") if self.classes else mark.letter
            if letter:
                drawing.text(x + side / 2, y + side / 2 + 4.5, letter, SMALL, INK, "middle", bold)
            return
        lines = wrap(tile.short or tile.label, side - 10, SMALL, lines=3)
        middle = y + side / 2 + 4 - 7 * (len(lines) - 1) - (4 if mark.letter or number else 0)
        for at, line in enumerate(lines):
            drawing.text(x + side / 2, middle + 14 * at, line, SMALL, INK, "middle", bold=tile.kind == "place")
        if mark.letter and tile.kind != "place":
            drawing.text(x + 8, y + side - 8, mark.letter, SMALL, INK, bold=True)
        if number:
            drawing.text(x + side - 8, y + side - 8, str(number), TEXT, INK, "end", bold=True)
