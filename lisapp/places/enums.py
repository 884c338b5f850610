"""Kinds of place, and roles in a LEP."""

from django.db import models


class PlaceKind(models.TextChoices):
    """What a statistical geography is."""

    LEP = "lep", "Local Enterprise Partnership area"
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    COMBINED_AUTHORITY = "combined_authority", "Combined authority"
    REGION = "region", "Region"
    COUNTRY = "country", "Country"


class PlaceMembershipKind(models.TextChoices):
    """How an area belongs to another: LEPs overlapped, so an authority can belong to two."""

    PRIMARY = "primary", "Main area"
    OVERLAP = "overlap", "Also in another area"


class LEPKind(models.TextChoices):
    """What kind of body owns the strategies."""

    LEP = "lep", "Local Enterprise Partnership"
    COMBINED_AUTHORITY = "combined_authority", "Combined authority"


class Role(models.TextChoices):
    """What someone may do in a LEP."""

    VIEWER = "viewer", "Viewer: reads everything"
    OFFICER = "officer", "Officer: drafts"
    LEAD = "lead", "Lead: drafts, opens consultations and sends for review"


DRAFTING_ROLES = frozenset({Role.OFFICER, Role.LEAD})
