"""Which reports a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from evidence.models import ComparatorReport  # noqa: F401


class ComparatorReportQuerySet(models.QuerySet["ComparatorReport"]):
    """Reports belong to a LEP and are seen by its people."""

    def visible_to(self, user: Any) -> ComparatorReportQuerySet:
        """Return the reports of the LEPs that `user` belongs to (all for an administrator)."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(lep__memberships__user=user)

    def ready(self) -> ComparatorReportQuerySet:
        """Return the reports whose work has finished."""
        return self.filter(finished_at__isnull=False)
