"""Reading a whole file of figures: which shape it has, then its figures one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from . import blocks, tidy
from .mapping import BLOCKS, TIDY, Mapping, RawFigure
from .uploads import Sheet, Upload

LOOKED_AT = 60  # rows of a sheet that decide its shape


@dataclass
class Reading:
    """A file on its way to figures. What was found is complete when all `figures` have been taken.

    `headings` and `columns` describe a tidy table: its headings, and which has which role.
    """

    upload: Upload
    mapping: Mapping
    shape: str = ""
    headings: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    blocks: int = 0
    totals: int = 0

    def figures(self) -> Iterator[RawFigure]:
        """Every figure of the file. Raises BadUpload where the file turns out to be damaged or too large."""
        for sheet in self.upload.sheets():
            ahead = list(islice(sheet.rows, LOOKED_AT))
            rows = chain(ahead, sheet.rows)
            header = tidy.find_header(ahead)
            shape = self.mapping.shape or self.shape or self._shape(header, ahead)
            if shape == TIDY:
                yield from self._tidy(sheet, rows, header or tidy.first_table_row(ahead), recognised=header is not None)
            else:
                yield from self._blocks(sheet, rows)

    def _shape(self, header: int | None, ahead: Sequence[tuple[int, Sequence[Any]]]) -> str:
        """Tidy where the headings say so; blocks where figures can be read as blocks; else tidy, to be explained."""
        if header is not None:
            return TIDY
        found = next(blocks.Blocks("").read(iter(ahead)), None)
        return BLOCKS if (found is not None and not found.problem) or self.upload.kind == "xlsx" else TIDY

    def _tidy(
        self, sheet: Sheet, rows: Iterator[tuple[int, Sequence[Any]]], header: int | None, *, recognised: bool
    ) -> Iterator[RawFigure]:
        if header is None or (self.headings and not recognised):
            self.passed_over.append(sheet.name)
            return
        found: list[str] = []
        for at, row in rows:
            if at == header:
                found = tidy.headings(row)
                break
        columns = tidy.columns_of(found, self.mapping.columns)
        if not self.headings:
            self.headings, self.columns = found, columns
        self.shape = TIDY
        self.sheets.append(sheet.name)
        if "value" in columns and {"code", "name"} & set(columns):
            yield from tidy.read(sheet.name, rows, found, columns)

    def _blocks(self, sheet: Sheet, rows: Iterator[tuple[int, Sequence[Any]]]) -> Iterator[RawFigure]:
        reader = blocks.Blocks(sheet.name)
        yield from reader.read(rows)
        self.totals += reader.totals
        self.blocks += reader.blocks
        if reader.blocks:
            self.shape = BLOCKS
            self.sheets.append(sheet.name)
        else:
            self.passed_over.append(sheet.name)
