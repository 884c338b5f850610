"""Compile the reference data from a folder of collected CSV files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence.imports.compile import compile_reference
from evidence.services.reference import REFERENCE


class Command(BaseCommand):
    """Write the compact reference folder that is committed with the project."""

    help = "Compile the reference data (places, indicators, sources, figures) from collected CSV files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", type=Path, required=True, help="The folder of collected CSV files.")
        parser.add_argument("--target", type=Path, default=REFERENCE, help="The folder to write.")
        parser.add_argument("--name", default="Reference data, November 2026", help="What reports call it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sizes = compile_reference(options["source"], options["target"], name=options["name"])
        except (FileNotFoundError, ValueError) as error:
            raise CommandError(str(error)) from error
        for file, size in sizes.items():
            self.stdout.write(f"{file}: {size:,} bytes")
        self.stdout.write(f"Total: {sum(sizes.values()):,} bytes")
