"""The table that the engine works on: areas by indicators, one value each, missing values as NaN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

Z_95 = 1.959963984540054  # half-width of a 95% interval in standard errors


class Role(StrEnum):
    """What an indicator may be used for. Only structural ones choose the peers."""

    STRUCTURAL = "structural"
    DRIVER = "driver"
    OUTCOME = "outcome"


class HigherIs(StrEnum):
    """How to read a higher value."""

    BETTER = "better"
    WORSE = "worse"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class PanelArea:
    """One place. `parents` are areas that contain it; `overlaps` are areas that share ground with it."""

    code: str
    name: str = ""
    region: str = ""
    parents: frozenset[str] = frozenset()
    overlaps: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PanelIndicator:
    """One column of the panel."""

    code: str
    label: str = ""
    pillar: str = ""
    role: Role = Role.STRUCTURAL
    higher_is: HigherIs = HigherIs.NEUTRAL
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Panel:
    """Areas (rows) by indicators (columns), one period each.

    `values` has shape (areas, indicators), NaN where there is no figure. `lower` and `upper` are the
    published 95% limits in the same shape, NaN where none is published; leave both out when no column has
    any. Raises ValueError for shapes that disagree, repeated codes, infinite values or limits in the wrong
    order.
    """

    areas: tuple[PanelArea, ...]
    indicators: tuple[PanelIndicator, ...]
    values: Floats
    lower: Floats | None = None
    upper: Floats | None = None
    _rows: Mapping[str, int] = field(init=False, repr=False)
    _columns: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "areas", tuple(self.areas))
        set_(self, "indicators", tuple(self.indicators))
        shape = (len(self.areas), len(self.indicators))
        set_(self, "values", _table(self.values, shape, "values"))
        if (self.lower is None) != (self.upper is None):
            raise ValueError("Give both the lower and the upper limits, or neither.")
        if self.lower is not None and self.upper is not None:
            set_(self, "lower", _table(self.lower, shape, "lower"))
            set_(self, "upper", _table(self.upper, shape, "upper"))
            if np.any(self.lower > self.upper):
                raise ValueError("A lower limit is above its upper limit.")
        set_(self, "_rows", _positions([area.code for area in self.areas], "area"))
        set_(self, "_columns", _positions([indicator.code for indicator in self.indicators], "indicator"))

    @property
    def area_codes(self) -> tuple[str, ...]:
        return tuple(area.code for area in self.areas)

    @property
    def indicator_codes(self) -> tuple[str, ...]:
        return tuple(indicator.code for indicator in self.indicators)

    def row(self, code: str) -> int:
        """Position of an area. Raises ValueError when the panel does not hold it."""
        if code not in self._rows:
            raise ValueError(f"The panel has no area {code}.")
        return self._rows[code]

    def column(self, code: str) -> int:
        """Position of an indicator. Raises ValueError when the panel does not hold it."""
        if code not in self._columns:
            raise ValueError(f"The panel has no indicator {code}.")
        return self._columns[code]

    def standard_errors(self) -> Floats:
        """Half-width of the published 95% interval over 1.96, NaN where no interval is published."""
        if self.lower is None or self.upper is None:
            return np.full(self.values.shape, np.nan)
        return (self.upper - self.lower) / (2 * Z_95)

    def take(self, rows: Sequence[int] | Ints | Bools, columns: Sequence[int] | Ints | Bools) -> Panel:
        """The panel cut down to these rows and columns, in the order given."""
        row_at = _indices(rows)
        column_at = _indices(columns)
        grid = np.ix_(row_at, column_at)
        return Panel(
            tuple(self.areas[i] for i in row_at),
            tuple(self.indicators[j] for j in column_at),
            self.values[grid],
            None if self.lower is None else self.lower[grid],
            None if self.upper is None else self.upper[grid],
        )

    def in_code_order(self) -> Panel:
        """Rows and columns sorted by code, so that results cannot depend on the order they came in."""
        return self.take(
            sorted(range(len(self.areas)), key=lambda i: self.areas[i].code),
            sorted(range(len(self.indicators)), key=lambda j: self.indicators[j].code),
        )


def _table(values: ArrayLike, shape: tuple[int, int], what: str) -> Floats:
    table = np.array(values, dtype=np.float64)
    if table.size == 0:
        table = table.reshape(shape)
    if table.shape != shape:
        raise ValueError(f"{what} has shape {table.shape}; {shape} was expected.")
    if np.isinf(table).any():
        raise ValueError(f"{what} holds an infinite number.")
    table.setflags(write=False)
    return table


def _positions(codes: Sequence[str], what: str) -> dict[str, int]:
    positions = {code: at for at, code in enumerate(codes)}
    if len(positions) != len(codes):
        raise ValueError(f"An {what} code is repeated.")
    return positions


def _indices(chosen: Sequence[int] | Ints | Bools) -> Ints:
    array = np.asarray(chosen)
    if array.dtype == np.bool_:
        return np.flatnonzero(array)
    return array.astype(np.intp)
