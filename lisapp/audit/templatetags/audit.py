"""`{% history object %}`: what happened to an object, newest first."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import models

from lisapp.audit.formatters import describe
from lisapp.audit.models import LogEntry

register = template.Library()


@register.inclusion_tag("components/history.html")
def history(target: models.Model, limit: int = 20) -> dict[str, Any]:
    """List the latest `limit` events about `target` in words."""
    entries = list(LogEntry.objects.about(target).select_related("by")[: limit + 1])
    return {
        "entries": [{"text": describe(entry), "by": entry.by, "at": entry.at} for entry in entries[:limit]],
        "more": len(entries) > limit,
        "limit": limit,
    }
