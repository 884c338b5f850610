"""Everything that must stand before the site can start, in one process."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Migrates, and loads the reference data and the frameworks. A second run changes nothing."""

    help = "Migrate the database, load the reference data and the frameworks, and with --demo the demonstration."
    requires_system_checks = []  # `make check` runs them; here they would cost a third of every start

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="Also load the demonstration (not in production).")

    def handle(self, *args: Any, **options: Any) -> None:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write("The database is up to date.")
        call_command("load_reference")
        call_command("load_frameworks")
        if options["demo"]:
            call_command("load_demo")
