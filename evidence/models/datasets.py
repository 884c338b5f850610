"""Files of figures that analysts bring in."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils import timezone

from evidence.enums import OPEN_STATES, DatasetState


def stored_as(dataset: Dataset, name: str) -> str:
    """Where a file is stored: under the dataset's own key, never under the name that somebody gave it."""
    return f"datasets/{dataset.pk}/file"


def refusals_as(dataset: Dataset, name: str) -> str:
    """Where the list of all refused rows is stored."""
    return f"datasets/{dataset.pk}/refused.csv"


class Dataset(models.Model):
    """One file of figures: what it is, who brought it when, what was found in it, and whether it counts.

    `mapping` says how the file is read (see `evidence.imports.mapping`). `findings` is what the last check found:
    counts, the first rows as understood, the first refusals and what can be chosen. `refusals` holds every refused
    row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    source = models.OneToOneField("evidence.Source", on_delete=models.PROTECT, related_name="dataset")
    file = models.FileField(upload_to=stored_as)
    file_name = models.CharField(max_length=200, help_text="As it was called where it came from.")
    sha256 = models.CharField("SHA-256", max_length=64)
    bytes = models.PositiveBigIntegerField()
    mapping = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=14, choices=DatasetState, default=DatasetState.CHECKING)
    findings = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    refusals = models.FileField(upload_to=refusals_as, blank=True)
    correction_reason = models.TextField(blank=True, help_text="Why figures that stand already are superseded.")
    job = models.ForeignKey("jobs.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty where a command brought it in.",
    )
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    imported_at = models.DateTimeField(null=True, blank=True)
    rolled_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rolled_back_at = models.DateTimeField(null=True, blank=True)
    rolled_back_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evidence:dataset", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether its choices can change and it could be imported."""
        return self.state in OPEN_STATES

    @property
    def is_stopped(self) -> bool:
        """Whether work on it was started and ended without a result. Nothing of it is stored then."""
        working = self.state in {DatasetState.CHECKING, DatasetState.IMPORTING}
        return working and not (self.job and self.job.is_active)

    @property
    def shape(self) -> str:
        """The shape of its tables: tidy or nomis; blank before it has been read."""
        return str(self.mapping.get("shape") or self.findings.get("shape") or "")

    @property
    def counts(self) -> dict[str, Any]:
        """How many figures are new, the same as stored, superseding, suppressed and so on."""
        return dict(self.findings.get("counts", {}))
