"""Errors that services raise and pages explain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """The person may see the thing, but not do this to it. The message is the reason, in plain English."""


class InvalidTransition(Exception):
    """The thing's state does not allow the step. The message is the reason, in plain English."""


class StaleEdit(Exception):
    """Somebody else saved first.

    `theirs` maps field names to the stored text, `version` is the stored version, `by` and `at` say who saved it
    and when (None where not known).
    """

    def __init__(
        self, *, theirs: dict[str, Any], version: int, by: str | None = None, at: datetime | None = None
    ) -> None:
        super().__init__("Somebody else saved this while you were editing it.")
        self.theirs = theirs
        self.version = version
        self.by = by
        self.at = at
