from django.db import migrations

INDEX = "person_by_text"


def index_text(apps, schema_editor):
    """Words are looked for in the middle of the text: PostgreSQL has an index for that, in the extension pg_trgm, which
    comes with it and which the owner of a database may add. A server without it searches as well, only slower."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone() is None:
            return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    schema_editor.execute(f"CREATE INDEX {INDEX} ON contacts_person USING gin (search_text gin_trgm_ops)")


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0009_data_protection")]

    operations = [migrations.RunPython(index_text, drop_index)]
