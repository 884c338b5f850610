"""Frozen versions of a strategy: what a consultation, a review or a document is about."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class Release(models.Model):
    """A strategy frozen whole. `content` holds everything that a reader, a document or a check needs.

    Rows are only ever added. `content_hash` is the SHA-256 of the content in canonical JSON.
    """

    strategy = models.ForeignKey("strategies.Strategy", on_delete=models.CASCADE, related_name="releases")
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    content_hash = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["strategy", "-number"]
        constraints = [models.UniqueConstraint(fields=["strategy", "number"], name="release_number_once")]

    def __str__(self) -> str:
        return f"{self.strategy}, version {self.number}"
