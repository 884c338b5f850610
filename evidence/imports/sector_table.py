"""A CSV file of values by area, industry and period, for the sector mix of an area against a reference."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .tables import BadTable, Row, Table, read_table

COLUMNS = ("area", "industry", "period", "value")


@dataclass(frozen=True)
class SectorTable:
    """Rows by (area, industry, period), each with its value."""

    file: Path
    values: dict[tuple[str, str, str], float]
    rows: dict[tuple[str, str, str], Row]

    def periods(self, areas: Iterable[str]) -> list[str]:
        """The periods for which these areas have rows, oldest first: as numbers when all are numbers, else as text.

        Raises BadTable for an area that the file does not have.
        """
        found: set[str] = set()
        for area in areas:
            own = {period for code, _, period in self.values if code == area}
            if not own:
                raise BadTable(self.file, f"no row is of the area “{area}”", column="area")
            found |= own
        return in_order(found)

    def industries(self, area: str, reference: str, periods: Iterable[str]) -> dict[tuple[str, str], dict[str, float]]:
        """Values by industry for each (area or reference, period).

        Raises BadTable, at a row that has the industry, where one side or period lacks it.
        """
        cells = [(code, period) for code in dict.fromkeys((area, reference)) for period in dict.fromkeys(periods)]
        rows: dict[str, Row] = {}
        for (code, industry, period), row in self.rows.items():
            if (code, period) in cells:
                rows.setdefault(industry, row)
        for industry, row in rows.items():
            for code, period in cells:
                if (code, industry, period) not in self.values:
                    missing = f"“{industry}” is missing for the area “{code}” in {period}"
                    raise row.bad("industry", f"{missing}; give it the value 0 if there is none")
        return {(code, period): {name: self.values[code, name, period] for name in rows} for code, period in cells}


def read_sectors(path: Path) -> SectorTable:
    """Read columns area, industry, period and value.

    Raises BadTable for a value that is negative or no number, an empty field, and a repeated row.
    """
    table: Table = read_table(path, COLUMNS)
    values: dict[tuple[str, str, str], float] = {}
    rows: dict[tuple[str, str, str], Row] = {}
    for row in table.rows:
        key = (row.text("area"), row.text("industry"), row.text("period"))
        if key in rows:
            raise row.bad("industry", f"repeats area, industry and period of row {rows[key].number}")
        value = row.number_in("value")
        if value < 0:
            raise row.bad("value", f"“{row.fields['value']}” is negative")
        values[key], rows[key] = value, row
    return SectorTable(path, values, rows)


def in_order(periods: Iterable[str]) -> list[str]:
    """Periods from the oldest: by number when every one is a number, else as text."""
    numbers = {period: _number(period) for period in periods}
    if any(math.isnan(number) for number in numbers.values()):
        return sorted(numbers)
    return sorted(numbers, key=lambda period: (numbers[period], period))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
