from django.db import migrations


def name_the_relation(apps, schema_editor):
    """What a merge moved is known by its relation, as with organizations: all that belongs to people does by `person`."""
    for merge in apps.get_model("contacts", "Merge").objects.all():
        merge.moved = {f"{label}.person": keys for label, keys in merge.moved.items()}
        merge.save(update_fields=["moved"])


class Migration(migrations.Migration):
    dependencies = [("contacts", "0015_quick_counts"), ("network", "0007_pairs_of_any_kind")]

    operations = [
        migrations.RenameField("matchkey", "person", "record"),
        migrations.RunPython(name_the_relation, migrations.RunPython.noop),
    ]
