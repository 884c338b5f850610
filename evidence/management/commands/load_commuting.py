"""Load commuting figures from a CSV file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from evidence.imports.commuting import BadFlows
from evidence.services.commuting import load_commuting

SHOWN = 50  # faults printed


class Command(BaseCommand):
    """Store who lives in one area and works in another."""

    help = (
        "Load commuting from a CSV file with the columns origin, destination, period and commuters (ONS codes). "
        "All or nothing: with a fault nothing changes, the faults are listed and the command ends with 2."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The CSV file.")
        parser.add_argument("--source", required=True, help="Who published the figures, and in which table.")
        parser.add_argument("--url", default="", help="Where they were published.")
        parser.add_argument("--licence", required=True, help="Such as “Open Government Licence v3.0”.")
        parser.add_argument("--vintage", required=True, help="Which edition, and when it was collected.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_commuting(
                path=options["file"],
                citation=options["source"],
                url=options["url"],
                licence=options["licence"],
                vintage=options["vintage"],
            )
        except BadFlows as error:
            raise CommandError(refusal(error.reasons), returncode=2) from error
        except ValidationError as error:
            raise CommandError(refusal(error.messages), returncode=2) from error
        self.stdout.write(
            f"{', '.join(report.periods)}: {report.flows:,} flows loaded, {report.summed:,} between LEP areas summed, "
            f"{report.outside:,} rows outside England left out, {report.replaced:,} earlier flows replaced."
        )


def refusal(reasons: list[str]) -> str:
    """What a command says when it changes nothing."""
    lines = ["Nothing was loaded.", *reasons[:SHOWN]]
    if len(reasons) > SHOWN:
        lines.append(f"… and {len(reasons) - SHOWN:,} more.")
    return "\n".join(lines)
