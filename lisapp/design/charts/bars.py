"""Quantities side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from lisapp.design.charts.base import (
    FAINT,
    INK,
    MUTED,
    PEER_DOT,
    PLACE,
    SMALL,
    Cell,
    Chart,
    Drawing,
    Scale,
    nice_ticks,
    text_width,
    tick_places,
    with_unit,
    wrap,
)


@dataclass(frozen=True)
class Bar:
    """A quantity; `low` and `high` bound its uncertainty. A highlighted bar is darker, and its label is bold."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    highlight: bool = False


@dataclass(frozen=True, kw_only=True)
class BarChart(Chart):
    """Horizontal bars from zero, in the order given."""

    bars: Sequence[Bar]
    unit: str = ""
    label_name: str = "Name"
    value_name: str = "Value"
    places: int | None = None
    width: int = 760

    def _ranged(self) -> bool:
        return any(bar.low is not None or bar.high is not None for bar in self.bars)

    def records(self) -> tuple[list[str], list[list[Cell]]]:
        value_name = f"{self.value_name} ({self.unit})" if self.unit else self.value_name
        headers = [self.label_name, value_name]
        if self._ranged():
            return [*headers, "Lower bound", "Upper bound"], [
                [bar.label, bar.value, bar.low, bar.high] for bar in self.bars
            ]
        return headers, [[bar.label, bar.value] for bar in self.bars]

    def words(self) -> str:
        known = [bar for bar in self.bars if bar.value is not None]
        if not known:
            return "No figures."
        said = [bar for bar in known if bar.highlight] or [max(known, key=lambda bar: bar.value or 0)]
        parts = [f"{bar.label}: {with_unit(bar.value, self.unit, self.places)}" for bar in said[:4]]
        values = [bar.value for bar in known if bar.value is not None]
        spread = (
            f" Of {len(known)}, the lowest is {with_unit(min(values), self.unit, self.places)} "
            f"and the highest {with_unit(max(values), self.unit, self.places)}."
        )
        return "; ".join(parts) + "." + spread

    def draw(self, drawing: Drawing) -> tuple[float, float]:
        values = [0.0]
        for bar in self.bars:
            values += [value for value in (bar.value, bar.low, bar.high) if value is not None]
        ticks = nice_ticks(min(values), max(values))
        if all(float(value).is_integer() for value in values):
            ticks = sorted({float(round(tick)) for tick in ticks})  # nothing stands between two responses
        places = tick_places(ticks)
        widest = max((text_width(bar.label, bold=bar.highlight) for bar in self.bars), default=0)
        labels = min(widest + 8, self.width * 0.36)
        shown = max((text_width(self._value(bar), bold=True) for bar in self.bars), default=0)
        negative = shown + 10 if min(values) < 0 else 0
        scale = Scale(ticks[0], ticks[-1], labels + 12 + negative, self.width - shown - 16)
        step, top = 34.0, 6.0
        bottom = top + step * len(self.bars)
        for tick in ticks:
            drawing.line(scale(tick), top, scale(tick), bottom, MUTED if tick == 0 else FAINT)
            drawing.text(scale(tick), bottom + 18, with_unit(tick, self.unit, places), SMALL, MUTED, "middle")
        for index, bar in enumerate(self.bars):
            self._bar(drawing, bar, top + step * index, labels, scale)
        return self.width, bottom + 28

    def _value(self, bar: Bar) -> str:
        return with_unit(bar.value, self.unit, self.places)

    def _bar(self, drawing: Drawing, bar: Bar, top: float, labels: float, scale: Scale) -> None:
        middle = top + 17
        lines = wrap(bar.label, labels, lines=2 if text_width(bar.label) > labels else 1)
        size = 14 if len(lines) == 1 else SMALL
        for offset, line in enumerate(lines):
            drawing.text(0, middle + 5 - 7 * (len(lines) - 1) + 14 * offset, line, size, bold=bar.highlight)
        if bar.value is None:
            drawing.text(scale(0) + 6, middle + 5, "no figure", SMALL, MUTED)
            return
        start, end = sorted((scale(0), scale(bar.value)))
        drawing.add(
            "rect", x=start, y=middle - 11, width=max(end - start, 1), height=22,
            fill=PLACE if bar.highlight else PEER_DOT,
        )  # fmt: skip
        reach = [value for value in (bar.value, bar.low, bar.high) if value is not None]
        if bar.low is not None and bar.high is not None:
            low, high = scale(bar.low), scale(bar.high)
            drawing.line(low, middle, high, middle, INK, stroke_width=1.5)
            for x in (low, high):
                drawing.line(x, middle - 5, x, middle + 5, INK, stroke_width=1.5)
        below = bar.value < 0
        at = scale(min(reach)) - 6 if below else scale(max(reach)) + 6
        drawing.text(at, middle + 5, self._value(bar), anchor="end" if below else "start", bold=bar.highlight)
