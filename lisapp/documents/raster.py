"""Our own SVG drawings as PNG, for programs that cannot show SVG.

Only what `lisapp.design.charts` draws is understood: rectangles, lines, circles, texts, and paths of moves, lines and
cubic curves. An element or command beyond that raises ValueError, so that nothing goes missing in silence.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from PIL import Image, ImageDraw, ImageFont

SCALE = 2  # pixels to a unit of the drawing
SVG = "{http://www.w3.org/2000/svg}"
IGNORED = frozenset({"title", "desc"})
GROUPS = frozenset({"svg", "g", "a"})
CURVE_STEPS = 24
ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}

Point = tuple[float, float]


def rasterise(svg: str) -> bytes:
    """Return the drawing as PNG bytes at twice its size, marked 192 dots an inch.

    Raises ValueError for an element that is not understood.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314 the drawing is our own
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    image = Image.new("RGB", (round(width * SCALE), round(height * SCALE)), "white")
    draw = ImageDraw.Draw(image)
    for node, across, down in _elements(root):
        _DRAWN[node.tag](draw, _moved(node.attrib, across, down), node.text or "")
    written = io.BytesIO()
    image.save(written, "PNG", dpi=(96 * SCALE, 96 * SCALE), optimize=True)
    return written.getvalue()


def _elements(parent: Any, across: float = 0, down: float = 0) -> Iterator[tuple[Any, float, float]]:
    """Yield what is to be drawn, in order, with how far its groups move it across and down."""
    for node in parent:
        name = node.tag.removeprefix(SVG)
        if name in GROUPS:
            dx, dy = _translation(node.attrib.get("transform", ""))
            yield from _elements(node, across + dx, down + dy)
        elif name not in IGNORED:
            if node.tag not in _DRAWN:
                raise ValueError(f"The drawing has an element that is not understood: {name}")
            yield node, across, down


def _translation(transform: str) -> Point:
    if not transform:
        return 0, 0
    found = re.fullmatch(r"translate\((-?[\d.]+) (-?[\d.]+)\)", transform)
    if not found:
        raise ValueError(f"The drawing has a transformation that is not understood: {transform}")
    return float(found[1]), float(found[2])


def _moved(attributes: dict[str, str], across: float, down: float) -> dict[str, str]:
    """The attributes of an element that its groups move; a path keeps its own and is moved as it is drawn."""
    if not across and not down:
        return attributes
    moved = dict(attributes) | {"across": str(across), "down": str(down)}
    for name in ("x", "x1", "x2", "cx"):
        if name in moved:
            moved[name] = str(float(moved[name]) + across)
    for name in ("y", "y1", "y2", "cy"):
        if name in moved:
            moved[name] = str(float(moved[name]) + down)
    return moved


def _number(attributes: dict[str, str], name: str) -> float:
    return float(attributes.get(name, 0)) * SCALE


def _stroke(attributes: dict[str, str]) -> tuple[str | None, int]:
    colour = attributes.get("stroke", "none")
    width = max(1, round(float(attributes.get("stroke-width", 1)) * SCALE))
    return (None if colour == "none" else colour), width


def _fill(attributes: dict[str, str]) -> str | None:
    colour = attributes.get("fill", "#000000")
    return None if colour == "none" else colour


def _rectangle(draw: ImageDraw.ImageDraw, attributes: dict[str, str], _: str) -> None:
    x, y = _number(attributes, "x"), _number(attributes, "y")
    corners = (x, y, x + _number(attributes, "width"), y + _number(attributes, "height"))
    colour, width = _stroke(attributes)
    radius = _number(attributes, "rx")
    if "stroke-dasharray" in attributes and colour:
        draw.rounded_rectangle(corners, radius, fill=_fill(attributes))
        left, top, right, bottom = corners
        ring = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        _line_through(draw, ring, attributes)
    else:
        draw.rounded_rectangle(corners, radius, fill=_fill(attributes), outline=colour, width=width)


def _line(draw: ImageDraw.ImageDraw, attributes: dict[str, str], _: str) -> None:
    ends = [(_number(attributes, f"x{n}"), _number(attributes, f"y{n}")) for n in (1, 2)]
    _line_through(draw, ends, attributes)


