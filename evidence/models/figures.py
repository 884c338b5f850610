"""Published figures: what is measured, where it comes from, and each value."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from evidence.enums import HigherIs, IndicatorRole, PillarCode


class DataRelease(models.Model):
    """A state of the figures: the data vintage that reports and documents name.

    Each load of other reference data, each import of a dataset and each roll back makes one. The newest is what the
    figures are now.
    """

    name = models.CharField(max_length=80)
    checksum = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the loaded files, or of the reference data and the datasets."
    )
    reference_name = models.CharField(max_length=80, blank=True)
    reference_checksum = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the reference files in it.")
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
    lowest = models.FloatField("lowest possible value", null=True, blank=True)
    highest = models.FloatField("highest possible value", null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty for an indicator of the reference data.",
    )

    class Meta:
        ordering = ["pillar", "label"]
        constraints = [
            models.CheckConstraint(
                name="indicator_range_in_order",
                condition=Q(lowest__isnull=True) | Q(highest__isnull=True) | Q(highest__gte=F("lowest")),
            )
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("evidence:indicator", args=[self.code])

    def impossible(self, value: float) -> str:
        """Why no place can have this value; blank where one can."""
        if self.lowest is not None and value < self.lowest:
            return f"{value:,g} is below {self.lowest:,g}, the lowest that “{self.label}” can be"
        if self.highest is not None and value > self.highest:
            return f"{value:,g} is above {self.highest:,g}, the highest that “{self.label}” can be"
        return ""


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


class CurrentObservations(models.Manager["Observation"]):
    """The figures that stand now. What they replaced is in `Observation.every_version`."""

    def get_queryset(self) -> models.QuerySet[Observation]:
        return super().get_queryset().filter(superseded_at__isnull=True)


class Observation(models.Model):
    """One value of an indicator for a place and period, with its published 95% interval where there is one.

    A value is never overwritten. The figures of a place and period form a line: reference data first, then datasets
    in the order of their import. Each points with `superseded_by` at the next, and the last, which has no
    `superseded_at`, is current. A figure that was withdrawn (its dataset rolled back, or gone from the reference data)
    has `superseded_at` and points at nothing: it has left the line and stays as a record.
    """

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
    dataset = models.ForeignKey(
        "evidence.Dataset",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="observations",
        help_text="Empty for reference data.",
    )
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="supersedes", editable=False
    )
    superseded_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CurrentObservations()
    every_version = models.Manager()

    class Meta:
        base_manager_name = "every_version"
        ordering = ["indicator", "place", "period_order"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "place", "period"],
                condition=Q(superseded_at__isnull=True),
                name="observation_once_a_period",
            ),
            models.CheckConstraint(
                name="observation_superseded_when",
                condition=Q(superseded_by__isnull=True) | Q(superseded_at__isnull=False),
            ),
            models.CheckConstraint(
                name="observation_interval_in_order",
                condition=Q(lower__isnull=True) | Q(upper__isnull=True) | Q(upper__gte=F("lower")),
            ),
        ]
        indexes = [models.Index(fields=["place", "indicator", "period_order"], name="observation_by_place")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.place_id} {self.period}: {self.value}"
