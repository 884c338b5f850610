"""The parts of a report beside the comparison itself: sector mix, decomposition of productivity, spillover partners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lisapp.design.charts import Chart

Row = Mapping[str, Any]


@dataclass(frozen=True)
class SourceView:
    """A source of a foundation's figures, with its number in the list under the tables."""

    number: int
    citation: str
    url: str
    licence: str
    vintage: str
    derivation: str
    boundaries: str


@dataclass(frozen=True)
class TableView:
    """A table of texts; the first cell of a row heads it, and `numeric` columns are set to the right."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True)
class SectionView:
    """A part of the report beside the comparison itself: sentences, drawings, tables, sources."""

    code: str
    title: str
    sentences: list[str]
    charts: list[Chart]
    tables: list[TableView]
    sources: list[SourceView]


def sections(result: Row) -> list[SectionView]:
    """The parts that a report's result holds, in the order in which they are read."""
    return []
