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


class EvidenceKind(models.TextChoices):
    """What an evidence item is. The first two are reference data, the others a LEP's own."""

    REVIEW = "review", "Review of evaluations"
    STUDY = "study", "Single study"
    SURVEY = "survey", "Survey"
    WORKSHOP = "workshop", "Note of a workshop or interviews"
    EVALUATION = "evaluation", "Evaluation of our own"
    DOCUMENT = "document", "Other document"


REFERENCE_KINDS = (EvidenceKind.REVIEW, EvidenceKind.STUDY)
LOCAL_KINDS = (EvidenceKind.SURVEY, EvidenceKind.WORKSHOP, EvidenceKind.EVALUATION, EvidenceKind.DOCUMENT)


class EffectDirection(models.TextChoices):
    """Which way the effect on the outcome points, as the source states it."""

    POSITIVE = "positive", "Positive"
    MIXED = "mixed", "Mixed"
    NONE_FOUND = "none", "No effect found"
    HARMFUL = "harmful", "Harmful"
    NOT_MEASURED = "not_measured", "Not measured"


class PolicyArea(models.TextChoices):
    """What a policy is about, as reviews of evaluations divide it."""

    ACCESS_TO_FINANCE = "access-to-finance", "Access to finance"
    APPRENTICESHIPS = "apprenticeships", "Apprenticeships"
    AREA_BASED = "area-based", "Area-based initiatives"
    BROADBAND = "broadband", "Broadband"
    BUSINESS_ADVICE = "business-advice", "Business advice"
    BUSINESS_SPACE = "business-space", "Accelerators and incubators"
    EMPLOYMENT_TRAINING = "employment-training", "Employment training"
    ESTATE_RENEWAL = "estate-renewal", "Estate renewal"
    INNOVATION = "innovation", "Innovation"
    PUBLIC_REALM = "public-realm", "Public realm"
    SPORTS_AND_CULTURE = "sports-and-culture", "Sports and culture"
    TRANSPORT = "transport", "Transport"
    OTHER = "other", "Something else"


class InterventionType(models.TextChoices):
    """What is done, whatever the policy is about: the rows of the gap map."""

    TRAINING = "training", "Training and apprenticeships"
    ADVICE = "advice", "Advice and mentoring"
    FINANCE = "finance", "Grants, loans and guarantees"
    TAX = "tax", "Tax reliefs"
    SPACE = "space", "Business space with support"
    INFRASTRUCTURE = "infrastructure", "Transport and digital networks"
    REGENERATION = "regeneration", "Buildings and public space"
    ZONE = "zone", "Packages for one area"
    EVENTS = "events", "Events and facilities"
    NETWORKS = "networks", "Networks and clusters"
    REGULATION = "regulation", "Planning and regulation"


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
