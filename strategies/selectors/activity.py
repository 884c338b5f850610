"""What happened lately, in words."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from lisapp.audit.formatters import describe
from lisapp.audit.models import LogEntry


def latest_activity(entries: QuerySet[LogEntry], limit: int = 8) -> list[dict[str, Any]]:
    """Return the newest entries as sentence, subject, person and time."""
    return [
        {"text": describe(entry), "about": entry.target_label, "by": entry.by, "at": entry.at}
        for entry in entries.select_related("by")[:limit]
    ]
