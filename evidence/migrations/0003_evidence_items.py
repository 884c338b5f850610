import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

AREA_AND_TYPE = {
    "access-to-finance": ("access-to-finance", "finance"),
    "apprenticeships": ("apprenticeships", "training"),
    "broadband": ("broadband", "infrastructure"),
    "business-advice": ("business-advice", "advice"),
    "employment-training": ("employment-training", "training"),
    "enterprise-zones": ("area-based", "zone"),
    "estate-renewal": ("estate-renewal", "regeneration"),
    "eu-funds": ("area-based", "zone"),
    "innovation": ("innovation", "finance"),
    "public-realm": ("public-realm", "regeneration"),
    "sports-and-culture": ("sports-and-culture", "events"),
    "transport": ("transport", "infrastructure"),
}


def complete(apps, schema_editor):
    """What is stored until now are reviews that count from Maryland level 3, one of each policy area."""
    for item in apps.get_model("evidence", "EvidenceItem").objects.all():
        item.kind, item.counted_from_level, item.submission_key = "review", 3, uuid.uuid4()
        item.policy_area, item.intervention_type = AREA_AND_TYPE.get(item.slug, ("other", ""))
        item.save(update_fields=["kind", "counted_from_level", "submission_key", "policy_area", "intervention_type"])


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0002_report_files"),
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel("WhatWorksReview", "EvidenceItem"),
        migrations.RenameField("EvidenceItem", "topic", "title"),
        migrations.AlterModelOptions(
            name="evidenceitem",
            options={"ordering": ["pillar", "title", "pk"]},
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="cost",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="counted_from_level",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="The lowest Maryland level that was accepted.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)],
            ),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="effect_direction",
            field=models.CharField(
                blank=True,
                choices=[
                    ("positive", "Positive"),
                    ("mixed", "Mixed"),
                    ("none", "No effect found"),
                    ("harmful", "Harmful"),
                    ("not_measured", "Not measured"),
                ],
                help_text="As the source states it. Blank: by the counts.",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="effect_interval",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="effect_size",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="file",
            field=models.FileField(blank=True, upload_to="evidence/%Y/%m/"),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="file_name",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="intervention_type",
            field=models.CharField(
                blank=True,
                choices=[
                    ("training", "Training and apprenticeships"),
                    ("advice", "Advice and mentoring"),
                    ("finance", "Grants, loans and guarantees"),
                    ("tax", "Tax reliefs"),
                    ("space", "Business space with support"),
                    ("infrastructure", "Transport and digital networks"),
                    ("regeneration", "Buildings and public space"),
                    ("zone", "Packages for one area"),
                    ("events", "Events and facilities"),
                    ("networks", "Networks and clusters"),
                    ("regulation", "Planning and regulation"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="is_shared",
            field=models.BooleanField(default=False, help_text="Whether people of other LEPs see it."),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("review", "Review of evaluations"),
                    ("study", "Single study"),
                    ("survey", "Survey"),
                    ("workshop", "Note of a workshop or interviews"),
                    ("evaluation", "Evaluation of our own"),
                    ("document", "Other document"),
                ],
                default="review",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="lep",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="evidence_items",
                to="places.lep",
            ),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="maryland_best",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)],
            ),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="maryland_levels",
            field=models.CharField(blank=True, help_text="The levels found, in words.", max_length=100),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="newest_year",
            field=models.PositiveSmallIntegerField(blank=True, help_text="Year of the newest study.", null=True),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="policy_area",
            field=models.CharField(
                choices=[
                    ("access-to-finance", "Access to finance"),
                    ("apprenticeships", "Apprenticeships"),
                    ("area-based", "Area-based initiatives"),
                    ("broadband", "Broadband"),
                    ("business-advice", "Business advice"),
                    ("business-space", "Accelerators and incubators"),
                    ("employment-training", "Employment training"),
                    ("estate-renewal", "Estate renewal"),
                    ("innovation", "Innovation"),
                    ("public-realm", "Public realm"),
                    ("sports-and-culture", "Sports and culture"),
                    ("transport", "Transport"),
                    ("other", "Something else"),
                ],
                default="other",
                max_length=30,
            ),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="studies_harmful",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="studies_mixed",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="studies_none",
            field=models.PositiveIntegerField(
                blank=True, help_text="Of those on the outcome, how many found no effect.", null=True
            ),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="submission_key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="transferability",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="uk_studies",
            field=models.PositiveIntegerField(
                blank=True, help_text="Of the studies counted, how many are from the United Kingdom.", null=True
            ),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="updated_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="updated_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.RunPython(complete, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="evidenceitem",
            name="submission_key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name="evidenceitem",
            name="outcome",
            field=models.CharField(blank=True, help_text="The outcome that the counts are about.", max_length=80),
        ),
        migrations.AlterField(
            model_name="evidenceitem",
            name="source_date",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name="evidenceitem",
            name="source_url",
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AlterField(
            model_name="evidenceitem",
            name="studies_counted",
            field=models.PositiveIntegerField(
                blank=True, help_text="Studies that the source accepted, from the level named beside it.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="evidenceitem",
            name="studies_on_outcome",
            field=models.PositiveIntegerField(
                blank=True, help_text="Of those, how many looked at the outcome.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="evidenceitem",
            name="studies_positive",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="evidenceitem",
            name="studies_screened",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="evidenceitem",
            name="title",
            field=models.CharField(max_length=200),
        ),
        migrations.AddConstraint(
            model_name="evidenceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_shared", False), ("kind__in", ("review", "study")), ("lep__isnull", True)),
                    models.Q(("kind__in", ("survey", "workshop", "evaluation", "document")), ("lep__isnull", False)),
                    _connector="OR",
                ),
                name="evidence_item_local_has_lep",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("studies_on_outcome__lte", models.F("studies_counted")),
                    ("studies_positive__lte", models.F("studies_on_outcome")),
                    ("uk_studies__lte", models.F("studies_counted")),
                ),
                name="evidence_item_counts_nest",
            ),
        ),
    ]
