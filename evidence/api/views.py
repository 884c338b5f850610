"""Open data, read-only: anyone may read it, within the limits on how often."""

from __future__ import annotations

from typing import Any, ClassVar

from django_filters import rest_framework as filters
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle
from rest_framework.viewsets import ReadOnlyModelViewSet

from evidence.api import serializers
from evidence.models import EvidenceItem, Indicator, Observation
from lisapp.places.models import Place


class ObservationFilter(filters.FilterSet):
    """Values of an indicator, of a place, of a period."""

    indicator = filters.CharFilter(field_name="indicator__code", label="Code of the indicator")
    place = filters.CharFilter(field_name="place__code", label="ONS code of the place")
    period = filters.CharFilter(field_name="period", label="Period, such as 2023 or 2022/23")

    class Meta:
        model = Observation
        fields: ClassVar[list[str]] = ["indicator", "place", "period"]


class OpenData(ReadOnlyModelViewSet[Any]):
    """What the viewsets share."""

    permission_classes = [AllowAny]
    throttle_classes = [AnonRateThrottle, UserRateThrottle]


class PlaceViewSet(OpenData):
    """LEP areas, local authorities, combined authorities, regions and England, by ONS code."""

    queryset = Place.objects.all()
    serializer_class = serializers.PlaceSerializer
    lookup_field = "code"
    filterset_fields: ClassVar[list[str]] = ["kind", "region"]


class IndicatorViewSet(OpenData):
    """What is measured, with definitions, units and roles."""

    queryset = Indicator.objects.all()
    serializer_class = serializers.IndicatorSerializer
    lookup_field = "code"
    filterset_fields: ClassVar[list[str]] = ["pillar", "role"]


class ObservationViewSet(OpenData):
    """Published and derived values, each with its source, period and boundaries."""

    queryset = Observation.objects.select_related("indicator", "place", "source").order_by(
        "indicator_id", "place_id", "period_order"
    )
    serializer_class = serializers.ObservationSerializer
    filterset_class = ObservationFilter


class EvidenceItemViewSet(OpenData):
    """Reviews of evaluations with the number of studies behind each."""

    queryset = EvidenceItem.objects.reference()
    serializer_class = serializers.EvidenceItemSerializer
    lookup_field = "slug"
    filterset_fields: ClassVar[list[str]] = ["pillar", "kind", "policy_area", "intervention_type"]


def register(router: SimpleRouter) -> None:
    """Add the evidence to the router of the API."""
    router.register("places", PlaceViewSet, basename="place")
    router.register("indicators", IndicatorViewSet, basename="indicator")
    router.register("observations", ObservationViewSet, basename="observation")
    router.register("what-works", EvidenceItemViewSet, basename="what-works")