def _circle(draw: ImageDraw.ImageDraw, attributes: dict[str, str], _: str) -> None:
    x, y, radius = (_number(attributes, name) for name in ("cx", "cy", "r"))
    colour, width = _stroke(attributes)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_fill(attributes), outline=colour, width=width)


def _text(draw: ImageDraw.ImageDraw, attributes: dict[str, str], text: str) -> None:
    # The drawing was measured for a wider face than Pillow's own, so the text always fits.
    font = ImageFont.load_default(_number(attributes, "font-size"))
    bold = 1 if attributes.get("font-weight") == "bold" else 0
    draw.text(
        (_number(attributes, "x"), _number(attributes, "y")),
        text,
        font=font,
        fill=_fill(attributes),
        anchor=ANCHORS[attributes.get("text-anchor", "start")],
        stroke_width=bold * 0.5,
    )


def _path(draw: ImageDraw.ImageDraw, attributes: dict[str, str], _: str) -> None:
    across, down = float(attributes.get("across", 0)), float(attributes.get("down", 0))
    for points, closed in _outlines(attributes["d"]):
        scaled = [((x + across) * SCALE, (y + down) * SCALE) for x, y in points]
        fill = _fill(attributes)
        if fill and closed:
            draw.polygon(scaled, fill=fill)
        _line_through(draw, scaled + scaled[:1] if closed else scaled, attributes)


def _line_through(draw: ImageDraw.ImageDraw, points: list[Point], attributes: dict[str, str]) -> None:
    """Draw a stroke through points, in dashes where it has a pattern."""
    colour, width = _stroke(attributes)
    if colour is None:
        return
    pattern = attributes.get("stroke-dasharray")
    if not pattern:
        draw.line(points, fill=colour, width=width, joint="curve")
        return
    on, off = ([float(length) * SCALE for length in pattern.split()] * 2)[:2]
    for dash in _dashes(points, on, off):
        draw.line(dash, fill=colour, width=width)


def _dashes(points: list[Point], on: float, off: float) -> Iterator[list[Point]]:
    drawing, left = True, on
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        length, done = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 0.0
        while length - done > 1e-9:
            step = min(left, length - done)
            ends = [done / length, (done + step) / length]
            if drawing:
                yield [(x1 + (x2 - x1) * share, y1 + (y2 - y1) * share) for share in ends]
            done, left = done + step, left - step
            if left <= 1e-9:
                drawing, left = not drawing, off if drawing else on


def _outlines(data: str) -> Iterator[tuple[list[Point], bool]]:
    """Yield the outlines of a path as points, each with whether it is closed."""
    points: list[Point] = []
    x = y = 0.0
    for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", data):
        values = [float(text) for text in re.findall(r"-?\d*\.?\d+", rest)]
        relative = command.islower()
        match command.upper():
            case "M":
                if points:
                    yield points, False
                x, y = values
                points = [(x, y)]
            case "L":
                for dx, dy in zip(values[::2], values[1::2], strict=True):
                    x, y = (x + dx, y + dy) if relative else (dx, dy)
                    points.append((x, y))
            case "H" | "V":
                for step in values:
                    if command.upper() == "H":
                        x = x + step if relative else step
                    else:
                        y = y + step if relative else step
                    points.append((x, y))
            case "C" if not relative and len(values) == 6:
                points += _curve((x, y), values)
                x, y = values[4:]
            case "Z":
                yield points, True
                points = []
            case _:
                raise ValueError(f"The drawing has a path command that is not understood: {command}")
    if points:
        yield points, False


def _curve(start: Point, values: list[float]) -> list[Point]:
    (x0, y0), (x1, y1, x2, y2, x3, y3) = start, values
    made = []
    for step in range(1, CURVE_STEPS + 1):
        t = step / CURVE_STEPS
        a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
        made.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return made


_DRAWN = {
    f"{SVG}rect": _rectangle,
    f"{SVG}line": _line,
    f"{SVG}circle": _circle,
    f"{SVG}text": _text,
    f"{SVG}path": _path,
}
