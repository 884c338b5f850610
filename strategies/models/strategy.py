"""A strategy and its written sections."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from strategies.enums import StrategyStatus
from strategies.querysets import StrategyQuerySet


class Strategy(models.Model):
    """A strategy that a LEP drafts under a framework, for one of its places."""

    lep = models.ForeignKey("places.LEP", on_delete=models.CASCADE, related_name="strategies", verbose_name="LEP")
    framework = models.ForeignKey("strategies.Framework", on_delete=models.PROTECT, related_name="strategies")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="strategies")
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True)
    vision = models.TextField(blank=True)
    horizon_year = models.PositiveSmallIntegerField(help_text="The year that the strategy looks to.")
    status = models.CharField(max_length=12, choices=StrategyStatus, default=StrategyStatus.DRAFTING)
    is_demonstration = models.BooleanField(default=False)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1)
    next_citation = models.PositiveIntegerField(default=1, editable=False, help_text="The number of the next citation.")

    objects = StrategyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "strategies"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("strategies:strategy", args=[self.slug])


class Section(models.Model):
    """One section of a strategy, in restricted Markdown."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="sections")
    template = models.ForeignKey("strategies.SectionTemplate", on_delete=models.PROTECT, related_name="+")
    body = models.TextField(blank=True)
    citations = models.ManyToManyField(
        "strategies.Citation", blank=True, related_name="sections", help_text="Those that the text marks."
    )
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["strategy", "template__order"]
        constraints = [models.UniqueConstraint(fields=["strategy", "template"], name="section_once_per_strategy")]

    def __str__(self) -> str:
        return self.template.title

    def get_absolute_url(self) -> str:
        return reverse("strategies:section_edit", args=[self.strategy.slug, self.template.key])


class SectionRevision(models.Model):
    """A section's text as it was saved. Rows are only ever added."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(help_text="The section's version after this save.")
    body = models.TextField(blank=True)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["section", "-number"]
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="section_revision_once")]

    def __str__(self) -> str:
        return f"{self.section}, revision {self.number}"
