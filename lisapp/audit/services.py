"""The one way to write to the audit log."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from lisapp.audit.models import LogEntry


def log(
    event: str,
    *,
    target: models.Model | None = None,
    by: Any = None,
    lep: Any = None,
    data: dict[str, Any] | None = None,
) -> LogEntry:
    """Record that `event` ("app.thing.verb") happened to `target`, done by `by` (None: the public or the system).

    Call it inside the service's transaction, so that the entry stands or falls with the change.
    """
    entry = LogEntry(
        event=event,
        by=by if by is not None and by.is_authenticated else None,
        lep=lep,
        target_type=ContentType.objects.get_for_model(target) if target is not None else None,
        target_id=str(target.pk) if target is not None else "",
        target_label=str(target)[:255] if target is not None else "",
        data=data or {},
    )
    entry.save()
    return entry
