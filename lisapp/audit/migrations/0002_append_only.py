"""On PostgreSQL, a trigger refuses to change or delete audit entries, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_log_is_append_only() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is append-only';
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_logentry
    FOR EACH ROW EXECUTE FUNCTION audit_log_is_append_only();
"""
BACKWARD = """
DROP TRIGGER audit_log_append_only ON audit_logentry;
DROP FUNCTION audit_log_is_append_only();
"""


def run(sql):
    def operation(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return operation


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(run(FORWARD), run(BACKWARD), elidable=False)]
