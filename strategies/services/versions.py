"""Saving over a stored version, and saying what stands there when somebody else was first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F

from lisapp.errors import StaleEdit

WHO_AND_WHEN = ("updated_by", "updated_at")


def save_version(item: models.Model, *, expected_version: int, changes: dict[str, Any]) -> None:
    """Write `changes` if the stored version is still `expected_version`, and count the version up.

    One conditional UPDATE decides, so of two people who save at once one is told. `item` is reloaded either way.
    Raises StaleEdit carrying the stored values of the changed fields.
    """
    manager: Any = type(item)._default_manager
    saved = manager.filter(pk=item.pk, version=expected_version).update(version=F("version") + 1, **changes)
    item.refresh_from_db()
    if not saved:
        raise stale_edit(item, changes)


def stale_edit(item: models.Model, names: Iterable[str]) -> StaleEdit:
    """Return the refusal of a save over `item`: what stands in the named fields, who saved it and when."""
    stored: Any = item
    by = getattr(item, "updated_by", None)
    return StaleEdit(
        theirs={name: getattr(item, name) for name in names if name not in WHO_AND_WHEN},
        version=stored.version,
        by=str(by) if by else None,
        at=getattr(item, "updated_at", None),
    )
