"""Which places and LEPs a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from lisapp.places.enums import PlaceKind

if TYPE_CHECKING:
    from lisapp.places.models import LEP, Place  # noqa: F401


class PlaceQuerySet(models.QuerySet["Place"]):
    """Places are public."""

    def comparable(self) -> PlaceQuerySet:
        """Areas that a comparator report can be about: LEP areas and local authorities."""
        return self.filter(kind__in=[PlaceKind.LEP, PlaceKind.LOCAL_AUTHORITY])


class LEPQuerySet(models.QuerySet["LEP"]):
    """LEPs are seen by their members and by administrators."""

    def visible_to(self, user: Any) -> LEPQuerySet:
        """Return the LEPs that `user` belongs to (all of them for an administrator, none for a visitor)."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(memberships__user=user)
