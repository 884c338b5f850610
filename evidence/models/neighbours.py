"""What lies next to a place and who travels between places; boundaries that the operator loaded.

Neighbours are never comparators: a comparator is alike, a neighbour is near.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Contiguity(models.Model):
    """Two areas of one kind whose boundaries share a line. Each pair is stored once, the lower key first."""

    place = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="borders_after")
    neighbour = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="borders_before")
    border_km = models.FloatField(
        null=True, blank=True, help_text="Length of the shared line in kilometres, on the boundaries used."
    )
    boundaries = models.CharField(max_length=80, help_text="Which edition of the boundaries says so.")
    source = models.ForeignKey("evidence.Source", on_delete=models.PROTECT, related_name="borders")

    class Meta:
        verbose_name_plural = "contiguities"
        ordering = ["place", "neighbour", "boundaries"]
        constraints = [
            models.UniqueConstraint(fields=["place", "neighbour", "boundaries"], name="contiguity_once_an_edition"),
            models.CheckConstraint(name="contiguity_lower_key_first", condition=Q(place__lt=F("neighbour"))),
            models.CheckConstraint(
                name="contiguity_border_not_negative", condition=Q(border_km__isnull=True) | Q(border_km__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} borders {self.neighbour}"


class CommutingFlow(models.Model):
    """How many people live in one area and work in another; where both are the same, who live and work there."""

    origin = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="flows_out")
    destination = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="flows_in")
    period = models.CharField(max_length=20)
    commuters = models.PositiveIntegerField()
    source = models.ForeignKey("evidence.Source", on_delete=models.PROTECT, related_name="flows")

    class Meta:
        ordering = ["period", "origin", "destination"]
        constraints = [
            models.UniqueConstraint(fields=["origin", "destination", "period"], name="commuting_flow_once_a_period"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} to {self.destination}, {self.period}: {self.commuters:,}"


class PlaceBoundary(models.Model):
    """The simplified outline of a place in one edition, in degrees (WGS84).

    `polygons` is a list of polygons, each a list of closed rings (the outline, then its holes), each a list of
    [longitude, latitude] pairs.
    """

    place = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="boundaries")
    polygons = models.JSONField()
    vintage = models.CharField(max_length=80)
    source = models.ForeignKey("evidence.Source", on_delete=models.PROTECT, related_name="boundaries")

    class Meta:
        verbose_name_plural = "place boundaries"
        ordering = ["vintage", "place"]
        constraints = [
            models.UniqueConstraint(fields=["place", "vintage"], name="place_boundary_once_an_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.vintage}"
