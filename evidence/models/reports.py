"""Comparator reports: a place beside places like it, and England."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils import timezone

from evidence.querysets import ComparatorReportQuerySet


class ComparatorReport(models.Model):
    """One comparison. `parameters` and `data_release` are enough to run it again; `result` is what came out.

    The result is frozen when the job ends, so its address always shows the same figures. The files are made from it; a
    format that could not be made says why in `problems`. Peers are accepted as the method chose them, or chosen by
    hand (then `parameters` holds them with the reason).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    lep = models.ForeignKey("places.LEP", on_delete=models.CASCADE, related_name="comparator_reports")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="comparator_reports")
    title = models.CharField(max_length=200)
    parameters = models.JSONField(default=dict)
    data_release = models.ForeignKey("evidence.DataRelease", on_delete=models.PROTECT, related_name="reports")
    job = models.ForeignKey("jobs.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    result = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    files_job = models.ForeignKey("jobs.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    docx = models.FileField(upload_to="reports/%Y/%m/", blank=True)
    pdf = models.FileField(upload_to="reports/%Y/%m/", blank=True)
    xlsx = models.FileField(upload_to="reports/%Y/%m/", blank=True)
    problems = models.JSONField(default=dict, blank=True, help_text="Format to the reason why it is missing.")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_reason = models.TextField(blank=True, help_text="Why these peers are the right ones.")

    objects = ComparatorReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evidence:report", args=[self.pk])

    @property
    def peers_by_hand(self) -> dict[str, object]:
        """The peers that people chose, as {"codes": […], "reason": "…"}; empty where the method chose them."""
        return dict(self.parameters.get("peers") or {})

    @property
    def is_ready(self) -> bool:
        """Whether the figures are there."""
        return self.finished_at is not None
