"""A place among its peers: one row of dots for each indicator or place."""

from collections.abc import Sequence
from dataclasses import dataclass

from lisapp.design.charts.base import (
    BAND,
    ENGLAND,
    FAINT,
    INK,
    LINE,
    MUTED,
    PEER_DOT,
    PLACE,
    SMALL,
    Cell,
    Chart,
    Drawing,
    Scale,
    nice_ticks,
    quartiles,
    text_width,
    tick_places,
    with_unit,
    wrap,
)
from lisapp.design.numbers import write_number


@dataclass(frozen=True)
class DotRow:
    """One indicator (or place): the place's figure, its peers' figures, England's.

    `median`, `low` and `high` are the peers' median and quartiles; without them they are computed from `peers`.
    `lower` and `upper` bound the place's own figure, such as a published 95% interval. `note` is a short line under the
    label, such as the year.
    """

    label: str
    place: float | None
    peers: Sequence[float] = ()
    england: float | None = None
    median: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    places: int | None = None
    note: str = ""
    lower: float | None = None
    upper: float | None = None

    def middle(self) -> tuple[float, float, float] | None:
        """Lower quartile, median and upper quartile of the peers, as given or computed."""
        if self.median is None:
            return quartiles(self.peers)
        low = self.median if self.low is None else self.low
        high = self.median if self.high is None else self.high
        return (low, self.median, high)

    def values(self) -> list[float]:
        """Every figure that the row's axis must hold."""
        some = [value for value in (self.place, self.england, self.lower, self.upper) if value is not None]
        return [*some, *self.peers, *(self.middle() or ())]


