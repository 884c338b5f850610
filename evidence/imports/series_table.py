"""A CSV file of series by area and indicator, for their trends."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from evidence.domain.comparators import years

from .periods import period
from .tables import BadTable, Row, read_table

COLUMNS = ("area", "indicator", "period", "value")
LIMITS = ("lower", "upper")
FINANCIAL_YEAR_ENDS = 3  # a year written 2022/23 is taken to end in March


@dataclass(frozen=True, eq=False)
class SeriesTable:
    """Series in the order of their keys (area, indicator): values of shape (series, times), NaN where there is none.

    `times` are the ends of the periods, in years.
    """

    keys: tuple[tuple[str, str], ...]
    times: np.ndarray
    values: np.ndarray


def read_series(path: Path) -> SeriesTable:
    """Read columns area, indicator, period, value and, if the file has them, lower and upper.

    An empty value is a missing one. Raises BadTable for a period that is not one, a value that is no number, limits
    that are not on either side of it, and a time that a series has twice.
    """
    table = read_table(path, COLUMNS)
    limits = _limits(path, table.columns)
    cells: dict[tuple[str, str], dict[int, float]] = {}
    lines: dict[tuple[str, str, int], int] = {}
    for row in table.rows:
        key, at = (row.text("area"), row.text("indicator")), _ends(row)
        if (*key, at) in lines:
            raise row.bad("period", f"this series has the same time in row {lines[*key, at]}")
        lines[*key, at] = row.number
        value = row.number_or_none("value")
        if limits:
            _check_limits(row, value)
        cells.setdefault(key, {})[at] = math.nan if value is None else value
    return _as_table(cells)


def _limits(path: Path, columns: Iterable[str]) -> bool:
    """Whether the file has both limits. Raises BadTable when it has only one."""
    there = [name for name in LIMITS if name in columns]
    if len(there) == 1:
        other = next(name for name in LIMITS if name not in there)
        raise BadTable(path, f"is missing, although there is a column “{there[0]}”", row=1, column=other)
    return bool(there)


def _ends(row: Row) -> int:
    """The end of the row's period as yyyymm."""
    text = row.text("period")
    try:
        return _order(text)
    except ValueError:
        wanted = "a period such as 2019, 2022/23, 2019-04 or 2011-2013"
        raise row.bad("period", f"“{text}” is not {wanted}") from None


@lru_cache(maxsize=4096)
def _order(text: str) -> int:
    return period(text, FINANCIAL_YEAR_ENDS if "/" in text else 12)[1]


def _check_limits(row: Row, value: float | None) -> None:
    lower, upper = (row.number_or_none(name) for name in LIMITS)
    if lower is None and upper is None:
        return
    if lower is None or upper is None:
        raise row.bad("lower" if lower is None else "upper", "is empty, although the other limit is given")
    if lower > upper:
        raise row.bad("lower", f"the lower limit {row.fields['lower']} is above the upper limit {row.fields['upper']}")
    if value is None:
        raise row.bad("value", "is empty, although its limits are given")
    if not lower <= value <= upper:
        raise row.bad(
            "value", f"{row.fields['value']} is not between its limits {row.fields['lower']} and {row.fields['upper']}"
        )


def _as_table(cells: dict[tuple[str, str], dict[int, float]]) -> SeriesTable:
    keys = sorted(cells)
    ends = sorted({at for points in cells.values() for at in points})
    column = {at: i for i, at in enumerate(ends)}
    values = np.full((len(keys), len(ends)), np.nan)
    for i, key in enumerate(keys):
        for at, value in cells[key].items():
            values[i, column[at]] = value
    return SeriesTable(tuple(keys), np.array([years(at) for at in ends]), values)
