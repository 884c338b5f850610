"""The logic chain of a strategy: what rests on what, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lisapp.design.charts.base import (
    GAP,
    INK,
    LINE,
    MUTED,
    PLACE,
    SMALL,
    Cell,
    Chart,
    Drawing,
    number,
    wrap,
)

COLUMNS = ("Evidence", "Diagnosis", "Objective", "Intervention", "Outcome", "Evaluation")

GUTTER, ROW_GAP, PAD, LEADING, HEAD = 34.0, 20.0, 10.0, 17.0, 46.0
SIZE = 13
MOST_LINES = 8


@dataclass(frozen=True)
class ChainNode:
    """A box in a column. `ref` is its short name ("O2"); `href` makes it a link.

    A gap is drawn as a dashed box, and `title` says what is missing: "No evaluation measures this outcome".
    """

    id: str
    column: int
    title: str
    ref: str = ""
    href: str = ""
    kind: Literal["thing", "gap"] = "thing"


@dataclass(frozen=True)
class ChainLink:
    """`source` supports or leads to `target`; both are node ids. `dashed` for a link that is asserted, not shown."""

    source: str
    target: str
    dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class ChainDiagram(Chart):
    """Columns of boxes with curves between them, read from left to right.

    Links to unknown nodes raise ValueError. Boxes are placed beside what leads to them; the order given decides
    between equals.
    """

    nodes: Sequence[ChainNode]
    links: Sequence[ChainLink] = ()
    columns: Sequence[str] = COLUMNS
    box_width: int = 152  # six columns then fit the page; wider boxes scroll

    wide = True

    def __post_init__(self) -> None:
        ids = [node.id for node in self.nodes]
        if len(set(ids)) != len(ids):
            raise ValueError("Two nodes have the same id")
        for node in self.nodes:
            if not 0 <= node.column < len(self.columns):
                raise ValueError(f"{node.id} is in column {node.column} of {len(self.columns)}")
        unknown = {end for link in self.links for end in (link.source, link.target)} - set(ids)
        if unknown:
            raise ValueError(f"Links to unknown nodes: {', '.join(sorted(unknown))}")

    @property
    def interactive(self) -> bool:  # type: ignore[override]
        """Whether any box is a link: then the drawing is a group to read through, not one image."""
        return any(node.href for node in self.nodes)

    def _name(self, node: ChainNode) -> str:
        return f"{node.ref}: {node.title}" if node.ref else node.title

    def records(self) -> tuple[list[str], list[list[Cell]]]:
        by_id = {node.id: node for node in self.nodes}
        rows: list[list[Cell]] = []
        for column, name in enumerate(self.columns):
            for node in self.nodes:
                if node.column != column:
                    continue
                before = [self._name(by_id[link.source]) for link in self.links if link.target == node.id]
                after = [self._name(by_id[link.target]) for link in self.links if link.source == node.id]
                state = "Missing" if node.kind == "gap" else "Present"
                rows.append([self._name(node), name, state, "; ".join(before) or "–", "; ".join(after) or "–"])
        return ["Item", "Step", "State", "Rests on", "Leads to"], rows

    def words(self) -> str:
        counts = []
        for column, name in enumerate(self.columns):
            found = sum(1 for node in self.nodes if node.column == column and node.kind != "gap")
            counts.append(f"{name.lower()} {found}")
        gaps = [node.title for node in self.nodes if node.kind == "gap"]
        text = f"Items in each step: {', '.join(counts)}. {len(self.links)} links."
        if not gaps:
            return f"{text} No gaps."
        shown = "; ".join(gaps[:5]) + (f"; and {len(gaps) - 5} more" if len(gaps) > 5 else "")
        return f"{text} {len(gaps)} {'gap' if len(gaps) == 1 else 'gaps'}: {shown}."

    def draw(self, drawing: Drawing) -> tuple[float, float]:
        order = self._order()
        heights = {node.id: self._height(node) for node in self.nodes}
        boxes: dict[str, tuple[float, float]] = {}
        tallest = max(
            (sum(heights[node.id] + ROW_GAP for node in column) - ROW_GAP for column in order if column), default=0.0
        )
        for index, (name, column) in enumerate(zip(self.columns, order, strict=True)):
            x = index * (self.box_width + GUTTER)
            drawing.text(x, 18, name, 16, INK, bold=True)
            drawing.line(x, 28, x + self.box_width, 28, PLACE, stroke_width=3)
            used = sum(heights[node.id] + ROW_GAP for node in column) - ROW_GAP
            y = HEAD + max(0.0, (tallest - used) / 2) * 0.5
            for node in column:
                boxes[node.id] = (x, y)
                y += heights[node.id] + ROW_GAP
        by_id = {node.id: node for node in self.nodes}
        for link in self.links:
            self._curve(drawing, by_id, link, boxes, heights)
        for column in order:
            for node in column:
                self._box(drawing, node, *boxes[node.id], heights[node.id])
        width = len(self.columns) * (self.box_width + GUTTER) - GUTTER
        return width + 4, HEAD + max(tallest, 40.0) + 12

    def _order(self) -> list[list[ChainNode]]:
        """Sort each column by the mean place of what leads to its boxes, so that curves cross little."""
        columns: list[list[ChainNode]] = []
        place: dict[str, float] = {}
        for index in range(len(self.columns)):
            members = [node for node in self.nodes if node.column == index]
            keys = {}
            for position, node in enumerate(members):
                before = [place[link.source] for link in self.links if link.target == node.id and link.source in place]
                keys[node.id] = sum(before) / len(before) if before else (position + 0.5) / len(members)
            members.sort(key=lambda node: keys[node.id])
            for position, node in enumerate(members):
                place[node.id] = (position + 0.5) / len(members)
            columns.append(members)
        return columns

    def _lines(self, node: ChainNode) -> list[str]:
        return wrap(node.title, self.box_width - 2 * PAD - 4, SIZE, MOST_LINES)

    def _height(self, node: ChainNode) -> float:
        return 2 * PAD + LEADING * len(self._lines(node)) + (18 if node.ref or node.kind == "gap" else 0) - 4

    def _curve(
        self,
        drawing: Drawing,
        by_id: dict[str, ChainNode],
        link: ChainLink,
        boxes: dict[str, tuple[float, float]],
        heights: dict[str, float],
    ) -> None:
        (x1, y1), (x2, y2) = boxes[link.source], boxes[link.target]
        x1, y1, y2 = x1 + self.box_width, y1 + heights[link.source] / 2, y2 + heights[link.target] / 2
        to_gap = "gap" in (by_id[link.source].kind, by_id[link.target].kind)
        reach = max(abs(x2 - x1) / 2, GUTTER / 2)
        points = [(x1, y1), (x1 + reach, y1), (x2 - reach, y2), (x2 - 7, y2)]
        start, *rest = [f"{number(a)} {number(b)}" for a, b in points]
        colour = GAP if to_gap else PLACE
        drawing.add(
            "path", d=f"M{start}C{' '.join(rest)}", fill="none", stroke=colour, stroke_width=1.8, stroke_opacity="0.75",
            stroke_dasharray="6 5" if link.dashed or to_gap else None,
        )  # fmt: skip
        drawing.add("path", d=f"M{number(x2)} {number(y2)}l-8 -4.5v9Z", fill=colour)

    def _box(self, drawing: Drawing, node: ChainNode, x: float, y: float, height: float) -> None:
        gap = node.kind == "gap"
        if node.href:
            drawing.open("a", href=node.href, aria_label=f"{self.columns[node.column]}, {self._name(node)}")
        drawing.add(
            "rect", x=x + 1, y=y, width=self.box_width - 2, height=height, rx=4, fill="#ffffff",
            stroke=GAP if gap else LINE, stroke_width=1.8 if gap else 1.5, stroke_dasharray="6 5" if gap else None,
        )  # fmt: skip
        if not gap:
            drawing.add("rect", x=x + 1, y=y, width=5, height=height, rx=2, fill=PLACE)
        top = y + PAD + 11
        label = "Missing" if gap else node.ref
        if gap and node.ref:
            label = f"Missing · {node.ref}"
        if label:
            drawing.text(x + PAD + 2, top - 1, label, SMALL, GAP if gap else MUTED, bold=True)
            top += 18
        for index, line in enumerate(self._lines(node)):
            drawing.text(x + PAD + 2, top + LEADING * index, line, SIZE, GAP if gap else INK)
        if node.href:
            drawing.close("a")
