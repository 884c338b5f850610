"""Responses, and what people have typed so far."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from consultations.enums import Channel, RespondentType


class ResponseDraft(models.Model):
    """Answers typed but not sent. The token is in the person's own cookie or link; it goes when they submit."""

    token = models.CharField(primary_key=True, max_length=64)
    consultation = models.ForeignKey("consultations.Consultation", on_delete=models.CASCADE, related_name="drafts")
    answers = models.JSONField(default=dict)
    about = models.JSONField(default=dict)
    submission_key = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return f"Draft response to {self.consultation}"


class Response(models.Model):
    """A response as it was sent. `submission_key` makes sending twice harmless."""

    consultation = models.ForeignKey("consultations.Consultation", on_delete=models.PROTECT, related_name="responses")
    reference = models.CharField(max_length=12, unique=True)
    receipt_token = models.CharField(max_length=64, unique=True)
    submission_key = models.UUIDField(unique=True)
    respondent_type = models.CharField(max_length=12, choices=RespondentType)
    organisation = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    may_publish_name = models.BooleanField(default=False)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.ONLINE)
    definition = models.JSONField(help_text="The questions as they were asked.")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the answers in canonical JSON.")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["consultation", "-received_at"], name="response_by_consultation")]

    def __str__(self) -> str:
        return self.reference


class Answer(models.Model):
    """One answer. `value` is text, or a list of the chosen options."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question_key = models.SlugField(max_length=40)
    value = models.JSONField()

    class Meta:
        ordering = ["response", "pk"]
        constraints = [models.UniqueConstraint(fields=["response", "question_key"], name="answer_once_per_question")]

    def __str__(self) -> str:
        return f"{self.question_key} of {self.response}"
