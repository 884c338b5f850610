"""What all charts share: drawing SVG, scales, palette, and the table behind the picture.

Rules that every chart keeps: a title and a description inside the drawing; no text below 12 pixels; shape or dash as
well as colour tells things apart; presentation attributes only, so that a strict content security policy lets it be;
and the same input always gives the same bytes.
"""

import csv
import hashlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lisapp.design.numbers import write_number
from lisapp.design.spreadsheets import Cell, guarded

FONT = "Segoe UI, Helvetica Neue, Liberation Sans, Arial, sans-serif"
SMALL, TEXT = 12, 14

# Distinguishable with the common kinds of colour blindness and in grey: dark teal, mid grey, amber.
INK = "#12262b"
MUTED = "#475a60"
LINE = "#c9d4d6"
FAINT = "#e6edee"
PLACE = "#0b5c63"
PEERS = "#5b6f75"
PEER_DOT = "#8fa3a8"
BAND = "#d5e0e1"
ENGLAND = "#b45309"
GAP = "#8a5a00"


@dataclass(frozen=True)
class Table:
    """The figures of a chart as texts. The first cell of each row is its header.

    `numeric` holds the positions of the columns of numbers, which are set to the right.
    """

    headers: list[str]
    rows: list[list[str]]
    numeric: frozenset[int]


def _attributes(values: dict[str, object]) -> str:
    return "".join(
        f" {name.rstrip('_').replace('_', '-')}={quoteattr(number(value) if isinstance(value, float) else str(value))}"
        for name, value in values.items()
        if value is not None
    )


