"""Figures over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lisapp.design.charts.base import (
    BAND,
    ENGLAND,
    FAINT,
    LINE,
    MUTED,
    PEERS,
    PLACE,
    SMALL,
    Cell,
    Chart,
    Drawing,
    Scale,
    fit,
    nice_ticks,
    number,
    text_width,
    tick_places,
    with_unit,
    wrap,
)

Kind = Literal["place", "peers", "england", "other"]

#: Colour, dash and width of each kind of line; markers differ too.
STYLES: dict[Kind, tuple[str, str | None, float]] = {
    "place": (PLACE, None, 3),
    "peers": (PEERS, "7 4", 2),
    "england": (ENGLAND, "2 4", 2.5),
    "other": (MUTED, "10 3 2 3", 1.5),
}


@dataclass(frozen=True)
class LineSeries:
    """Values in the order of the chart's periods; None where there is no figure, which leaves a gap."""

    name: str
    values: Sequence[float | None]
    kind: Kind = "other"


@dataclass(frozen=True, kw_only=True)
class LineChart(Chart):
    """Lines over periods, each named at its end.

    `band` is the peers' middle half: (lower, upper) for each period or None. `breaks` are periods from which figures
    were made another way, with the reason: lines are not joined across them.
    """

    periods: Sequence[str]
    series: Sequence[LineSeries]
    band: Sequence[tuple[float, float] | None] = ()
    band_name: str = "Middle half of comparators"
    breaks: Sequence[tuple[str, str]] = ()
    unit: str = ""
    width: int = 760
    height: int = 340
    from_zero: bool = False

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.values) != len(self.periods):
                raise ValueError(f"{series.name} has {len(series.values)} values for {len(self.periods)} periods")
        if self.band and len(self.band) != len(self.periods):
            raise ValueError("The band needs one pair for each period")

    def records(self) -> tuple[list[str], list[list[Cell]]]:
        suffix = f" ({self.unit})" if self.unit else ""
        headers = ["Period", *(f"{series.name}{suffix}" for series in self.series)]
        if self.band:
            headers += [f"{self.band_name}: lower{suffix}", f"{self.band_name}: upper{suffix}"]
        rows: list[list[Cell]] = []
        for index, period in enumerate(self.periods):
            row: list[Cell] = [period, *(series.values[index] for series in self.series)]
            if self.band:
                row += list(self.band[index] or (None, None))
            rows.append(row)
        return headers, rows

    def words(self) -> str:
        sentences = []
        for series in self.series:
            known = [
                (period, value) for period, value in zip(self.periods, series.values, strict=True) if value is not None
            ]
            if not known:
                sentences.append(f"{series.name}: no figures.")
            elif len(known) == 1:
                sentences.append(f"{series.name}: {with_unit(known[0][1], self.unit)} in {known[0][0]}.")
            else:
                (first, start), (last, end) = known[0], known[-1]
                moved = "rose" if end > start else "fell" if end < start else "stayed"
                values = f"from {with_unit(start, self.unit)} in {first} to {with_unit(end, self.unit)} in {last}"
                sentences.append(f"{series.name} {moved} {values}.")
        sentences += [f"From {period} on: {reason}." for period, reason in self.breaks]
        return " ".join(sentences)

    def draw(self, drawing: Drawing) -> tuple[float, float]:
        values = [value for series in self.series for value in series.values if value is not None]
        values += [value for pair in self.band if pair for value in pair]
        if not values:
            drawing.text(8, 24, "No figures", fill=MUTED)
            return self.width, 40
        ticks = nice_ticks(min([*values, 0.0]) if self.from_zero else min(values), max(values))
        names = max(text_width(series.name, bold=True) for series in self.series)
        name_width = min(names + 6, self.width * 0.3)
        places = tick_places(ticks)
        left = 14 + max(text_width(with_unit(tick, self.unit, places), SMALL) for tick in ticks)
        notes = [line for text in self._notes(ticks) for line in wrap(text, self.width, SMALL, lines=2)]
        bottom = self.height - 34 - 16 * len(notes)
        x = Scale(0, max(len(self.periods) - 1, 1), left + 8, self.width - name_width - 16)
        y = Scale(ticks[0], ticks[-1], bottom, 12)
        for tick in ticks:
            drawing.line(left, y(tick), x.end, y(tick), LINE if tick == 0 else FAINT)
            drawing.text(left - 8, y(tick) + 4, with_unit(tick, self.unit, places), SMALL, MUTED, "end")
        self._periods(drawing, x, bottom)
        self._band(drawing, x, y)
        broken = self._breaks(drawing, x, bottom)
        for series in sorted(self.series, key=lambda item: item.kind == "place"):  # the place on top
            self._series(drawing, series, x, y, broken)
        self._names(drawing, x, y, name_width, bottom)
        for index, note in enumerate(notes):
            drawing.text(0, bottom + 46 + 16 * index, note, SMALL, MUTED)
        return self.width, self.height

    def _notes(self, ticks: Sequence[float]) -> list[str]:
        notes = [f"Dashed line at {period}: {reason}." for period, reason in self.breaks]
        if self.band:
            notes.append(f"Shaded: {self.band_name[:1].lower()}{self.band_name[1:]}.")
        if ticks[0] > 0:
            notes.append("The scale does not start at zero.")
        return [" ".join(notes)] if notes else []

    def _periods(self, drawing: Drawing, x: Scale, bottom: float) -> None:
        widest = max(text_width(period, SMALL) for period in self.periods) + 14
        span = (x.end - x.start) / max(len(self.periods) - 1, 1)
        every = max(1, -(-int(widest) // max(int(span), 1)))
        last = len(self.periods) - 1
        for index, period in enumerate(self.periods):
            shown = (last - index) % every == 0  # the latest is always named
            drawing.line(x(index), bottom, x(index), bottom + (6 if shown else 3), LINE)
            if shown:
                drawing.text(x(index), bottom + 20, period, SMALL, MUTED, "middle")

    def _band(self, drawing: Drawing, x: Scale, y: Scale) -> None:
        run: list[tuple[float, float, float]] = []
        for index, pair in enumerate([*self.band, None]):
            if pair is not None:
                run.append((x(index), y(pair[0]), y(pair[1])))
            elif run:
                upper = [f"{number(px)} {number(high)}" for px, _low, high in run]
                lower = [f"{number(px)} {number(low)}" for px, low, _high in reversed(run)]
                drawing.add("path", d="M" + "L".join(upper + lower) + "Z", fill=BAND, fill_opacity="0.7")
                run = []

    def _breaks(self, drawing: Drawing, x: Scale, bottom: float) -> set[int]:
        where = {self.periods.index(period) for period, _reason in self.breaks}
        for index in sorted(where):
            drawing.line(x(index - 0.5), 8, x(index - 0.5), bottom, MUTED, stroke_dasharray="4 4")
        return where

    def _series(self, drawing: Drawing, series: LineSeries, x: Scale, y: Scale, broken: set[int]) -> None:
        colour, dash, thickness = STYLES[series.kind]
        runs: list[list[tuple[float, float]]] = [[]]
        for index, value in enumerate(series.values):
            if value is None or index in broken:
                runs.append([])
            if value is not None:
                runs[-1].append((x(index), y(value)))
        for run in runs:
            if len(run) > 1:
                path = "M" + "L".join(f"{number(a)} {number(b)}" for a, b in run)
                drawing.add(
                    "path", d=path, fill="none", stroke=colour, stroke_width=thickness, stroke_dasharray=dash,
                    stroke_linejoin="round",
                )  # fmt: skip
            for px, py in run:
                self._marker(drawing, series.kind, px, py, colour)

    def _marker(self, drawing: Drawing, kind: Kind, x: float, y: float, colour: str) -> None:
        if kind == "place":
            drawing.circle(x, y, 4.5, colour, stroke="#ffffff", stroke_width=1.5)
        elif kind == "england":
            drawing.diamond(x, y, 5, "#ffffff", stroke=colour, stroke_width=2)
        else:
            drawing.square(x, y, 3, colour)

    def _names(self, drawing: Drawing, x: Scale, y: Scale, width: float, bottom: float) -> None:
        """Write each line's name at its end, moved apart where they would meet."""
        ends = []
        for series in self.series:
            known = [(index, value) for index, value in enumerate(series.values) if value is not None]
            if known:
                ends.append((y(known[-1][1]), series))
        ends.sort(key=lambda end: (end[0], end[1].name))
        placed: list[float] = []
        for wanted, _series in ends:
            placed.append(max(wanted, placed[-1] + 18 if placed else 14))
        overflow = (placed[-1] - bottom) if placed else 0
        if overflow > 0:
            placed = [position - overflow for position in placed]
        for position, (_wanted, series) in zip(placed, ends, strict=True):
            bold = series.kind == "place"
            name = fit(series.name, width)
            drawing.text(x.end + 12, position + 5, name, fill=STYLES[series.kind][0], bold=bold)
