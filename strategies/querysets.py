"""Which strategies, and parts of them, a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from strategies.models import Document, Review, Strategy  # noqa: F401


class StrategyQuerySet(models.QuerySet["Strategy"]):
    """Strategies are seen by the people of their LEP."""

    def visible_to(self, user: Any) -> StrategyQuerySet:
        """Return the strategies of the LEPs that `user` belongs to (all for an administrator)."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(lep__memberships__user=user)


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents are seen by the people of their LEP, and by reviewers of the release that they hold."""

    def visible_to(self, user: Any) -> DocumentQuerySet:
        """Return the documents within `user`'s reach."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        reach = Q(strategy__lep__memberships__user=user)
        if user.is_reviewer:
            reach |= Q(release__reviews__isnull=False)
        return self.filter(reach).distinct()


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews are seen by reviewers (not of their own LEP) and by the people of the LEP."""

    def visible_to(self, user: Any) -> ReviewQuerySet:
        """Return the reviews within `user`'s reach."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser or user.is_reviewer:
            return self
        return self.filter(strategy__lep__memberships__user=user)
