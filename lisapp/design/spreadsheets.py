"""CSV that a spreadsheet can open without running anything. Pure Python: no Django."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Cell = str | float | int | None

#: What a spreadsheet takes for the beginning of a formula, also in its wide forms.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "−")
#: What it may skip before that.
SKIPPED = " \"'\u00a0\u200b\ufeff"
BYTE_ORDER_MARK = "\ufeff"  # Excel reads UTF-8 only with it


def guarded(cell: Cell) -> Cell:
    """Put an apostrophe before a text that a spreadsheet would run as a formula. Numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    starts = (cell, cell.lstrip(SKIPPED))
    return f"'{cell}" if any(start.startswith(FORMULA_STARTS) for start in starts) else cell


class _Echo:
    """A file that hands back what is written to it, so that lines can be streamed."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield a CSV file line by line: UTF-8 with its mark, every text guarded."""
    writer: Any = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow([guarded(cell) for cell in header])
    for row in rows:
        yield writer.writerow([guarded(cell) for cell in row])
