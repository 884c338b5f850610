"""What evaluations found, and what a LEP learnt of its own."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from evidence.enums import (
    LOCAL_KINDS,
    REFERENCE_KINDS,
    EffectDirection,
    EvidenceKind,
    InterventionType,
    PillarCode,
    PolicyArea,
)
from evidence.querysets import EvidenceItemQuerySet

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
MARYLAND = [MinValueValidator(1), MaxValueValidator(5)]


def _count(help_text: str = "") -> Any:
    """A number of studies; None where the source does not state it, which is not 0."""
    return models.PositiveIntegerField(null=True, blank=True, help_text=help_text)


class EvidenceItem(models.Model):
    """A review of evaluations, a single study, or something of a LEP's own: a survey, a workshop, a file.

    Reviews and studies are reference data and belong to nobody; the rest belongs to a LEP and is private to it until
    shared. A number that the source does not state is None and a text is blank: pages say "not stated", never 0.
    """

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=12, choices=EvidenceKind)
    lep = models.ForeignKey(
        "places.LEP", null=True, blank=True, on_delete=models.CASCADE, related_name="evidence_items"
    )
    is_shared = models.BooleanField(default=False, help_text="Whether people of other LEPs see it.")
    title = models.CharField(max_length=200)
    policy_area = models.CharField(max_length=30, choices=PolicyArea, default=PolicyArea.OTHER)
    pillar = models.CharField(max_length=30, choices=PillarCode)
    intervention_type = models.CharField(max_length=20, choices=InterventionType, blank=True)
    outcome = models.CharField(max_length=80, blank=True, help_text="The outcome that the counts are about.")

    effect_direction = models.CharField(
        max_length=12, choices=EffectDirection, blank=True, help_text="As the source states it. Blank: by the counts."
    )
    effect_size = models.CharField(max_length=200, blank=True)
    effect_interval = models.CharField(max_length=100, blank=True)
    study_set = models.SlugField(
        max_length=60, blank=True, db_index=False, help_text="Items of the same set count the same studies."
    )
    studies_screened = _count()
    studies_counted = _count("Studies that the source accepted, from the level named beside it.")
    counted_from_level = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=MARYLAND, help_text="The lowest Maryland level that was accepted."
    )
    studies_on_outcome = _count("Of those, how many looked at the outcome.")
    studies_positive = _count()
    studies_mixed = _count()
    studies_none = _count("Of those on the outcome, how many found no effect.")
    studies_harmful = _count()
    maryland_best = models.PositiveSmallIntegerField(null=True, blank=True, validators=MARYLAND)
    maryland_levels = models.CharField(max_length=100, blank=True, help_text="The levels found, in words.")
    uk_studies = _count("Of the studies counted, how many are from the United Kingdom.")
    newest_year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Year of the newest study.")
    cost = models.CharField(max_length=300, blank=True)
    transferability = models.CharField(max_length=300, blank=True)

    finding = models.TextField()
    caution = models.TextField(blank=True)
    source_name = models.CharField(max_length=200)
    source_url = models.URLField(max_length=500, blank=True)
    source_date = models.CharField(max_length=40, blank=True)

    file = models.FileField(upload_to="evidence/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=150, blank=True)
    version = models.PositiveIntegerField(default=1)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EvidenceItemQuerySet.as_manager()

    class Meta:
        ordering = ["pillar", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_item_local_has_lep",
                condition=Q(kind__in=REFERENCE_KINDS, lep__isnull=True, is_shared=False)
                | Q(kind__in=LOCAL_KINDS, lep__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_item_counts_nest",
                condition=Q(studies_on_outcome__lte=F("studies_counted"))
                & Q(studies_positive__lte=F("studies_on_outcome"))
                & Q(uk_studies__lte=F("studies_counted")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evidence:item", args=[self.slug])

    @property
    def is_local(self) -> bool:
        """Whether it belongs to a LEP."""
        return self.lep_id is not None

    @property
    def source_year(self) -> int | None:
        """The year in the source's date, where it names one."""
        years = YEAR.findall(self.source_date)
        return int(years[-1]) if years else None
