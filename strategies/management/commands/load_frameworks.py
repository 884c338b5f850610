"""Load the frameworks that strategies are written under."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from strategies.services.frameworks import REFERENCE, BadFrameworks, counted, load_frameworks


class Command(BaseCommand):
    """Brings frameworks, pillars, principles, criteria, checks and section templates in line with the file."""

    help = "Load the frameworks. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--path", type=Path, default=REFERENCE, help="The file of frameworks.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_frameworks(path=options["path"])
        except BadFrameworks as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if options["verbosity"]:
            for line in counted(report):
                self.stdout.write(line)
