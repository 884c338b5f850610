"""Load the demonstration, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lisapp.demonstration import load


class Command(BaseCommand):
    """Loads the demonstration where it is missing, and writes its sign-ins to a file in the data folder."""

    help = "Load the demonstration content and accounts, if they are not there. Never on a production site."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ALLOW_DEMONSTRATION:
            raise CommandError("Demonstration accounts are not for a production site.")
        file = settings.VAR_DIR / "demo_sign_ins.txt"
        try:
            if not load.is_loaded():
                sign_ins = load.load_demonstration()
            elif not file.exists():
                sign_ins = load.renew_passwords()
            else:
                if options["verbosity"]:
                    self.stdout.write("The demonstration is there already.")
                return
        except load.NotLoaded as error:
            raise CommandError(str(error)) from error
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text("".join(f"{role:<14}{text}\n" for role, text in sign_ins.items()), encoding="utf-8")
        if options["verbosity"]:
            self.stdout.write(f"The demonstration is ready. Its sign-ins are in {file}.")
