"""Frameworks are data: what a strategy must hold and be judged by."""

from __future__ import annotations

from django.db import models

from strategies.enums import WordingStatus


class Framework(models.Model):
    """A kind of strategy, such as Local Industrial Strategy (2018), in one version of its wording."""

    code = models.SlugField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=150)
    year = models.PositiveSmallIntegerField()
    summary = models.TextField()
    owner = models.CharField(max_length=200, help_text="Who writes such a strategy.")
    agreement = models.CharField(max_length=300, help_text="Who agrees it.")
    horizon_years = models.PositiveSmallIntegerField(default=10)
    source_url = models.URLField(max_length=500, blank=True)
    is_current = models.BooleanField(default=True, help_text="Offered for new strategies.")

    class Meta:
        ordering = ["year", "name", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="framework_version_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})"


class Pillar(models.Model):
    """A foundation of productivity, with the prompts for the four questions that structure the work on it."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="pillars")
    code = models.SlugField(max_length=30)
    title = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField()
    why_it_matters = models.TextField(blank=True)
    what_works = models.TextField(blank=True)
    bear_in_mind = models.TextField(blank=True)
    implementing = models.TextField(blank=True)
    evidence_strength = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["framework", "order"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="pillar_once_per_framework")]

    def __str__(self) -> str:
        return self.title


class Principle(models.Model):
    """One of the ten principles. Its title is quoted only where its wording is exact."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="principles")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    wording_status = models.CharField(max_length=15, choices=WordingStatus)
    summary = models.TextField(help_text="What a reviewer judges.")
    source_url = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering = ["framework", "number"]
        constraints = [models.UniqueConstraint(fields=["framework", "number"], name="principle_once_per_framework")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Criterion(models.Model):
    """One thing that a reviewer looks for under a principle."""

    principle = models.ForeignKey(Principle, on_delete=models.CASCADE, related_name="criteria")
    order = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["principle", "order"]
        constraints = [models.UniqueConstraint(fields=["principle", "order"], name="criterion_order_once")]

    def __str__(self) -> str:
        return self.text


class CheckDefinition(models.Model):
    """Which of the software's checks belongs to a principle. The code, such as P3.1, is stable."""

    principle = models.ForeignKey(Principle, on_delete=models.CASCADE, related_name="checks")
    code = models.CharField(max_length=8)
    title = models.CharField(max_length=250)

    class Meta:
        ordering = ["principle", "code"]
        constraints = [models.UniqueConstraint(fields=["principle", "code"], name="check_once_per_principle")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class SectionTemplate(models.Model):
    """A section that strategies under a framework have, with guidance for whoever writes it."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="section_templates")
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=150)
    order = models.PositiveSmallIntegerField()
    required = models.BooleanField(default=True)
    guidance = models.TextField(blank=True)
    pillar = models.ForeignKey(Pillar, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["framework", "order"]
        constraints = [models.UniqueConstraint(fields=["framework", "key"], name="section_template_once")]

    def __str__(self) -> str:
        return self.title


class Stage(models.Model):
    """A step on the way to an agreed strategy."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="stages")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["framework", "order"]
        constraints = [models.UniqueConstraint(fields=["framework", "order"], name="stage_order_once")]

    def __str__(self) -> str:
        return self.name
