from django.db import migrations, models

WORDS_OF_ITEMS = "title || ' ' || outcome || ' ' || finding || ' ' || caution || ' ' || source_name"
WORDS_OF_INDICATORS = "label || ' ' || definition || ' ' || caveat"


def add_search(apps, schema_editor):
    """On PostgreSQL keep the words of each row ready for full-text search. SQLite looks through the text itself."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, words in (("evidence_evidenceitem", WORDS_OF_ITEMS), ("evidence_indicator", WORDS_OF_INDICATORS)):
        schema_editor.execute(
            f"ALTER TABLE {table} ADD COLUMN search tsvector "
            f"GENERATED ALWAYS AS (to_tsvector('english', {words})) STORED"
        )
        schema_editor.execute(f"CREATE INDEX {table}_search ON {table} USING gin (search)")


def remove_search(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in ("evidence_evidenceitem", "evidence_indicator"):
        schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN search")


class Migration(migrations.Migration):
    dependencies = [("evidence", "0005_datasets")]

    operations = [
        migrations.AddField(
            "EvidenceItem",
            "study_set",
            models.SlugField(
                blank=True,
                db_index=False,
                help_text="Items of the same set count the same studies.",
                max_length=60,
            ),
        ),
        migrations.RunPython(add_search, remove_search),
    ]
