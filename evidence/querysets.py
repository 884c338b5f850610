"""Which reports and evidence items a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from evidence.models import ComparatorReport, EvidenceItem  # noqa: F401


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


class EvidenceItemQuerySet(models.QuerySet["EvidenceItem"]):
    """Reviews and studies are everybody's. A LEP's own items are seen by its people, and by all once shared."""

    def visible_to(self, user: Any) -> EvidenceItemQuerySet:
        """Return what `user` sees: reference items, shared items, and those of the own LEPs (all for an administrator).

        A visitor who has not signed in sees the reference items only.
        """
        if not user.is_authenticated:
            return self.reference()
        if user.is_superuser:
            return self
        own = user.memberships.values("lep")
        return self.filter(models.Q(lep=None) | models.Q(is_shared=True) | models.Q(lep__in=own))

    def reference(self) -> EvidenceItemQuerySet:
        """Return the reviews and studies of the reference data."""
        return self.filter(lep=None)