def number(value: float) -> str:
    """Write a coordinate: at most one decimal, no "-0"."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


class Drawing:
    """Collects SVG elements. Texts are escaped here, so callers pass them as they are."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def add(self, tag: str, **attributes: object) -> None:
        self.parts.append(f"<{tag}{_attributes(attributes)}/>")

    def open(self, tag: str, **attributes: object) -> None:
        self.parts.append(f"<{tag}{_attributes(attributes)}>")

    def close(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str = LINE, **more: object) -> None:
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, **more)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int = TEXT,
        fill: str = INK,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        weight = "bold" if bold else None
        attributes = {"x": x, "y": y, "font_size": size, "fill": fill, "font_weight": weight}
        if anchor != "start":
            attributes["text_anchor"] = anchor
        self.parts.append(f"<text{_attributes(attributes)}>{escape(text)}</text>")

    def circle(self, x: float, y: float, r: float, fill: str, **more: object) -> None:
        self.add("circle", cx=x, cy=y, r=r, fill=fill, **more)

    def square(self, x: float, y: float, r: float, fill: str, **more: object) -> None:
        self.add("rect", x=x - r, y=y - r, width=2 * r, height=2 * r, fill=fill, **more)

    def diamond(self, x: float, y: float, r: float, fill: str, **more: object) -> None:
        corners = [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
        self.add("path", d="M" + "L".join(f"{number(a)} {number(b)}" for a, b in corners) + "Z", fill=fill, **more)


_NARROW, _WIDE = set("iljtfrI.,:;'|!()[] -’"), set("mwMW@%—")


def text_width(text: str, size: int = TEXT, bold: bool = False) -> float:
    """Estimate the width of a text in pixels, for a sans-serif face."""

    def units(char: str) -> float:
        if char in _NARROW:
            return 0.3
        return 0.87 if char in _WIDE else 0.68 if char.isupper() else 0.55

    return sum(units(char) for char in text) * size * (1.07 if bold else 1.0)


def wrap(text: str, width: float, size: int = TEXT, lines: int = 4) -> list[str]:
    """Break a text into at most `lines` lines of `width` pixels; what does not fit ends with an ellipsis."""
    made: list[str] = []
    current = ""
    for word in text.split():
        candidate = f"{current} {word}".strip()
        if current and text_width(candidate, size) > width:
            made.append(current)
            current = word
        else:
            current = candidate
    made.append(current)
    if len(made) > lines:
        made = made[:lines]
        made[-1] = fit(made[-1] + " …", width, size)
    return [fit(line, width, size) for line in made]


def fit(text: str, width: float, size: int = TEXT) -> str:
    """Shorten a text to `width` pixels, ending with an ellipsis if anything is lost."""
    if text_width(text, size) <= width:
        return text
    text = text.rstrip(" …")
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers that span [low, high], about `count` of them."""
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("An axis needs finite limits")
    if high <= low:
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / max(count - 1, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999) * power
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]


def tick_places(ticks: Sequence[float]) -> int:
    """Decimals that tell the ticks of an axis apart."""
    for places in range(7):
        if all(abs(round(tick, places) - tick) < 1e-9 for tick in ticks):
            return places
    return 6


@dataclass(frozen=True)
class Scale:
    """Maps [low, high] to pixels [start, end]."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def with_unit(value: float | None, unit: str = "", places: int | None = None) -> str:
    """Write a value with its unit: £ goes before, % directly behind, others after a space. "no figure" for None."""
    if value is None:
        return "no figure"
    text = write_number(value, places)
    if unit in ("£", "$", "€"):
        return f"−{unit}{text[1:]}" if text.startswith("−") else f"{unit}{text}"
    return f"{text}%" if unit in ("%", "per cent") else f"{text} {unit}".rstrip()


def quartiles(values: Sequence[float]) -> tuple[float, float, float] | None:
    """Lower quartile, median and upper quartile by linear interpolation between order statistics; None if empty."""
    ordered = sorted(values)
    if not ordered:
        return None

    def at(share: float) -> float:
        position = share * (len(ordered) - 1)
        below = math.floor(position)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (ordered[above] - ordered[below]) * (position - below)

    return (at(0.25), at(0.5), at(0.75))


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What the page says about a chart.

    `description` is its text alternative, one or two sentences; without it the chart states its figures itself.
    `source`, `period` and `vintage` tell where the figures come from, what time they describe, and which geography or
    release they follow.
    """

    title: str
    description: str = ""
    source: str = ""
    period: str = ""
    vintage: str = ""

    def records(self) -> tuple[list[str], list[list[Cell]]]:
        """The figures behind the chart, unrounded: headers, then rows."""
        raise NotImplementedError

    def words(self) -> str:
        """What the chart shows, in words, when no description was given."""
        raise NotImplementedError

    def draw(self, drawing: Drawing) -> tuple[float, float]:
        """Draw, and return width and height in pixels."""
        raise NotImplementedError

    #: True where the drawing must not be shrunk to the width of the page.
    wide = False
    interactive = False

    @property
    def text(self) -> str:
        return self.description or self.words()

    @property
    def provenance(self) -> str:
        """One line: source, period, vintage."""
        parts = [("Source", self.source), ("Period", self.period), ("Geography and release", self.vintage)]
        return " ".join(f"{name}: {value.rstrip('.')}." for name, value in parts if value)

    def table(self) -> Table:
        """The figures as texts for people."""
        headers, rows = self.records()
        numeric = frozenset(
            column for column in range(1, len(headers)) if any(isinstance(row[column], int | float) for row in rows)
        )
        return Table(headers, [[_shown(cell) for cell in row] for row in rows], numeric)

    def csv(self) -> str:
        """The figures as CSV, unrounded; empty where there is none. Lines end as RFC 4180 asks."""
        headers, rows = self.records()
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([guarded(header) for header in headers])
        writer.writerows([[guarded(cell) for cell in row] for row in rows])
        return out.getvalue()

    def key(self) -> str:
        """An id for this chart within a page: the same for the same chart, different for different ones."""
        content = "\x1f".join((type(self).__name__, self.title, self.text, self.csv()))
        return "chart-" + hashlib.sha256(content.encode()).hexdigest()[:10]

    def svg(self) -> str:
        """The drawing as one SVG element that stands alone."""
        drawing = Drawing()
        width, height = self.draw(drawing)
        key = self.key()
        head = _attributes(
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "width": number(width),
                "height": number(height),
                "viewBox": f"0 0 {number(width)} {number(height)}",
                "font_family": FONT,
                "role": "group" if self.interactive else "img",
                "aria_labelledby": f"{key}-title {key}-desc",
            }
        )
        return (
            f'<svg{head}><title id="{key}-title">{escape(self.title)}</title>'
            f'<desc id="{key}-desc">{escape(self.text)}</desc>{"".join(drawing.parts)}</svg>'
        )


def _shown(cell: Cell) -> str:
    if cell is None:
        return "no figure"
    return cell if isinstance(cell, str) else write_number(cell)
