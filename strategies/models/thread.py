"""The thread: evidence → diagnosis → objective → intervention → outcome → evaluation."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from lisapp.design.marks import source_mark
from strategies.enums import CitationKind, Failure, InterventionReach, MarylandLevel, Side


class Citation(models.Model):
    """Evidence that a strategy uses.

    A cited figure is copied into `figure` when it is cited (label, place, value, unit, period, source, vintage,
    licence, and what a report says of it beside peers and England), and an evidence item into `review_copy`, so that
    later data cannot change what was argued from. `number` is what texts call it by, as in [S3].
    """

    strategy = models.ForeignKey("strategies.Strategy", on_delete=models.CASCADE, related_name="citations")
    number = models.PositiveIntegerField(editable=False, help_text="Counted in the strategy, and never used again.")
    kind = models.CharField(max_length=12, choices=CitationKind)
    indicator = models.ForeignKey(
        "evidence.Indicator", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    report = models.ForeignKey(
        "evidence.ComparatorReport", null=True, blank=True, on_delete=models.PROTECT, related_name="citations"
    )
    review = models.ForeignKey(
        "evidence.EvidenceItem", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    figure = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    review_copy = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by", editable=False
    )
    title = models.CharField(max_length=300)
    source_name = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    source_date = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True, help_text="What it shows, in a sentence.")
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["strategy", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "number"], name="citation_number_once_per_strategy"),
            models.CheckConstraint(
                name="citation_points_to_its_kind",
                condition=(
                    Q(kind="figure", indicator__isnull=False)
                    | Q(kind="report", report__isnull=False)
                    | Q(kind="what_works", review__isnull=False)
                    | (Q(kind="local") & ~Q(source_name=""))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("strategies:citation", args=[self.strategy.slug, self.pk])

    @property
    def mark(self) -> str:
        """What a text writes to cite it."""
        return source_mark(self.number)


class ThreadItem(models.Model):
    """What the diagnosis, the objective and the intervention share."""

    version = models.PositiveIntegerField(default=1)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


class Diagnosis(ThreadItem):
    """A problem with its cause: which side of the market, which failure, and the evidence."""

    strategy = models.ForeignKey("strategies.Strategy", on_delete=models.CASCADE, related_name="diagnoses")
    pillar = models.ForeignKey("strategies.Pillar", on_delete=models.PROTECT, related_name="+")
    problem = models.CharField(max_length=300)
    affected = models.CharField("who or where is affected", max_length=300, blank=True)
    side = models.CharField(max_length=10, choices=Side, blank=True)
    failure = models.CharField("market or government failure", max_length=15, choices=Failure, blank=True)
    explanation = models.TextField(blank=True, help_text="How the evidence shows that this is the cause.")
    citations = models.ManyToManyField(Citation, blank=True, related_name="diagnoses")

    class Meta:
        verbose_name_plural = "diagnoses"
        ordering = ["strategy", "pillar__order", "created_at", "pk"]

    def __str__(self) -> str:
        return self.problem

    def get_absolute_url(self) -> str:
        return reverse("strategies:diagnosis_edit", args=[self.strategy.slug, self.pk])


class Objective(ThreadItem):
    """What the strategy wants to change under a pillar, and how we would know."""

    strategy = models.ForeignKey("strategies.Strategy", on_delete=models.CASCADE, related_name="objectives")
    pillar = models.ForeignKey("strategies.Pillar", on_delete=models.PROTECT, related_name="+")
    diagnosis = models.ForeignKey(
        Diagnosis, null=True, blank=True, on_delete=models.SET_NULL, related_name="objectives"
    )
    title = models.CharField(max_length=300)
    rationale = models.TextField("why it raises productivity", blank=True)
    rank = models.PositiveSmallIntegerField(default=1, help_text="1 is the most important under its pillar.")
    outcome = models.CharField("outcome looked for", max_length=300, blank=True)
    outcome_indicator = models.ForeignKey(
        "evidence.Indicator", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.CharField("owner here", max_length=150, blank=True)
    national_counterpart = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["strategy", "pillar__order", "rank", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("strategies:objective_edit", args=[self.strategy.slug, self.pk])


class Intervention(ThreadItem):
    """What will be done, for which objectives, resting on which evidence, and how it will be evaluated."""

    strategy = models.ForeignKey("strategies.Strategy", on_delete=models.CASCADE, related_name="interventions")
    objectives = models.ManyToManyField(Objective, blank=True, related_name="interventions")
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    reach = models.CharField(max_length=12, choices=InterventionReach, blank=True)
    sector_argument = models.TextField(blank=True, help_text="Why a sector, where it is aimed at one.")
    activities = models.TextField(blank=True)
    outputs = models.TextField(blank=True)
    outcomes = models.TextField(blank=True)
    who_gains = models.TextField(blank=True)
    who_may_lose = models.TextField(blank=True)
    delivery_partner = models.CharField(max_length=200, blank=True)
    risk_owner = models.CharField(max_length=200, blank=True)
    citations = models.ManyToManyField(Citation, blank=True, related_name="interventions")
    evaluation_question = models.CharField(max_length=300, blank=True)
    evaluation_design = models.TextField(blank=True, help_text="Baseline, comparison group, dates.")
    evaluation_level = models.PositiveSmallIntegerField(
        "Maryland level aimed at", null=True, blank=True, choices=MarylandLevel
    )
    evaluation_owner = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["strategy", "created_at", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("strategies:intervention_edit", args=[self.strategy.slug, self.pk])
