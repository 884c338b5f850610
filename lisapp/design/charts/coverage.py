"""Which of these is covered by which of those."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lisapp.design.charts.base import FAINT, GAP, INK, MUTED, PLACE, SMALL, Cell, Chart, Drawing, text_width, wrap

State = Literal["full", "part", "none"]
STATES: dict[State, str] = {"full": "Covered", "part": "In part", "none": "Not covered"}


@dataclass(frozen=True, kw_only=True)
class CoverageGrid(Chart):
    """A grid of rows by columns; `cells` maps (row, column) to a state, and what it lacks is not covered.

    A filled square, a half-filled one and a dashed empty one differ by shape as well as by colour.
    """

    rows: Sequence[str]
    columns: Sequence[str]
    cells: Mapping[tuple[str, str], State]
    row_name: str = "Item"

    def _state(self, row: str, column: str) -> State:
        return self.cells.get((row, column), "none")

    def records(self) -> tuple[list[str], list[list[Cell]]]:
        rows: list[list[Cell]] = [
            [row, *(STATES[self._state(row, column)] for column in self.columns)] for row in self.rows
        ]
        return [self.row_name, *self.columns], rows

    def words(self) -> str:
        states = [self._state(row, column) for row in self.rows for column in self.columns]
        empty = [column for column in self.columns if all(self._state(row, column) == "none" for row in self.rows)]
        text = (
            f"Of {len(states):,} pairs, {states.count('full'):,} are covered, {states.count('part'):,} in part "
            f"and {states.count('none'):,} not."
        )
        return f"{text} Nothing covers {', '.join(empty)}." if empty else text

    def draw(self, drawing: Drawing) -> tuple[float, float]:
        label = min(300.0, max((text_width(row) for row in self.rows), default=80.0) + 16)
        cell, row_height = 104.0, 46.0
        heads = [wrap(column, cell - 10, SMALL, lines=3) for column in self.columns]
        top = 44 + 15.0 * max((len(lines) for lines in heads), default=1)
        width = label + cell * len(self.columns)
        self._legend(drawing)
        for index, lines in enumerate(heads):
            for offset, line in enumerate(lines):
                y = top - 10 - 15 * (len(lines) - 1 - offset)
                drawing.text(label + cell * (index + 0.5), y, line, SMALL, INK, "middle", bold=True)
        for index, row in enumerate(self.rows):
            y = top + row_height * index
            drawing.line(0, y, width, y, FAINT)
            lines = wrap(row, label - 12, lines=2)
            for offset, line in enumerate(lines):
                drawing.text(0, y + 28 - 8 * (len(lines) - 1) + 17 * offset, line)
            for position, column in enumerate(self.columns):
                self._mark(drawing, self._state(row, column), label + cell * (position + 0.5), y + row_height / 2)
        bottom = top + row_height * len(self.rows)
        drawing.line(0, bottom, width, bottom, FAINT)
        return max(width, 380.0), bottom + 4

    def _mark(self, drawing: Drawing, state: State, x: float, y: float) -> None:
        if state == "none":
            drawing.square(x, y, 9, "#ffffff", stroke=GAP, stroke_width=1.5, stroke_dasharray="3 3")
            return
        drawing.square(x, y, 9, PLACE if state == "full" else "#ffffff", stroke=PLACE, stroke_width=1.5)
        if state == "part":
            drawing.add("path", d=f"M{x - 9:.1f} {y + 9:.1f}V{y - 9:.1f}L{x + 9:.1f} {y + 9:.1f}Z", fill=PLACE)

    def _legend(self, drawing: Drawing) -> None:
        x = 10.0
        for state, name in STATES.items():
            self._mark(drawing, state, x, 14)
            drawing.text(x + 16, 19, name, fill=MUTED if state == "none" else INK)
            x += 16 + text_width(name) + 30
