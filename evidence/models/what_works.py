"""What evaluations found, topic by topic."""

from __future__ import annotations

from django.db import models

from evidence.enums import PillarCode


class WhatWorksReview(models.Model):
    """A review of evaluations on one kind of policy, with its counts. Always shown with the number of studies."""

    slug = models.SlugField(max_length=60, unique=True)
    topic = models.CharField(max_length=120)
    pillar = models.CharField(max_length=30, choices=PillarCode)
    outcome = models.CharField(max_length=80, help_text="The outcome that the counts are about.")
    studies_screened = models.PositiveIntegerField()
    studies_counted = models.PositiveIntegerField(help_text="Studies at Maryland level 3 or above.")
    studies_on_outcome = models.PositiveIntegerField()
    studies_positive = models.PositiveIntegerField()
    finding = models.TextField()
    caution = models.TextField(blank=True)
    source_name = models.CharField(max_length=200)
    source_url = models.URLField(max_length=500)
    source_date = models.CharField(max_length=40)

    class Meta:
        ordering = ["pillar", "topic"]

    def __str__(self) -> str:
        return self.topic
