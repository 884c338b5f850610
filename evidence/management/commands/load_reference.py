"""Load the compiled reference data into the database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence.imports.reference_files import BadReference
from evidence.services.reference import REFERENCE, LoadReport, load_reference

SHOWN = 20  # refused rows printed; all of them are in the JSON


class Command(BaseCommand):
    """Bring places, indicators, sources, figures and reviews in line with the reference folder."""

    help = "Load the reference data. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--path", type=Path, default=REFERENCE, help="The compiled folder.")
        parser.add_argument("--json", action="store_true", help="Print the whole report as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_reference(path=options["path"])
        except BadReference as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), indent=1))
        else:
            self._print(report)

    def _print(self, report: LoadReport) -> None:
        state = "new" if report.new_release else "already known"
        self.stdout.write(f"{report.release} ({state}), {report.seconds:.1f} seconds")
        headings = ("created", "updated", "unchanged", "removed", "refused")
        self.stdout.write("".join(["rows".ljust(14), *(heading.rjust(11) for heading in headings)]))
        for kind, counts in report.kinds.items():
            numbers = (f"{getattr(counts, heading):,}".rjust(11) for heading in headings)
            self.stdout.write("".join([kind.ljust(14), *numbers]))
        for refusal in report.refusals[:SHOWN]:
            self.stdout.write(f"Refused: {refusal.kind}, {refusal.row}: {refusal.reason}")
        if len(report.refusals) > SHOWN:
            self.stdout.write(f"… and {len(report.refusals) - SHOWN:,} more; --json lists them all.")
