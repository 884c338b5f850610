"""Load boundaries from a GeoJSON file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from evidence.imports.boundaries import BadBoundaries
from evidence.management.commands.load_commuting import refusal
from evidence.services.boundaries import TOLERANCE_M, load_boundaries


class Command(BaseCommand):
    """Store outlines for the maps, and which areas touch."""

    help = (
        "Load the boundaries of one kind of area from an ONS GeoJSON file in longitude and latitude. Loading the same "
        "vintage again replaces it. All or nothing: with a fault nothing changes and the command ends with 2."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The GeoJSON file, at most 200 MB.")
        parser.add_argument("--source", required=True, help="Who published the boundaries, with the copyright line.")
        parser.add_argument("--url", default="", help="Where they were published.")
        parser.add_argument("--licence", required=True, help="Such as “Open Government Licence v3.0”.")
        parser.add_argument("--vintage", required=True, help="Such as “December 2022, ultra generalised”.")
        parser.add_argument("--code-property", default="", help="The property with the ONS code, such as LAD22CD.")
        parser.add_argument(
            "--tolerance",
            type=float,
            default=TOLERANCE_M,
            help="How far a drawn line may stray, in metres (%(default)s).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_boundaries(
                path=options["file"],
                citation=options["source"],
                url=options["url"],
                licence=options["licence"],
                vintage=options["vintage"],
                code_property=options["code_property"],
                tolerance_m=options["tolerance"],
            )
        except BadBoundaries as error:
            raise CommandError(refusal(error.reasons), returncode=2) from error
        except ValidationError as error:
            raise CommandError(refusal(error.messages), returncode=2) from error
        self.stdout.write(
            f"{report.kind}: {report.areas:,} areas loaded, {report.corners_read:,} corners simplified to "
            f"{report.corners_kept:,}, {report.borders:,} borders found, {report.outside:,} areas outside England "
            f"left out, {report.replaced:,} earlier outlines replaced."
        )
