"""Kinds of evidence."""

from django.db import models


class PillarCode(models.TextChoices):
    """The five foundations of productivity, in the order that published strategies use."""

    IDEAS = "ideas", "Ideas"
    PEOPLE = "people", "People"
    INFRASTRUCTURE = "infrastructure", "Infrastructure"
    BUSINESS_ENVIRONMENT = "business-environment", "Business environment"
    PLACES = "places", "Places"


class IndicatorRole(models.TextChoices):
    """What an indicator is for. Only structural ones choose comparators: matching on outcomes would hide the gap."""

    STRUCTURAL = "structural", "Structural: what kind of place it is"
    DRIVER = "driver", "Driver: what policy can move"
    OUTCOME = "outcome", "Outcome: what policy is for"


class HigherIs(models.TextChoices):
    """Which direction is good."""

    BETTER = "better", "Higher is better"
    WORSE = "worse", "Lower is better"
    NEUTRAL = "neutral", "Neither is better"


class DatasetState(models.TextChoices):
    """Where an uploaded file is on its way to being figures."""

    CHECKING = "checking", "Being checked"
    NEEDS_CHOICES = "needs_choices", "Needs choices"
    REFUSED = "refused", "Refused"
    READY = "ready", "Ready to import"
    IMPORTING = "importing", "Being imported"
    IMPORTED = "imported", "Imported"
    ROLLED_BACK = "rolled_back", "Rolled back"


#: Nothing of it is among the figures, and its choices can still change.
OPEN_STATES = frozenset({DatasetState.NEEDS_CHOICES, DatasetState.REFUSED, DatasetState.READY})