@dataclass(frozen=True, kw_only=True)
class DotPlot(Chart):
    """Rows of dots. Each row has a scale of its own, whose ends are written under it, unless `shared_axis`."""

    rows: Sequence[DotRow]
    place_name: str = "This place"
    peers_name: str = "Comparators"
    shared_axis: bool = False
    width: int = 760

    def records(self) -> tuple[list[str], list[list[Cell]]]:
        headers = [
            "Row", "Unit", self.place_name, f"{self.peers_name}: median",
            f"{self.peers_name}: lower quartile", f"{self.peers_name}: upper quartile", "England",
        ]  # fmt: skip
        bounded = self._bounded()
        if bounded:
            headers += [f"{self.place_name}: lower limit", f"{self.place_name}: upper limit"]
        rows: list[list[Cell]] = []
        for row in self.rows:
            low, median, high = row.middle() or (None, None, None)
            label = f"{row.label}, {row.note}" if row.note else row.label
            limits: list[Cell] = [row.lower, row.upper] if bounded else []
            rows.append([label, row.unit, row.place, median, low, high, row.england, *limits])
        return headers, rows

    def _bounded(self) -> bool:
        return any(row.lower is not None and row.upper is not None for row in self.rows)

    def words(self) -> str:
        sentences = []
        for row in self.rows[:6]:
            middle = row.middle()
            text = f"{row.label}: {self.place_name} {with_unit(row.place, row.unit, row.places)}"
            if middle:
                text += f", {self.peers_name.lower()} median {with_unit(middle[1], row.unit, row.places)}"
            if row.england is not None:
                text += f", England {with_unit(row.england, row.unit, row.places)}"
            sentences.append(text + ".")
        rest = len(self.rows) - 6
        if rest > 0:
            sentences.append(f"The table gives {rest} more.")
        return " ".join(sentences)

    def draw(self, drawing: Drawing) -> tuple[float, float]:
        label_width = min(240.0, max((text_width(row.label) for row in self.rows), default=0) + 12)
        label_width = max(label_width, 120.0)
        value_width = 8 + max((text_width(self._value(row), bold=True) for row in self.rows), default=0)
        left, right = label_width + 12, self.width - max(value_width, 60) - 12
        self._legend(drawing)
        top, step = 44.0, 62.0
        shared = self._shared_ticks()
        if shared:
            scale = Scale(shared[0], shared[-1], left, right)
            bottom = top + step * len(self.rows)
            for tick in shared:
                drawing.line(scale(tick), top, scale(tick), bottom, FAINT)
                drawing.text(scale(tick), bottom + 16, write_number(tick, tick_places(shared)), SMALL, MUTED, "middle")
        for index, row in enumerate(self.rows):
            self._row(drawing, row, top + step * index, left, right, shared)
        return self.width, top + step * len(self.rows) + (24 if shared else 4)

    def _value(self, row: DotRow) -> str:
        return with_unit(row.place, row.unit, row.places)

    def _shared_ticks(self) -> list[float]:
        values = [value for row in self.rows for value in row.values()]
        return nice_ticks(min(values), max(values)) if self.shared_axis and values else []

    def _legend(self, drawing: Drawing) -> None:
        x = 8.0
        for kind, name in (("place", self.place_name), ("peers", self.peers_name), ("england", "England")):
            if kind == "england" and all(row.england is None for row in self.rows):
                continue
            if kind == "place":
                if self._bounded():
                    name = f"{name}, with its 95% interval"
                    drawing.line(x - 6, 14, x + 20, 14, PLACE, stroke_width=2.5)
                    for end in (x - 6, x + 20):
                        drawing.line(end, 8, end, 20, PLACE, stroke_width=2.5)
                    x += 7
                drawing.circle(x, 14, 7, PLACE)
                x += 14 + 7 * self._bounded()
            elif kind == "england":
                drawing.diamond(x, 14, 7, "#ffffff", stroke=ENGLAND, stroke_width=2.5)
                x += 14
            else:
                name = f"{name}: each, middle half, median"
                drawing.add("rect", x=x - 6, y=8, width=34, height=12, rx=3, fill=BAND)
                drawing.line(x + 11, 5, x + 11, 23, INK, stroke_width=2.5)
                drawing.circle(x + 1, 14, 3, PEER_DOT)
                x += 36
            drawing.text(x, 19, name, fill=INK)
            x += text_width(name) + 28

    def _row(self, drawing: Drawing, row: DotRow, top: float, left: float, right: float, shared: list[float]) -> None:
        middle_y = top + 24
        drawing.line(0, top, self.width, top, FAINT)
        lines = wrap(row.label, left - 16, lines=1 if row.note else 2)
        first = middle_y + 5 - 8 * (len(lines) - 1 + bool(row.note))
        for offset, line in enumerate(lines):
            drawing.text(0, first + 17 * offset, line)
        if row.note:
            drawing.text(0, first + 17 * len(lines), row.note, SMALL, MUTED)
        values = row.values()
        drawing.line(left, middle_y, right, middle_y, LINE)
        if not values:
            drawing.text(left, middle_y - 8, "No figures", SMALL, MUTED)
            return
        if shared:
            scale = Scale(shared[0], shared[-1], left, right)
        else:
            low, high = min(values), max(values)
            scale = Scale(low, high, left + 10, right - 10)
            marks = [(left, low, "start")] + ([(right, high, "end")] if high > low else [])
            for x, value, anchor in marks:
                drawing.text(x, middle_y + 27, with_unit(value, row.unit, row.places), SMALL, MUTED, anchor)
        quarter = row.middle()
        if quarter:
            low_x, median_x, high_x = (scale(value) for value in quarter)
            drawing.add("rect", x=low_x, y=middle_y - 7, width=max(high_x - low_x, 2), height=14, rx=3, fill=BAND)
        for peer in sorted(row.peers):
            drawing.circle(scale(peer), middle_y, 3, PEER_DOT, fill_opacity="0.8")
        if quarter:
            drawing.line(median_x, middle_y - 11, median_x, middle_y + 11, INK, stroke_width=2.5)
        if row.england is not None:
            drawing.diamond(scale(row.england), middle_y, 7, "#ffffff", stroke=ENGLAND, stroke_width=2.5)
        if row.lower is not None and row.upper is not None:
            ends = scale(row.lower), scale(row.upper)
            drawing.line(ends[0], middle_y, ends[1], middle_y, PLACE, stroke_width=2.5)
            for x in ends:
                drawing.line(x, middle_y - 6, x, middle_y + 6, PLACE, stroke_width=2.5)
        if row.place is not None:
            drawing.circle(scale(row.place), middle_y, 7.5, PLACE, stroke="#ffffff", stroke_width=1.5)
        known = row.place is not None
        drawing.text(
            self.width, middle_y + 5, self._value(row), fill=PLACE if known else MUTED, anchor="end", bold=known
        )
