"""What the project measures: one row an indicator in catalogue.csv, worded for readers.

`lep` and `local` name the column of the collected files that feeds the indicator for LEP areas and for authorities,
regions, combined authorities and England; a name that begins with "=" is computed here; a blank feeds nothing.
`lowest` and `highest` bound what is possible, not what is likely; a blank sets no bound (growth and net flows can be
negative). `ends` is the month in which the indicator's year ends.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

CATALOGUE = Path(__file__).parent / "catalogue.csv"


@dataclass(frozen=True)
class CatalogueRow:
    """One indicator: what is published about it, and which collected columns feed it."""

    code: str
    label: str
    pillar: str
    unit: str
    decimals: int
    role: str
    higher_is: str
    lowest: float | None
    highest: float | None
    ends: int
    lep: str
    local: str
    definition: str
    caveat: str


def read_catalogue(path: Path = CATALOGUE) -> list[CatalogueRow]:
    """All indicators in the order of the file. Raises ValueError when a code is repeated."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            CatalogueRow(
                decimals=int(row.pop("decimals")),
                ends=int(row.pop("ends")),
                lowest=_bound(row.pop("lowest")),
                highest=_bound(row.pop("highest")),
                **row,
            )
            for row in csv.DictReader(file)
        ]
    codes = [row.code for row in rows]
    if len(set(codes)) != len(codes):
        raise ValueError("The catalogue repeats a code.")
    return rows


def _bound(text: str) -> float | None:
    return float(text) if text else None
