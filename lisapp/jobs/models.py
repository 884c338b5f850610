"""Long work. The row is the truth and the queue; Celery carries only its id."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from lisapp.jobs.enums import ACTIVE_STATES, RETRYABLE_STATES, JobState


class JobQuerySet(models.QuerySet["Job"]):
    """Which jobs a person sees."""

    def visible_to(self, user: Any) -> JobQuerySet:
        """Return the jobs that `user` asked for or that belong to a LEP of theirs (all for an administrator)."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(Q(requested_by=user) | Q(lep__memberships__user=user)).distinct()

    def active(self) -> JobQuerySet:
        """Return the jobs that are waiting or running."""
        return self.filter(state__in=ACTIVE_STATES)


class Job(models.Model):
    """A piece of long work: what to do, how far it is, what came of it.

    A worker claims the row by setting a lease that it must renew. A lease that runs out means that the worker died:
    the sweeper then offers the job again, until `attempts` reaches `max_attempts`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, help_text="The task, such as evidence.generate_comparator_report.")
    title = models.CharField(max_length=200)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    lep = models.ForeignKey("places.LEP", null=True, blank=True, on_delete=models.CASCADE, related_name="jobs")
    dedupe_key = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="job_by_lease"),
            models.Index(fields=["state", "sent_at"], name="job_by_sent"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe_key"],
                condition=~Q(dedupe_key="") & Q(state__in=["queued", "running"]),
                name="job_once_while_active",
            ),
            models.CheckConstraint(name="job_percent_0_100", condition=Q(percent__lte=100)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobs:detail", args=[self.pk])

    @property
    def is_active(self) -> bool:
        """Whether it is waiting or running."""
        return self.state in ACTIVE_STATES

    @property
    def can_retry(self) -> bool:
        """Whether it ended without a result and can be asked for again."""
        return self.state in RETRYABLE_STATES
