"""The audit log: what happened, to what, by whom. Rows are only ever added."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class LogEntryQuerySet(models.QuerySet["LogEntry"]):
    """Refuses what would rewrite history."""

    def update(self, **kwargs: Any) -> int:
        raise RuntimeError("The audit log is append-only: entries cannot be changed.")

    def delete(self) -> Any:
        raise RuntimeError("The audit log is append-only: entries cannot be deleted.")

    def about(self, target: models.Model) -> LogEntryQuerySet:
        """Return the entries about one object, newest first."""
        return self.filter(target_type=ContentType.objects.get_for_model(target), target_id=str(target.pk))


class LogEntry(models.Model):
    """One event. `event` is "app.thing.verb"; `data` holds what a reader needs to understand it later."""

    event = models.CharField(max_length=80)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="log_entries"
    )
    lep = models.ForeignKey("places.LEP", null=True, blank=True, on_delete=models.PROTECT, related_name="log_entries")
    target_type = models.ForeignKey(ContentType, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    target_id = models.CharField(max_length=64, blank=True)
    target_label = models.CharField(max_length=255, blank=True)
    data = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LogEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "log entries"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "-at"], name="log_by_target"),
            models.Index(fields=["lep", "-at"], name="log_by_lep"),
        ]

    def __str__(self) -> str:
        return f"{self.event} at {self.at:%d %B %Y %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise RuntimeError("The audit log is append-only: entries cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("The audit log is append-only: entries cannot be deleted.")
