"""Several small charts as one drawing, for documents: a page shows them one by one."""

from collections.abc import Sequence
from dataclasses import dataclass

from lisapp.design.charts.base import Cell, Chart, Drawing, wrap

TITLE, LEADING, GUTTER, BETWEEN = 13, 17, 24.0, 18.0


@dataclass(frozen=True, kw_only=True)
class SmallMultiples(Chart):
    """Charts of one width beside one another, `columns` to a row, each under its own title."""

    charts: Sequence[Chart]
    columns: int = 2

    def records(self) -> tuple[list[str], list[list[Cell]]]:
        """The figures of every chart, one value a line: which chart, what stands at the side, which column, value."""
        rows: list[list[Cell]] = []
        for chart in self.charts:
            headers, found = chart.records()
            rows += [
                [chart.title, row[0], header, cell]
                for row in found
                for header, cell in zip(headers[1:], row[1:], strict=True)
            ]
        return ["Chart", "Row", "Column", "Value"], rows

    def words(self) -> str:
        return " ".join(f"{chart.title}: {chart.text}" for chart in self.charts)

    def draw(self, drawing: Drawing) -> tuple[float, float]:
        top = full = 0.0
        for start in range(0, len(self.charts), self.columns):
            row = [(chart, Drawing()) for chart in self.charts[start : start + self.columns]]
            sizes = [chart.draw(inner) for chart, inner in row]
            widths = [width for width, _ in sizes]
            titles = [wrap(chart.title, width, TITLE, lines=2) for (chart, _), width in zip(row, widths, strict=True)]
            head = LEADING * max(len(lines) for lines in titles) + 4
            left = 0.0
            for (_, inner), width, lines in zip(row, widths, titles, strict=True):
                for at, line in enumerate(lines):
                    drawing.text(left, top + TITLE + LEADING * at, line, TITLE, bold=True)
                drawing.open("g", transform=f"translate({left:g} {top + head:g})")
                drawing.parts += inner.parts
                drawing.close("g")
                left += width + GUTTER
            full = max(full, left - GUTTER)
            top += head + max(height for _, height in sizes) + BETWEEN
        return full, max(top - BETWEEN, 0)
