"""Which consultations a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from consultations.enums import ConsultationStatus

if TYPE_CHECKING:
    from consultations.models import Consultation  # noqa: F401


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Published ones are public; the others are their LEP's."""

    def visible_to(self, user: Any) -> ConsultationQuerySet:
        """Return the consultations that `user` works on: those of their LEPs (all for an administrator)."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(strategy__lep__memberships__user=user)

    def public(self) -> ConsultationQuerySet:
        """Return what anybody may see."""
        return self.filter(status=ConsultationStatus.PUBLISHED)

    def open_now(self) -> ConsultationQuerySet:
        """Return those that take answers at this moment."""
        now = timezone.now()
        return self.public().filter(opens_at__lte=now, closes_at__gt=now)
