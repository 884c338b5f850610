"""A consultation on a frozen version of a strategy."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from consultations.enums import ConsultationStatus, QuestionType
from consultations.querysets import ConsultationQuerySet


class Consultation(models.Model):
    """Questions to the public about one release of a strategy.

    Publishing freezes the questions into `definition`, which every response copies. Whether it is open follows from
    the dates, on the server's clock.
    """

    strategy = models.ForeignKey("strategies.Strategy", on_delete=models.PROTECT, related_name="consultations")
    release = models.ForeignKey("strategies.Release", on_delete=models.PROTECT, related_name="consultations")
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True)
    summary = models.TextField(help_text="What it is about and why people should answer, in plain English.")
    status = models.CharField(max_length=10, choices=ConsultationStatus, default=ConsultationStatus.DRAFT)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    contact_email = models.EmailField()
    privacy_notice = models.TextField()
    definition = models.JSONField(default=dict, blank=True)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_at"]
        constraints = [
            models.CheckConstraint(name="consultation_closes_after_opening", condition=Q(closes_at__gt=F("opens_at")))
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consultations:public", args=[self.slug])

    @property
    def is_open(self) -> bool:
        """Whether it takes answers at this moment."""
        now = timezone.now()
        return self.status == ConsultationStatus.PUBLISHED and self.opens_at <= now < self.closes_at

    @property
    def is_closed(self) -> bool:
        """Whether its closing time has passed."""
        return timezone.now() >= self.closes_at


class Question(models.Model):
    """One question of a consultation, while it is being prepared."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=12, choices=QuestionType)
    text = models.CharField(max_length=300)
    help_text = models.CharField(max_length=300, blank=True)
    options = models.JSONField(default=list, blank=True, help_text="The choices, where there are any.")
    required = models.BooleanField(default=False)
    max_words = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["consultation", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["consultation", "key"], name="question_key_once")]

    def __str__(self) -> str:
        return self.text
