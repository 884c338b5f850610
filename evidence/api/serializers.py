"""How figures, places and reviews look in the API."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers

from evidence.models import EvidenceItem, Indicator, Observation, Source
from lisapp.places.models import Place


class PlaceSerializer(serializers.ModelSerializer[Place]):
    """A statistical area."""

    class Meta:
        model = Place
        fields: ClassVar[list[str]] = [
            "code",
            "name",
            "kind",
            "region",
            "longitude",
            "latitude",
            "area_km2",
            "valid_from",
            "valid_to",
        ]


class IndicatorSerializer(serializers.ModelSerializer[Indicator]):
    """What is measured."""

    class Meta:
        model = Indicator
        fields: ClassVar[list[str]] = [
            "code",
            "label",
            "pillar",
            "unit",
            "decimals",
            "definition",
            "caveat",
            "role",
            "higher_is",
        ]


class SourceSerializer(serializers.ModelSerializer[Source]):
    """Where a value comes from. An empty derivation means as published."""

    class Meta:
        model = Source
        fields: ClassVar[list[str]] = ["code", "citation", "url", "licence", "vintage", "derivation"]


class ObservationSerializer(serializers.ModelSerializer[Observation]):
    """One value, with its published 95% interval where there is one."""

    indicator = serializers.CharField(source="indicator.code", read_only=True)
    place = serializers.CharField(source="place.code", read_only=True)
    source = SourceSerializer(read_only=True)  # type: ignore[assignment]  # a field of that name, not DRF's attribute

    class Meta:
        model = Observation
        fields: ClassVar[list[str]] = [
            "indicator",
            "place",
            "period",
            "value",
            "lower",
            "upper",
            "geography_vintage",
            "source",
        ]


class EvidenceItemSerializer(serializers.ModelSerializer[EvidenceItem]):
    """A review of evaluations: counts of studies, never a percentage."""

    class Meta:
        model = EvidenceItem
        fields: ClassVar[list[str]] = [
            "slug",
            "kind",
            "title",
            "policy_area",
            "pillar",
            "intervention_type",
            "outcome",
            "effect_direction",
            "effect_size",
            "effect_interval",
            "studies_screened",
            "studies_counted",
            "counted_from_level",
            "studies_on_outcome",
            "studies_positive",
            "studies_mixed",
            "studies_none",
            "studies_harmful",
            "maryland_best",
            "maryland_levels",
            "uk_studies",
            "newest_year",
            "cost",
            "transferability",
            "finding",
            "caution",
            "source_name",
            "source_url",
            "source_date",
        ]
