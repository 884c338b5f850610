"""Describe an area's sector mix from a CSV file of values by area, industry and period."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence.domain.sectors import ShiftShare, sector_mix, shift_share
from evidence.imports.sector_table import SectorTable, read_sectors
from evidence.imports.tables import BadTable
from evidence.management.json_output import write_json

METHOD = {
    "location_quotients": "An industry's share of the area over its share of the reference, at the last period.",
    "krugman": "Sum over industries of the absolute difference between the two shares, from 0 to 2.",
    "hhi": "Sum of the squared shares of the area; normalised as (H − 1/N) / (1 − 1/N) over N industries.",
    "shift_share": "Classic shift–share between the two periods: national + mix + regional = change.",
    "reference": "The reference is taken to include the area.",
}


class Command(BaseCommand):
    """Location quotients, specialisation, concentration and shift–share of one area against a reference."""

    help = "Print the sector mix of an area as JSON, from a CSV file with columns area, industry, period, value."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", type=Path, metavar="INPUT.csv", help="Columns area, industry, period, value.")
        parser.add_argument("--area", required=True, help="The area's code in the file.")
        parser.add_argument("--reference", required=True, help="The code of the whole that it is part of.")
        parser.add_argument("--from", dest="start", default="", help="First period. Default: the oldest in the file.")
        parser.add_argument("--to", dest="end", default="", help="Last period. Default: the newest in the file.")
        parser.add_argument("--output", type=Path, help="Write the JSON to this file instead of printing it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            table = read_sectors(options["input"])
            start, end = self._periods(table, options)
            described = self._describe(table, options["area"], options["reference"], start, end)
        except BadTable as error:
            raise CommandError(str(error), returncode=2) from error
        write_json(described, options["output"], self.stdout)

    def _periods(self, table: SectorTable, options: dict[str, Any]) -> tuple[str, str]:
        """The first and the last period. They are the same when the file has only one."""
        periods = table.periods((options["area"], options["reference"]))
        start, end = options["start"], options["end"]
        if bool(start) != bool(end):
            raise CommandError("Give both --from and --to, or neither.", returncode=2)
        if not start:
            return periods[0], periods[-1]
        for option, period in (("--from", start), ("--to", end)):
            if period not in periods:
                known = (
                    f"no row of “{options['area']}” or “{options['reference']}” is of {period} ({option}); there are"
                )
                raise BadTable(table.file, f"{known} {', '.join(periods)}", column="period")
        if periods.index(start) >= periods.index(end):
            raise CommandError(f"--from {start} is not before --to {end}.", returncode=2)
        return start, end

    def _describe(self, table: SectorTable, area: str, reference: str, start: str, end: str) -> dict[str, Any]:
        values = table.industries(area, reference, (start, end))
        change: ShiftShare | None = None
        try:
            mix = sector_mix(values[area, end], values[reference, end])
            if start != end:
                change = shift_share(*(values[code, period] for code in (area, reference) for period in (start, end)))
        except ValueError as error:
            raise BadTable(table.file, str(error), column="value") from error
        return {
            "area": area,
            "reference": reference,
            "reference_includes_area": mix.reference_includes_area,
            "periods": {"from": start if change else None, "to": end},
            "location_quotients": dict(mix.location_quotients),
            "krugman": mix.krugman,
            "hhi": mix.hhi,
            "hhi_normalised": mix.hhi_normalised,
            "reason": mix.reason,
            "shift_share": asdict(change) if change else None,
            "method": METHOD,
        }
