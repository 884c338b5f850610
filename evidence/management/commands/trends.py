"""Say of each series in a CSV file whether it is rising or falling."""

from __future__ import annotations

import math
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from evidence.domain.comparators.trends import Trends, trends
from evidence.imports.series_table import SeriesTable, read_series
from evidence.imports.tables import BadTable
from evidence.management.json_output import write_json


class Command(BaseCommand):
    """Theil–Sen's slope and Mann and Kendall's test for every area and indicator of a file.

    Limits in columns lower and upper are checked and go no further: the test asks whether the values themselves rise,
    and their scatter already holds the sampling error that the limits describe. So they can turn no trend into
    “no clear change”, and neither can their absence.
    """

    help = "Print the trend of every series as JSON, from a CSV file with columns area, indicator, period, value."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "input", type=Path, metavar="INPUT.csv", help="Columns area, indicator, period, value[, lower, upper]."
        )
        parser.add_argument("--output", type=Path, help="Write the JSON to this file instead of printing it.")
        parser.add_argument(
            "--alpha", type=float, default=0.05, help="Level of the test; the interval holds 1 − alpha. Default: 0.05."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["alpha"] <= 0.5:
            raise CommandError("--alpha must be above 0 and at most 0.5.", returncode=2)
        try:
            table = read_series(options["input"])
        except BadTable as error:
            raise CommandError(str(error), returncode=2) from error
        found = trends(table.times, table.values, alpha=options["alpha"])
        write_json(_rows(table, found), options["output"], self.stdout)


def _rows(table: SeriesTable, found: Trends) -> list[dict[str, Any]]:
    numbers = np.column_stack([found.slope, found.low, found.high, found.tau, found.p]).tolist()
    names = ("slope", "slope_lower", "slope_upper", "tau", "p")
    return [
        {"area": area, "indicator": indicator}
        | {name: None if math.isnan(x) else x for name, x in zip(names, numbers[i], strict=True)}
        | {"state": found.direction(i).value, "periods": int(found.periods[i]), "reason": found.reason(i)}
        for i, (area, indicator) in enumerate(table.keys)
    ]
