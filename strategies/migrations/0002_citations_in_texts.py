"""Citations get a number that texts call them by, keep what an evidence item said, and know what they replace."""

import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models


def number_citations(apps, schema_editor):
    """Number the citations of each strategy in the order in which they were made."""
    Citation = apps.get_model("strategies", "Citation")
    Strategy = apps.get_model("strategies", "Strategy")
    last = {}
    for pk, strategy in Citation.objects.order_by("strategy", "created_at", "pk").values_list("pk", "strategy"):
        last[strategy] = last.get(strategy, 0) + 1
        Citation.objects.filter(pk=pk).update(number=last[strategy])
    for strategy, number in last.items():
        Strategy.objects.filter(pk=strategy).update(next_citation=number + 1)


class Migration(migrations.Migration):
    dependencies = [
        ("strategies", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="strategy",
            name="next_citation",
            field=models.PositiveIntegerField(default=1, editable=False, help_text="The number of the next citation."),
        ),
        migrations.AlterField(
            model_name="citation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("figure", "A published figure"),
                    ("report", "A comparator report"),
                    ("what_works", "An evidence item"),
                    ("local", "A local source"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="citation",
            name="number",
            field=models.PositiveIntegerField(
                default=0, editable=False, help_text="Counted in the strategy, and never used again."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="citation",
            name="review_copy",
            field=models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
        ),
        migrations.AddField(
            model_name="citation",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="replaced_by",
                to="strategies.citation",
            ),
        ),
        migrations.AddField(
            model_name="section",
            name="citations",
            field=models.ManyToManyField(
                blank=True, help_text="Those that the text marks.", related_name="sections", to="strategies.citation"
            ),
        ),
        migrations.RunPython(number_citations, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="citation",
            constraint=models.UniqueConstraint(fields=("strategy", "number"), name="citation_number_once_per_strategy"),
        ),
    ]
