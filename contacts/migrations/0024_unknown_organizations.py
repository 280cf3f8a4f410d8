from django.db import migrations, models

import contacts.models.sentence


def move_remarks(apps, schema_editor):
    """They stood in the language of whoever had uploaded the file, and stay as they are."""
    for batch in apps.get_model("contacts", "ImportBatch").objects.iterator():
        batch.remarks = batch.reading.pop("remarks", [])
        batch.save(update_fields=["reading", "remarks"])


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0023_task_asked_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="remarks",
            field=contacts.models.sentence.SentencesField(
                default=list, editable=False, help_text="What is odd in it, and what was done about that."
            ),
        ),
        migrations.RunPython(move_remarks, migrations.RunPython.noop),
    ]
