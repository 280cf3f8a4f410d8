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
            name="organizations",
            field=models.JSONField(
                default=dict,
                editable=False,
                help_text="Folded name that was not known -> key of the organization it means.",
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="remarks",
            field=contacts.models.sentence.SentencesField(
                default=list, editable=False, help_text="What is odd in it, and what was done about that."
            ),
        ),
        migrations.AddField(
            model_name="importrow",
            name="perhaps",
            field=models.JSONField(default=list, editable=False, help_text="Keys of those that may be meant."),
        ),
        migrations.AddField(
            model_name="importrow",
            name="unknown_organization",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Its name, folded, where the house knew none by it.",
                max_length=500,
            ),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(
                condition=models.Q(("unknown_organization", ""), _negated=True),
                fields=["batch", "unknown_organization", "number"],
                name="import_row_by_unknown",
            ),
        ),
        migrations.RunPython(move_remarks, migrations.RunPython.noop),
    ]
