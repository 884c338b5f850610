"""Reading what the command `comparators` is given: a table of areas by indicators, and weights."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

import numpy as np

from evidence.domain.comparators import Panel, PanelArea, PanelIndicator
from evidence.imports.tables import BadTable, Table, read_table

LARGEST = 1e100  # squares of larger figures, summed over areas, could overflow
INDICATOR, WEIGHT = "indicator", "weight"


def read_panel(path: Path) -> Panel:
    """The table as a panel of structural indicators in one pillar. The first column holds the area codes.

    An empty field is a missing figure. Raises BadTable, also for an area that is there twice.
    """
    table = read_table(path)
    codes, *indicators = table.columns
    if not indicators:
        raise BadTable(path, "has no column beside the area codes", row=1)
    seen: dict[str, int] = {}
    for row in table.rows:
        code = row.text(codes)
        if code in seen:
            raise row.bad(codes, f"“{code}” is there twice: row {seen[code]} has it too")
        seen[code] = row.number
    return Panel(
        tuple(PanelArea(code) for code in seen),
        tuple(PanelIndicator(code) for code in indicators),
        _figures(table, indicators),
    )


def _figures(table: Table, indicators: list[str]) -> np.ndarray:
    figures = np.full((len(table.rows), len(indicators)), np.nan)
    for i, row in enumerate(table.rows):
        for j, indicator in enumerate(indicators):
            value = row.number_or_none(indicator)
            if value is None:
                continue
            if abs(value) > LARGEST:
                raise row.bad(indicator, f"“{row.fields[indicator]}” is too large to compare")
            figures[i, j] = value
    return figures


def read_weights(path: Path, known: Collection[str]) -> dict[str, float]:
    """Weight by indicator, from columns indicator and weight; an indicator that is not named gets none.

    Raises BadTable, also for an indicator that is not `known` or is there twice, and for a negative weight.
    """
    weights: dict[str, float] = {}
    for row in read_table(path, [INDICATOR, WEIGHT]).rows:
        code, weight = row.text(INDICATOR), row.number_in(WEIGHT)
        if code not in known:
            raise row.bad(INDICATOR, f"“{code}” is not an indicator of the data")
        if code in weights:
            raise row.bad(INDICATOR, f"“{code}” is there twice")
        if weight < 0:
            raise row.bad(WEIGHT, f"“{row.fields[WEIGHT]}” is negative")
        if weight > LARGEST:
            raise row.bad(WEIGHT, f"“{row.fields[WEIGHT]}” is too large")
        weights[code] = weight
    if not any(weights.values()):
        raise BadTable(path, "gives no indicator a weight above zero", column=WEIGHT)
    return weights


def checksum(path: Path) -> str:
    """SHA-256 of the file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
