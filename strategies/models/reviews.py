"""Principles: what officers claim, and what reviewers judge."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from strategies.enums import ReviewStatus, Verdict
from strategies.querysets import ReviewQuerySet


class Claim(models.Model):
    """What the officers say about how the strategy meets a principle."""

    strategy = models.ForeignKey("strategies.Strategy", on_delete=models.CASCADE, related_name="claims")
    principle = models.ForeignKey("strategies.Principle", on_delete=models.PROTECT, related_name="claims")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["strategy", "principle__number"]
        constraints = [models.UniqueConstraint(fields=["strategy", "principle"], name="claim_once_per_principle")]

    def __str__(self) -> str:
        return f"Claim on principle {self.principle.number}"


class Review(models.Model):
    """A review of one release against the principles. The release's content holds the claims and findings frozen."""

    strategy = models.ForeignKey("strategies.Strategy", on_delete=models.CASCADE, related_name="reviews")
    release = models.ForeignKey("strategies.Release", on_delete=models.PROTECT, related_name="reviews")
    status = models.CharField(max_length=12, choices=ReviewStatus, default=ReviewStatus.REQUESTED)
    note = models.TextField("note to the reviewer", blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    due = models.DateField(null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews"
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    summary = models.TextField(blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "principle review"
        ordering = ["due", "requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy"],
                condition=Q(status__in=["requested", "in_progress"]),
                name="one_open_review_per_strategy",
            )
        ]

    def __str__(self) -> str:
        return f"Review of {self.release}"

    def get_absolute_url(self) -> str:
        return reverse("strategies:principles", args=[self.strategy.slug])


class Judgement(models.Model):
    """A reviewer's decision on one principle, with the reason."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="judgements")
    principle = models.ForeignKey("strategies.Principle", on_delete=models.PROTECT, related_name="judgements")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["review", "principle__number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "principle"], name="judgement_once_per_principle"),
            models.CheckConstraint(name="judgement_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.principle}: {self.get_verdict_display()}"
