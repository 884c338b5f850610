"""Generated documents."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from strategies.querysets import DocumentQuerySet


class Document(models.Model):
    """The draft document of one release, as files in private storage. A format that could not be made says why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    strategy = models.ForeignKey("strategies.Strategy", on_delete=models.CASCADE, related_name="documents")
    release = models.ForeignKey("strategies.Release", on_delete=models.PROTECT, related_name="documents")
    job = models.ForeignKey("jobs.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    docx = models.FileField(upload_to="documents/%Y/%m/", blank=True)
    pdf = models.FileField(upload_to="documents/%Y/%m/", blank=True)
    problems = models.JSONField(default=dict, blank=True, help_text="Format to the reason why it is missing.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Draft document of {self.release}"

    def get_absolute_url(self) -> str:
        return reverse("strategies:document", args=[self.strategy.slug, self.pk])
