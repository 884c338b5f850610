"""Choices of a consultation's parts."""

from django.db import models


class ConsultationStatus(models.TextChoices):
    """Whether the definition can still change. Open and closed follow from the dates, on the server's clock."""

    DRAFT = "draft", "Being prepared"
    PUBLISHED = "published", "Published"


class QuestionType(models.TextChoices):
    """Kinds of answer."""

    SHORT_TEXT = "short_text", "Short text"
    LONG_TEXT = "long_text", "Long text"
    SINGLE = "single", "One choice"
    MULTIPLE = "multiple", "Several choices"
    SCALE = "scale", "Agreement, from strongly agree to strongly disagree"


CHOICE_TYPES = frozenset({QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.SCALE})


class RespondentType(models.TextChoices):
    """Who answers."""

    RESIDENT = "resident", "A resident"
    BUSINESS = "business", "A business"
    COUNCIL = "council", "A council or other public body"
    UNIVERSITY = "university", "A university or college"
    VOLUNTARY = "voluntary", "A voluntary or community organisation"
    OTHER = "other", "Someone else"


class Channel(models.TextChoices):
    """How a response reached us."""

    ONLINE = "online", "Online"
    PAPER = "paper", "On paper"
    EVENT = "event", "At an event"
