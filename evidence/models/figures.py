"""Published figures: what is measured, where it comes from, and each value."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from evidence.enums import HigherIs, IndicatorRole, PillarCode


class DataRelease(models.Model):
    """One load of the reference data: the data vintage that reports and documents name."""

    name = models.CharField(max_length=80)
    checksum = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the loaded files.")
    loaded_at = models.DateTimeField(auto_now_add=True)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-loaded_at", "-pk"]
        get_latest_by = ["loaded_at", "pk"]

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """Something measured for many places, such as GVA per hour worked."""

    code = models.SlugField(max_length=100, unique=True)
    label = models.CharField(max_length=200)
    pillar = models.CharField(max_length=30, choices=PillarCode)
    unit = models.CharField(max_length=60)
    decimals = models.PositiveSmallIntegerField(default=1, help_text="How many decimals to show.")
    definition = models.TextField()
    caveat = models.TextField(blank=True)
    role = models.CharField(max_length=12, choices=IndicatorRole)
    higher_is = models.CharField(max_length=8, choices=HigherIs, default=HigherIs.NEUTRAL)

    class Meta:
        ordering = ["pillar", "label"]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("evidence:indicator", args=[self.code])


class Source(models.Model):
    """Where values come from. An empty `derivation` means "as published"."""

    code = models.SlugField(max_length=100, unique=True)
    citation = models.TextField()
    url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=120)
    vintage = models.CharField(max_length=200, help_text="Which edition, and when it was collected.")
    derivation = models.TextField(blank=True, help_text="How the values were computed from published ones.")

    class Meta:
        ordering = ["citation", "code"]

    def __str__(self) -> str:
        return self.citation

    @property
    def is_derived(self) -> bool:
        """Whether the values were computed rather than published."""
        return bool(self.derivation)


class Observation(models.Model):
    """One value of an indicator for a place and period, with its published 95% interval where there is one."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="observations")
    place = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="observations")
    period = models.CharField(max_length=20)
    period_order = models.PositiveIntegerField(help_text="Sorts periods: year and month of the end, as yyyymm.")
    value = models.FloatField()
    lower = models.FloatField(null=True, blank=True)
    upper = models.FloatField(null=True, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="observations")
    geography_vintage = models.CharField(
        max_length=40, blank=True, help_text="Which boundaries. A change of boundaries is a break in the series."
    )

    class Meta:
        ordering = ["indicator", "place", "period_order"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "place", "period"], name="observation_once_a_period"),
            models.CheckConstraint(
                name="observation_interval_in_order",
                condition=Q(lower__isnull=True) | Q(upper__isnull=True) | Q(upper__gte=F("lower")),
            ),
        ]
        indexes = [models.Index(fields=["place", "indicator", "period_order"], name="observation_by_place")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.place_id} {self.period}: {self.value}"
